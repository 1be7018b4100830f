package odootest

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// What models do beyond keeping values. Rules of sales, invoices and stock are in files of their own.

// computed are fields that are worked out when they are read.
var computed map[string]func(record) any

// business are the methods of single models.
var business map[string]func([]record) any

func init() { // they look into each other
	computed = map[string]func(record) any{
		"product.template.type":             templateType,
		"res.partner.commercial_partner_id": customerOf,
		"product.product.qty_available":     func(r record) any { return onHand(r) },
		"product.product.outgoing_qty":      func(r record) any { return outgoing(r) },
		"account.tax.price_include":         taxIncluded,
		"account.move.line.parent_state": func(r record) any {
			return r.one("move_id").text("state")
		},
		"account.payment.reconciled_invoice_ids": reconciledInvoices,
		"stock.picking.picking_type_code":        func(r record) any { return r.one("picking_type_id").text("code") },
		"stock.move.picking_type_id":             func(r record) any { return r.one("picking_id").one("picking_type_id") },
		"stock.move.product_qty":                 func(r record) any { return r.amount("product_uom_qty") }, // all moves are in the product's unit
		"stock.move.product_uom":                 func(r record) any { return r.one("product_id").get("uom_id") },
		"stock.move.has_tracking":                func(record) any { return "none" },
		"sale.order.currency_id":                 func(r record) any { return r.one("pricelist_id").get("currency_id") },
		"sale.order.amount_untaxed":              func(r record) any { return r.sum("price_subtotal") },
		"sale.order.amount_tax":                  func(r record) any { return r.sum("price_tax") },
		"sale.order.amount_total":                func(r record) any { return r.sum("price_total") },
		"sale.order.line.price_subtotal":         func(r record) any { return priceOf(r).net },
		"sale.order.line.price_tax":              func(r record) any { return priceOf(r).tax },
		"sale.order.line.price_total":            func(r record) any { return priceOf(r).net.Add(priceOf(r).tax) },
		"account.move.line.balance":              func(r record) any { return r.amount("amount_currency") },
		"sale.order.line.state":                  func(r record) any { return r.one("order_id").text("state") },
		"sale.order.line.qty_delivered":          delivered,
		"sale.order.line.qty_invoiced":           invoiced,
	}
	business = map[string]func([]record) any{
		"sale.order.action_confirm":                       each(confirmOrder),
		"sale.order.action_cancel":                        each(cancelOrder),
		"sale.order.action_draft":                         each(reopenOrder),
		"sale.advance.payment.inv.create_invoices":        each(createInvoices),
		"account.move.action_post":                        each(postInvoice),
		"account.payment.register.action_create_payments": each(registerPayment),
		"stock.picking.action_assign":                     each(assignPicking),
		"stock.picking.button_validate":                   each(validatePicking),
	}
	preparing = map[string]func(env, map[string]any){"product.product": lendTemplate}
	creating = map[string]func(env, map[string]any) (record, bool){
		"stock.quant": countQuant,
	}
	writing = map[string]func(record, map[string]any) map[string]any{
		"account.payment":  remember,
		"product.product":  readable,
		"product.template": readable,
		"sale.order":       reprice,
		"sale.order.line":  settleLine,
		"stock.quant":      recountQuant,
	}
	created = map[string]func(record){
		"ir.model":         addModel,
		"ir.model.fields":  addField,
		"product.template": giveVariant,
		"account.tax":      giveDistribution,
		"sale.order.line":  giveUnit,
	}
	removing = map[string]func(record){
		"sale.order":      removeOrder,
		"sale.order.line": removeLine,
	}
}

// constraints refuse records, new or changed.
var constraints = map[string]func(record){"res.partner": checkVAT}

// checkVAT refuses French VAT numbers with wrong check digits, as modules of countries do.
func checkVAT(r record) {
	number, french := strings.CutPrefix(r.text("vat"), "FR")
	if !french || len(number) != 11 {
		return
	}
	check, err := strconv.Atoi(number[:2])
	rest, restErr := strconv.Atoi(number[2:])
	if err == nil && restErr == nil && (12+3*(rest%97))%97 != check {
		raise("odoo.exceptions.ValidationError", "The VAT number [%s] does not seem to be valid.", r.text("vat"))
	}
}

// each makes a method that does something to each record and answers true.
func each(do func(record)) func([]record) any {
	return func(records []record) any {
		for _, r := range records {
			do(r)
		}
		return true
	}
}

