package catalog

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// soldInStore is a product as a store has it, with what Odoo has no place for.
func soldInStore() erp.Product {
	key := erp.Key{Instance: "shop", Entity: "product", ID: "7"}
	list := erp.Key{Instance: "shop", Entity: "price_list", ID: "regular-EUR"}
	sale := erp.Key{Instance: "shop", Entity: "price_list", ID: "sale-EUR"}
	return erp.Product{
		Key: key, Kind: erp.Simple, Name: "Lamp", Slug: "lamp", Description: "<p>Bright</p>", Status: "publish", SKU: "L-1", Barcode: "123",
		Categories: []erp.Key{{Instance: "shop", Entity: "category", ID: "1"}, {Instance: "shop", Entity: "category", ID: "2"}},
		Measures:   erp.Measures{Weight: dec("2"), WeightUnit: "lbs"},
		Variants: []erp.Variant{{Key: key, SKU: "L-1", Barcode: "123", Active: true, TrackStock: true, Measures: erp.Measures{Weight: dec("2"), WeightUnit: "lbs"},
			Prices: []erp.Price{{List: list, Amount: dec("54.1666667")}, {List: sale, Amount: dec("49")}}}},
	}
}

// heldOfIt is what Odoo has once that has landed, edited by a person.
func heldOfIt(edit func(*erp.Product, *heldTemplate)) (productMerger, erp.Product) {
	held, template := soldInStore(), heldTemplate{Row: rpc.Row{ID: 1}, Active: true, ForSale: true, Type: "consu", Storable: true}
	held.Slug, held.Description, held.Status, held.Categories = "", "", "draft", held.Categories[:1]
	held.Measures = erp.Measures{Weight: dec("0.91"), WeightUnit: weightUnit}
	held.Variants[0].Measures = held.Measures
	held.Variants[0].Prices[0].Amount = dec("54.17")
	edit(&held, &template)
	h := heldProducts{kind: rpc.Storables.For(rpc.Release{Major: 19}), templates: map[int64]heldTemplate{1: template}}
	h.Writer = &Writer{rpc: &rpc.Client{Release: rpc.Release{Major: 19}}}
	h.prices.byVariant = map[int64][]heldItem{}
	return productMerger{h}, held
}

// showing is a product that Odoo shows with an image, and what is noted of the last one that was put there.
func showing(digest, note string) func(*erp.Product, *heldTemplate) {
	return func(p *erp.Product, t *heldTemplate) {
		p.Images, t.Image = []erp.Image{{Digest: digest}}, rpc.Text(note)
	}
}

func TestOnlyEditsOfOdooAreTakenOver(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(*erp.Product, *heldTemplate)
		want func(*erp.Product)
	}{
		"nothing": {func(*erp.Product, *heldTemplate) {}, func(*erp.Product) {}},
		"name":    {func(p *erp.Product, _ *heldTemplate) { p.Name = "Torch" }, func(p *erp.Product) { p.Name = "Torch" }},
		"SKU": {func(p *erp.Product, _ *heldTemplate) { p.SKU, p.Variants[0].SKU = "L-2", "L-2" },
			func(p *erp.Product) { p.SKU, p.Variants[0].SKU = "L-2", "L-2" }},
		"a barcode that another product has": {func(p *erp.Product, _ *heldTemplate) { p.Barcode, p.Variants[0].Barcode = "", "" }, func(*erp.Product) {}},
		"archived":                           {func(_ *erp.Product, t *heldTemplate) { t.Active = false }, func(p *erp.Product) { p.Status = "draft" }},
		"not for sale":                       {func(_ *erp.Product, t *heldTemplate) { t.ForSale = false }, func(p *erp.Product) { p.Status = "draft" }},
		"another category": {func(p *erp.Product, _ *heldTemplate) {
			p.Categories = []erp.Key{{Instance: "shop", Entity: "category", ID: "3"}}
		},
			func(p *erp.Product) {
				p.Categories = []erp.Key{{Instance: "shop", Entity: "category", ID: "3"}, p.Categories[1]}
			}},
		"the second category": {func(p *erp.Product, _ *heldTemplate) {
			p.Categories = []erp.Key{{Instance: "shop", Entity: "category", ID: "2"}}
		},
			func(*erp.Product) {}},
		"weight": {func(p *erp.Product, _ *heldTemplate) { p.Variants[0].Measures.Weight = dec("0.45359237") },
			func(p *erp.Product) { p.Measures.Weight, p.Variants[0].Measures.Weight = dec("1"), dec("1") }},
		"price": {func(p *erp.Product, _ *heldTemplate) { p.Variants[0].Prices[0].Amount = dec("60") },
			func(p *erp.Product) { p.Variants[0].Prices[0].Amount = dec("60") }},
		"the image that was landed":             {showing("sha1:1", "sha256:a sha1:1"), func(*erp.Product) {}},
		"the image that a store was sent":       {showing("sha1:1", "sha1:1"), func(*erp.Product) {}},
		"an image that an older version landed": {showing("sha1:1", "sha256:a"), func(*erp.Product) {}},
		"an image that a person put there":      {showing("sha1:2", "sha256:a sha1:1"), func(p *erp.Product) { p.Images = []erp.Image{{Digest: "sha1:2"}} }},
		"an image of Odoo's own":                {showing("sha1:2", ""), func(p *erp.Product) { p.Images = []erp.Image{{Digest: "sha1:2"}} }},
		"a sale price that was never landed":    {func(p *erp.Product, _ *heldTemplate) { p.Variants[0].Prices = p.Variants[0].Prices[:1] }, func(*erp.Product) {}},
		"not counted": {func(p *erp.Product, t *heldTemplate) { p.Variants[0].TrackStock, t.Storable = false, false },
			func(p *erp.Product) { p.Variants[0].TrackStock = false }},
	} {
		t.Run(name, func(t *testing.T) {
			m, held := heldOfIt(c.edit)
			m.products = record.NewInstanceKeys("shop", map[int64][]erp.Key{1: {held.Key}})
			want := soldInStore()
			want.Categories = slices.Clone(want.Categories)
			c.want(&want)
			wanted, err := json.Marshal(want)
			require.NoError(t, err)
			got, err := json.Marshal(m.merge(held, soldInStore()))
			require.NoError(t, err)
			require.JSONEq(t, string(wanted), string(got))
		})
	}
}
