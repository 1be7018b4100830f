package odootest

import (
	"slices"

	"github.com/shopspring/decimal"
)

// shelf is the location that the context asks about: the stock of a warehouse.
func (r record) shelf() int64 {
	name := "warehouse_id"
	if r.version < 18 {
		name = "warehouse"
	}
	warehouse, ok := r.context[name]
	if !ok {
		return r.find("stock.warehouse")[0].one("lot_stock_id").id
	}
	return r.browse("stock.warehouse", []int64{number(warehouse)})[0].one("lot_stock_id").id
}

// onHand is what lies on the shelf.
func onHand(product record) decimal.Decimal {
	sum := decimal.Zero
	for _, quant := range product.find("stock.quant", []any{"product_id", "=", product.id}, []any{"location_id", "=", product.shelf()}) {
		sum = sum.Add(quant.amount("quantity"))
	}
	return sum
}

// outgoing is what is to leave the shelf.
func outgoing(product record) decimal.Decimal {
	sum := decimal.Zero
	for _, move := range product.find("stock.move", []any{"product_id", "=", product.id}, []any{"location_id", "=", product.shelf()},
		[]any{"state", "not in", []any{"draft", "done", "cancel"}}) {
		sum = sum.Add(move.amount("product_uom_qty"))
	}
	return sum
}

// countField is what a quant is counted by.
func (e env) countField() string {
	if e.version < 15 {
		return "inventory_quantity"
	}
	return "inventory_quantity_auto_apply"
}

// countQuant is how stock is counted: making a quant in inventory mode moves the difference at once. It takes the count out
// of what it is given, as Odoo does, so that a second run makes an empty quant.
func countQuant(e env, values map[string]any) (record, bool) {
	counted, ok := values[e.countField()]
	switch {
	case e.context["inventory_mode"] != true:
		return record{}, false
	case !ok && e.version < 15:
		raise("odoo.exceptions.AccessError", "You are not allowed to create 'Quants' records.")
	case !ok:
		return record{}, false
	}
	delete(values, e.countField())
	quant := e.quant(number(values["product_id"]), number(values["location_id"]))
	quant.count(quantity(counted))
	return quant, true
}

// recountQuant counts what is in a quant.
func recountQuant(quant record, values map[string]any) map[string]any {
	if counted, ok := values[quant.countField()]; ok && quant.context["inventory_mode"] == true {
		quant.count(quantity(counted))
		return nil
	}
	return values
}

func (r record) count(counted decimal.Decimal) {
	difference := counted.Sub(r.amount("quantity"))
	if difference.IsZero() {
		return
	}
	r.set("quantity", counted)
	origin, _ := r.context["default_origin"].(string)
	r.create("stock.move", map[string]any{"product_id": r.get("product_id"), "product_uom_qty": difference,
		"location_dest_id": r.get("location_id"), "state": "done", "date": r.now, "origin": origin})
}

// quant finds the stock of a product in a place, or begins it with nothing.
func (e env) quant(product, location int64) record {
	there := e.find("stock.quant", []any{"product_id", "=", product}, []any{"location_id", "=", location})
	if len(there) > 0 {
		return there[0]
	}
	return e.insert("stock.quant", map[string]any{"product_id": product, "location_id": location})
}

// planDelivery makes the picking of an order's goods, and reserves what there is.
func planDelivery(order record, lines []record) {
	from, to := order.one("warehouse_id").one("lot_stock_id"), order.find("stock.location", []any{"usage", "=", "customer"})[0]
	picking := order.create("stock.picking", map[string]any{"name": order.numbered("stock.picking", "WH/OUT/"), "origin": order.text("name"),
		"picking_type_id": order.find("stock.picking.type")[0].id, "sale_id": order.id, "location_id": from.id, "partner_id": order.get("partner_shipping_id")})
	for _, line := range lines {
		order.create("stock.move", map[string]any{"picking_id": picking.id, "product_id": line.get("product_id"),
			"product_uom_qty": line.get("product_uom_qty"), "location_id": from.id, "location_dest_id": to.id,
			"sale_line_id": line.id, "origin": order.text("name"), "date": order.now})
	}
	reserve(picking)
}

