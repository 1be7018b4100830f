package wootest

import "net/http"

func (s *Server) createRefund(c *call) (*reply, error) {
	o, err := s.refundedOrder(c)
	if err != nil {
		return nil, err
	}
	in, err := decodeRefund(c.body)
	if err != nil {
		return nil, err
	}
	next := o.clone()
	made := refund{Reason: string(in.Reason), created: c.now, meta: mergeMeta(nil, in.Meta, &s.counters.meta)}
	if err := s.refundLines(next, &made, in.Lines); err != nil {
		return nil, err
	}
	made.settle(next)
	made.Amount = parseMoney(string(in.Amount))
	if in.Amount == "" {
		made.Amount = made.value()
	}
	if made.Amount <= 0 && len(in.Lines) == 0 {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_invalid_order_refund", "Refund amount must be greater than zero.")
	}
	if next.refundedAmount()+made.Amount > next.total {
		return nil, refundRefused("Invalid refund amount.")
	}
	if made.paidBack, err = s.payBack(next, in.API); err != nil {
		return nil, err
	}
	if in.Restock == nil || bool(*in.Restock) {
		s.restockRefund(c, next, &made)
	}
	s.addRefund(c, next, made)
	s.orders.put(next)
	return s.refundReply(c, http.StatusCreated, next, &next.refunds[len(next.refunds)-1]), nil
}

// refundRefused is the one error whose data is a number: do not decode data strictly.
func refundRefused(message string) error {
	e := fail(http.StatusInternalServerError, "woocommerce_rest_cannot_create_order_refund", message)
	e.data = http.StatusInternalServerError
	return e
}

// payBack asks the gateway unless the client said not to.
func (s *Server) payBack(o *order, api *boolean) (bool, error) {
	if api != nil && !bool(*api) {
		return false, nil
	}
	g := s.gateway(string(o.PaymentMethod))
	switch {
	case g == nil:
		return false, refundRefused("The payment gateway for this order does not exist.")
	case !g.refunds():
		return false, refundRefused("The payment gateway for this order does not support automatic refunds.")
	}
	return true, nil
}

// refundLines makes the negative lines.
func (s *Server) refundLines(o *order, made *refund, in []refundLineInput) error {
	for i := range in {
		if !s.refundLine(o, made, &in[i]) {
			return fail(http.StatusBadRequest, "woocommerce_rest_invalid_order_refund", "Order item ID provided is not associated with order.")
		}
	}
	return nil
}

func (s *Server) refundLine(o *order, made *refund, in *refundLineInput) bool {
	amount, taxes := parseMoney(string(in.Total)), in.lineTaxes()
	for i := range o.lines {
		if l := &o.lines[i]; l.ID == int(in.ID) {
			back := giveBack(l, int(in.Quantity), amount, take(&s.counters.item))
			back.Taxes, back.TotalTax = taxes, sumTotal(taxes).rounded()
			back.SubtotalTax = back.TotalTax
			made.lines = append(made.lines, back)
			return true
		}
	}
	for _, l := range o.shipping {
		if l.ID == int(in.ID) {
			l.ID, l.Total, l.Taxes, l.TotalTax = take(&s.counters.item), -amount, taxes, sumTotal(taxes).rounded()
			made.shipping = append(made.shipping, l)
			return true
		}
	}
	for _, l := range o.fees {
		if l.ID == int(in.ID) {
			l.ID, l.Total, l.Taxes, l.TotalTax = take(&s.counters.item), -amount, taxes, sumTotal(taxes).rounded()
			made.fees = append(made.fees, l)
			return true
		}
	}
	return false
}

// restockRefund puts the pieces given back into the stock, as far as the order had taken them.
func (s *Server) restockRefund(c *call, o *order, made *refund) {
	for _, back := range made.lines {
		for i := range o.lines {
			l := &o.lines[i]
			pieces := min(-back.Quantity, l.reduced)
			if l.ID == back.refunded && pieces > 0 && s.shiftStock(c, l, pieces) != "" {
				l.reduced -= pieces
			}
		}
	}
}

// addRefund books the refund; an order refunded in full changes its status.
func (s *Server) addRefund(c *call, o *order, made refund) {
	made.ID = take(&s.counters.post)
	for i := range made.taxes {
		made.taxes[i].ID = take(&s.counters.item)
	}
	s.owners[made.ID] = o.ID
	o.refunds = append(o.refunds, made)
	o.modified = c.now
	if was := o.Status; o.refundedAmount() >= o.total && was != "refunded" {
		o.Status = "refunded"
		s.moveStatus(c, o, was)
	}
}

// refundRest is what setting the status to refunded does: one refund of what is left, by amount alone.
func (s *Server) refundRest(c *call, o *order) {
	s.addRefund(c, o, refund{Reason: "Order fully refunded.", Amount: o.total - o.refundedAmount(), created: c.now})
}
