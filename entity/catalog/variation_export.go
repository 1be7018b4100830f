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

// exportVariations writes the variations of the products that were written, with one request for each product.
func exportVariations(ctx context.Context, ec mapping.Context, all []*exportedProduct) error {
	for _, e := range all {
		if e.Refused() || e.Record.Kind != erp.Variable {
			continue
		}
		p, wanted := variationsOf(ec, e)
		done, err := p.write(ctx, ec, wanted)
		if err != nil {
			return err
		}
		record := *e.Have
		record.VariationRecords, record.loaded = done.have, true
		e.Have = &record
		done.tell(e)
	}
	return nil
}

// planVariations says what exportVariations would write of a product.
func planVariations(ec mapping.Context, e *exportedProduct) ([]flow.Difference, error) {
	if e.Record.Kind != erp.Variable {
		return nil, nil
	}
	p, wanted := variationsOf(ec, e)
	return p.plan(ec, wanted)
}

// variationsOf gives the variations that the store has of a product, and those that it is to have.
func variationsOf(ec mapping.Context, e *exportedProduct) (p partsOf[woo.Variation], wanted []part[woo.Variation]) {
	p = partsOf[woo.Variation]{
		service: ec.Store.Variations.Of(e.ID), id: func(v woo.Variation) woo.ID { return v.ID }, have: e.Have.VariationRecords, entity: "variation",
	}
	for _, v := range e.Record.Variants {
		if v.Active || slices.ContainsFunc(p.have, func(have woo.Variation) bool { return have.ID == mapping.StoreID(v.Key) }) {
			wanted = append(wanted, variationPart(ec, e, v)) // others are gone in the store, and orders name them
		}
	}
	return p, wanted
}

// variationPart is a variant as the store is to hold it.
func variationPart(ec mapping.Context, e *exportedProduct, v erp.Variant) part[woo.Variation] {
	parent := *e.Have
	held := func(have woo.Variation) erp.Variant {
		mapped, _ := mapVariation(ec, parent, have) // its error is about meta fields, which are not exported
		return mapped
	}
	name := "variation " + v.SKU
	for _, option := range v.Options {
		name += " " + option.Value
	}
	want, rest := e.Choose(ec, mapping.StoreID(v.Key).String(), variationFields(ec, parent, v), productPart)
	return part[woo.Variation]{
		key: v.Key, name: strings.Join(strings.Fields(name), " "), want: want, rest: rest,
		once: woo.Fields{"backorders": "no", "stock_status": "instock"},
		is: func(have woo.Variation) bool {
			return v.SKU != "" && strings.EqualFold(v.SKU, strings.TrimSpace(have.SKU)) ||
				(v.SKU == "" || have.SKU == "") && slices.Equal(held(have).Options, v.Options)
		},
		fields: func(have woo.Variation) woo.Fields {
			mapped := held(have)
			if mapped.Key.ID == "" {
				return woo.Fields{}
			}
			return variationFields(ec, parent, mapped)
		},
	}
}

// variationFields gives what the store is to hold of a variant.
func variationFields(ec mapping.Context, parent productRecord, v erp.Variant) woo.Fields {
	fields := woo.Fields{
		"sku": v.SKU, "global_unique_id": v.Barcode, "status": variationStatus(v.Active), "manage_stock": v.TrackStock,
		"attributes": optionFields(parent, v.Options),
	}
	addMeasures(ec, fields, v.Measures)
	addPrices(ec, fields, v)
	return fields
}

func variationStatus(active bool) string {
	if active {
		return "publish"
	}
	return "private"
}

// optionField is a variation's answer to an attribute of its product. It is called option: the store takes no options for it and
// makes it fit any.
type optionField struct {
	ID     woo.ID `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Option string `json:"option"`
}

func optionFields(parent productRecord, options []erp.Option) []optionField {
	fields := []optionField{}
	for _, o := range options {
		field := optionField{Name: o.Attribute, Option: o.Value}
		for _, a := range parent.Attributes {
			if a.ID != 0 && strings.EqualFold(mapping.Plain(a.Name), o.Attribute) {
				field.ID, field.Name = a.ID, ""
			}
		}
		fields = append(fields, field)
	}
	return fields
}
