package sales

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

func amounts(texts ...string) []decimal.Decimal {
	return rpc.Map(texts, decimal.RequireFromString)
}

func texts(list []decimal.Decimal) []string { return rpc.Map(list, decimal.Decimal.String) }

func TestAmountsAreSharedOutInCoins(t *testing.T) {
	for name, c := range map[string]struct {
		of   []string
		sum  string
		want []string
	}{
		"nothing to round":          {[]string{"1.5", "2"}, "3.5", []string{"1.5", "2"}},
		"coins go to the fractions": {[]string{"0.335", "0.335"}, "0.67", []string{"0.34", "0.33"}},
		"more than a coin each":     {[]string{"10", "1"}, "11.05", []string{"10.05", "1"}},
		"none":                      {nil, "0", nil},
	} {
		got := shareOut(amounts(c.of...), decimal.RequireFromString(c.sum), 2)
		require.Equal(t, append([]string{}, c.want...), texts(got), name)
	}
}

// sellingReader reads orders that sell product 1, which the store has, and services.
func sellingReader(version string) *orderReader {
	release, _ := rpc.ParseRelease(version)
	key := erp.Key{Instance: "shop", Entity: "product", ID: "5"}
	return &orderReader{
		Book: &Book{rpc: &rpc.Client{Release: release}}, instance: "shop",
		products: map[int64]orderedProduct{
			1: {Row: rpc.Row{ID: 1}, Type: "consu", ForSale: true, Unit: rpc.Link{ID: 1}, Template: rpc.Link{ID: 11}},
			2: {Row: rpc.Row{ID: 2}, Type: "service", ForSale: true}, 3: {Row: rpc.Row{ID: 3}, Type: "service"},
			4: {Row: rpc.Row{ID: 4}, Type: "consu", ForSale: true, Template: rpc.Link{ID: 14}},
		},
		kinds:    map[int64]erp.LineKind{9: erp.CreditLine},
		variants: record.NewInstanceKeys("shop", map[int64][]erp.Key{1: {key}}),
		members:  map[int64][]int64{1: {1}, 2: {2}, 3: {3}, 8: {1, 2}},
		taxKeys:  map[int64]erp.Key{1: {ID: "1"}, 2: {ID: "2"}, 3: {ID: "3"}},
		taxes: orderRefs{taxes: map[erp.Key]int64{{ID: "1"}: 1, {ID: "2"}: 2, {ID: "3"}: 3}, rules: map[int64]taxRule{
			1: {percent: true, rate: decimal.RequireFromString("0.2"), included: true}, 2: {percent: true, rate: decimal.RequireFromString("0.05")}, 3: {},
		}},
	}
}

func lineOf(product int64, net string) heldLine {
	var line heldLine
	line.Product.ID, line.Net.Decimal = product, decimal.RequireFromString(net)
	return line
}

func TestWhatALineStandsFor(t *testing.T) {
	r := sellingReader("19.0")
	shipping := lineOf(3, "5")
	shipping.Shipping = true
	for name, c := range map[string]struct {
		line heldLine
		want erp.LineKind
	}{
		"goods": {lineOf(1, "-5"), erp.ProductLine}, "goods that the store lacks": {lineOf(4, "5"), erp.ProductLine}, "of a carrier": {shipping, erp.ShippingLine},
		"a service for sale": {lineOf(2, "5"), erp.ProductLine}, "a discount": {lineOf(2, "-5"), erp.FeeLine}, "not for sale": {lineOf(3, "5"), erp.FeeLine},
		"a credit": {lineOf(9, "-5"), erp.CreditLine}, "no product": {lineOf(0, "5"), erp.FeeLine},
	} {
		require.Equal(t, c.want, r.kindOf(c.line), name)
	}
	require.Equal(t, "5", r.soldKey(lineOf(1, "1")).ID)
	require.Equal(t, erp.PendingKey("shop", "product", "14"), r.soldKey(lineOf(4, "1")))
}

func TestTheTaxOfALineIsSharedByItsTaxes(t *testing.T) {
	r := sellingReader("19.0")
	for name, c := range map[string]struct {
		taxes []int64
		tax   string
		want  map[int64]string
	}{
		"one":         {[]int64{1}, "20.01", map[int64]string{1: "20.01"}},
		"a group":     {[]int64{8}, "25", map[int64]string{1: "20", 2: "5"}},
		"a fixed one": {[]int64{1, 3}, "21.5", map[int64]string{1: "20", 3: "1.5"}},
		"none":        {nil, "0", map[int64]string{}},
	} {
		line := lineOf(1, "100")
		line.New, line.Tax.Decimal = c.taxes, decimal.RequireFromString(c.tax)
		got := map[int64]string{}
		for id, part := range r.parts(line) {
			got[id] = part.String()
		}
		require.Equal(t, c.want, got, name)
	}
}

func TestDiscountsAreWhatALineCameToBefore(t *testing.T) {
	r := sellingReader("19.0")
	line := lineOf(1, "90")
	line.Price.Decimal, line.Quantity.Decimal, line.New = decimal.NewFromInt(60), decimal.NewFromInt(2), []int64{1}
	line.Discount.Decimal = decimal.NewFromInt(10)
	require.Equal(t, "100", r.before(line).String())
	line.Net.Decimal, line.Discount.Decimal = decimal.Zero, decimal.NewFromInt(100)
	require.Equal(t, "100", r.before(line).String(), "a price that contains 20 %")
}
