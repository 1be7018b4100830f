package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

// productRows are the rows of a batch of products, by table.
type productRows struct {
	products   []productRow
	variants   []variantRow
	terms      []productTermRow
	attributes []attributeRow
	components []componentRow
	downloads  []downloadRow
	images     []imageRow
	options    []optionRow
	prices     []priceRow
	keys       []binding
}

type measures struct {
	Weight        decimal.Decimal `json:"weight"`
	WeightUnit    string          `json:"weight_unit"`
	Length        decimal.Decimal `json:"length"`
	Width         decimal.Decimal `json:"width"`
	Height        decimal.Decimal `json:"height"`
	DimensionUnit string          `json:"dimension_unit"`
}

type productRow struct {
	ID               int64           `json:"id"`
	Kind             erp.ProductKind `json:"kind"`
	Name             string          `json:"name"`
	Slug             string          `json:"slug"`
	Description      string          `json:"description"`
	ShortDescription string          `json:"short_description"`
	Status           string          `json:"status"`
	SKU              string          `json:"sku"`
	Barcode          string          `json:"barcode"`
	Virtual          bool            `json:"virtual"`
	Downloadable     bool            `json:"downloadable"`
	ShippingClassID  *int64          `json:"shipping_class_id"`
	Taxable          bool            `json:"taxable"`
	TaxClass         string          `json:"tax_class"`
	measures
	ExternalURL string            `json:"external_url"`
	ButtonText  string            `json:"button_text"`
	Reference   string            `json:"reference"`
	HSCode      string            `json:"hs_code"`
	Origin      string            `json:"origin"`
	Comment     string            `json:"comment"`
	Fields      map[string]string `json:"fields"`
}

type variantRow struct {
	ID         int64  `json:"id"`
	ProductID  int64  `json:"product_id"`
	Position   int    `json:"position"`
	SKU        string `json:"sku"`
	Barcode    string `json:"barcode"`
	Active     bool   `json:"active"`
	TrackStock bool   `json:"track_stock"`
	measures
	Reference string            `json:"reference"`
	Fields    map[string]string `json:"fields"`
}

type productTermRow struct {
	ProductID int64 `json:"product_id"`
	TermID    int64 `json:"term_id"`
}

type attributeRow struct {
	ProductID int64    `json:"product_id"`
	Position  int      `json:"position"`
	TermID    *int64   `json:"term_id"`
	Name      string   `json:"name"`
	Options   []string `json:"options"`
	Visible   bool     `json:"visible"`
	Variation bool     `json:"variation"`
}

type componentRow struct {
	ProductID int64   `json:"product_id"`
	Position  int     `json:"position"`
	Component erp.Key `json:"component"`
}

type downloadRow struct {
	ProductID int64  `json:"product_id"`
	Position  int    `json:"position"`
	Name      string `json:"name"`
	URL       string `json:"url"`
}

type imageRow struct {
	ProductID int64  `json:"product_id"`
	Position  int    `json:"position"`
	VariantID *int64 `json:"variant_id"`
	URL       string `json:"url"`
	Alt       string `json:"alt"`
	Digest    string `json:"digest"`
	Type      string `json:"type"`
	Size      int64  `json:"size"`
}

