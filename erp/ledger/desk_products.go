package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/fault"
)

// Where the records that people name are kept.
var (
	productPlace = place{table: "products", model: "product"}
	variantPlace = place{table: "variants", model: "variant"}
	termPlace    = place{table: "terms", model: "term"}
)

// Products is work on products. Variants that are left out of a change stay as inactive ones.
func (l *Ledger) Products() erp.RecordDesk[erp.Product] {
	return desk[erp.Product]{
		ledger: l, place: productPlace, entity: "product", where: `true`,
		finds: `(t.name ILIKE $1 OR t.sku ILIKE $1 OR t.barcode ILIKE $1 OR EXISTS (
			SELECT FROM ledger.variants v WHERE v.product_id = t.id AND (v.sku ILIKE $1 OR v.barcode ILIKE $1)))`,
		key: products.key, name: nameVariants, names: namedByProduct, check: checkProduct, prepare: preparePrices,
		land: products.land, read: readWorkedProducts,
	}
}

// nameVariants gives new variants keys. What is sold of a product as it is has the product's.
func nameVariants(p *erp.Product, fresh func(string) erp.Key) {
	p.Variants = slices.Clone(p.Variants)
	for i := range p.Variants {
		switch key := &p.Variants[i].Key; {
		case p.Kind != erp.Variable:
			*key = p.Key
		case key.IsZero():
			*key = fresh("product")
		}
	}
}

func namedByProduct(p *erp.Product) []reference {
	named := []reference{{"shipping_class", p.ShippingClass, termPlace}}
	for _, list := range []struct {
		field string
		keys  []erp.Key
	}{{"categories", p.Categories}, {"tags", p.Tags}, {"brands", p.Brands}} {
		for i, key := range list.keys {
			named = append(named, reference{fmt.Sprintf("%s[%d]", list.field, i), key, termPlace})
		}
	}
	for i, a := range p.Attributes {
		named = append(named, reference{fmt.Sprintf("attributes[%d].id", i), a.Key, termPlace})
	}
	for i, v := range p.Variants {
		named = append(named, reference{fmt.Sprintf("variants[%d].id", i), v.Key, variantPlace})
	}
	return named
}

// preparePrices makes the price lists that a person gives prices in, where they are not there yet.
func preparePrices(ctx context.Context, tx *sqlx.Tx, _ erp.Held[erp.Product], p *erp.Product) error {
	lists := map[erp.Key]string{} // the field of the first price in each
	for i, v := range p.Variants {
		for j, price := range v.Prices {
			if _, named := lists[price.List]; !named {
				lists[price.List] = priceField(p, i, j) + ".currency"
			}
		}
	}
	known, err := resolve(ctx, tx, priceLists.model, slices.Collect(maps.Keys(lists)))
	if err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(lists), func(a, b erp.Key) int { return strings.Compare(a.String(), b.String()) }) {
		if _, ok := known[key]; ok {
			continue
		}
		list := newPriceList(key)
		outcomes, err := priceLists.land(ctx, tx, []*erp.PriceList{&list})
		if err != nil {
			return err
		}
		if o := outcomes[0]; !o.Landed() {
			return fault.Field(lists[key], "%s", o.Reason)
		}
	}
	return nil
}

// priceField is how requests name a price: what is sold of a product as it is has its prices at the product.
func priceField(p *erp.Product, variant, price int) string {
	if p.Kind == erp.Variable {
		return fmt.Sprintf("variants[%d].prices[%d]", variant, price)
	}
	return fmt.Sprintf("prices[%d]", price)
}

// newPriceList names a list by its key. The next import gives that of an instance the instance's name.
func newPriceList(key erp.Key) erp.PriceList {
	list := erp.PriceList{Key: key, Kind: erp.Regular, Currency: currencyOf(key), Name: "Regular " + currencyOf(key)}
	if strings.HasPrefix(key.ID, string(erp.Sale)+"-") {
		list.Kind, list.Name = erp.Sale, "Sale "+list.Currency
	}
	if key.Instance != erp.OwnInstance {
		list.Name = key.Instance + " " + list.Name
	}
	return list
}

// readWorkedProducts reads products without what was sold of them before they were sold as they are.
func readWorkedProducts(r recordReader, ctx context.Context, ids []int64) (map[int64]erp.Product, error) {
	records, err := r.products(ctx, ids)
	for id, p := range records {
		if p.Kind == erp.Variable || len(p.Variants) < 2 {
			continue
		}
		at := max(0, slices.IndexFunc(p.Variants, func(v erp.Variant) bool { return v.Active }))
		p.Variants = p.Variants[at : at+1]
		records[id] = p
	}
	return records, err
}
