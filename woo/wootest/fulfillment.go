package wootest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// fulfillment is what was sent of an order at once. Who deletes one hides it only.
type fulfillment struct {
	ID        int
	Status    string
	Fulfilled bool
	updated   int64
	deleted   bool
	meta      []meta
}

// The meta fields of a fulfillment that the store itself knows.
const (
	fulfillmentItems = "_items"
	fulfillmentDate  = "_date_fulfilled"
	fulfilled        = "fulfilled"
	unfulfilled      = "unfulfilled"
)

// routeFulfillments serves them where the feature is on: otherwise there is no such address.
func (s *Server) routeFulfillments() {
	if !s.opts.Fulfillments {
		return
	}
	s.router.at("orders/#/fulfillments").on(http.MethodGet, s.listFulfillments).on(http.MethodPost, s.createFulfillment)
	s.router.at("orders/#/fulfillments/#").edit(s.updateFulfillment).on(http.MethodGet, s.getFulfillment).on(http.MethodDelete, s.deleteFulfillment)
	s.router.at("orders/#/fulfillments/#/metadata").on(http.MethodGet, s.getFulfillmentMeta)
}

func (s *Server) fulfilledOrder(c *call) (*order, error) {
	o := s.orders.get(c.id(0))
	if o == nil {
		lost := fail(http.StatusNotFound, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
		lost.data = map[string]any{"status": strconv.Itoa(http.StatusNotFound)}
		return nil, lost
	}
	return o, nil
}

// fulfillmentRefused is an error whose code is a number: that of the exception in PHP.
func fulfillmentRefused(code int, message string) error {
	e := fail(http.StatusBadRequest, "", message)
	e.number = &code
	return e
}

func (s *Server) listFulfillments(c *call) (*reply, error) {
	if _, err := s.fulfilledOrder(c); err != nil {
		return nil, err
	}
	e := c.encoder()
	e.open('[')
	for _, f := range s.fulfillments[c.id(0)] {
		if !f.deleted {
			e.fulfillment(c, f)
		}
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

// fulfillmentInput is a fulfillment as a client sends it. Only what is there is changed.
type fulfillmentInput struct {
	Status *string                 `json:"status"`
	Meta   *[]fulfillmentMetaInput `json:"meta_data"`
}

// fulfillmentMetaInput is a meta field as a client sends it.
type fulfillmentMetaInput struct {
	ID    *integer        `json:"id"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// named gives the meta fields that are named. A new fulfillment overlooks those without an id, and none goes by it.
func (in fulfillmentInput) named(made bool) []metaInput {
	var fields []metaInput
	for _, m := range *in.Meta {
		if m.ID != nil || !made {
			fields = append(fields, metaInput{Key: m.Key, Value: m.Value})
		}
	}
	return fields
}

func decodeFulfillment(body []byte) (fulfillmentInput, error) {
	var in fulfillmentInput
	if err := decode(body, &in); err != nil {
		return in, err
	}
	if in.Meta == nil {
		return in, missingParam("meta_data")
	}
	return in, nil
}

func (s *Server) createFulfillment(c *call) (*reply, error) {
	o, err := s.fulfilledOrder(c)
	if err != nil {
		return nil, err
	}
	in, err := decodeFulfillment(c.body)
	if err != nil {
		return nil, err
	}
	made := fulfillment{Status: unfulfilled}
	if err := s.applyFulfillment(c, &made, in); err != nil {
		return nil, err
	}
	made.ID = take(&s.counters.fulfillment)
	s.fulfillments[o.ID] = append(slices.Clone(s.fulfillments[o.ID]), made)
	s.noteFulfillments(c, o)
	return fulfillmentReply(c, http.StatusCreated, made), nil
}

// applyFulfillment changes a fulfillment. Meta data that is not named is dropped; quantities and items are believed.
func (s *Server) applyFulfillment(c *call, f *fulfillment, in fulfillmentInput) error {
	if in.Status != nil {
		f.Status = *in.Status
		if f.Status != fulfilled {
			f.Status = unfulfilled
		}
		f.Fulfilled = f.Status == fulfilled
	}
	named := in.named(f.ID == 0)
	var kept []meta
	for _, m := range f.meta {
		if slices.ContainsFunc(named, func(n metaInput) bool { return n.Key == m.Key }) {
			kept = append(kept, m)
		}
	}
	merged := mergeMeta(kept, named, &s.counters.meta)
	if err := checkItems(merged); err != nil {
		return err
	}
	if at := findMeta(merged, metaInput{Key: fulfillmentDate}); f.Fulfilled && at < 0 {
		merged = append(merged, textMeta(take(&s.counters.meta), fulfillmentDate, c.localTime()))
	} else if f.Fulfilled { // each update makes it now, whatever the client says
		merged[at] = textMeta(merged[at].ID, fulfillmentDate, c.localTime())
	}
	f.meta, f.updated = merged, c.now
	return nil
}

func checkItems(all []meta) error {
	at := findMeta(all, metaInput{Key: fulfillmentItems})
	if at < 0 || bytes.Equal(all[at].Value, []byte("[]")) {
		return fulfillmentRefused(0, "The fulfillment should contain at least one item.")
	}
	var items []struct {
		Item     int     `json:"item_id"`
		Quantity float64 `json:"qty"`
	}
	if json.Unmarshal(all[at].Value, &items) != nil {
		return fulfillmentRefused(0, "Invalid item.")
	}
	for _, item := range items {
		if item.Item <= 0 || item.Quantity <= 0 {
			return fulfillmentRefused(0, "Invalid item.")
		}
	}
	return nil
}

// localTime is a moment as the store writes it without a zone.
func (c *call) localTime() string {
	return time.Unix(c.now, 0).In(c.store.opts.Zone).Format(time.DateTime)
}

// noteFulfillments keeps on the order how much of it was sent, which is a change of the order.
func (s *Server) noteFulfillments(c *call, o *order) {
	next := o.clone()
	var status json.RawMessage // none while nothing is to be sent
	if text := s.fulfillmentStatus(o); text != "" {
		status = textMeta(0, "", text).Value
	}
	next.meta = mergeMeta(next.meta, []metaInput{{Key: "_fulfillment_status", Value: status}}, &s.counters.meta)
	next.modified = c.now
	s.orders.put(next)
	c.fire(next.ID, "order.updated")
}

// fulfillmentStatus is how much of an order was sent; "" when nothing is to be.
func (s *Server) fulfillmentStatus(o *order) string {
	left := map[int]float64{}
	for _, l := range o.lines {
		left[l.ID] = float64(l.Quantity)
	}
	all, some, any := true, false, false
	for _, f := range s.fulfillments[o.ID] {
		if f.deleted {
			continue
		}
		any, all, some = true, all && f.Fulfilled, some || f.Fulfilled
		for line, quantity := range f.items() {
			left[line] -= quantity
		}
	}
	for _, quantity := range left {
		all = all && quantity <= 0
	}
	switch {
	case !any:
		return ""
	case all:
		return fulfilled
	case some:
		return "partially_fulfilled"
	}
	return unfulfilled
}

func (f fulfillment) items() map[int]float64 {
	quantities := map[int]float64{}
	at := findMeta(f.meta, metaInput{Key: fulfillmentItems})
	var items []struct {
		Item     int     `json:"item_id"`
		Quantity float64 `json:"qty"`
	}
	if at >= 0 && json.Unmarshal(f.meta[at].Value, &items) == nil {
		for _, item := range items {
			quantities[item.Item] += item.Quantity
		}
	}
	return quantities
}

// findFulfillment finds the one a path names; one of another order is refused otherwise than one that is gone.
func (s *Server) findFulfillment(c *call) (*order, int, error) {
	o, err := s.fulfilledOrder(c)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(s.fulfillments[o.ID], func(f fulfillment) bool { return f.ID == c.id(1) })
	if at >= 0 {
		return o, at, nil
	}
	if c.id(1) <= s.counters.fulfillment {
		return nil, 0, fulfillmentRefused(0, "Invalid fulfillment ID.")
	}
	return nil, 0, fulfillmentRefused(0, "Fulfillment not found.")
}

func (s *Server) shownFulfillment(c *call) (fulfillment, error) {
	o, at, err := s.findFulfillment(c)
	if err != nil {
		return fulfillment{}, err
	}
	f := s.fulfillments[o.ID][at]
	if f.deleted {
		return f, fulfillmentRefused(http.StatusNotFound, "Fulfillment not found.")
	}
	return f, nil
}

func (s *Server) getFulfillment(c *call) (*reply, error) {
	f, err := s.shownFulfillment(c)
	if err != nil {
		return nil, err
	}
	return fulfillmentReply(c, http.StatusOK, f), nil
}

func (s *Server) getFulfillmentMeta(c *call) (*reply, error) {
	f, err := s.shownFulfillment(c)
	if err != nil {
		return nil, err
	}
	e := c.encoder()
	e.open('[')
	e.metaFields(f.meta)
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) updateFulfillment(c *call) (*reply, error) {
	o, at, err := s.findFulfillment(c)
	if err != nil {
		return nil, err
	}
	in, err := decodeFulfillment(c.body)
	if err != nil {
		return nil, err
	}
	list := slices.Clone(s.fulfillments[o.ID])
	if err := s.applyFulfillment(c, &list[at], in); err != nil {
		return nil, err
	}
	s.fulfillments[o.ID] = list
	s.noteFulfillments(c, o)
	return fulfillmentReply(c, http.StatusOK, list[at]), nil
}

// deleteFulfillment hides one; a second time it says the same.
func (s *Server) deleteFulfillment(c *call) (*reply, error) {
	o, at, err := s.findFulfillment(c)
	if err != nil {
		return nil, err
	}
	list := slices.Clone(s.fulfillments[o.ID])
	again := list[at].deleted
	list[at].deleted = true
	s.fulfillments[o.ID] = list
	if !again {
		s.noteFulfillments(c, o)
	}
	return newReply(http.StatusOK, []byte(`{"message":"Fulfillment deleted successfully."}`)), nil
}

func fulfillmentReply(c *call, status int, f fulfillment) *reply {
	e := c.encoder()
	e.fulfillment(c, f)
	return newReply(status, e.b)
}

func (e *encoder) fulfillment(c *call, f fulfillment) {
	e.open('{')
	e.num("id", f.ID)
	e.str("entity_type", "WC_Order")
	e.str("entity_id", fmt.Sprint(c.id(0)))
	e.flag("is_fulfilled", f.Fulfilled)
	e.str("status", f.Status)
	e.str("date_updated", time.Unix(f.updated, 0).In(c.store.opts.Zone).Format(time.DateTime))
	e.meta(f.meta)
	e.close('}')
}
