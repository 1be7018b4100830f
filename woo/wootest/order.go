package wootest

// order is one sale with its lines, refunds and notes. Amounts are exact; they are rounded when shown.
type order struct {
	ID                 int     `json:"-"`
	Parent             integer `json:"parent_id"`
	Status             text    `json:"status"`
	Currency           text    `json:"currency"`
	CustomerID         integer `json:"customer_id"`
	CustomerNote       text    `json:"customer_note"`
	Billing            address `json:"billing"`
	Shipping           address `json:"shipping"`
	PaymentMethod      text    `json:"payment_method"`
	PaymentMethodTitle text    `json:"payment_method_title"`
	TransactionID      text    `json:"transaction_id"`
	CreatedVia         text    `json:"created_via"`

	number            string
	key               string
	created, modified int64
	paid, completed   int64 // 0 is never
	needsProcessing   bool  // something has to be shipped
	stockTaken        bool  // its lines have taken their stock
	counted           bool  // its lines are in the products' total_sales
	inclusive         bool  // the shop's prices included tax when it was placed

	lines    []orderLine
	shipping []shippingLine
	fees     []feeLine
	coupons  []couponLine
	taxes    []taxLine
	refunds  []refund
	meta     []meta

	discount, discountTax money
	shippingTotal         money
	shippingTax, cartTax  money
	total                 money
}

// lineTax is what one rate takes on one line, unrounded.
type lineTax struct {
	rate            int
	total, subtotal money
}

// orderLine is a product on an order, or with negative figures on a refund.
type orderLine struct {
	ID                     int
	Name                   string
	Product, Variation     int
	Quantity               int
	Class                  string
	untaxed                bool
	Subtotal, Total        money // before and after coupons, ex tax
	Taxes                  []lineTax
	Meta                   []lineMeta
	SKU, ParentName, Image string
	ImageID                int
	taken                  bool // stock was taken for the line
	reduced                int  // pieces taken off the stock and not put back
	restocked              int  // pieces that refunds put back
	refunded               int  // id of the line a refund line gives back
}

// lineMeta is shown under a second, readable name.
type lineMeta struct {
	ID                       int
	Key, Value, Label, Shown string
}

type shippingLine struct {
	ID                      int
	Title, Method, Instance string
	Total                   money
	Taxes                   []lineTax
	refunded                int // as of orderLine
}

type feeLine struct {
	ID          int
	Name, Class string
	untaxed     bool
	checkout    bool // it was made by the checkout rather than by a client
	Total       money
	Taxes       []lineTax
	refunded    int // as of orderLine
}

type couponLine struct {
	ID            int
	Code, Type    string
	coupon        int
	Nominal       money
	FreeShipping  bool
	Discount, Tax money
}

// taxLine sums one rate over the order.
type taxLine struct {
	ID            int
	Rate          int
	Code, Label   string
	Percent       percent
	Compound      bool
	Tax, Shipping money
}

// refund gives money of an order back, by line or by amount alone.
type refund struct {
	ID       int
	Reason   string
	Amount   money
	created  int64
	paidBack bool // through the gateway
	lines    []orderLine
	shipping []shippingLine
	fees     []feeLine
	taxes    []taxLine
	meta     []meta
}

func headOfOrder(o *order) head {
	return head{id: o.ID, status: string(o.Status), created: o.created, modified: o.modified}
}

// totalTax is rounded when it is read, with the decimals the shop has then.
func (o *order) totalTax(rules taxRules) money { return rules.whole(o.cartTax + o.shippingTax) }

// totalNow is rounded when it is read as well. No other sum of an order is: not what shipping and discounts come to, nor
// the taxes of a rate, nor what was refunded.
func (o *order) totalNow(rules taxRules) money { return rules.whole(o.total) }

// refundable is what the shop still lets a client refund: the total as it reads now, less what was refunded, in coins.
func (o *order) refundable(rules taxRules) money {
	return rules.whole(o.totalNow(rules) - o.refundedAmount())
}

func (o *order) refundedAmount() money {
	var sum money
	for i := range o.refunds {
		sum += o.refunds[i].Amount
	}
	return sum
}

// clone copies what a write may change, so that a refused write leaves the stored order alone.
func (o *order) clone() *order {
	next := *o
	next.lines = append([]orderLine(nil), o.lines...)
	next.shipping = append([]shippingLine(nil), o.shipping...)
	next.fees = append([]feeLine(nil), o.fees...)
	next.coupons = append([]couponLine(nil), o.coupons...)
	next.refunds = append([]refund(nil), o.refunds...)
	return &next
}

// sales is the order side of a store.
type sales struct {
	orders       *collection[order]
	customers    *collection[customer]
	coupons      *collection[coupon]
	emails       map[string]int        // of stored customers
	notes        map[int][]note        // of orders whose notes changed, newest first
	fulfillments map[int][]fulfillment // by order
	trackings    map[int][]tracking    // likewise
	owners       map[int]int           // order of each refund made after the start
	book         orderBook
}
