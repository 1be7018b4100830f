package entity_test

import (
	"tandem/instance"
)

// pluginCases are kinds of records that public plugins add to a store, as their documentation or source says that the store's API
// shows them.
var pluginCases = []publicCase{
	{"plugin-pw-gift-cards", nil, []outcome{{"order", "7001", ""}}, func(r *caseRun) {
		r.total("7001", "16", "6")
		r.taxed("7001", "20", "6")
		r.lines("7001", "product SKU-101: 30", "credit: -20")
		r.says("order", "7001", "paid by gift card or store credit: 20.00 EUR")
	}},
	{"plugin-smart-coupons", nil, []outcome{{"order", "7011", ""}, {"order", "7012", ""}, {"order", "7013", ""}, {"order", "7014", "totals_differ"}}, func(r *caseRun) {
		for _, order := range []string{"7011", "7012"} {
			r.total(order, "16", "6")
			r.lines(order, "product SKU-101: 30", "credit: -20")
		}
		r.total("7013", "12", "2")
		r.lines("7013", "product SKU-101: 10")
		r.says("order", "7014", "21.00 less")
	}},
	{"plugin-two-credits", nil, []outcome{{"order", "7021", ""}}, func(r *caseRun) {
		r.total("7021", "0", "6")
		r.lines("7021", "product SKU-101: 30", "credit: -36")
	}},
	{"plugin-product-bundles", nil, []outcome{{"product", "710", ""}, {"order", "7101", ""}, {"order", "7102", ""}, {"order", "7103", ""}}, func(r *caseRun) {
		r.total("7101", "30", "5")
		r.lines("7101", "product SKU-710: 25", "product SKU-711: 0", "product SKU-712: 0")
		r.titles("7101", "Gift box", "Thing 711 (part of Gift box)", "Thing 712 (part of Gift box)")
		r.lines("7102", "product SKU-710: 0", "product SKU-711: 10", "product SKU-712: 20")
		r.total("7102", "36", "6")
		r.titles("7103", "Gift box", "Thing 711 (part of Gift box)")
		r.delivers("7101", "SKU-711: 1", "SKU-712: 2")
	}},
	{"plugin-composite-products", nil, []outcome{{"product", "714", ""}, {"order", "7111", ""}, {"order", "7112", ""}}, func(r *caseRun) {
		r.total("7111", "60", "10")
		r.titles("7111", "Skateboard", "Thing 715 (part of Skateboard)", "Thing 716 (part of Skateboard)")
		r.lines("7111", "product SKU-714: 40", "product SKU-715: 10", "product SKU-716: 0")
		r.titles("7112", "Set", "Thing 715 (part of Set)")
	}},
	{"plugin-vat-number", nil, []outcome{{"customer", "720", ""}, {"order", "7201", ""}, {"order", "7202", ""}, {"order", "7203", ""}}, func(r *caseRun) {
		r.total("7201", "10", "0")
		r.vatOf("7201", "DE136695976", "")
		r.vatOf("7202", "FR40303265045", "")
		r.vatOf("7203", "", "VAT number given in the store, not valid: none")
		r.says("order", "7203", "VAT number not valid: kept as a note on the contact")
		r.notes("7201", "VAT number of the buyer: DE136695976; the store found the number to be valid; exempt from tax in the store")
	}},
	{"plugin-vat-number", withVATFields("_billing_eu_vat_number"), []outcome{{"order", "7201", ""}}, func(r *caseRun) {
		r.vatOf("7201", "", "")
		r.vatOf("7202", "FR40303265045", "")
	}},
	{"plugin-subscriptions", nil, []outcome{{"product", "730", ""}, {"product", "731", ""}, {"order", "7301", ""}, {"order", "7302", ""}, {"order", "7303", ""},
		{"order", "7304", ""}, {"order", "7305", ""}, {"order", "7306", ""}}, func(r *caseRun) {
		r.sales("EUR", "132")
		r.notes("7302", "Renewal of subscription 7300, begun with order 7301")
		r.says("order", "7303", "Renewal of subscription 7300, begun with order 7301")
		r.notes("7304", "Switch of subscription 7300, begun with order 7301")
		r.notes("7305", "Renewal of subscription 7999")
		r.notes("7306")
		r.variants("731", "SKU-732")
	}},
	{"plugin-deposits", withPaidWorkflow, []outcome{{"order", "7401", ""}, {"order", "7403", ""}, {"order", "7406", "deposit_open"}, {"order", "7408", ""}}, func(r *caseRun) {
		r.total("7401", "120", "20")
		r.lines("7401", "product SKU-740: 100")
		r.says("order", "7401", "payment 7402 of the order, 96 EUR: not paid yet")
		r.steps("7401", "validate", "invoice")
		r.total("7403", "120", "20")
		r.says("order", "7403", "payment 7404 of the order, 48 EUR: paid", "payment 7405")
		r.steps("7403", "validate", "invoice", "pay")
		r.paidAt("7403", "2026-04-02")
		r.says("order", "7406", "comes to 100 EUR without tax, of which the store has asked for 20 so far: 80 EUR are left")
		r.steps("7408", "validate", "invoice")
		r.paidAt("7408", "")
		r.sales("EUR", "360")
		r.absent("order", "7402", "7404", "7405", "7407")
		r.askedFor("order", "7402", "payment_of_order", "7401")
	}},
	{"plugin-translations", withLanguage("fr_FR"), translated, func(r *caseRun) {
		r.variants("752", "MUG")
		r.variants("753", "", "SHIRT-S")
		r.absent("product", "750", "754", "758", "759")
		for _, order := range []string{"7501", "7502"} {
			r.sold(order, "product/752")
		}
		r.says("order", "7502", "line 1 sold a translation: 750 of 752")
		r.sold("7503", "product/756")
		r.sold("7504", "product/757")
		r.sold("7505", "product/760")
		r.askedFor("product", "754", "translation", "753")
	}},
	{"plugin-translations", withLanguage("en_US"), []outcome{{"product", "750", ""}, {"product", "754", ""}, {"order", "7501", ""}, {"order", "7503", ""}}, func(r *caseRun) {
		r.absent("product", "752", "753")
		r.sold("7501", "product/750")
		r.sold("7503", "product/758")
	}},
	{"plugin-translations", nil, []outcome{{"product", "750", ""}, {"product", "753", ""}, {"order", "7501", ""}, {"order", "7503", ""}}, func(r *caseRun) {
		r.absent("product", "752", "754")
	}},
}

// translated is what lands of a store in French.
var translated = []outcome{{"product", "752", ""}, {"product", "753", ""}, {"product", "760", ""}, {"order", "7501", ""}, {"order", "7502", ""},
	{"order", "7503", ""}, {"order", "7504", ""}, {"order", "7505", ""}}

func withLanguage(locale string) func(*instance.Instance) {
	return func(in *instance.Instance) { in.Store.Language = locale }
}

// withPaidWorkflow invoices and pays orders of every status that the cases have.
func withPaidWorkflow(in *instance.Instance) {
	for _, status := range []string{"processing", "completed", "partial-payment", "partially-paid"} {
		in.Config.Order.Workflows = append(in.Config.Order.Workflows, instance.WorkflowRule{Match: status, Workflow: "paid"})
	}
	in.Config.Order.Statuses = []string{"processing", "completed", "partial-payment", "partially-paid", "pending-deposit"}
}

func withVATFields(names ...string) func(*instance.Instance) {
	return func(in *instance.Instance) { in.Config.Tax.VATNumberFields = names }
}