type optionRow struct {
	VariantID int64  `json:"variant_id"`
	Position  int    `json:"position"`
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

type priceRow struct {
	VariantID   int64           `json:"variant_id"`
	PriceListID int64           `json:"price_list_id"`
	Position    int             `json:"position"`
	Amount      decimal.Decimal `json:"amount"`
	ValidFrom   *time.Time      `json:"valid_from"`
	ValidUntil  *time.Time      `json:"valid_until"`
}

func newProductRows(drafts []*landing.Draft[erp.Product], variants []*variantDraft, refs productRefs) *productRows {
	rows := &productRows{}
	images := make(map[int64]int, len(drafts))
	for _, d := range drafts {
		rows.addProduct(d, refs)
		images[d.ID] = len(d.Record.Images)
	}
	for _, v := range variants {
		rows.addVariant(v, refs)
		if v.record.Image != nil {
			rows.images = append(rows.images, newImageRow(v.productID, images[v.productID], &v.id, *v.record.Image))
			images[v.productID]++
		}
	}
	return rows
}

// write puts the rows into their tables, each after those it refers to.
func (r *productRows) write(ctx context.Context, tx *sqlx.Tx) error {
	for _, write := range []func() error{
		func() error { return upsertRows(ctx, tx, "products", r.products) },
		func() error { return upsertRows(ctx, tx, "variants", r.variants) },
		func() error { return insertRows(ctx, tx, "product_terms", r.terms) },
		func() error { return insertRows(ctx, tx, "product_attributes", r.attributes) },
		func() error { return insertRows(ctx, tx, "product_components", r.components) },
		func() error { return insertRows(ctx, tx, "downloads", r.downloads) },
		func() error { return insertRows(ctx, tx, "images", r.images) },
		func() error { return insertRows(ctx, tx, "variant_options", r.options) },
		func() error { return insertRows(ctx, tx, "prices", r.prices) },
		func() error { return bind(ctx, tx, r.keys) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

func (r *productRows) addProduct(d *landing.Draft[erp.Product], refs productRefs) {
	p := d.Record
	row := productRow{
		ID: d.ID, Kind: p.Kind, Name: p.Name, Slug: p.Slug, Description: p.Description,
		ShortDescription: p.ShortDescription, Status: p.Status, SKU: p.SKU, Barcode: p.Barcode, Virtual: p.Virtual,
		Downloadable: p.Downloadable, ShippingClassID: refs.term(p.ShippingClass), Taxable: p.Taxable, TaxClass: p.TaxClass,
		measures: measures(p.Measures), ExternalURL: p.ExternalURL, ButtonText: p.ButtonText,
	}
	row.Fields = setFields(p.Fields, map[string]*string{
		"barcode": &row.Barcode, "comment": &row.Comment, "hs_code": &row.HSCode, "origin": &row.Origin, "reference": &row.Reference,
	})
	r.products = append(r.products, row)
	var classes check.KeySet
	classes.Add(slices.Concat(p.Categories, p.Tags, p.Brands)...)
	for _, key := range classes.List() {
		r.terms = append(r.terms, productTermRow{ProductID: d.ID, TermID: refs.terms[key].ID})
	}
	for i, a := range p.Attributes {
		r.attributes = append(r.attributes, attributeRow{ProductID: d.ID, Position: i, TermID: refs.term(a.Key), Name: a.Name,
			Options: filled(a.Values), Visible: a.Visible, Variation: a.Variation})
	}
	for i, key := range p.Components {
		r.components = append(r.components, componentRow{ProductID: d.ID, Position: i, Component: key})
	}
	for i, file := range p.Downloads {
		r.downloads = append(r.downloads, downloadRow{ProductID: d.ID, Position: i, Name: file.Name, URL: file.URL})
	}
	for i, image := range p.Images {
		r.images = append(r.images, newImageRow(d.ID, i, nil, image))
	}
}

func (r *productRows) addVariant(v *variantDraft, refs productRefs) {
	row := variantRow{
		ID: v.id, ProductID: v.productID, Position: v.position, SKU: v.record.SKU, Barcode: v.record.Barcode,
		Active: v.record.Active, TrackStock: v.record.TrackStock, measures: measures(v.record.Measures),
	}
	row.Fields = setFields(v.record.Fields, map[string]*string{"barcode": &row.Barcode, "reference": &row.Reference})
	r.variants = append(r.variants, row)
	for i, option := range v.record.Options {
		r.options = append(r.options, optionRow{VariantID: v.id, Position: i, Attribute: option.Attribute, Value: option.Value})
	}
	for i, price := range v.record.Prices {
		r.prices = append(r.prices, priceRow{VariantID: v.id, PriceListID: refs.lists[price.List].ID, Position: i,
			Amount: price.Amount, ValidFrom: moment(price.From), ValidUntil: moment(price.Until)})
	}
	if v.created {
		r.keys = append(r.keys, bindingOf(v.record.Key, "variant", v.id, ""))
	}
}

func newImageRow(product int64, position int, variant *int64, image erp.Image) imageRow {
	return imageRow{ProductID: product, Position: position, VariantID: variant, URL: image.URL, Alt: image.Alt,
		Digest: image.Digest, Type: image.Type, Size: image.Size}
}

// term gives the id of a term a product may do without.
func (r productRefs) term(key erp.Key) *int64 {
	if term, ok := r.terms[key]; ok {
		return &term.ID
	}
	return nil
}
