package catalog

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo"
)

func TestMapRecordedSimpleProduct(t *testing.T) {
	recorded := entitytest.RecordedProduct(t, "product_simple_create")
	ec := entitytest.WithMeta(instance.MetaProduct, "_ean", "x_ean", "integer")
	p, err := mapProduct(ec, productRecord{Product: mapping.Product{Product: recorded}})
	require.NoError(t, err)
	require.Equal(t, entitytest.Key("product", "4010"), p.Key)
	require.Equal(t, erp.Simple, p.Kind)
	require.Equal(t, "PIZZA-03698", p.SKU)
	require.Equal(t, "4006381333931", p.Barcode)
	require.Equal(t, map[string]string{"x_ean": "4006381333931"}, p.Fields)
	require.Equal(t, []erp.Key{entitytest.Key("brand", "39")}, p.Brands)
	require.Equal(t, "shipping_class", p.ShippingClass.Entity)
	require.NotEmpty(t, p.Categories)
	require.True(t, p.Taxable)
	require.Equal(t, "standard", p.TaxClass)
	entitytest.RequireAmount(t, "1.25", p.Measures.Weight)
	require.Equal(t, "kg", p.Measures.WeightUnit)
	entitytest.RequireAmount(t, "20", p.Measures.Width)
	require.Equal(t, "cm", p.Measures.DimensionUnit)

	require.Len(t, p.Variants, 1)
	variant := p.Variants[0]
	require.Equal(t, p.Key, variant.Key, "the product is its own only variant")
	require.True(t, variant.Active)
	require.True(t, variant.TrackStock)
	require.Len(t, variant.Prices, 2)
	require.Equal(t, entitytest.Key("price_list", "regular-EUR"), variant.Prices[0].List)
	entitytest.RequireAmount(t, "65", variant.Prices[0].Amount)
	require.Zero(t, variant.Prices[0].From)
	require.Equal(t, entitytest.Key("price_list", "sale-EUR"), variant.Prices[1].List)
	entitytest.RequireAmount(t, "54.99", variant.Prices[1].Amount)
	require.Equal(t, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), variant.Prices[1].From)
	require.Equal(t, recorded.OnSaleTo.Time, variant.Prices[1].Until)
}

func TestMapRecordedVariableProduct(t *testing.T) {
	p, err := mapProduct(entitytest.Demo(), tshirt(t))
	require.NoError(t, err)
	require.Equal(t, erp.Variable, p.Kind)
	require.Equal(t, []erp.ProductAttribute{
		{Key: entitytest.Key("attribute", "1"), Name: "Color 03698", Values: []string{"Bleu", "Rouge", "Vert"}, Visible: true, Variation: true},
		{Name: "Size", Values: []string{"S", "M"}, Visible: true, Variation: true},
	}, p.Attributes)
	require.Len(t, p.Variants, 5)
	for i, want := range []struct {
		id      string
		sku     string
		options []erp.Option
		tracked bool
		price   string
	}{
		{"4013", "TS-03698-Rouge-S", []erp.Option{{Attribute: "Color 03698", Value: "Rouge"}, {Attribute: "Size", Value: "S"}}, true, "19.99"},
		{"4014", "TS-03698-Rouge-M", []erp.Option{{Attribute: "Color 03698", Value: "Rouge"}, {Attribute: "Size", Value: "M"}}, true, "19.99"},
		{"4015", "TS-03698-Vert-S", []erp.Option{{Attribute: "Color 03698", Value: "Vert"}, {Attribute: "Size", Value: "S"}}, true, "19.99"},
		{"4016", "TS-03698-Vert-M", []erp.Option{{Attribute: "Color 03698", Value: "Vert"}, {Attribute: "Size", Value: "M"}}, true, "19.99"},
		{"4017", "TS-03698-any", []erp.Option{{Attribute: "Color 03698", Value: "Bleu"}}, false, "18"}, // any size
	} {
		got := p.Variants[i]
		require.Equal(t, entitytest.Key("product", want.id), got.Key, "ordered by id")
		require.Equal(t, want.sku, got.SKU)
		require.Equal(t, want.options, got.Options, want.sku)
		require.Equal(t, want.tracked, got.TrackStock, want.sku)
		require.Len(t, got.Prices, 1)
		entitytest.RequireAmount(t, want.price, got.Prices[0].Amount)
	}
}

