package wootest

import "net/http"

func (s *Server) createRefund(c *call) (*reply, error) {
	o, err := s.refundedOrder(c)
	if err != nil {
		lost := fail(http.StatusInternalServerError, asRestError(err).code, err.Error())
		lost.data = http.StatusNotFound
		return nil, lost
	}
	in, err := decodeRefund(c.body)
	if err != nil {
		return nil, err
	}
	next := o.clone()
	made := refund{Reason: string(in.Reason), created: c.now, meta: mergeMeta(nil, in.Meta, &s.counters.meta)}
	for i := range in.Lines {
		s.refundLine(next, &made, &in.Lines[i])
	}
	made.settle(next, s.rules)
	made.Amount = parseMoney(string(in.Amount))
	if in.Amount == "" {
		made.Amount = made.value()
	}
	if made.Amount > next.refundable(s.rules) {
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
	c.fire(next.ID, "order.updated")
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

// refundLine makes the negative line; one that names no line of the order is ignored.
func (s *Server) refundLine(o *order, made *refund, in *refundLineInput) {
	amount, taxes := parseMoney(string(in.Total)), in.lineTaxes()
	for i := range o.lines {
		if l := &o.lines[i]; l.ID == int(in.ID) {
			back := s.rules.giveBack(l, int(in.Quantity), amount, take(&s.counters.item))
			back.Taxes = taxes
			made.lines = append(made.lines, back)
			return
		}
	}
	for _, l := range o.shipping {
		if l.ID == int(in.ID) {
			l.ID, l.Total, l.Taxes, l.refunded = take(&s.counters.item), -amount, taxes, l.ID
			made.shipping = append(made.shipping, l)
			return
		}
	}
	for _, l := range o.fees {
		if l.ID == int(in.ID) {
			l.ID, l.Total, l.Taxes, l.refunded = take(&s.counters.item), -amount, taxes, l.ID
			made.fees = append(made.fees, l)
			return
		}
	}
}

// restockRefund puts the pieces given back into the stock. Nothing limits them to what the line took.
func (s *Server) restockRefund(c *call, o *order, made *refund) {
	for _, back := range made.lines {
		for i := range o.lines {
			l := &o.lines[i]
			pieces := -back.Quantity
			if l.ID == back.refunded && l.reduced != 0 && pieces > 0 && s.shiftStock(c, l, pieces) != "" {
				l.reduced -= pieces
				l.restocked += pieces
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
	all := made.Amount >= o.refundable(s.rules)
	o.refunds = append(o.refunds, made)
	o.modified = c.now
	if was := o.Status; all && was != "refunded" {
		o.Status = "refunded"
		s.moveStatus(c, o, was)
	}
}

// refundRest is what setting the status to refunded does: one refund of what is left, by amount alone. A rest that is finer
// than the shop's decimals of the day and rounds to less is refused without a word.
func (s *Server) refundRest(c *call, o *order) {
	if rest := o.totalNow(s.rules) - o.refundedAmount(); rest > 0 && rest <= o.refundable(s.rules) {
		s.addRefund(c, o, refund{Reason: "Order fully refunded.", Amount: rest, created: c.now})
	}
}
