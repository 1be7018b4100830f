package check

import (
	"strings"

	"tandem/erp"
	"tandem/erp/landing"
)

// TaxesOf lists the tax rates an order and its lines name.
func TaxesOf(o *erp.Order) []erp.Key {
	var keys KeySet
	for _, tax := range o.Taxes {
		keys.Add(tax.Tax)
	}
	for _, l := range o.Lines {
		for _, tax := range l.Taxes {
			keys.Add(tax.Tax)
		}
	}
	return keys.List()
}

// ProductsOf lists the variants an order's lines name.
func ProductsOf(o *erp.Order) []erp.Key {
	var keys KeySet
	for _, l := range o.Lines {
		keys.Add(l.Product)
	}
	return keys.List()
}

// Setting names one of the ERP's records that an instance is configured with.
type Setting struct {
	Kind string // "warehouse", "sales team", "salesperson" or "payment term"
	Code string // as erp.Options gave it
}

// SettingsOf lists the settings an order names. A warehouse is needed, the others may be empty.
func SettingsOf(o *erp.Order) []Setting {
	settings := []Setting{{"warehouse", o.Warehouse}}
	for _, s := range []Setting{{"sales team", o.SalesTeam}, {"salesperson", o.Salesperson}, {"payment term", o.PaymentTerm}} {
		if s.Code != "" {
			settings = append(settings, s)
		}
	}
	return settings
}

// Settings fails an order that names a setting the ERP does not have; nil when it has all.
func Settings(named []Setting, has func(Setting) bool) *landing.Refusal {
	for _, s := range named {
		if !has(s) {
			return landing.Failed("unknown_"+strings.ReplaceAll(s.Kind, " ", "_"), "there is no %s %q: choose one of the ERP's", s.Kind, s.Code)
		}
	}
	return nil
}

// OrderRefs knows what has landed of all that orders name.
type OrderRefs struct {
	Products   Landed
	Taxes      Landed
	Partners   Landed
	Addresses  Landed
	PriceLists Landed
}

// Check parks an order that names what has not landed; nil when everything it names is there. It waits for all that is
// missing, so that it is not woken for one of them only to wait for the next. Its customer comes last: whoever lands
// orders lands that along with them, once nothing else is missing.
func (refs OrderRefs) Check(o *erp.Order) *landing.Refusal {
	if r := soldKnown(o); r != nil {
		return r
	}
	r := notLanded([]reference{
		{"product", refs.Products, ProductsOf(o)},
		{"tax", refs.Taxes, TaxesOf(o)},
		{"price_list", refs.PriceLists, []erp.Key{o.PriceList}},
	})
	if r != nil {
		return r
	}
	return notLanded([]reference{
		{"partner", refs.Partners, []erp.Key{o.Partner}},
		{"address", refs.Addresses, []erp.Key{o.InvoiceAddress, o.DeliveryAddress}},
	})
}

// reference is what a record names of one kind.
type reference struct {
	name   string
	landed Landed
	keys   []erp.Key
}

// notLanded parks a record until everything it names is there; nil when it is. The code is that of the first kind of which
// something is missing.
func notLanded(references []reference) *landing.Refusal {
	var code string
	var waits KeySet
	for _, use := range references {
		missing := use.landed.missing(use.keys...)
		if waits.Add(missing...); code == "" && len(missing) > 0 {
			code = "unknown_" + use.name
		}
	}
	if code == "" {
		return nil
	}
	names := make([]string, len(waits.List()))
	for i, key := range waits.List() {
		names[i] = key.String()
	}
	return landing.Parked(code, "not landed yet: "+strings.Join(names, ", ")+"; import or map it", waits.List()...)
}
