package catalog

import (
	"context"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// exportedAttribute is one attribute on its way into the store.
type exportedAttribute = mapping.Exported[erp.Term, woo.Attribute, attributeRecord]

// AttributeExport is the export of the attributes that products share, each with its values.
var AttributeExport = mapping.Exporting(mapping.Export[erp.Term, woo.Attribute, attributeRecord]{
	Spec:    flow.Spec{Entity: attributeName, Label: "Attributes"},
	Records: termRecords(erp.Attribute, nil),
	Store: mapping.Store[woo.Attribute, attributeRecord]{
		Service:  func(c *woo.Client) *woo.Service[woo.Attribute] { return c.Attributes },
		ID:       func(a woo.Attribute) woo.ID { return a.ID },
		Wrap:     wrapAttribute,
		Complete: loadAttributes,
	},
	Comparison: attributeComparison,
	Once:       termOnce, Check: checkAttribute, Content: mapAttribute, Taken: findAttribute,
	Is:     func(_ mapping.Context, t erp.Term, a woo.Attribute) bool { return isAttribute(t, a) },
	Nested: exportValues, NestedPlan: planValues, LabelOf: termLabel,
})

// attributeComparison compares attributes along with their values.
var attributeComparison = mapping.Comparison[erp.Term, attributeRecord]{
	Fields: func(_ mapping.Context, t erp.Term) woo.Fields { return woo.Fields{"name": t.Name} },
	Belonging: func(ec mapping.Context, t erp.Term, have attributeRecord) []mapping.Belonging {
		p, wanted := attributeTerms(ec, &exportedAttribute{Record: t, Have: &have, ID: have.ID})
		return p.belonging(wanted)
	},
}

// checkAttribute refuses two values of one name: the store takes no second, and its variations would mean either.
func checkAttribute(ec mapping.Context, t erp.Term) error {
	if err := checkTerm(ec, t); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, value := range t.Values {
		name := strings.ToLower(value.Name)
		if seen[name] {
			return mapping.Parked("ambiguous_term", "it has two values of one name, which the store cannot tell apart: rename one of them in the ERP")
		}
		seen[name] = true
	}
	return nil
}

func wrapAttribute(a woo.Attribute, before *attributeRecord) attributeRecord {
	if before == nil {
		return attributeRecord{Attribute: a}
	}
	return attributeRecord{Attribute: a, terms: before.terms, loaded: before.loaded}
}

func loadAttributes(ctx context.Context, ec mapping.Context, all []attributeRecord) ([]attributeRecord, error) {
	loaded := slices.Clone(all)
	for i, a := range all {
		if a.loaded {
			continue
		}
		var err error
		if loaded[i], err = loadAttribute(ctx, ec, a.Attribute); err != nil {
			return nil, err
		}
	}
	return loaded, nil
}

// findAttribute looks for an attribute by its slug or name: the store says only that there is one.
func findAttribute(ctx context.Context, ec mapping.Context, t erp.Term) ([]woo.Attribute, error) {
	page, err := ec.Store.Attributes.List(ctx, woo.ListOptions{})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(page.Records, func(a woo.Attribute) bool { return !isAttribute(t, a) }), nil
}

// attributePrefix is what WordPress puts before the slugs of attributes.
const attributePrefix = "pa_"

func isAttribute(t erp.Term, a woo.Attribute) bool {
	if t.Code != "" {
		return strings.EqualFold(strings.TrimPrefix(a.Slug, attributePrefix), strings.TrimPrefix(t.Code, attributePrefix))
	}
	return strings.EqualFold(mapping.Plain(a.Name), t.Name)
}

// exportValues writes the values of attributes.
func exportValues(ctx context.Context, ec mapping.Context, all []*exportedAttribute) error {
	for _, e := range all {
		if e.Refused() {
			continue
		}
		p, wanted := attributeTerms(ec, e)
		written, err := p.write(ctx, ec, wanted)
		if err != nil {
			return err
		}
		record := *e.Have
		record.terms, record.loaded = written.have, true
		e.Have = &record
		written.tell(e)
	}
	return nil
}

// planValues says what exportValues would write of an attribute.
func planValues(ec mapping.Context, e *exportedAttribute) ([]flow.Difference, error) {
	p, wanted := attributeTerms(ec, e)
	return p.plan(ec, wanted)
}

// attributeTerms gives the values that the store has of an attribute, and those that it is to have.
func attributeTerms(ec mapping.Context, e *exportedAttribute) (p partsOf[woo.AttributeTerm], wanted []part[woo.AttributeTerm]) {
	p = partsOf[woo.AttributeTerm]{
		service: ec.Store.AttributeTerms.Of(e.ID), id: func(t woo.AttributeTerm) woo.ID { return t.ID }, have: e.Have.terms,
		entity: attributeValueName,
	}
	for _, value := range e.Record.Values {
		w := valuePart(value)
		w.want, w.rest = e.Choose(ec, mapping.StoreID(value.Key).String(), w.want, nil)
		wanted = append(wanted, w)
	}
	return p, wanted
}

// valuePart is a value of an attribute as the store is to hold it.
func valuePart(value erp.Term) part[woo.AttributeTerm] {
	fields := func(name, description string, position int) woo.Fields {
		return woo.Fields{"name": name, "description": mapping.HTML(description), "menu_order": position}
	}
	return part[woo.AttributeTerm]{
		key: value.Key, name: value.Name, want: fields(value.Name, value.Description, value.Position), once: termOnce(mapping.Context{}, value),
		is: func(t woo.AttributeTerm) bool { return strings.EqualFold(mapping.Plain(t.Name), value.Name) },
		fields: func(t woo.AttributeTerm) woo.Fields {
			return fields(mapping.Plain(t.Name), t.Description, int(mapping.InRange(t.MenuOrder)))
		},
	}
}
