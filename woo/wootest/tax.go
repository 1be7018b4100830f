package wootest

import (
	"fmt"
	"net/http"
	"strings"
)

// taxRate is one row of the tax table.
type taxRate struct {
	ID        int        `json:"-"`
	Country   text       `json:"country"`
	State     text       `json:"state"`
	Rate      text       `json:"rate"`
	Name      text       `json:"name"`
	Priority  integer    `json:"priority"`
	Compound  boolean    `json:"compound"`
	Shipping  boolean    `json:"shipping"`
	Order     integer    `json:"order"`
	Class     text       `json:"class"` // "standard" is the class products leave empty
	Postcodes list[text] `json:"postcodes"`
	Cities    list[text] `json:"cities"`

	percent percent // Rate, parsed
}

// taxClass groups rates; products name theirs by slug.
type taxClass struct{ Slug, Name string }

const standardClass = "standard"

func (s *Server) routeTaxes() {
	s.router.at("taxes/classes").on(http.MethodGet, s.listTaxClasses).on(http.MethodPost, s.createTaxClass)
	s.router.at("taxes/classes/*").on(http.MethodGet, s.getTaxClass).on(http.MethodDelete, s.deleteTaxClass)
	res := &resource[taxRate]{
		pattern:   "taxes",
		records:   s.taxes,
		orders:    []string{"order", "id", "priority"},
		ascending: true,
		filter: func(c *call) (func(*taxRate) bool, error) {
			class := c.param("class")
			return func(r *taxRate) bool { return class == "" || string(r.Class) == class }, nil
		},
		sortText: func(r *taxRate, by string) string {
			if by == "priority" {
				return fmt.Sprintf("%8d", r.Priority)
			}
			return fmt.Sprintf("%8d", r.Order)
		},
		encode:  encodeTaxRate,
		write:   s.writeTaxRate,
		remove:  s.removeTaxRate,
		missing: fail(http.StatusNotFound, "woocommerce_rest_invalid_id", "Invalid resource ID."),
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func (s *Server) writeTaxRate(_ *call, old *taxRate, in []byte) (*taxRate, error) {
	next := taxRate{Priority: 1, Shipping: true, Class: standardClass}
	if old != nil {
		next = *old
	}
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	next.settle()
	if old == nil {
		next.ID = take(&s.counters.tax)
	}
	s.taxes.put(&next)
	return &next, nil
}

// settle brings what a client sent into the stored form.
func (r *taxRate) settle() {
	r.percent = parsePercent(string(r.Rate))
	r.Rate = text(money(r.percent*100).append(nil, 4))
	r.Country, r.State = text(strings.ToUpper(string(r.Country))), text(strings.ToUpper(string(r.State)))
	if r.Class == "" {
		r.Class = standardClass
	}
}

func (s *Server) removeTaxRate(_ *call, r *taxRate, force bool) error {
	if !force {
		return noTrash("Taxes do not support trashing.")
	}
	s.taxes.remove(r.ID)
	return nil
}

func encodeTaxRate(e *encoder, _ *call, r *taxRate) {
	e.open('{')
	e.num("id", r.ID)
	e.str("country", string(r.Country))
	e.str("state", string(r.State))
	e.str("postcode", firstText(r.Postcodes))
	e.str("city", firstText(r.Cities))
	e.str("rate", string(r.Rate))
	e.str("name", string(r.Name))
	e.num("priority", int(r.Priority))
	e.flag("compound", bool(r.Compound))
	e.flag("shipping", bool(r.Shipping))
	e.num("order", int(r.Order))
	e.str("class", string(r.Class))
	e.texts("postcodes", r.Postcodes)
	e.texts("cities", r.Cities)
}

func firstText(values list[text]) string {
	if len(values) == 0 {
		return ""
	}
	return string(values[0])
}

func (e *encoder) texts(name string, values list[text]) {
	e.array(name)
	for _, v := range values {
		e.next()
		e.quote(string(v))
	}
	e.close(']')
}
