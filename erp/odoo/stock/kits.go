package stock

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// maxKitDepth is how many times a kit may be part of another.
const maxKitDepth = 5

// partDigits is how exact it is told how often a part is enough, before it is rounded down: two thirds of three are two, though no decimal
// number is two thirds.
const partDigits = 6

// phantom is the type of Odoo's bills of materials for what is sold as one and delivered as its parts.
const phantom = "phantom"

// kit is what is sold as one product and delivered as others, by the module Manufacturing. Odoo keeps no stock of it.
type kit struct {
	parts map[int64]decimal.Decimal // how much of each product is in one
	odd   bool                      // some parts are in other units than their products, or only in some variants: it cannot be told how many there are
}

// bom is a bill of materials.
type bom struct {
	rpc.Row
	Template rpc.Link   `json:"product_tmpl_id"`
	Product  rpc.Link   `json:"product_id"` // the one variant that it is of; none for all of the template
	Quantity rpc.Amount `json:"product_qty"`
	Unit     rpc.Link   `json:"product_uom_id"`
}

// bomLine is a part of a bill of materials.
type bomLine struct {
	rpc.Row
	Bom      rpc.Link   `json:"bom_id"`
	Product  rpc.Link   `json:"product_id"`
	Quantity rpc.Amount `json:"product_qty"`
	Unit     rpc.Link   `json:"product_uom_id"`
	Only     rpc.IDs    `json:"bom_product_template_attribute_value_ids"` // variants that it is for
}

// unitRow is a variant with the unit that its stock is counted in.
type unitRow struct {
	rpc.Row
	Template rpc.Link `json:"product_tmpl_id"`
	Unit     rpc.Link `json:"uom_id"`
}

// kitBook is what is known of products that are kits.
type kitBook struct {
	units map[int64]unitRow
	boms  map[int64]bom
	lines map[int64][]bomLine // by bill
}

// kits finds which products are kits, and what they are made of down to what is on the shelf.
func (v *Inventory) kits(ctx context.Context, products []int64) (map[int64]kit, error) {
	setup, err := v.records.Prepared(ctx)
	if err != nil || !setup.KeepsKits {
		return nil, err
	}
	book := kitBook{units: map[int64]unitRow{}, boms: map[int64]bom{}, lines: map[int64][]bomLine{}}
	for look, depth := rpc.Distinct(products), 0; len(look) > 0 && depth <= maxKitDepth; depth++ {
		if look, err = v.readKits(ctx, book, look); err != nil {
			return nil, err
		}
	}
	found := map[int64]kit{}
	for _, id := range products {
		if _, ok := book.boms[id]; ok {
			k := kit{parts: map[int64]decimal.Decimal{}}
			book.explode(&k, id, decimal.NewFromInt(1), 0)
			found[id] = k
		}
	}
	return found, nil
}

// readKits reads the bills of products, and gives the parts of which nothing is known yet.
func (v *Inventory) readKits(ctx context.Context, book kitBook, products []int64) ([]int64, error) {
	units, err := rpc.SearchByID[unitRow](ctx, v.rpc, "product.product", products, "product_tmpl_id", "uom_id")
	if err != nil {
		return nil, err
	}
	var templates []int64
	for id, u := range units {
		book.units[id] = u
		templates = append(templates, u.Template.ID)
	}
	boms, err := rpc.SearchBy[bom](ctx, v.rpc, "mrp.bom", "product_tmpl_id", rpc.Distinct(templates), []any{rpc.Where("type", "=", phantom)},
		"product_tmpl_id", "product_id", "product_qty", "product_uom_id")
	if err != nil {
		return nil, err
	}
	var bills []int64
	for id, u := range units {
		if i := slices.IndexFunc(boms, func(b bom) bool { return b.Product.ID == id }); i >= 0 {
			book.boms[id] = boms[i]
		} else if i := slices.IndexFunc(boms, func(b bom) bool { return b.Product.ID == 0 && b.Template.ID == u.Template.ID }); i >= 0 {
			book.boms[id] = boms[i]
		}
		bills = append(bills, book.boms[id].ID)
	}
	bills = slices.DeleteFunc(bills, func(id int64) bool { return id == 0 })
	lines, err := rpc.SearchBy[bomLine](ctx, v.rpc, "mrp.bom.line", "bom_id", rpc.Distinct(bills), nil,
		"bom_id", "product_id", "product_qty", "product_uom_id", "bom_product_template_attribute_value_ids")
	var parts []int64
	for _, l := range lines {
		book.lines[l.Bom.ID] = append(book.lines[l.Bom.ID], l)
		if _, known := book.units[l.Product.ID]; !known {
			parts = append(parts, l.Product.ID)
		}
	}
	return rpc.Distinct(parts), err
}

