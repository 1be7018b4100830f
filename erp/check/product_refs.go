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

// ProductRefs parks a product that names terms or price lists that have not landed; nil when everything it names is there.
// It waits for all of them at once. The products of a grouped one may land later.
func ProductRefs(p *erp.Product, terms, priceLists Landed) *landing.Refusal {
	var references []reference
	for _, use := range TermsOf(p) {
		references = append(references, reference{string(use.Kind), terms, use.Keys})
	}
	return notLanded(append(references, reference{"price_list", priceLists, PriceListsOf(p)}))
}
