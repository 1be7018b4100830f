package catalog

import (
	"encoding/json"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/report/fact"
	"tandem/woo"
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

// KeptProductFacts makes of the copy of a product that landed what reports call it.
func KeptProductFacts(ec mapping.Context, copied json.RawMessage) (json.RawMessage, error) {
	product, err := woo.Decode[woo.Product](copied)
	if err != nil {
		return nil, err
	}
	var with struct {
		Variations []json.RawMessage `json:"_variations"`
	}
	if err := json.Unmarshal(copied, &with); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the copy of a product cannot be read")
	}
	record := productRecord{Product: mapping.Product{Product: product}}
	for _, raw := range with.Variations {
		variation, err := woo.Decode[woo.Variation](raw)
		if err != nil {
			return nil, err
		}
		record.VariationRecords = append(record.VariationRecords, variation)
	}
	mapped, err := mapProduct(ec, record)
	if err != nil {
		return nil, err
	}
	return json.Marshal(fact.Facts{Products: soldProducts(record, mapped)})
}
