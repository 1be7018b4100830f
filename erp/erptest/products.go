package erptest

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

var productTests = []test{
	{"an unknown term parks the product, and landing it solves", termParks},
	{"an unknown price list parks the product", priceListParks},
	{"an unknown product parks nothing else of its batch", parkAlone},
	{"everything a product shows counts as content", contentCounts},
	{"prices that are not imported stay", pricesStay},
	{"a simple product needs exactly its own variant", simpleNeedsVariant},
	{"variations land with their product", variationsLand},
	{"a simple product may become variable", simpleBecomesVariable},
	{"grouped products may name what is not there yet", groupedLands},
	{"mapped fields land, and unknown ones name what exists", productFields},
}

func termParks(t *testing.T, s shop) {
	tag := erp.Term{Key: s.key("tag", 5), Kind: erp.Tag, Name: "New"}
	brand := erp.Term{Key: s.key("brand", 6), Kind: erp.Brand, Name: "Acme"}
	class := erp.Term{Key: s.key("shipping_class", 7), Kind: erp.ShippingClass, Name: "Heavy"}
	for i, use := range []struct {
		code string
		term erp.Term
		put  func(*erp.Product, erp.Key)
	}{
		{"unknown_category", s.category(4), func(p *erp.Product, k erp.Key) { p.Categories = []erp.Key{k} }},
		{"unknown_tag", tag, func(p *erp.Product, k erp.Key) { p.Tags = []erp.Key{k} }},
		{"unknown_brand", brand, func(p *erp.Product, k erp.Key) { p.Brands = []erp.Key{k} }},
		{"unknown_shipping_class", class, func(p *erp.Product, k erp.Key) { p.ShippingClass = k }},
		{"unknown_attribute", s.attribute(8), func(p *erp.Product, k erp.Key) {
			p.Attributes = []erp.ProductAttribute{{Key: k, Name: "Colour", Values: []string{"Red"}}}
		}},
	} {
		product := s.product(i)
		use.put(&product, use.term.Key)
		outcome := land(t, s, putProducts, []erp.Product{product}, erp.Parked)[0]
		require.Equal(t, use.code, outcome.Code)
		require.Equal(t, []erp.Key{use.term.Key}, outcome.Waits)
		require.Empty(t, outcome.ID)
		land(t, s, putTerms, []erp.Term{use.term}, erp.Created)
		land(t, s, putProducts, []erp.Product{product}, erp.Created)
	}
}

// priced gives a product at a price.
func (s shop) priced(id int, list erp.Key, amount string) erp.Product {
	product := s.product(id)
	product.Variants[0].Prices = []erp.Price{{List: list, Amount: dec(amount)}}
	return product
}

func priceListParks(t *testing.T, s shop) {
	product := s.priced(1, s.priceList(1).Key, "9.99")
	outcome := land(t, s, putProducts, []erp.Product{product}, erp.Parked)[0]
	require.Equal(t, "unknown_price_list", outcome.Code)
	require.Equal(t, []erp.Key{s.priceList(1).Key}, outcome.Waits)
	land(t, s, putPriceLists, []erp.PriceList{s.priceList(1)}, erp.Created)
	land(t, s, putProducts, []erp.Product{product}, erp.Created)
}

func parkAlone(t *testing.T, s shop) {
	waiting := s.product(2)
	waiting.Categories = []erp.Key{s.key("category", 1), s.key("category", 2)}
	outcomes := land(t, s, putProducts, []erp.Product{s.product(1), waiting, s.product(3)}, erp.Created, erp.Parked, erp.Created)
	require.Equal(t, waiting.Categories, outcomes[1].Waits)
	require.Equal(t, []string{""}, lookup(t, s, waiting.Key), "a parked product leaves nothing behind")
}

// full gives a product with everything a shop may say of one.
func (s shop) full(id int) erp.Product {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	p := s.priced(id, s.priceList(1).Key, "19.95")
	p.Variants[0].Prices = append(p.Variants[0].Prices,
		erp.Price{List: s.priceList(2).Key, Amount: dec("14.95"), From: day, Until: day.AddDate(0, 0, 7)})
	p.Variants[0].Image = &erp.Image{URL: "https://shop.example/v.png"}
	p.Categories, p.Tags = []erp.Key{s.key("category", 1)}, []erp.Key{s.key("tag", 1)}
	p.Downloadable, p.Downloads = true, []erp.Download{{Name: "Manual", URL: "https://shop.example/manual.pdf"}}
	p.Measures = erp.Measures{Weight: dec("1.25"), WeightUnit: "kg",
		Length: decimal.NewFromInt(10), Width: decimal.NewFromInt(20), Height: dec("0.5"), DimensionUnit: "cm"}
	p.Images = []erp.Image{{URL: "https://shop.example/1.png", Digest: "sha256:ab", Type: "image/png", Size: 70}, {URL: "https://shop.example/2.png"}}
	p.Attributes = []erp.ProductAttribute{{Name: "Material", Values: []string{"Wool", "Silk"}, Visible: true}}
	p.Fields = map[string]string{"x_origin": "mill", "barcode": "4006381333931"}
	return p
}