func TestMapRecordedOtherProducts(t *testing.T) {
	grouped, err := mapProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: entitytest.RecordedProduct(t, "product_grouped_create")}})
	require.NoError(t, err)
	require.Equal(t, erp.Grouped, grouped.Kind)
	require.Equal(t, []erp.Key{entitytest.Key("product", "4010"), entitytest.Key("product", "4011")}, grouped.Components)
	require.Len(t, grouped.Variants, 1)
	require.Empty(t, grouped.Variants[0].Prices, "an empty price is not zero")
	require.NotNil(t, grouped.Variants[0].Prices, "prices are imported, there are none")

	external, err := mapProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: entitytest.RecordedProduct(t, "product_external_create")}})
	require.NoError(t, err)
	require.Equal(t, erp.External, external.Kind)
	require.NotEmpty(t, external.ExternalURL)
	require.NotEmpty(t, external.ButtonText)

	recorded := entitytest.RecordedProduct(t, "product_virtual_create")
	recorded.Downloads = []woo.Download{{Name: "Book", File: "https://shop.example.com/book.pdf"}}
	virtual, err := mapProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: recorded}})
	require.NoError(t, err)
	require.Equal(t, erp.Simple, virtual.Kind)
	require.True(t, virtual.Virtual)
	require.True(t, virtual.Downloadable)
	require.Equal(t, []erp.Download{{Name: "Book", URL: "https://shop.example.com/book.pdf"}}, virtual.Downloads)

	draft, err := mapProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: entitytest.RecordedProduct(t, "product_draft_create")}})
	require.NoError(t, err)
	require.Equal(t, "draft", draft.Status)
	require.False(t, draft.Variants[0].Active)
}

func TestMapRecordedProductPage(t *testing.T) {
	for _, raw := range entitytest.RecordedList(t, "products_page1") {
		recorded, err := woo.Decode[woo.Product](raw)
		require.NoError(t, err)
		p, err := mapProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: recorded}})
		require.NoError(t, err)
		require.Equal(t, recorded.ID.String(), p.Key.ID)
		require.NotEmpty(t, p.Name)
		require.Len(t, p.Variants, 1)
	}
}

func TestNamesAreUnescaped(t *testing.T) {
	p, err := mapProduct(entitytest.Demo(), productRecord{Product: mapping.Product{Product: woo.Product{Name: "Salt &amp; Pepper", Type: "simple"}}})
	require.NoError(t, err)
	require.Equal(t, "Salt & Pepper", p.Name)
}

func TestPricesAreNotImported(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Config.Product.ImportPrice = false
	p, err := mapProduct(ec, productRecord{Product: mapping.Product{Product: entitytest.RecordedProduct(t, "product_simple_create")}})
	require.NoError(t, err)
	require.Nil(t, p.Variants[0].Prices)
}

func TestPriceListsPerCurrency(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Store.Currency = "GBP"
	var names []string
	for _, list := range priceLists(ec) {
		require.Equal(t, list.Key.ID, string(list.Kind)+"-"+list.Currency)
		names = append(names, list.Name)
	}
	require.Equal(t, []string{
		"Demo Regular EUR", "Demo Sale EUR", "Demo Regular USD", "Demo Sale USD",
		"Demo Regular JPY", "Demo Sale JPY", "Demo Regular GBP", "Demo Sale GBP",
	}, names)
	require.Equal(t, "GBP", mapping.StoreCurrency(ec.Instance), "prices are in the store's currency")
	ec.Instance.Store.Currency = ""
	require.Equal(t, "EUR", mapping.StoreCurrency(ec.Instance))
}

