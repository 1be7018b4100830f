package api

import (
	"strings"

	"github.com/shopspring/decimal"

	"tandem/api/gen"
	"tandem/erp"
)

// ledgerProduct shows a product of the ledger.
func ledgerProduct(v erp.Version[erp.Product]) gen.LedgerProduct {
	p := v.Record
	view := gen.LedgerProduct{
		ID: v.ID, Version: v.Number, Kind: p.Kind, Name: p.Name, Slug: p.Slug, Description: p.Description, ShortDescription: p.ShortDescription,
		Status: p.Status, SKU: p.SKU, Barcode: p.Barcode, Virtual: p.Virtual, Downloadable: p.Downloadable, Taxable: &p.Taxable, TaxClass: p.TaxClass,
		Measures: measuresView(p.Measures), Categories: ownIDs(p.Categories), Tags: ownIDs(p.Tags), Brands: ownIDs(p.Brands),
		ShippingClass: erp.OwnID(p.ShippingClass), ExternalURL: p.ExternalURL, ButtonText: p.ButtonText, Fields: p.Fields,
	}
	for _, a := range p.Attributes {
		view.Attributes = append(view.Attributes, gen.LedgerAttribute{
			ID: erp.OwnID(a.Key), Name: a.Name, Values: a.Values, Visible: &a.Visible, Variation: a.Variation,
		})
	}
	for _, image := range p.Images {
		view.Images = append(view.Images, imageView(image))
	}
	for _, file := range p.Downloads {
		view.Downloads = append(view.Downloads, gen.LedgerDownload{Name: file.Name, URL: file.URL})
	}
	switch {
	case p.Kind == erp.Variable:
		for _, variant := range p.Variants {
			view.Variants = append(view.Variants, variantView(variant))
		}
	case len(p.Variants) > 0:
		view.TrackStock, view.Prices = p.Variants[0].TrackStock, pricesView(p.Variants[0].Prices)
	}
	return view
}

func imageView(i erp.Image) gen.LedgerImage {
	return gen.LedgerImage{URL: i.URL, Alt: i.Alt, Digest: i.Digest, Type: i.Type, Size: i.Size}
}

func variantView(v erp.Variant) gen.LedgerVariant {
	view := gen.LedgerVariant{
		ID: erp.OwnID(v.Key), SKU: v.SKU, Barcode: v.Barcode, Active: &v.Active, TrackStock: v.TrackStock,
		Measures: measuresView(v.Measures), Prices: pricesView(v.Prices), Fields: v.Fields,
	}
	if v.Image != nil {
		image := imageView(*v.Image)
		view.Image = &image
	}
	for _, o := range v.Options {
		if view.Options == nil {
			view.Options = map[string]string{}
		}
		view.Options[o.Attribute] = o.Value
	}
	return view
}

func pricesView(prices []erp.Price) []gen.LedgerPrice {
	var views []gen.LedgerPrice
	for _, p := range prices {
		kind, currency, _ := strings.Cut(p.List.ID, "-")
		view := gen.LedgerPrice{Kind: erp.PriceKind(kind), Currency: currency, Amount: p.Amount.String(), From: p.From, Until: p.Until}
		if p.List.Instance != erp.OwnInstance {
			view.Instance = p.List.Instance
		}
		views = append(views, view)
	}
	return views
}

func measuresView(m erp.Measures) gen.LedgerMeasures {
	return gen.LedgerMeasures{
		Weight: measure(m.Weight), WeightUnit: m.WeightUnit, Length: measure(m.Length), Width: measure(m.Width), Height: measure(m.Height),
		DimensionUnit: m.DimensionUnit,
	}
}

// measure leaves out zero, which is what nobody measured.
func measure(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func ownIDs(keys []erp.Key) []string {
	var ids []string
	for _, key := range keys {
		ids = append(ids, erp.OwnID(key))
	}
	return ids
}