// defaults are what new records have when nothing else is said. Fields a version does not have are left out.
var defaults = map[string]map[string]any{
	"res.partner":       {"active": true},
	"product.template":  {"active": true, "type": "consu", "detailed_type": "consu", "sale_ok": true, "invoice_policy": "order", "uom_id": 1},
	"product.product":   {"active": true},
	"product.pricelist": {"active": true},
	"account.tax":       {"active": true},
	"mrp.bom":           {"product_uom_id": 1},
	"mrp.bom.line":      {"product_uom_id": 1},
	"sale.order":        {"state": "draft"},
	"sale.order.line":   {"product_uom_qty": 1},
	"account.move":      {"state": "draft", "payment_state": "not_paid"},
	"stock.picking":     {"state": "confirmed"},
	"stock.move":        {"state": "confirmed"},
}

// preparing are rules that look at what a record is to be made of.
var preparing map[string]func(env, map[string]any)

// creating are rules that may make a record in another way.
var creating map[string]func(env, map[string]any) (record, bool)

// writing are rules that take something out of what is written, or put something in.
var writing map[string]func(record, map[string]any) map[string]any

// created are rules about records that have just been made.
var created map[string]func(record)

// removing are rules about records that are to go.
var removing map[string]func(record)

// knows reports whether a model has a field in this version.
func (e env) knows(m *model, name string) bool {
	return catch(func() { e.field(m, name) }) == nil
}

// addModel adds a model a person thought of. Odoo gives it a name on its own.
func addModel(r record) {
	name := r.text("model")
	r.models[name] = newModel(name)
	r.undo = append(r.undo, func() { delete(r.models, name) })
	r.create("ir.model.fields", map[string]any{"model_id": r.id, "name": "x_name", "ttype": "char", "state": "manual"})
}

// customKinds are the types of custom fields, by Odoo's name.
var customKinds = map[string]kind{"char": charKind, "text": textKind, "boolean": boolKind, "float": floatKind}

// addField adds a custom field to its model.
func addField(r record) {
	m := r.env.model(r.one("model_id").text("model"))
	r.put("model", m.name)
	f := field{name: r.text("name"), kind: customKinds[r.text("ttype")]}
	if f.kind == "" {
		raise("builtins.ValueError", "odootest has no custom fields of the type %q", r.text("ttype"))
	}
	if _, has := m.fields[f.name]; has {
		raise("psycopg2.errors.UniqueViolation", "%s has a field %s", m.name, f.name)
	}
	m.fields[f.name] = f
	r.undo = append(r.undo, func() { delete(m.fields, f.name) })
}

// lendTemplate makes the template of a variant that comes without one, to which what is said of it then goes.
func lendTemplate(e env, values map[string]any) {
	if values["product_tmpl_id"] == nil {
		values["product_tmpl_id"] = e.with("create_product_product", false).create("product.template", map[string]any{}).id
	}
}

// giveVariant gives a template its variant.
func giveVariant(r record) {
	if r.context["create_product_product"] != false {
		r.insert("product.product", map[string]any{"product_tmpl_id": r.id, "active": true})
	}
}

// giveUnit has a line ordered in the unit of its product, unless it says another.
func giveUnit(line record) {
	name := "product_uom_id"
	if line.version < 19 {
		name = "product_uom"
	}
	if product := line.one("product_id"); line.one(name).none() && !product.none() {
		line.set(name, product.get("uom_id"))
	}
}

// giveDistribution gives a tax the lines that say which account it is posted to.
func giveDistribution(r record) {
	for _, document := range []string{"invoice", "refund"} {
		for _, part := range []string{"base", "tax"} {
			line := map[string]any{"repartition_type": part}
			if r.version >= 17 {
				line["document_type"], line["tax_id"] = document, r.id
			} else {
				line[document+"_tax_id"] = r.id
			}
			r.insert("account.tax.repartition.line", line)
		}
	}
}

func taxIncluded(r record) any {
	if r.version < 18 {
		return r.model.rows[r.id]["price_include"] == true
	}
	return r.text("price_include_override") == "tax_included"
}

// customerOf is the contact that a contact belongs to, or itself.
func customerOf(r record) any {
	if above := r.one("parent_id"); !above.none() && !r.is("is_company") {
		return customerOf(above)
	}
	return r.id
}

// templateType is the old field of the versions that have a new one.
func templateType(r record) any {
	if r.knows(r.model, "detailed_type") {
		return r.text("detailed_type")
	}
	kind, _ := r.model.rows[r.id]["type"].(string)
	return kind
}

// stored reports whether a template's goods are counted.
func stored(product record) bool {
	if product.version >= 18 {
		return product.is("is_storable")
	}
	return product.text("type") == "product"
}

func (r record) sum(field string) decimal.Decimal {
	total := decimal.Zero
	for _, line := range r.many("order_line") {
		total = total.Add(line.amount(field))
	}
	return total
}

func sortedKeys(values map[string]any) []string { return slices.Sorted(maps.Keys(values)) }
