package odoo

// What differs between versions, one table per thing. The tests run against 14 and 19; where a row begins in between, its
// field or method was looked up in the source of every version from 15.0 to 18.0, as was all else that is used.

// storable is how goods are told apart: the columns of load for goods that are counted, for goods that are not, and for
// services. load takes the label of a selection as well as its value.
type storable struct{ columns, counted, uncounted, service []string }

var storables = []since[storable]{
	{14, storable{columns: []string{"type"}, counted: []string{"product"}, uncounted: []string{"consu"}, service: []string{"service"}}},
	{15, storable{columns: []string{"detailed_type"}, counted: []string{"product"}, uncounted: []string{"consu"}, service: []string{"service"}}},
	{18, storable{columns: []string{"type", "is_storable"}, counted: []string{"consu", "1"}, uncounted: []string{"consu", "0"}, service: []string{"service", "0"}}},
}

// lineTaxes is the field of an order line that holds its taxes.
var lineTaxes = []since[string]{{14, "tax_id"}, {19, "tax_ids"}}

// taxLabels is the field of a tax that is printed on invoices.
var taxLabels = []since[string]{{14, "description"}, {17, "invoice_label"}}

// taxInclude is the field that says whether prices contain a tax, with its two values.
type taxInclude struct{ field, yes, no string }

var taxIncludes = []since[taxInclude]{
	{14, taxInclude{"price_include", "1", "0"}},
	{18, taxInclude{"price_include_override", "tax_included", "tax_excluded"}},
}

// taxBases is the field that says that a tax is added on top of others; empty where there is none.
var taxBases = []since[string]{{14, ""}, {15, "is_base_affected"}}

// manualTaxes says whether a line of an order can be told its taxes, in extra_tax_data.
var manualTaxes = []since[bool]{{14, false}, {19, true}}

// plainEntries says whether debit, credit and what is due of an invoice's entry stay as they are when other lines change.
var plainEntries = []since[bool]{{14, true}, {16, false}}

// taxAccounts is how the distribution lines of a tax are found: the fields that lead to the tax from a line for
// invoices and from one for credit notes. From 17 on both are the same and document_type tells them apart.
type taxAccount struct{ invoice, refund string }

var taxAccounts = []since[taxAccount]{
	{14, taxAccount{"invoice_tax_id", "refund_tax_id"}},
	{17, taxAccount{"tax_id", "tax_id"}},
}

// accountKinds is the field of an account that says what it is for.
var accountKinds = []since[string]{{14, "user_type_id"}, {16, "account_type"}}

// tagModel is where product tags are kept; empty where Odoo has none.
var tagModels = []since[string]{{14, ""}, {16, "product.tag"}}

// couponModels is the model of coupon programs.
var couponModels = []since[string]{{14, "coupon.program"}, {16, "loyalty.program"}}

// couponCode is where the codes of coupons are: the model and its field, and what is read of it.
type couponCode struct {
	model, field string
	columns      []string
}

var couponCodes = []since[couponCode]{
	{14, couponCode{"coupon.program", "promo_code", []string{"promo_code"}}},
	{16, couponCode{"loyalty.rule", "code", []string{"code", "program_id"}}},
}

// couponModules is the module that brings it.
var couponModules = []since[string]{{14, "sale_coupon"}, {16, "sale_loyalty"}}

// doneQuantity is how a move is told what was done: the field, and whether it must be marked as picked too.
type doneQuantity struct {
	field  string
	picked bool
}

var doneQuantities = []since[doneQuantity]{{14, doneQuantity{"quantity_done", false}}, {17, doneQuantity{"quantity", true}}}

// reservedQuantities is the field of a move that says how much is reserved for it. From 17 on that is what is done, too.
var reservedQuantities = []since[string]{{14, "reserved_availability"}, {17, "quantity"}}

// lineQuantity is how the lines of a move are told what was done, and what says how much is reserved for each, where a
// move with several lines cannot be told itself; empty where it can.
type lineQuantity struct{ reserved, done string }

var lineQuantities = []since[lineQuantity]{
	{14, lineQuantity{"product_uom_qty", "qty_done"}},
	{16, lineQuantity{"reserved_uom_qty", "qty_done"}},
	{17, lineQuantity{}},
}

// countFields is the field of a quant that is written to count what is there, and moves the stock at once.
var countFields = []since[string]{{14, "inventory_quantity"}, {15, "inventory_quantity_auto_apply"}}

// storableFlags is the field that says that a product of type consu is counted; empty where the type itself says it.
var storableFlags = []since[string]{{14, ""}, {18, "is_storable"}}

// methodLines says whether a journal's payment methods are lines of their own.
var methodLines = []since[bool]{{14, false}, {15, true}}

// wizardOrders says whether the invoice wizard names its orders in a field, not only in the context.
var wizardOrders = []since[bool]{{14, false}, {16, true}}

// consolidates says whether the invoice wizard can put several orders on one invoice, which it is told not to do.
var consolidates = []since[bool]{{14, false}, {17, true}}

// accessCheck is how Odoo is asked whether the user may do something with a model.
type accessCheck struct {
	method  string
	ids     []int64 // nil for a method of the model, empty for one of records
	quietly bool    // it must be told to answer and not to raise
}

var accessChecks = []since[accessCheck]{{14, accessCheck{"check_access_rights", nil, true}}, {18, accessCheck{"has_access", []int64{}, false}}}

// accountCompanies is the field of an account that says whose it is.
var accountCompanies = []since[string]{{14, "company_id"}, {18, "company_ids"}}

// accountsInUse tells the accounts that may still be posted to, where archived ones are not hidden by themselves.
var accountsInUse = []since[[]any]{{14, []any{term("deprecated", "=", false)}}, {19, nil}}

// keyEnds is the field of an API key that says when it ends; empty where keys do not.
var keyEnds = []since[string]{{14, ""}, {18, "expiration_date"}}

// postsOutstanding says whether payments post an entry only when the journal's payment method has an outstanding
// account. Before, the journal's or the company's is used.
var postsOutstanding = []since[bool]{{14, false}, {18, true}}

// memoFields is the field of a payment that says what it refers to.
var memoFields = []since[string]{{14, "ref"}, {18, "memo"}}

// paidInvoices is the way from a payment to the invoices it pays. Before 18 payments always have an entry.
var paidInvoices = []since[string]{{14, "move_id.line_ids.matched_debit_ids.debit_move_id.move_id"}, {18, "invoice_ids"}}

// newestProtocols is the protocol that is used where none is chosen: JSON-2 came with 19.
var newestProtocols = []since[Protocol]{{14, JSONRPC}, {19, JSON2}}

// sessionErrors says whether a server with several databases tells what is wrong with a call only within a session.
var sessionErrors = []since[bool]{{14, true}, {16, false}}

// richTexts says whether the note of an order is HTML.
var richTexts = []since[bool]{{14, false}, {15, true}}