// explode adds what a quantity of a product is made of to a kit.
func (b kitBook) explode(k *kit, product int64, quantity decimal.Decimal, depth int) {
	bill, isKit := b.boms[product]
	if !isKit {
		k.parts[product] = k.parts[product].Add(quantity)
		return
	}
	if depth > maxKitDepth || !bill.Quantity.IsPositive() || bill.Unit.ID != b.units[product].Unit.ID {
		k.odd = true
		return
	}
	for _, l := range b.lines[bill.ID] {
		k.odd = k.odd || len(l.Only) > 0 || l.Unit.ID != b.units[l.Product.ID].Unit.ID
		b.explode(k, l.Product.ID, quantity.Mul(l.Quantity.Decimal).Div(bill.Quantity.Decimal), depth+1)
	}
}

// figures gives the stock of a kit: as many as the least of its parts is enough for. own is what the store has set aside of the kit
// itself.
func (k kit) figures(shelves map[int64]Shelf, own decimal.Decimal) (q erp.Quantities) {
	least := func(of func(Shelf) decimal.Decimal) decimal.Decimal {
		var least decimal.Decimal
		first := true
		for id, each := range k.parts {
			if s, ok := shelves[id]; ok && s.Tracked() && each.IsPositive() {
				if pieces := of(s).Div(each).Round(partDigits).Floor(); first || pieces.LessThan(least) {
					least, first = pieces, false
				}
			}
		}
		q.Tracked = q.Tracked || !first
		return least
	}
	q.OnHand = least(func(s Shelf) decimal.Decimal { return s.OnHand.Decimal })
	free := least(Shelf.free)
	forecast := least(func(s Shelf) decimal.Decimal { return s.free().Add(s.Incoming.Decimal) })
	q.Reserved = q.OnHand.Sub(free).Add(own)
	q.Outgoing, q.Incoming = q.Reserved, forecast.Sub(free)
	q.Tracked = q.Tracked && !k.odd
	return q
}

// kitsWith finds the kits that products are part of, at whatever depth.
func (v *Inventory) kitsWith(ctx context.Context, products []int64) (map[int64][]int64, error) {
	setup, err := v.records.Prepared(ctx)
	if err != nil || !setup.KeepsKits {
		return nil, err
	}
	of := map[int64][]int64{} // product → kits right above it
	for look, depth := rpc.Distinct(products), 0; len(look) > 0 && depth < maxKitDepth; depth++ {
		lines, err := rpc.SearchBy[bomLine](ctx, v.rpc, "mrp.bom.line", "product_id", look, []any{rpc.Where("bom_id.type", "=", phantom)}, "bom_id", "product_id")
		if err != nil {
			return nil, err
		}
		bills := rpc.Map(lines, func(l bomLine) int64 { return l.Bom.ID })
		variants, err := v.variantsOfBills(ctx, rpc.Distinct(bills))
		if err != nil {
			return nil, err
		}
		look = nil
		for _, l := range lines {
			for _, id := range variants[l.Bom.ID] {
				if _, known := of[id]; !known {
					look = append(look, id)
				}
				of[l.Product.ID] = append(of[l.Product.ID], id)
			}
		}
		look = rpc.Distinct(look)
	}
	return above(of, products), nil
}

// variantsOfBills gives the variants that bills are of.
func (v *Inventory) variantsOfBills(ctx context.Context, bills []int64) (map[int64][]int64, error) {
	boms, err := rpc.SearchByID[bom](ctx, v.rpc, "mrp.bom", bills, "product_tmpl_id", "product_id")
	if err != nil {
		return nil, err
	}
	var templates []int64
	for _, b := range boms {
		templates = append(templates, b.Template.ID)
	}
	variants, err := rpc.SearchBy[unitRow](ctx, v.rpc, "product.product", "product_tmpl_id", rpc.Distinct(templates), nil, "product_tmpl_id")
	found := map[int64][]int64{}
	for id, b := range boms {
		for _, variant := range variants {
			if variant.Template.ID == b.Template.ID && (b.Product.ID == 0 || b.Product.ID == variant.ID) {
				found[id] = append(found[id], variant.ID)
			}
		}
	}
	return found, err
}

// above gives all that stands above each product, by what stands right above it.
func above(of map[int64][]int64, products []int64) map[int64][]int64 {
	found := map[int64][]int64{}
	for _, id := range products {
		seen := map[int64]bool{id: true}
		for queue := slices.Clone(of[id]); len(queue) > 0; queue = queue[1:] {
			if next := queue[0]; !seen[next] {
				seen[next] = true
				found[id] = append(found[id], next)
				queue = append(queue, of[next]...)
			}
		}
	}
	return found
}
