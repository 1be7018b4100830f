// Package check finds what is wrong with the records of a batch, for every backend of ours: by themselves, and by what
// they name that has not landed. It asks nobody; a backend looks up what a record names and passes on what it found.
package check

import (
	"slices"
	"strings"

	"tandem/erp"
	"tandem/erp/landing"
)

// Term finds what is wrong with a term and its values by themselves; nil when nothing is.
func Term(t *erp.Term) *landing.Refusal {
	switch {
	case !slices.Contains(erp.TermKinds, t.Kind):
		return landing.Failed("invalid_kind", "the term is of the unknown kind %q", t.Kind)
	case t.Parent == t.Key:
		return landing.Failed("invalid_parent", "the term is its own parent")
	}
	for i := range t.Values {
		value := &t.Values[i]
		if r := landing.CheckKey(value.Key); r != nil {
			return r
		}
		if len(value.Values) > 0 {
			return landing.Failed("invalid_value", "the value %s has values itself", value.Key)
		}
		if r := Term(value); r != nil {
			return r
		}
	}
	return nil
}

// Tax finds what is wrong with a tax rate alone; nil when nothing is.
func Tax(t *erp.Tax) *landing.Refusal {
	if t.Rate.IsNegative() {
		return landing.Failed("invalid_rate", "the tax rate %s is negative", t.Rate)
	}
	return country(t.Country)
}

// country refuses what is not an ISO 3166-1 alpha-2 code or empty.
func country(code string) *landing.Refusal {
	if code == "" || len(code) == 2 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return nil
	}
	return landing.Failed("invalid_country", "the country %.10q is not a code of two capital letters", code)
}

// PriceList finds what is wrong with a price list alone; nil when nothing is.
func PriceList(p *erp.PriceList) *landing.Refusal {
	switch {
	case p.Name == "":
		return landing.Failed("invalid_name", "the price list has no name")
	case p.Kind != erp.Regular && p.Kind != erp.Sale:
		return landing.Failed("invalid_kind", "the price list is of the unknown kind %q", p.Kind)
	}
	return nil
}

// Coupon finds what is wrong with a coupon alone; nil when nothing is.
func Coupon(c *erp.Coupon) *landing.Refusal {
	switch {
	case c.Code == "":
		return landing.Failed("invalid_code", "the coupon has no code")
	case c.Amount.IsNegative() || c.MinimumAmount.IsNegative() || c.MaximumAmount.IsNegative():
		return landing.Failed("invalid_amount", "an amount of the coupon is negative")
	case min(c.UsageCount, c.UsageLimit, c.UsageLimitUser, c.LimitItems) < 0:
		return landing.Failed("invalid_limit", "a count or limit of the coupon is negative")
	}
	return nil
}

// Partner finds what is wrong with a partner alone; nil when nothing is.
func Partner(p *erp.Partner) *landing.Refusal {
	for i := range p.Addresses {
		if r := address(&p.Addresses[i]); r != nil {
			return r
		}
	}
	return nil
}

func address(a *erp.Address) *landing.Refusal {
	switch a.Kind {
	case erp.InvoiceAddress, erp.DeliveryAddress, erp.OtherAddress, erp.ContactAddress:
	default:
		return landing.Failed("invalid_kind", "the address %s is of the unknown kind %q", a.Key, a.Kind)
	}
	if r := landing.CheckKey(a.Key); r != nil {
		return r
	}
	return country(a.Country)
}
