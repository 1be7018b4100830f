package wootest

import "strconv"

// seedCoupons are the discount codes of a populated store.
var seedCoupons = []coupon{
	{Code: "welcome10", DiscountType: "percent", Amount: "10"},
	{Code: "summer5", DiscountType: "percent", Amount: "5"},
	{Code: "minus3", DiscountType: "fixed_cart", Amount: "3"},
	{Code: "perpiece1", DiscountType: "fixed_product", Amount: "1"},
}

var payments = [][2]text{
	{"bacs", "Direct bank transfer"}, {"card", "Credit card"}, {"cod", "Cash on delivery"}, {"cheque", "Check payments"},
	{"card", "Credit card"},
}

// seedSales lays out coupons, orders, refunds and customers.
func (s *Server) seedSales() {
	o := s.opts
	s.emails, s.notes, s.owners = map[string]int{}, map[int][]note{}, map[int]int{}
	s.fulfillments, s.trackings = map[int][]fulfillment{}, map[int][]tracking{}
	s.coupons = newCollection(headOfCoupon)
	if o.populated() {
		for i := range seedCoupons {
			c := seedCoupons[i]
			c.ID, c.Status = take(&s.counters.post), "publish"
			c.created = s.plan.start
			c.modified = c.created
			s.coupons.put(&c)
		}
	}
	s.book = newOrderBook(o, s.counters.post+1)
	s.orders = newCollection(headOfOrder)
	s.orders.first, s.orders.seeded = s.book.first, s.book.count
	s.orders.seed, s.orders.seedHead = s.seedOrder, s.book.head
	s.counters.post = s.book.refund + s.book.count
	s.counters.item = (s.book.count + 1) * 2 * lineRoom
	s.counters.note = s.book.count*maxNotes + 1

	s.customers = newCollection(headOfCustomer)
	s.customers.first, s.customers.seeded = firstCustomer, o.Customers
	s.customers.seed, s.customers.seedHead = s.seedCustomer, s.customerHead
	s.counters.user = firstCustomer + o.Customers
}

// seedOrder makes the order at an index, totals included.
func (s *Server) seedOrder(index int) *order {
	o := s.draftOrder(index)
	r := newRNG(s.opts.Seed, saltOrder, index)
	table := taxTable{rates: s.seedRates, place: o.Shipping}
	if o.Shipping.Country == "" {
		table.place = o.Billing
	}
	s.fillOrder(o, &r, index)
	var coupons []*coupon
	if r.chance(15) {
		coupons = s.seedCoupon(o, &r)
	}
	base := taxTable{rates: s.seedRates, place: address{Country: seedCountry}}
	cart{table: &table, base: &base, rules: s.seedRules}.price(o, coupons)
	for i := range o.taxes {
		o.taxes[i].ID = index*2*lineRoom + lineRoom - 3 + i
	}
	if s.book.refunded(index) {
		o.refunds = []refund{s.seedRefund(o, index)}
	}
	return o
}

// draftOrder sets everything but the lines.
func (s *Server) draftOrder(index int) *order {
	h := s.book.head(index)
	r := newRNG(s.opts.Seed, saltGuest, index)
	pay := payments[r.intn(len(payments))]
	o := &order{ID: h.id, Status: s.book.status(index), created: h.created, modified: h.modified,
		number: s.book.number(index), key: "wc_order_" + strconv.FormatUint(r.next(), 36), CreatedVia: "checkout",
		PaymentMethod: pay[0], PaymentMethodTitle: pay[1]}
	o.Currency = text(s.opts.Currencies[0])
	if n := len(s.opts.Currencies); n > 1 && r.chance(20) {
		o.Currency = text(s.opts.Currencies[1+r.intn(n-1)])
	}
	s.seedBuyer(o, &r)
	switch o.Status {
	case "completed", "refunded":
		o.paid, o.completed = o.created+60, o.modified
	case "processing", "packed":
		o.paid = o.created + 60
	}
	if o.paid != 0 && pay[0] == "card" {
		o.TransactionID = text("txn_" + strconv.Itoa(h.id))
	}
	if r.chance(15) {
		o.CustomerNote = "Please leave it at the door"
	}
	if r.chance(30) {
		o.meta = append(o.meta, textMeta(h.id*4+1, "_order_source", "newsletter"))
	}
	if r.chance(5) {
		o.meta = append(o.meta, meta{ID: h.id*4 + 2, Key: "_gift", Value: []byte(`{"wrap":true,"card":["Happy","Birthday"]}`)})
	}
	return o
}