// assignPicking reserves goods when somebody asks for it.
func assignPicking(picking record) {
	if len(openMoves(picking)) == 0 {
		refuse("Nothing to check the availability for.")
	}
	reserve(picking)
}

func openMoves(picking record) []record {
	return slices.DeleteFunc(picking.many("move_ids"), func(move record) bool {
		return move.text("state") == "done" || move.text("state") == "cancel"
	})
}

// reserve keeps goods for moves, as many as there are.
func reserve(picking record) {
	states := map[string]bool{}
	for _, move := range openMoves(picking) {
		product, wanted := move.one("product_id"), move.amount("product_uom_qty")
		kept := wanted
		if stored(product) {
			kept = decimal.Max(decimal.Zero, decimal.Min(wanted, onHand(product).Sub(reserved(product, move))))
		}
		move.set(move.reservedField(), kept)
		state := "partially_available"
		switch {
		case kept.Equal(wanted):
			state = "assigned"
		case kept.IsZero():
			state = "confirmed"
		}
		move.set("state", state)
		states[state] = true
	}
	switch {
	case !states["confirmed"] && !states["partially_available"]:
		picking.set("state", "assigned")
	default:
		picking.set("state", "confirmed")
	}
}

func (r record) reservedField() string {
	if r.version < 17 {
		return "reserved_availability"
	}
	return "quantity"
}

// reserved is what is kept for other moves.
func reserved(product, but record) decimal.Decimal {
	sum := decimal.Zero
	for _, move := range product.find("stock.move", []any{"product_id", "=", product.id}, []any{"id", "!=", but.id},
		[]any{"state", "in", []any{"assigned", "partially_available"}}) {
		sum = sum.Add(move.amount(move.reservedField()))
	}
	return sum
}

// validatePicking delivers what was said to be done, and leaves the rest to another picking. With nothing done, older
// versions refuse; newer ones answer true and do nothing.
func validatePicking(picking record) {
	moves := openMoves(picking)
	total := decimal.Zero
	for _, move := range moves {
		total = total.Add(done(move))
	}
	switch {
	case total.IsZero() && picking.version < 17:
		refuse("You cannot validate a transfer if no quantities are reserved nor done.")
	case total.IsZero():
		return
	}
	var left []record
	for _, move := range moves {
		if rest := deliverMove(move); !rest.none() {
			left = append(left, rest)
		}
	}
	picking.write(map[string]any{"state": "done"})
	if len(left) > 0 {
		backorder(picking, left)
	}
}

func done(move record) decimal.Decimal {
	switch {
	case move.version < 17:
		return move.amount("quantity_done")
	case move.is("picked"):
		return move.amount("quantity")
	default:
		return decimal.Zero
	}
}

// deliverMove takes goods off the shelf. What was not done of the move becomes another one.
func deliverMove(move record) (rest record) {
	quantity, wanted := done(move), move.amount("product_uom_qty")
	if stored(move.one("product_id")) {
		quant := move.quant(move.one("product_id").id, move.one("location_id").id)
		quant.set("quantity", quant.amount("quantity").Sub(quantity))
	}
	if quantity.LessThan(wanted) {
		rest = move.create("stock.move", map[string]any{"product_id": move.get("product_id"), "product_uom_qty": wanted.Sub(quantity),
			"location_id": move.get("location_id"), "location_dest_id": move.get("location_dest_id"), "sale_line_id": move.get("sale_line_id"),
			"origin": move.text("origin"), "date": move.now})
	}
	move.write(map[string]any{"state": "done", "product_uom_qty": quantity, "date": move.now})
	return rest
}

func backorder(picking record, moves []record) {
	next := picking.create("stock.picking", map[string]any{"name": picking.numbered("stock.picking", "WH/OUT/"), "origin": picking.text("origin"),
		"picking_type_id": picking.get("picking_type_id"), "sale_id": picking.get("sale_id"), "location_id": picking.get("location_id"),
		"partner_id": picking.get("partner_id"), "backorder_id": picking.id})
	for _, move := range moves {
		move.set("picking_id", next.id)
	}
	reserve(next)
}

func cancelPicking(picking record) {
	for _, move := range openMoves(picking) {
		move.set("state", "cancel")
	}
	picking.write(map[string]any{"state": "cancel"})
}