func contentCounts(t *testing.T, s shop) {
	tag := erp.Term{Key: s.key("tag", 1), Kind: erp.Tag, Name: "New"}
	land(t, s, putTerms, []erp.Term{s.category(1), s.category(2), tag}, times(3, erp.Created)...)
	land(t, s, putPriceLists, []erp.PriceList{s.priceList(1), s.priceList(2)}, times(2, erp.Created)...)
	land(t, s, putProducts, []erp.Product{s.full(1)}, erp.Created)
	for name, change := range map[string]func(*erp.Product){
		"name":      func(p *erp.Product) { p.Name = "Other" },
		"status":    func(p *erp.Product) { p.Status = "draft" },
		"category":  func(p *erp.Product) { p.Categories[0] = s.key("category", 2) },
		"no tag":    func(p *erp.Product) { p.Tags = nil },
		"download":  func(p *erp.Product) { p.Downloads[0].URL += "?2" },
		"weight":    func(p *erp.Product) { p.Measures.Weight = dec("1.26") },
		"image":     func(p *erp.Product) { p.Images[0].Digest = "sha256:cd" },
		"images":    func(p *erp.Product) { p.Images = p.Images[:1] },
		"attribute": func(p *erp.Product) { p.Attributes[0].Values[1] = "Linen" },
		"price":     func(p *erp.Product) { p.Variants[0].Prices[0].Amount = dec("19.96") },
		"sale end":  func(p *erp.Product) { p.Variants[0].Prices[1].Until = time.Time{} },
		"no sale":   func(p *erp.Product) { p.Variants[0].Prices = p.Variants[0].Prices[:1] },
		"field":     func(p *erp.Product) { p.Fields["x_origin"] = "farm" },
	} {
		t.Run(name, func(t *testing.T) {
			changed := s.full(1)
			change(&changed)
			land(t, s, putProducts, []erp.Product{changed}, erp.Updated)
			land(t, s, putProducts, []erp.Product{changed}, erp.Unchanged)
			land(t, s, putProducts, []erp.Product{s.full(1)}, erp.Updated)
		})
	}
	same := s.full(1)
	same.Measures.Weight = dec("1.2500")
	land(t, s, putProducts, []erp.Product{same}, erp.Unchanged)
}

func pricesStay(t *testing.T, s shop) {
	land(t, s, putPriceLists, []erp.PriceList{s.priceList(1)}, erp.Created)
	priced := s.priced(1, s.priceList(1).Key, "9.99")
	land(t, s, putProducts, []erp.Product{priced}, erp.Created)
	land(t, s, putProducts, []erp.Product{s.product(1)}, erp.Updated)
	land(t, s, putProducts, []erp.Product{priced}, erp.Updated)
}

func simpleNeedsVariant(t *testing.T, s shop) {
	none, many, other := s.product(1), s.variable(2, 21, 22), s.variable(3, 31)
	none.Variants, many.Kind, other.Kind = nil, erp.Simple, erp.Simple
	land(t, s, putProducts, []erp.Product{none, many, s.product(4), other}, erp.Failed, erp.Failed, erp.Created, erp.Failed)
}

func variationsLand(t *testing.T, s shop) {
	product := land(t, s, putProducts, []erp.Product{s.variable(1, 11, 12)}, erp.Created)[0]
	before := lookup(t, s, s.key("product", 1), s.key("product", 11), s.key("product", 12))
	require.Equal(t, product.ID, before[0])
	require.NotContains(t, before, "")
	require.NotEqual(t, before[1], before[2])

	land(t, s, putProducts, []erp.Product{s.variable(1, 12, 13)}, erp.Updated)
	after := lookup(t, s, s.key("product", 11), s.key("product", 12), s.key("product", 13))
	require.Equal(t, before[1], after[0], "orders may name a variation that is gone")
	require.Equal(t, before[2], after[1])
	require.NotEmpty(t, after[2])
	land(t, s, putProducts, []erp.Product{s.variable(1, 12, 13)}, erp.Unchanged)

	anySize, empty := s.variable(2, 21), s.variable(3)
	anySize.Variants[0].Options = nil
	land(t, s, putProducts, []erp.Product{anySize, empty}, erp.Created, erp.Created)

	twice := s.variable(4, 41, 41)
	land(t, s, putProducts, []erp.Product{twice}, erp.Failed)
}

func simpleBecomesVariable(t *testing.T, s shop) {
	simple := land(t, s, putProducts, []erp.Product{s.product(1)}, erp.Created)[0]
	variable := land(t, s, putProducts, []erp.Product{s.variable(1, 11)}, erp.Updated)[0]
	require.Equal(t, simple.ID, variable.ID)
	back := land(t, s, putProducts, []erp.Product{s.product(1)}, erp.Updated)[0]
	require.Equal(t, simple.ID, back.ID)
	require.Equal(t, simple.After, back.After)
}

func groupedLands(t *testing.T, s shop) {
	grouped := s.product(1)
	grouped.Kind, grouped.Components = erp.Grouped, []erp.Key{s.key("product", 2), s.key("product", 3)}
	external := s.product(4)
	external.Kind, external.ExternalURL, external.ButtonText = erp.External, "https://elsewhere.example", "Buy there"
	batch := []erp.Product{grouped, external, s.product(2)}
	land(t, s, putProducts, batch, times(3, erp.Created)...)
	land(t, s, putProducts, batch, times(3, erp.Unchanged)...)
}

func productFields(t *testing.T, s shop) {
	product := s.product(1)
	product.Fields = map[string]string{"barcode": "4006381333931", "x_season": "winter"}
	product.Variants[0].Fields = map[string]string{"barcode": "4006381333931"}
	land(t, s, putProducts, []erp.Product{product}, erp.Created)
	product.Variants[0].Fields = map[string]string{"no_such_field": "1"}
	outcome := land(t, s, putProducts, []erp.Product{product}, erp.Failed)[0]
	require.Equal(t, "unknown_field", outcome.Code)
	require.Contains(t, outcome.Reason, "no_such_field")
	require.Contains(t, outcome.Reason, "barcode", "the refusal says what exists")
}
