package rpc

// What differs between versions, one table per thing. The tests run against 14 and 19; where a row begins in between, its
// field or method was looked up in the source of every version from 15.0 to 18.0, as was all else that is used.

// Storable is how goods are told apart: the columns of load for goods that are counted, for goods that are not, and for
// services. load takes the label of a selection as well as its value.
type Storable struct{ Columns, Counted, Uncounted, Service []string }

// Storables says how goods are told apart.
var Storables = Table[Storable]{
	{14, Storable{Columns: []string{"type"}, Counted: []string{"product"}, Uncounted: []string{"consu"}, Service: []string{"service"}}},
	{15, Storable{Columns: []string{"detailed_type"}, Counted: []string{"product"}, Uncounted: []string{"consu"}, Service: []string{"service"}}},
	{18, Storable{Columns: []string{"type", "is_storable"}, Counted: []string{"consu", "1"}, Uncounted: []string{"consu", "0"}, Service: []string{"service", "0"}}},
}

// LineTaxes is the field of an order line that holds its taxes.
var LineTaxes = Table[string]{{14, "tax_id"}, {19, "tax_ids"}}

// LineUnits is the field of an order line that holds its unit of measure.
var LineUnits = Table[string]{{14, "product_uom"}, {19, "product_uom_id"}}

// UnitsGrow says whether the factor of a unit of measure is how many of the smallest it is; before, it is how many of them make one.
var UnitsGrow = Table[bool]{{14, false}, {19, true}}

// ReturnsInUnitOfMove says whether a return is told how much comes back in the unit of measure of the delivery's move; before, it is told in
// that of the product.
var ReturnsInUnitOfMove = Table[bool]{{14, false}, {19, true}}

// TaxLabels is the field of a tax that is printed on invoices.
var TaxLabels = Table[string]{{14, "description"}, {17, "invoice_label"}}

// TaxInclude is the field that says whether prices contain a tax, with its two values.
type TaxInclude struct{ Field, Yes, No string }

// TaxIncludes says how a tax is said to be contained in prices.
var TaxIncludes = Table[TaxInclude]{
	{14, TaxInclude{"price_include", "1", "0"}},
	{18, TaxInclude{"price_include_override", "tax_included", "tax_excluded"}},
}

// TaxBases is the field that says that a tax is added on top of others; empty where there is none.
var TaxBases = Table[string]{{14, ""}, {15, "is_base_affected"}}

// ManualTaxes says whether a line of an order can be told its taxes, in extra_tax_data.
var ManualTaxes = Table[bool]{{14, false}, {19, true}}

// PlainEntries says whether debit, credit and what is due of an invoice's entry stay as they are when other lines change.
var PlainEntries = Table[bool]{{14, true}, {16, false}}

// TaxAccount is how the distribution lines of a tax are found: the fields that lead to the tax from a line for
// invoices and from one for credit notes. From 17 on both are the same and document_type tells them apart.
type TaxAccount struct{ Invoice, Refund string }

// TaxAccounts says how the accounts of a tax are found.
var TaxAccounts = Table[TaxAccount]{
	{14, TaxAccount{"invoice_tax_id", "refund_tax_id"}},
	{17, TaxAccount{"tax_id", "tax_id"}},
}

// AccountKinds is the field of an account that says what it is for.
var AccountKinds = Table[string]{{14, "user_type_id"}, {16, "account_type"}}

// TagModels is where product tags are kept; empty where Odoo has none.
var TagModels = Table[string]{{14, ""}, {16, "product.tag"}}

// CouponModels is the model of coupon programs.
var CouponModels = Table[string]{{14, "coupon.program"}, {16, "loyalty.program"}}

// CouponCode is where the codes of coupons are: the model and its field, and what is read of it.
type CouponCode struct {
	Model, Field string
	Columns      []string
}

// CouponCodes says where the codes of coupons are.
var CouponCodes = Table[CouponCode]{
	{14, CouponCode{"coupon.program", "promo_code", []string{"promo_code"}}},
	{16, CouponCode{"loyalty.rule", "code", []string{"code", "program_id"}}},
}

// CouponActions is the action that lists coupons on Odoo's own pages.
var CouponActions = Table[string]{{14, "coupon.coupon_program_action_promo_program"}, {16, "loyalty.loyalty_program_discount_loyalty_action"}}

// HasPaths says whether the pages of the web client have addresses of their own; before, they were told apart in the fragment.
var HasPaths = Table[bool]{{14, false}, {18, true}}

// CouponModules is the module that brings coupons.
var CouponModules = Table[string]{{14, "sale_coupon"}, {16, "sale_loyalty"}}

