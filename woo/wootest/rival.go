package wootest

// A rival is whoever else works in the store while an import reads it.

// editBehindReader lets somebody change or add a record of the list just read, at the rate the fault plan says.
func (s *Server) editBehindReader(c *call) {
	edit, luck := s.faults.drawEdit()
	if !edit {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c.route.pattern {
	case "orders":
		if luck%2 == 0 {
			s.rivalOrder(c, luck/2)
		} else {
			s.rivalTouch(c, luck/2)
		}
	case "products":
		s.rivalStock(c, luck)
	case "customers":
		s.rivalMove(c, luck)
	default:
		return
	}
	s.queueDeliveries(c)
	s.stats.fault(editedPage)
}

// rivalOrder places a new order that looks like an existing one.
func (s *Server) rivalOrder(c *call, luck int) {
	like := s.orders.get(s.orders.first + luck%max(1, s.orders.seeded))
	if like == nil {
		return
	}
	placed := like.clone()
	placed.ID = take(&s.counters.post)
	placed.number = identifier(placed.ID)
	placed.refunds, placed.Status = nil, "processing"
	placed.created, placed.modified, placed.paid, placed.completed = c.now, c.now, c.now, 0
	for i := range placed.lines {
		placed.lines[i].ID = take(&s.counters.item)
	}
	s.orders.put(placed)
	c.fireOrder(placed, "checkout-draft", false)
}

// rivalTouch writes a remark on an order.
func (s *Server) rivalTouch(c *call, luck int) {
	if o := s.orders.get(s.orders.first + luck%max(1, s.orders.seeded)); o != nil {
		changed := o.clone()
		changed.CustomerNote, changed.modified = "Changed while you were reading", c.now
		s.orders.put(changed)
		c.fireOrder(changed, changed.Status, false)
	}
}

// rivalStock counts a product's stock again.
func (s *Server) rivalStock(c *call, luck int) {
	p := s.products.get(s.products.first + luck%max(1, s.products.seeded))
	if p == nil || p.ManageStock != stockOn {
		return
	}
	changed := *p
	counted := integer(p.stock() + 1)
	changed.Stock, changed.modified = &counted, c.now
	s.putProduct(&changed)
	c.fire(changed.ID, "product.updated")
}

// rivalMove gives a customer another phone number.
func (s *Server) rivalMove(c *call, luck int) {
	if u := s.customers.get(s.customers.first + luck%max(1, s.customers.seeded)); u != nil {
		changed := *u
		changed.Billing.Phone, changed.modified = "+33 1 99 99 99 99", c.now
		s.customers.put(&changed)
		c.fire(changed.ID, "customer.updated")
	}
}
