package erp

import (
	"time"

	"github.com/shopspring/decimal"
)

// LineKind says what an order line stands for.
type LineKind string

// The kinds of order lines.
const (
	ProductLine  LineKind = "product"
	ShippingLine LineKind = "shipping"
	FeeLine      LineKind = "fee"      // may be negative: a discount given as a fee
	CreditLine   LineKind = "credit"   // negative and untaxed: what a gift card or store credit paid, which is no discount
	RoundingLine LineKind = "rounding" // the coins between the sum of the lines and what the shop charged, where its own figures do not add up
)

// RoundingLineID is the id of an order's rounding line, which the shop does not have.
const RoundingLineID = "rounding"

// GoneProduct is the code of an order that sold what the shop no longer knows, of lines that have not landed before and
// without a placeholder.
const GoneProduct = "product_gone"

// Order is a sales order with exactly the amounts the shop charged, in Currency. Line totals, taxes and totals are in
// whole coins of it, and the sum of the lines and taxes equals Total: the mapping rounds each line to the coin below or
// above so that they add up, as WooCommerce's own rounding does. It adds a rounding line only where the shop's figures do
// not add up, and parks the order where rounding does not explain the difference.
type Order struct {
	Key             Key
	Number          string    // what people see: the instance's prefix and the shop's order number
	Date            time.Time // UTC
	Currency        string    // ISO 4217
	Partner         Key
	InvoiceAddress  Key `json:",omitzero"`
	DeliveryAddress Key `json:",omitzero"`
	PriceList       Key `json:",omitzero"`
	Warehouse       string
	SalesTeam       string
	Salesperson     string
	PaymentTerm     string
	Lines           []OrderLine
	Taxes           []OrderTax      // per rate, as the shop rounded them; where it rounded their sum only, shared out in whole coins
	Untaxed         decimal.Decimal // Total − Tax
	Tax             decimal.Decimal
	Total           decimal.Decimal
	StoreStatus     string // the shop's status, e.g. "processing"
	Cancelled       bool   // the shop cancelled it: it lands cancelled, or is cancelled if that is still possible
	Gateway         string // payment gateway id
	GatewayTitle    string
	TransactionID   string
	PaidAt          time.Time `json:",omitzero"` // UTC
	CustomerNote    string
	Notes           []Note            `json:",omitempty"`
	Coupons         []string          `json:",omitempty"`
	Fields          map[string]string `json:",omitempty"` // ERP fields filled by meta mapping

	// Placeholder stands for the product of a line that names none and did not land before. The zero key refuses such an
	// order. It does not belong to the order: another placeholder alone changes no record.
	Placeholder Key `json:"-"`
	// ChangedAt is when the shop changed the order last, UTC: goods that it no longer sets aside for the order are part of stock
	// counts from then on. Zero is unknown. It does not belong to the order: another time alone changes no record.
	ChangedAt time.Time `json:"-"`
	// ReadAt is when the order was read, UTC by the shop's clock: what it dates later, it dated by a clock that was wrong. Zero is
	// unknown. It does not belong to the order.
	ReadAt time.Time `json:"-"`
	// RoundingLimit is how much of a tax an ERP that calculates itself may be off before the order is parked: it grows with
	// the lines and the coin of the currency. One coin per line is allowed in any case. It does not belong to the order: another
	// limit alone changes no record.
	RoundingLimit decimal.Decimal `json:"-"`
	// Edits says what becomes of an order that the store changed after it was confirmed. It does not belong to the order.
	Edits Edits `json:"-"`
	// Unit is what the store rounded the amounts to, when that is more than a coin: 1 where it sells in whole crowns. Taxes may
	// then be that much per line off what an ERP calculates. Zero is a coin. It does not belong to the order.
	Unit decimal.Decimal `json:"-"`
}

// Edits says what becomes of an order of which the store changed what was sold, or for how much, after it was confirmed. A quotation
// follows the store in any case, and what is invoiced or shipped never does.
type Edits string

// What becomes of edits.
const (
	ApplyEdits  Edits = ""       // the order follows the store
	HoldEdits   Edits = "hold"   // it is parked with "order_edited" for a person to decide
	RefuseEdits Edits = "refuse" // a person decided that it stays as it is, invoiced and shipped or not
)