// DoneQuantity is how a move is told what was done: the field, and whether it must be marked as picked too.
type DoneQuantity struct {
	Field  string
	Picked bool
}

// DoneQuantities says how a move is told what was done.
var DoneQuantities = Table[DoneQuantity]{{14, DoneQuantity{"quantity_done", false}}, {17, DoneQuantity{"quantity", true}}}

// ReservedQuantities is the field of a move that says how much is reserved for it. From 17 on that is what is done, too.
var ReservedQuantities = Table[string]{{14, "reserved_availability"}, {17, "quantity"}}

// LineQuantity is how the lines of a move are told what was done, and what says how much is reserved for each, where a
// move with several lines cannot be told itself; empty where it can.
type LineQuantity struct{ Reserved, Done string }

// LineQuantities says how the lines of a move are told what was done.
var LineQuantities = Table[LineQuantity]{
	{14, LineQuantity{"product_uom_qty", "qty_done"}},
	{16, LineQuantity{"reserved_uom_qty", "qty_done"}},
	{17, LineQuantity{}},
}

// CountFields is the field of a quant that is written to count what is there, and moves the stock at once.
var CountFields = Table[string]{{14, "inventory_quantity"}, {15, "inventory_quantity_auto_apply"}}

// StorableFlags is the field that says that a product of type consu is counted; empty where the type itself says it.
var StorableFlags = Table[string]{{14, ""}, {18, "is_storable"}}

// MethodLines says whether a journal's payment methods are lines of their own.
var MethodLines = Table[bool]{{14, false}, {15, true}}

// ReturnWizard is how the wizard that returns deliveries is told where goods go, which it fills in only for people, and its button.
type ReturnWizard struct{ Place, Button string }

// ReturnWizards says how deliveries are returned.
var ReturnWizards = Table[ReturnWizard]{{14, ReturnWizard{"location_id", "create_returns"}}, {18, ReturnWizard{"", "action_create_returns"}}}

// Reversal is how the wizard that reverses entries is told to reverse one, and its button.
type Reversal struct{ Method, Button string }

// Reversals says how entries are reversed.
var Reversals = Table[Reversal]{{14, Reversal{"cancel", "reverse_moves"}}, {17, Reversal{"", "refund_moves"}}}

// WizardOrders says whether the invoice wizard names its orders in a field, not only in the context.
var WizardOrders = Table[bool]{{14, false}, {16, true}}

// ConsolidatesInvoices says whether the invoice wizard can put several orders on one invoice, which it is told not to do.
var ConsolidatesInvoices = Table[bool]{{14, false}, {17, true}}

// AccessCheck is how Odoo is asked whether the user may do something with a model.
type AccessCheck struct {
	Method  string
	IDs     []int64 // nil for a method of the model, empty for one of records
	Quietly bool    // it must be told to answer and not to raise
}

// AccessChecks says how Odoo is asked for a right.
var AccessChecks = Table[AccessCheck]{{14, AccessCheck{"check_access_rights", nil, true}}, {18, AccessCheck{"has_access", []int64{}, false}}}

// AccountCompanies is the field of an account that says whose it is.
var AccountCompanies = Table[string]{{14, "company_id"}, {18, "company_ids"}}

// AccountsInUse tells the accounts that may still be posted to, where archived ones are not hidden by themselves.
var AccountsInUse = Table[[]any]{{14, []any{Where("deprecated", "=", false)}}, {19, nil}}

// KeyEnds is the field of an API key that says when it ends; empty where keys do not.
var KeyEnds = Table[string]{{14, ""}, {18, "expiration_date"}}

// PostsOutstanding says whether payments post an entry only when the journal's payment method has an outstanding
// account. Before, the journal's or the company's is used.
var PostsOutstanding = Table[bool]{{14, false}, {18, true}}

// MemoFields is the field of a payment that says what it refers to.
var MemoFields = Table[string]{{14, "ref"}, {18, "memo"}}

// PaidInvoices is the way from a payment to the invoices it pays. Before 18 payments always have an entry.
var PaidInvoices = Table[string]{{14, "move_id.line_ids.matched_debit_ids.debit_move_id.move_id"}, {18, "invoice_ids"}}

// newestProtocols is the protocol that is used where none is chosen: JSON-2 came with 19.
var newestProtocols = Table[Protocol]{{14, JSONRPC}, {19, JSON2}}

// sessionErrors says whether a server with several databases tells what is wrong with a call only within a session.
var sessionErrors = Table[bool]{{14, true}, {16, false}}

// RichTexts says whether the note of an order is HTML.
var RichTexts = Table[bool]{{14, false}, {15, true}}