// seedBuyer is a registered customer for seven orders in ten and a guest for the rest; guests come back now and then.
func (s *Server) seedBuyer(o *order, r *rng) {
	if s.opts.Customers == 0 || r.chance(30) {
		guest := r.intn(max(1, s.book.count/2))
		who := newRNG(s.opts.Seed, saltGuest, -1-guest)
		o.Billing = seedAddress(&who, "guest-"+strconv.Itoa(guest+1)+"@example.com")
		o.Shipping = deliveryAddress(o.Billing, guest)
		return
	}
	buyer := r.intn(s.opts.Customers)
	o.CustomerID = integer(firstCustomer + buyer)
	o.Billing = s.customerAddress(buyer)
	o.Shipping = deliveryAddress(o.Billing, buyer)
	if o.Billing.Company != "" {
		o.meta = append(o.meta, textMeta(o.ID*4, "_vat_number", vatNumber(string(o.Billing.Country), buyer)))
	}
}

// fillOrder adds products, shipping and fees.
func (s *Server) fillOrder(o *order, r *rng, index int) {
	item := index * 2 * lineRoom
	reduced := o.Status == "processing" || o.Status == "completed" || o.Status == "on-hold"
	o.counted, o.stockTaken = reduced, reduced
	lines := 1 + r.intn(4)
	o.lines = make([]orderLine, 0, lines)
	for range lines {
		line, ok := s.seedLine(r, reduced)
		if !ok {
			break
		}
		item++
		line.ID = item
		o.lines = append(o.lines, line)
		o.needsProcessing = o.needsProcessing || !s.plan.downloadable(line.Product-s.plan.first)
	}
	item = index*2*lineRoom + 5
	if o.needsProcessing {
		o.shipping = []shippingLine{{ID: item, Title: "Standard delivery", Method: "flat_rate", Instance: "2", Total: 490 * cent}}
		if r.chance(20) {
			o.shipping[0] = shippingLine{ID: item, Title: "Free shipping", Method: "free_shipping", Instance: "3"}
		}
	}
	if r.chance(10) {
		o.fees = append(o.fees, feeLine{ID: item + 1, Name: "Gift wrap", Total: 250 * cent})
	}
	if r.chance(6) {
		o.fees = append(o.fees, feeLine{ID: item + 2, Name: "Loyalty", Total: -100 * cent})
	}
}

// seedLine picks a product that can be sold; a store of nothing sellable has orders without lines.
func (s *Server) seedLine(r *rng, reduced bool) (orderLine, bool) {
	if s.plan.count == 0 {
		return orderLine{}, false
	}
	index := r.intn(s.plan.count)
	for tries := 0; !s.plan.sellable(index); tries++ {
		if tries > 3 {
			return orderLine{}, false
		}
		index = (index + 1) % s.plan.count
	}
	f := s.plan.facts(index)
	line := orderLine{Name: f.name, Product: s.plan.first + index, Quantity: 1 + r.intn(3), Class: f.taxClass, SKU: s.plan.sku(index)}
	price, managed := f.current(index), f.managed
	if s.plan.variable.marked(index) {
		price, managed = s.plan.vary(&line, f, s.plan.variable.before(index), r)
	}
	if s.plan.hasImage(index) {
		shown := s.plan.picture(index)
		line.ImageID, line.Image = int(shown.ID), shown.file()
	}
	line.Subtotal = price * money(line.Quantity)
	line.Total = line.Subtotal
	if reduced && managed {
		line.reduced, line.taken = line.Quantity, true
	}
	return line, true
}

// vary turns the line into one of a variation; for an open size the buyer chose one.
func (p *productPlan) vary(line *orderLine, f facts, number int, r *rng) (price money, managed bool) {
	k := r.intn(p.variationCount(number))
	colour, size := p.choice(number, k)
	line.ParentName, line.Name = f.name, f.name+" - "+colour
	if size != "" {
		line.Name += ", " + size
	} else {
		size = sizes[r.intn(len(sizes))]
	}
	line.Variation = p.variationID(number, k)
	line.SKU += "-" + strconv.Itoa(k+1)
	line.Meta = []lineMeta{
		{ID: line.Variation*8 + 1, Key: string(p.colour.Slug), Value: slugASCII(colour), Label: string(p.colour.Name), Shown: colour},
		{ID: line.Variation*8 + 2, Key: string(p.size.Slug), Value: slugASCII(size), Label: string(p.size.Name), Shown: size},
	}
	return f.variationPrice(k), variationManaged(number, k)
}

// seedCoupon uses one of the store's first coupons, as they were at the start.
func (s *Server) seedCoupon(o *order, r *rng) []*coupon {
	n := r.intn(len(seedCoupons))
	used := seedCoupons[n]
	used.ID = s.book.first - len(seedCoupons) + n
	o.coupons = []couponLine{couponLineOf(&used, (o.ID-s.book.first)*2*lineRoom+9)}
	return []*coupon{&used}
}
