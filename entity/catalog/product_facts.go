package catalog

import (
	"encoding/json"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/report/fact"
)

// noteProductFacts says what reports call the landed products and their variations, and under which category they count.
func noteProductFacts(landed []*productAttempt) error {
	for _, a := range landed {
		encoded, err := json.Marshal(fact.Facts{Products: soldProducts(a.Record, a.Value.product)})
		if err != nil {
			return err
		}
		a.Outcome.Facts = encoded
	}
	return nil
}

// soldProducts is a product with all that is sold of it. A variation is called after the product and its options. Of several categories
// the first counts, so that no sale counts twice.
func soldProducts(record productRecord, p erp.Product) []fact.SoldProduct {
	product := fact.SoldProduct{ID: p.Key.ID, Name: p.Name, SKU: p.SKU}
	if len(record.Categories) > 0 {
		first := record.Categories[0]
		product.Category, product.CategoryName = first.ID.String(), mapping.Plain(first.Name)
	}
	sold := []fact.SoldProduct{product}
	for _, v := range p.Variants {
		if v.Key == p.Key {
			continue
		}
		variant := product
		variant.ID, variant.SKU = v.Key.ID, v.SKU
		var options []string
		for _, o := range v.Options {
			options = append(options, o.Value)
		}
		if len(options) > 0 {
			variant.Name += ", " + strings.Join(options, ", ")
		}
		sold = append(sold, variant)
	}
	return sold
}
