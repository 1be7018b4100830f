package catalog

import (
	"context"
	"encoding/json"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const attributeName = "attribute"

// attributeValueName names the terms of attributes in keys. They land along with their attribute.
const attributeValueName = "attribute_value"

// attributeRecord is a shared attribute with its terms.
type attributeRecord struct {
	woo.Attribute
	terms  []woo.AttributeTerm
	loaded bool // the terms were read
}

// Attributes is the import of the attributes that products share, each with its values.
var Attributes = mapping.ImportingTerms(mapping.Import[attributeRecord, erp.Term]{
	Spec: flow.Spec{Entity: attributeName, Label: "Attributes"},
	Read: mapping.Enrich(mapping.ScanAll(
		func(c *woo.Client) *woo.Service[woo.Attribute] { return c.Attributes },
		func(a woo.Attribute) string { return a.ID.String() },
	), func(a woo.Attribute) (woo.ID, json.RawMessage) { return a.ID, a.Raw }, loadAttribute),
	Describe: func(a attributeRecord) flow.Record {
		var terms []json.RawMessage
		for _, term := range a.terms {
			terms = append(terms, term.Raw)
		}
		return flow.Record{ID: a.ID.String(), Raw: mapping.WithRaw(a.Raw, "_terms", terms), Type: a.Type, Label: mapping.Label(a.Name)}
	},
	Convert: mapAttribute,
	Sides:   termSides(erp.Attribute, attributeComparison),
})

// loadAttribute reads all terms of an attribute: one more request for every hundred.
func loadAttribute(ctx context.Context, ec mapping.Context, a woo.Attribute) (attributeRecord, error) {
	record := attributeRecord{Attribute: a, loaded: true}
	for term, err := range ec.Store.AttributeTerms.Of(a.ID).All(ctx, woo.ListOptions{}) {
		if err != nil {
			return attributeRecord{}, err
		}
		record.terms = append(record.terms, term)
	}
	return record, nil
}

// mapAttribute maps an attribute with its terms as values.
func mapAttribute(ec mapping.Context, a attributeRecord) (erp.Term, error) {
	term := erp.Term{
		Key: mapping.KeyOf(ec, attributeName, a.ID), Kind: erp.Attribute,
		Name: mapping.Plain(a.Name), Code: a.Slug, Active: true,
	}
	for _, value := range a.terms {
		term.Values = append(term.Values, erp.Term{
			Key: mapping.KeyOf(ec, attributeValueName, value.ID), Kind: erp.AttributeValue,
			Name: mapping.Plain(value.Name), Code: value.Slug, Description: value.Description,
			Position: int(mapping.InRange(value.MenuOrder)), Active: true,
		})
	}
	return term, nil
}