// OrderLine is one line of an order. Total is what counts, in whole coins; UnitPrice and Discount are shown only and are
// as exact as the shop gives them.
type OrderLine struct {
	ID   string // the shop's line id, unique in the order
	Kind LineKind
	// Product is the variant that was sold; zero unless Kind is product. It is zero for goods too when the shop no longer
	// knows what they were: the line then keeps the product that the ERP has on the line with this ID, and gets the order's
	// Placeholder only where there is no such line.
	Product Key `json:",omitzero"`
	// Placeholder says that Product is the placeholder of what the shop does not have. Landing sets it, so that a line is known by
	// it when the instance has another placeholder since.
	Placeholder bool `json:"-"`
	Description string
	Quantity    decimal.Decimal
	UnitPrice   decimal.Decimal // ex tax, after discounts
	Discount    decimal.Decimal // ex tax, already taken off Total
	Total       decimal.Decimal // ex tax, after discounts
	Taxes       []LineTax       `json:",omitempty"`
	// SetAside is the quantity the store's own stock figure no longer contains because of this line.
	SetAside decimal.Decimal
	// Restocked is the quantity that refunds put back on the shelf, part of SetAside: the order delivers it all the same. It makes
	// a refund a change of the order; the stock count of the product shows what became of the goods.
	Restocked decimal.Decimal `json:",omitzero"`
}

// LineTax is the tax of one rate on one line, unrounded as the shop gives it: the taxes of the lines add up to those of
// the order only roughly.
type LineTax struct {
	Tax    Key
	Amount decimal.Decimal
}

// OrderTax is the tax of one rate over the whole order, rounded as the shop rounded it.
type OrderTax struct {
	Tax    Key
	Label  string
	Rate   decimal.Decimal // percent
	Amount decimal.Decimal
}

// Note is a remark on an order.
type Note struct {
	ID       string
	At       time.Time // UTC
	Text     string
	Customer bool // the customer was shown it
}

// InvoiceRequest asks for the one invoice of an order, posted.
type InvoiceRequest struct {
	Date time.Time // UTC accounting date; zero is today
}

// PaymentRequest asks for the payment of an order's invoice in full.
type PaymentRequest struct {
	Journal string    // bank or cash journal
	Method  string    // payment method, e.g. "manual"; empty is the journal's own
	Memo    string    // what the payment refers to; empty is the order's TransactionID
	Date    time.Time // UTC; zero is today
}

// ShipRequest asks for the delivery of what is left to deliver.
type ShipRequest struct {
	Partial bool // ship what is on hand when that is not all of it
}

// OrderStage is how far an order itself is.
type OrderStage string

// The stages of an order.
const (
	Quotation OrderStage = "quotation"
	Confirmed OrderStage = "confirmed"
	Cancelled OrderStage = "cancelled"
)

// OrderState is what an ERP says of an order right now.
type OrderState struct {
	ID            string
	Stage         OrderStage
	Total         decimal.Decimal
	Currency      string
	InvoiceID     string
	InvoiceNumber string
	Invoiced      bool            // an invoice exists and is posted
	Due           decimal.Decimal // what is left to pay of it
	Paid          bool            // posted and nothing left to pay
	Deliveries    int             // how many deliveries it has
	Shipped       bool            // confirmed and nothing left to deliver
	PartlyShipped bool            // confirmed, and of what is to be delivered some has left and some has not
}

// Progress is where a step found an order and where it left it.
type Progress struct {
	OrderState            // read back afterwards
	Before     OrderState // known even when the step fails, but for an order that could not be read
}

// OrderFigures are the amounts of a landed order, for comparison with the shop's.
type OrderFigures struct {
	Key      Key
	ID       string
	Currency string
	Total    decimal.Decimal
	Tax      decimal.Decimal
	Taxes    []OrderTax // per rate, in no particular order
	State    OrderState
	Refunds  []RefundFigures // the oldest first
	// InvoiceTotal is what its posted invoices come to together; zero while there is none.
	InvoiceTotal decimal.Decimal
}

// LineFigures is a line of a landed order as the ERP has it now, for comparison with the shop's.
type LineFigures struct {
	ID          string // the shop's line id
	Product     Key    // what was sold, as the shop named it; zero for shipping and fees, and where the ERP does not know
	Description string
	Quantity    decimal.Decimal
	Total       decimal.Decimal // ex tax, after discounts
}

// Totals sums up one instance.
type Totals struct {
	Records  map[string]int // landed records per entity of their key
	Orders   []MoneyTotal   // one per currency, ordered by it
	Refunds  []MoneyTotal   // of the orders, without those taken back; one per currency, ordered by it
	Postings []PostingTotal // one per currency: the double-entry check
	Shipped  int            // orders with nothing left to deliver
	Invoiced int
	Paid     int
}

// MoneyTotal sums the orders in one currency.
type MoneyTotal struct {
	Currency string
	Count    int
	Total    decimal.Decimal
	Tax      decimal.Decimal
}

// PostingTotal sums the postings in one currency; Debit equals Credit in a sound ledger.
type PostingTotal struct {
	Currency string
	Debit    decimal.Decimal
	Credit   decimal.Decimal
}
