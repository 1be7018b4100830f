package odootest

import "slices"

// seed fills a new database with what one has that was just set up.
func (e env) seed() {
	for _, name := range slices.Sorted(e.names()) {
		e.insert("ir.model", map[string]any{"name": name, "model": name, "state": "base"})
	}
	euro := e.insert("res.currency", map[string]any{"name": "EUR", "decimal_places": 2, "active": true})
	e.insert("res.currency", map[string]any{"name": "USD", "decimal_places": 2, "active": true})
	company := e.insert("res.company", map[string]any{"name": "My Company", "currency_id": euro.id, "tax_calculation_rounding_method": "round_per_line"})
	e.insert("res.users", map[string]any{"name": "Bot", "login": Login, "active": true, "company_id": company.id, "company_ids": []int64{company.id}})
	france := e.insert("res.country", map[string]any{"name": "France", "code": "FR"})
	e.insert("res.country.state", map[string]any{"name": "Ain", "code": "01", "country_id": france.id})
	e.insert("res.lang", map[string]any{"name": "English", "code": "en_US", "active": true})
	e.insert("uom.uom", map[string]any{"name": "Units", "factor": 1})
	e.insert("decimal.precision", map[string]any{"name": "Product Price", "digits": 6})
	e.bind("base", "group_user", e.insert("res.groups", map[string]any{"name": "Internal User"}))
	e.bind("mail", "mt_note", e.insert("mail.message.subtype", map[string]any{"name": "Note"}))
	for _, module := range []string{"sale", "stock", "account", "sale_stock", "delivery", "sale_coupon", "sale_loyalty"} {
		e.insert("ir.module.module", map[string]any{"name": module, "state": "installed"})
	}
	e.seedBooks(company)
	view := e.insert("stock.location", map[string]any{"name": "WH", "usage": "view"})
	stock := e.insert("stock.location", map[string]any{"name": "WH/Stock", "usage": "internal"})
	e.insert("stock.location", map[string]any{"name": "Customers", "usage": "customer"})
	e.insert("stock.picking.type", map[string]any{"name": "Delivery Orders", "code": "outgoing"})
	e.insert("stock.warehouse", map[string]any{"name": "My Company", "code": "WH", "active": true, "lot_stock_id": stock.id, "view_location_id": view.id, "company_id": company.id})
}

func (e env) seedBooks(company record) {
	bank := e.insert("account.journal", map[string]any{"name": "Bank", "code": "BNK1", "type": "bank", "active": true, "company_id": company.id})
	e.insert("account.journal", map[string]any{"name": "Customer Invoices", "code": "INV", "type": "sale", "active": true, "company_id": company.id})
	method := map[string]any{"name": "Manual Payment", "code": "manual", "payment_type": "inbound"}
	manual := e.insert("account.payment.method", method)
	if e.version >= 15 {
		e.insert("account.payment.method.line", method).set("journal_id", bank.id)
	} else {
		bank.set("inbound_payment_method_ids", []int64{manual.id})
	}
}

func (e env) names() func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range e.models {
			if !yield(name) {
				return
			}
		}
	}
}
