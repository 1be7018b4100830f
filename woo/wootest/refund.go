package wootest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

func (s *Server) routeRefunds() {
	list := s.router.at("orders/#/refunds").on(http.MethodGet, s.listRefunds).on(http.MethodPost, s.createRefund)
	list.list = true
	s.router.at("orders/#/refunds/#").on(http.MethodGet, s.getRefund).on(http.MethodDelete, s.deleteRefund)
	if s.opts.NoRefundList {
		return
	}
	all := s.router.at("refunds").on(http.MethodGet, s.listAllRefunds)
	all.list = true
}

func (s *Server) refundedOrder(c *call) (*order, error) {
	o := s.orders.get(c.id(0))
	if o == nil {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_invalid_order_id", "Invalid order ID.")
	}
	return o, nil
}

// listRefunds gives the refunds of one order, newest first unless the client wants them by ascending id.
func (s *Server) listRefunds(c *call) (*reply, error) {
	o, err := s.refundedOrder(c)
	if err != nil {
		return nil, err
	}
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	e := c.encoder()
	e.open('[')
	var ids []int
	for i := range o.refunds {
		ids = append(ids, i)
	}
	if c.param("order") != "asc" {
		slices.Reverse(ids)
	}
	for _, i := range p.cut(ids) {
		s.encodeRefund(e, c, o, &o.refunds[i], false)
	}
	e.close(']')
	r := newReply(http.StatusOK, e.b)
	for _, i := range p.cut(ids) {
		r.shown = append(r.shown, o.refunds[i].ID)
	}
	r.paged(c, p, len(ids))
	return r, nil
}

// listAllRefunds gives the refunds of all orders, newest first unless the client wants them by ascending id. A refund is never
// changed, so of the filters by date only those of its creation tell anything.
func (s *Server) listAllRefunds(c *call) (*reply, error) {
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	created, err := c.window("after", "before")
	if err != nil {
		return nil, err
	}
	ids := s.refundIDs(c, created)
	e := c.encoder()
	e.open('[')
	for _, id := range p.cut(ids) {
		o := s.orders.get(s.ownerOf(id))
		for i := range o.refunds {
			if o.refunds[i].ID == id {
				s.encodeRefund(e, c, o, &o.refunds[i], true)
			}
		}
	}
	e.close(']')
	r := newReply(http.StatusOK, e.b)
	r.shown = p.cut(ids)
	r.paged(c, p, len(ids))
	return r, nil
}

// refundIDs remembers its answer like other lists: it depends on orders only.
func (s *Server) refundIDs(c *call, created window) []int {
	key := c.listKey("refunds")
	if ids, known := s.lists.get(key, s.orders.version); known {
		return ids
	}
	ids := []int{}
	for h := range s.orders.heads {
		if _, stored := s.orders.stored[h.id]; !stored {
			if index := h.id - s.book.first; s.book.refunded(index) && created.holds(h.modified) {
				ids = append(ids, s.book.refund+index)
			}
			continue
		}
		for _, r := range s.orders.get(h.id).refunds {
			if created.holds(r.created) {
				ids = append(ids, r.ID)
			}
		}
	}
	if include := c.ids("include"); len(include) > 0 {
		ids = slices.DeleteFunc(ids, func(id int) bool { return !slices.Contains(include, id) })
	}
	slices.Sort(ids)
	if c.param("order") != "asc" {
		slices.Reverse(ids)
	}
	s.lists.put(key, s.orders.version, ids)
	return ids
}

// isRefund reports whether there is such a refund, of whichever order.
func (s *Server) isRefund(id int) bool {
	o := s.orders.get(s.ownerOf(id))
	return o != nil && slices.ContainsFunc(o.refunds, func(r refund) bool { return r.ID == id })
}

// ownerOf gives the id of the order a refund belongs to.
func (s *Server) ownerOf(refundID int) int {
	if id, known := s.owners[refundID]; known {
		return id
	}
	return refundID - s.book.refund + s.book.first
}

func (s *Server) findRefund(c *call) (*order, int, error) {
	o, err := s.refundedOrder(c)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(o.refunds, func(r refund) bool { return r.ID == c.id(1) })
	if at < 0 {
		code, message := "woocommerce_rest_shop_order_refund_invalid_id", "Invalid ID."
		if s.isRefund(c.id(1)) {
			code, message = "woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID."
		}
		return nil, 0, fail(http.StatusNotFound, code, message)
	}
	return o, at, nil
}

func (s *Server) getRefund(c *call) (*reply, error) {
	o, at, err := s.findRefund(c)
	if err != nil {
		return nil, err
	}
	return s.refundReply(c, http.StatusOK, o, &o.refunds[at]), nil
}

func (s *Server) refundReply(c *call, status int, o *order, r *refund) *reply {
	e := c.encoder()
	s.encodeRefund(e, c, o, r, false)
	return newReply(status, e.b)
}

// deleteRefund deletes for good with or without force. Stock and status of the order stay as they are.
func (s *Server) deleteRefund(c *call) (*reply, error) {
	o, at, err := s.findRefund(c)
	if err != nil {
		return nil, err
	}
	answer := s.refundReply(c, http.StatusOK, o, &o.refunds[at])
	next := o.clone()
	next.refunds = slices.Delete(next.refunds, at, at+1)
	next.modified = c.now
	delete(s.owners, o.refunds[at].ID)
	s.orders.put(next)
	return answer, nil
}

// encodeRefund writes a refund; the list over all orders names the order too.
func (s *Server) encodeRefund(e *encoder, c *call, o *order, r *refund, withParent bool) {
	e.open('{')
	e.num("id", r.ID)
	if withParent {
		e.num("parent_id", o.ID)
	}
	e.dates("date_created", r.created)
	e.amount("amount", r.Amount)
	e.str("reason", r.Reason)
	e.num("refunded_by", 1)
	e.flag("refunded_payment", r.paidBack)
	e.meta(r.meta)
	s.encodeLines(e, r.lines)
	e.shippingLines(r.shipping)
	e.taxLines(r.taxes)
	e.feeLines(r.fees)
	path := fmt.Sprintf("orders/%d", o.ID)
	c.links(e, path+"/refunds", r.ID, readDelete, path)
	e.close('}')
}

// refundInput is a new refund. Both flags are true when absent: the gateway is asked and the stock goes up.
type refundInput struct {
	Amount  text              `json:"amount"`
	Reason  text              `json:"reason"`
	API     *boolean          `json:"api_refund"`
	Restock *boolean          `json:"api_restock"`
	Lines   []refundLineInput `json:"line_items"`
	Meta    []metaInput       `json:"meta_data"`
}

// refundLineInput gives back part of any line of the order: a product, shipping or a fee.
type refundLineInput struct {
	ID       integer `json:"id"`
	Quantity integer `json:"quantity"`
	Total    text    `json:"refund_total"`
	Taxes    []struct {
		ID    integer `json:"id"`
		Total text    `json:"refund_total"`
	} `json:"refund_tax"`
}

func (l *refundLineInput) lineTaxes() []lineTax {
	var taxes []lineTax
	for _, t := range l.Taxes {
		part := parseMoney(string(t.Total))
		taxes = append(taxes, lineTax{rate: int(t.ID), total: -part, subtotal: -part})
	}
	return taxes
}

func decodeRefund(body json.RawMessage) (in refundInput, err error) {
	return in, decode(body, &in)
}
