package check

import (
	"tandem/erp"
	"tandem/erp/landing"
)

// TermUse is the terms of one kind that a product names.
type TermUse struct {
	Kind erp.TermKind
	Keys []erp.Key
}

// TermsOf lists the terms a product names, kind by kind.
func TermsOf(p *erp.Product) []TermUse {
	var class, attributes KeySet
	class.Add(p.ShippingClass)
	for _, attribute := range p.Attributes {
		attributes.Add(attribute.Key)
	}
	return []TermUse{{erp.Category, p.Categories}, {erp.Tag, p.Tags}, {erp.Brand, p.Brands},
		{erp.ShippingClass, class.List()}, {erp.Attribute, attributes.List()}}
}

// PriceListsOf lists the price lists a product's variants have prices in.
func PriceListsOf(p *erp.Product) []erp.Key {
	var lists KeySet
	for _, v := range p.Variants {
		for _, price := range v.Prices {
			lists.Add(price.List)
		}
	}
	return lists.List()
}

// ProductRefs parks a product that names a term or price list that has not landed; nil when everything it names is there.
// The products of a grouped one may land later.
func ProductRefs(p *erp.Product, terms, priceLists Landed) *landing.Refusal {
	for _, use := range TermsOf(p) {
		if waits := terms.missing(use.Keys...); len(waits) > 0 {
			kind := string(use.Kind)
			return landing.Parked("unknown_"+kind, "a "+kind+" of the product has not landed: import it", waits...)
		}
	}
	if waits := priceLists.missing(PriceListsOf(p)...); len(waits) > 0 {
		return landing.Parked("unknown_price_list", "a price list of the product has not landed: import it", waits...)
	}
	return nil
}
