package wootest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// lineInput is any line a client sends; absent fields are nil.
type lineInput struct {
	ID          integer     `json:"id"`
	ProductID   *integer    `json:"product_id"`
	VariationID *integer    `json:"variation_id"`
	SKU         text        `json:"sku"`
	Quantity    *integer    `json:"quantity"`
	Name        *text       `json:"name"`
	TaxClass    *text       `json:"tax_class"`
	TaxStatus   *text       `json:"tax_status"`
	Subtotal    *text       `json:"subtotal"`
	Total       *text       `json:"total"`
	MethodID    *text       `json:"method_id"`
	MethodTitle *text       `json:"method_title"`
	InstanceID  *text       `json:"instance_id"`
	Meta        []metaInput `json:"meta_data"`
}

// writeLines applies all lists of lines: a line with an id is changed or removed, one without is added.
func (s *Server) writeLines(c *call, o *order, in *orderInput) error {
	err := eachLine(in.Lines, func(l lineInput, removed bool) error { return s.writeLine(c, o, l, removed) })
	if err == nil {
		err = eachLine(in.Shipping, func(l lineInput, removed bool) error { return s.writeShipping(o, l, removed) })
	}
	if err == nil {
		err = eachLine(in.Fees, func(l lineInput, removed bool) error { return s.writeFee(o, l, removed) })
	}
	o.needsProcessing = slices.ContainsFunc(o.lines, func(l orderLine) bool {
		p := s.soldProduct(&l)
		return p != nil && (!bool(p.Virtual) || !bool(p.Downloadable))
	})
	return err
}

// eachLine decodes the lines; one is removed by a null in a naming field or by a quantity of 0.
func eachLine(lines []json.RawMessage, apply func(l lineInput, removed bool) error) error {
	for _, raw := range lines {
		var l lineInput
		var fields map[string]json.RawMessage
		if err := decode(raw, &l); err != nil {
			return err
		}
		if err := decode(raw, &fields); err != nil {
			return err
		}
		removed := l.Quantity != nil && *l.Quantity == 0
		for _, name := range []string{"product_id", "method_id", "method_title", "name", "quantity"} {
			removed = removed || bytes.Equal(fields[name], []byte("null"))
		}
		if err := apply(l, removed && l.ID != 0); err != nil {
			return err
		}
	}
	return nil
}

var errNoItem = fail(http.StatusBadRequest, "woocommerce_rest_invalid_item_id",
	"Order item ID provided is not associated with order.")

// slot finds the line to change, or adds one; nil when the line was removed.
func slot[T any](lines *[]T, in lineInput, removed bool, id func(*T) *int, nextID *int) (*T, error) {
	if in.ID == 0 {
		var added T
		*id(&added) = take(nextID)
		*lines = append(*lines, added)
		return &(*lines)[len(*lines)-1], nil
	}
	for i := range *lines {
		if *id(&(*lines)[i]) != int(in.ID) {
			continue
		}
		if removed {
			*lines = slices.Delete(*lines, i, i+1)
			return nil, nil
		}
		return &(*lines)[i], nil
	}
	return nil, errNoItem
}

func (s *Server) writeLine(c *call, o *order, in lineInput, removed bool) error {
	if removed {
		s.restockLine(c, o, int(in.ID))
	}
	l, err := slot(&o.lines, in, removed, func(l *orderLine) *int { return &l.ID }, &s.counters.item)
	if err != nil || l == nil {
		return err
	}
	if in.ID == 0 {
		l.Quantity = 1
	}
	setInt(&l.Quantity, in.Quantity)
	if l.taken {
		s.adjustStock(c, l)
	}
	if in.ID == 0 {
		s.sellTo(l, in)
	}
	setText(&l.Name, in.Name)
	setText(&l.Class, in.TaxClass)
	setMoney(&l.Subtotal, in.Subtotal)
	switch {
	case in.Total != nil:
		setMoney(&l.Total, in.Total)
	case in.Subtotal != nil:
		l.Total = l.Subtotal
	}
	for _, m := range in.Meta {
		value := strings.Trim(string(m.Value), `"`)
		l.Meta = append(l.Meta, lineMeta{ID: take(&s.counters.meta), Key: m.Key, Value: value, Label: m.Key, Shown: value})
	}
	return nil
}

// sellTo fills a new line from its product. An unknown product leaves an empty line, as WooCommerce does.
func (s *Server) sellTo(l *orderLine, in lineInput) {
	id := s.bySKU(string(in.SKU))
	if in.ProductID != nil && *in.ProductID != 0 {
		id = int(*in.ProductID)
	}
	if in.VariationID != nil && *in.VariationID != 0 {
		id = int(*in.VariationID)
	}
	p := s.lookup(id)
	if p == nil {
		return
	}
	l.Product, l.Name, l.SKU = p.ID, escapeHTML(s.fullName(p)), string(p.SKU)
	l.Class, l.untaxed = s.taxClassOf(p), p.TaxStatus != "taxable"
	shown := p.Images
	if p.isVariation() {
		l.Product, l.Variation = p.Parent, p.ID
		if parent := s.products.get(p.Parent); parent != nil {
			l.ParentName, shown = escapeHTML(string(parent.Name)), parent.Images
		}
		s.describeChoice(l, p)
	}
	if len(shown) > 0 {
		l.ImageID, l.Image = int(shown[0].ID), shown[0].file()
	}
	l.Subtotal = parseMoney(p.price(s.now())) * money(l.Quantity)
	if s.rules.inclusive && !l.untaxed {
		base := s.baseTable()
		_, taken := strip(base.of(l.Class), l.Subtotal, nil, addTotal)
		l.Subtotal -= taken
	}
	l.Total = l.Subtotal
}

// describeChoice notes the options of the variation on the line.
func (s *Server) describeChoice(l *orderLine, p *product) {
	for _, a := range p.Attributes {
		value := string(a.Option)
		if a.ID != 0 {
			value = slugify(value)
		}
		l.Meta = append(l.Meta, lineMeta{ID: take(&s.counters.meta), Key: strings.ToLower(a.slug), Value: value,
			Label: string(a.Name), Shown: string(a.Option)})
	}
}

func (s *Server) writeShipping(o *order, in lineInput, removed bool) error {
	l, err := slot(&o.shipping, in, removed, func(l *shippingLine) *int { return &l.ID }, &s.counters.item)
	if err != nil || l == nil {
		return err
	}
	setText(&l.Method, in.MethodID)
	setText(&l.Title, in.MethodTitle)
	setText(&l.Instance, in.InstanceID)
	setMoney(&l.Total, in.Total)
	return nil
}

func (s *Server) writeFee(o *order, in lineInput, removed bool) error {
	l, err := slot(&o.fees, in, removed, func(l *feeLine) *int { return &l.ID }, &s.counters.item)
	if err != nil || l == nil {
		return err
	}
	setText(&l.Name, in.Name)
	setText(&l.Class, in.TaxClass)
	setMoney(&l.Total, in.Total)
	if in.TaxStatus != nil {
		l.untaxed = *in.TaxStatus == "none"
	}
	return nil
}

func setText(to *string, from *text) {
	if from != nil {
		*to = string(*from)
	}
}

func setInt(to *int, from *integer) {
	if from != nil {
		*to = int(*from)
	}
}

func setMoney(to *money, from *text) {
	if from != nil {
		*to = parseMoney(string(*from))
	}
}
