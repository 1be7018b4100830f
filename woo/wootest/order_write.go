package wootest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// orderInput holds what decoding into an order cannot: lines, merged fields, and whether addresses were sent at all.
type orderInput struct {
	Lines    []json.RawMessage `json:"line_items"`
	Shipping []json.RawMessage `json:"shipping_lines"`
	Fees     []json.RawMessage `json:"fee_lines"`
	Coupons  *[]struct {
		Code text `json:"code"`
	} `json:"coupon_lines"`
	BillTo  json.RawMessage `json:"billing"`
	ShipTo  json.RawMessage `json:"shipping"`
	SetPaid boolean         `json:"set_paid"`
	Meta    []metaInput     `json:"meta_data"`
}

// recalculates tells whether WooCommerce works the order's totals out again.
func (in *orderInput) recalculates() bool {
	return in.Lines != nil || in.Shipping != nil || in.Fees != nil || in.Coupons != nil || in.BillTo != nil || in.ShipTo != nil
}

func (s *Server) writeOrder(c *call, old *order, body []byte) (*order, error) {
	next := s.orderBefore(c, old)
	was := next.Status
	var in orderInput
	if err := decode(body, next); err != nil {
		return nil, err
	}
	if err := decode(body, &in); err != nil {
		return nil, err
	}
	if err := s.checkOrder(c, next, was); err != nil {
		return nil, err
	}
	if err := s.writeLines(c, next, &in); err != nil {
		return nil, err
	}
	if in.recalculates() {
		if err := s.recalculate(c, next, &in); err != nil {
			return nil, err
		}
	}
	next.meta = mergeMeta(next.meta, in.Meta, &s.counters.meta)
	next.modified = c.now
	if old == nil {
		next.ID = take(&s.counters.post)
		next.number = strconv.Itoa(next.ID)
		key := newRNG(s.opts.Seed, saltOrder, next.ID)
		next.key = "wc_order_" + strconv.FormatUint(key.next(), 36)
	}
	if in.SetPaid {
		s.settlePaid(next)
	}
	c.fireOrder(next, was, old == nil)
	s.moveStatus(c, next, was)
	s.orders.put(next)
	return next, nil
}

// fireOrder reports what was written. Drafts are not reported, nor is an order that comes out of the trash; one that stops being
// a draft, as at the end of a checkout, is updated first and created then.
func (c *call) fireOrder(o *order, was text, isNew bool) {
	switch {
	case slices.Contains(draftCarts, o.Status), was == "trash":
	case isNew:
		c.fire(o.ID, "order.created")
		c.fire(o.ID, "order.updated")
	case slices.Contains(draftCarts, was):
		c.fire(o.ID, "order.updated")
		c.fire(o.ID, "order.created")
	default:
		c.fire(o.ID, "order.updated")
	}
}

// orderBefore is what the input is applied to.
func (s *Server) orderBefore(c *call, old *order) *order {
	if old != nil {
		return old.clone()
	}
	return &order{Status: "pending", Currency: text(s.option("general", "woocommerce_currency")), CreatedVia: "rest-api",
		created: c.now, inclusive: s.rules.inclusive}
}

func (s *Server) checkOrder(c *call, o *order, was text) error {
	if o.Status != was && c.batch && !slices.Contains(s.orderStatuses(), string(o.Status)) {
		o.Status = "pending" // a batch checks nothing: WooCommerce falls back to its first status
	}
	if o.Status != was {
		if err := oneOf("status", "status", string(o.Status), s.orderStatuses()); err != nil {
			return err
		}
	}
	if o.CustomerID != 0 && s.customers.get(int(o.CustomerID)) == nil {
		return fail(http.StatusBadRequest, "woocommerce_rest_invalid_customer_id", "Customer ID is invalid.")
	}
	return oneOf("currency", "currency", string(o.Currency), currencyCodes)
}

// recalculate taxes the order by its delivery address, the billing address, or the shop's country, whichever is known.
func (s *Server) recalculate(c *call, o *order, in *orderInput) error {
	table := s.baseTable()
	switch {
	case o.Shipping.Country != "":
		table.place = o.Shipping
	case o.Billing.Country != "":
		table.place = o.Billing
	}
	if in.Coupons != nil {
		var codes []string
		for _, line := range *in.Coupons {
			codes = append(codes, string(line.Code))
		}
		used, err := s.useCoupons(c, o, codes)
		if err != nil {
			return err
		}
		o.taxLines(&table)
		o.applyCoupons(used, &table, s.rules)
	}
	o.calculate(&table, s.rules)
	for i := range o.taxes {
		if o.taxes[i].ID == 0 {
			o.taxes[i].ID = take(&s.counters.item)
		}
	}
	return nil
}

// baseTable finds the rates of the shop's own country.
func (s *Server) baseTable() (table taxTable) {
	table.place.Country, table.place.State, _ = cutText(text(s.option("general", "woocommerce_default_country")), ":")
	if s.option("general", "woocommerce_calc_taxes") == "yes" {
		for r := range s.taxes.records {
			table.rates = append(table.rates, *r)
		}
	}
	return table
}

// settlePaid is payment_complete: the order goes to the status its payment method and content call for.
func (s *Server) settlePaid(o *order) {
	switch {
	case o.Status != "pending" && o.Status != "failed": // it needs no payment
	case o.PaymentMethod == "cod" || !o.needsProcessing:
		o.Status = "completed"
	default:
		o.Status = "processing"
	}
}
