package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

func TestRecordedOrderLines(t *testing.T) {
	o, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: entitytest.RecordedOrder(t, "order_guest_get_dp6")})
	require.NoError(t, err)
	require.Len(t, o.Lines, 6)
	for i, want := range []struct {
		id       string
		kind     erp.LineKind
		product  erp.Key
		quantity string
		unit     string
		discount string
		total    string
		setAside string
	}{
		{"7049", erp.ProductLine, entitytest.Key("product", "4010"), "2", "49.485", "11.01", "98.97", "2"},
		{"7050", erp.ProductLine, entitytest.Key("product", "4011"), "3", "1.036667", "0.34", "3.11", "3"},
		{"7051", erp.ProductLine, entitytest.Key("product", "4013"), "1", "18", "1.99", "18", "1"},
		{"7052", erp.ShippingLine, erp.Key{}, "1", "5", "0", "5", "0"},
		{"7053", erp.FeeLine, erp.Key{}, "1", "2.5", "0", "2.5", "0"},
		{"7054", erp.FeeLine, erp.Key{}, "1", "-1", "0", "-1", "0"},
	} {
		got := o.Lines[i]
		require.Equal(t, want.id, got.ID)
		require.Equal(t, want.kind, got.Kind)
		require.Equal(t, want.product, got.Product, want.id)
		entitytest.RequireAmount(t, want.quantity, got.Quantity, want.id)
		entitytest.RequireAmount(t, want.unit, got.UnitPrice, want.id)
		entitytest.RequireAmount(t, want.discount, got.Discount, want.id)
		entitytest.RequireAmount(t, want.total, got.Total, want.id)
		entitytest.RequireAmount(t, want.setAside, got.SetAside, want.id)
	}
	require.Equal(t, "T-Shirt - Rouge, S", o.Lines[2].Description)
	require.Equal(t, entitytest.Key("tax", "2@5.5-FR"), o.Lines[1].Taxes[0].Tax)
	entitytest.RequireAmount(t, "0.17105", o.Lines[1].Taxes[0].Amount, "the exact tax, not the rounded one")
	require.Len(t, o.Lines[5].Taxes, 2, "a negative fee gives tax of both rates back")
	entitytest.RequireAmount(t, "-0.195104", o.Lines[5].Taxes[0].Amount)
}

// oneLine is an order of a single line item.
func oneLine(item woo.LineItem) woo.Order {
	return woo.Order{
		ID: 1, Status: "processing", Currency: "EUR", DateCreated: entitytest.SomeTime, Total: item.Total,
		LineItems: []woo.LineItem{item},
	}
}

func TestProductOfLine(t *testing.T) {
	for _, test := range []struct {
		name               string
		product, variation woo.ID
		want               erp.Key
	}{
		{"product", 5, 0, entitytest.Key("product", "5")},
		{"variation before its product", 5, 6, entitytest.Key("product", "6")},
		{"variation of a deleted product", 0, 6, entitytest.Key("product", "6")},
		{"deleted", 0, 0, erp.Key{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			lines, err := testLines(entitytest.Demo(), oneLine(woo.LineItem{
				ID: 10, ProductID: test.product, VariationID: test.variation, Quantity: entitytest.Some("1"), Total: entitytest.Some("1"),
			}))
			require.NoError(t, err)
			require.Equal(t, test.want, lines[0].Product)
		})
	}
}

func TestQuantityOfLine(t *testing.T) {
	for _, test := range []struct {
		name            string
		quantity, total string
		lines           int
		code            string
	}{
		{"one", "1", "5", 1, ""},
		{"a fraction", "0.5", "5", 1, ""},
		{"given away", "1", "0", 1, ""},
		{"nothing sold, nothing charged", "0", "0", 0, ""},
		{"nothing sold, but charged", "0", "5", 0, "odd_quantity"},
		{"taken back", "-1", "-5", 0, "odd_quantity"},
	} {
		t.Run(test.name, func(t *testing.T) {
			lines, err := testLines(entitytest.Demo(), oneLine(woo.LineItem{
				ID: 10, ProductID: 5, Quantity: entitytest.Some(test.quantity), Total: entitytest.Some(test.total),
			}))
			if test.code != "" {
				entitytest.RequireRefusal(t, err, fault.Parked, test.code)
				return
			}
			require.NoError(t, err)
			require.Len(t, lines, test.lines)
		})
	}
}

func TestSetAside(t *testing.T) {
	for _, test := range []struct {
		status string
		meta   []woo.Meta
		want   string
	}{
		{"processing", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "2"},
		{"on-hold", []woo.Meta{entitytest.Meta("_reduced_stock", `1.5`)}, "1.5"},
		{"completed", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "2"},
		{"packed", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "2"},
		{"processing", nil, "0"},
		{"processing", []woo.Meta{entitytest.Meta("_reduced_stock", `["2"]`)}, "0"},
		{"processing", []woo.Meta{entitytest.Meta("_reduced_stock", `"-2"`)}, "0"},
		{"pending", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "0"},
		{"cancelled", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "0"},
		{"refunded", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "0"},
		{"failed", []woo.Meta{entitytest.Meta("_reduced_stock", `"2"`)}, "0"},
	} {
		o := oneLine(woo.LineItem{ID: 10, ProductID: 5, Quantity: entitytest.Some("2"), Total: entitytest.Some("4"), MetaData: test.meta})
		o.Status = test.status
		lines, err := testLines(entitytest.Demo(), o)
		require.NoError(t, err)
		entitytest.RequireAmount(t, test.want, lines[0].SetAside, test.status)
	}
}

func TestShippingTaxedAtSeveralRates(t *testing.T) {
	lines, err := testLines(entitytest.Demo(), woo.Order{
		ShippingLines: []woo.ShippingLine{{
			ID: 1, MethodTitle: "Express &amp; safe", Total: entitytest.Some("9"),
			Taxes: []woo.LineTax{{ID: "1", Total: entitytest.Some("1.2")}, {ID: "2", Total: entitytest.Some("0.1")}, {ID: "3"}},
		}},
	})
	require.NoError(t, err)
	require.Equal(t, "Express & safe", lines[0].Description)
	require.Len(t, lines[0].Taxes, 2, "a rate that did not apply has no amount")
}