func TestVariationMeta(t *testing.T) {
	ec := entitytest.WithMeta(instance.MetaProduct, "_ean", "barcode", "integer")
	record := tshirt(t)
	record.VariationRecords[0].MetaData = []woo.Meta{entitytest.Meta("_ean", `"123"`)}
	p, err := mapProduct(ec, record)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"barcode": "123"}, p.Variants[4].Fields)
	record.VariationRecords[0].MetaData = []woo.Meta{entitytest.Meta("_ean", `"abc"`)}
	_, err = planProduct(ec, record)
	entitytest.RequireRefusal(t, err, fault.Invalid, "meta_conversion")
}

func TestOptions(t *testing.T) {
	attributes := []woo.ProductAttribute{
		{ID: 1, Name: "Color", Slug: "pa_color", Options: []string{"Dark Red"}},
		{Name: "Size", Slug: "size", Options: []string{"S &amp; M"}},
		{Name: "Material", Options: []string{"Wool"}},
	}
	for _, test := range []struct {
		name    string
		answers []woo.AttributeOption
		want    []erp.Option
	}{
		{"by id and name", []woo.AttributeOption{{ID: 1, Name: "x", Option: "Dark Red"}, {Name: "Size", Option: "S &amp; M"}},
			[]erp.Option{{Attribute: "Color", Value: "Dark Red"}, {Attribute: "Size", Value: "S & M"}}},
		{"spelled otherwise", []woo.AttributeOption{{Name: "SIZE", Option: "s &AMP; m"}, {ID: 1, Option: "dark red"}},
			[]erp.Option{{Attribute: "Color", Value: "Dark Red"}, {Attribute: "Size", Value: "S & M"}}},
		{"a value the product no longer lists", []woo.AttributeOption{{ID: 1, Option: "Blue"}}, []erp.Option{{Attribute: "Color", Value: "Blue"}}},
		{"any", nil, nil},
		{"any, said with an empty answer", []woo.AttributeOption{{ID: 1}}, nil},
		{"of no attribute of the product", []woo.AttributeOption{{ID: 9, Option: "x"}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, optionsOf(attributes, test.answers))
		})
	}
}

func TestVariationInheritsMeasures(t *testing.T) {
	parent := productRecord{Product: mapping.Product{Product: woo.Product{Weight: entitytest.Some("2"), Dimensions: woo.Dimensions{Length: entitytest.Some("10")}}}}
	m := variationMeasures(entitytest.Demo(), parent, woo.Variation{Dimensions: woo.Dimensions{Length: entitytest.Some("0"), Width: entitytest.Some("4")}})
	entitytest.RequireAmount(t, "2", m.Weight)
	entitytest.RequireAmount(t, "0", m.Length, "an own zero counts")
	entitytest.RequireAmount(t, "4", m.Width)
}

func TestDescribeProductKeepsVariations(t *testing.T) {
	record := describeProduct(tshirt(t))
	require.Equal(t, "variable", record.Type)
	require.Equal(t, "publish", record.Status)
	var kept map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(record.Raw, &kept))
	require.Contains(t, kept, "price_html", "a field we do not know")
	var variations []json.RawMessage
	require.NoError(t, json.Unmarshal(kept["_variations"], &variations))
	require.Len(t, variations, 5)
}

// tshirt is the recorded variable product with its five variations, as the import reads it.
func tshirt(t testing.TB) productRecord { return productRecord{Product: entitytest.RecordedTShirt(t)} }

// managed is a simple product with a stock figure, as the import reads it.
func managed(id woo.ID) productRecord { return productRecord{Product: entitytest.Managed(id)} }

func TestNamesOfProducts(t *testing.T) {
	p := productRecord{Product: mapping.Product{Product: woo.Product{ID: 1, SKU: "MUG"}, VariationRecords: []woo.Variation{{SKU: "MUG-RED"}, {}}}}
	require.Equal(t, []string{"MUG", "MUG-RED", ""}, describeProduct(p).Names)
	require.Equal(t, "MUG", describeProduct(p).Label)
	p.Name = "Mug, large"
	require.Equal(t, "Mug, large · MUG", describeProduct(p).Label)
}
