package woo

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// decodeFixture decodes the record, or the list of records, of a fixture.
func decodeFixture[T any, P record[T]](t *testing.T, name string) []T {
	t.Helper()
	var list []T
	for _, raw := range recordsOf(t, readFixture(t, name).Response.Body) {
		v, err := Decode[T, P](raw)
		require.NoError(t, err)
		list = append(list, v)
	}
	return list
}

func amount(t *testing.T, want string, got Decimal) {
	t.Helper()
	require.True(t, got.Valid)
	require.True(t, decimal.RequireFromString(want).Equal(got.Decimal), "%s is not %s", got, want)
}

func TestOrderOfAGuest(t *testing.T) {
	o := decodeFixture[Order](t, "order_guest_get_dp6")[0]
	require.Equal(t, []any{ID(4024), ID(0), String("4024"), "processing", "EUR"}, []any{o.ID, o.CustomerID, o.Number, o.Status, o.Currency})
	require.Equal(t, time.Date(2026, 11, 23, 3, 15, 5, 0, time.UTC), o.DatePaid.Time)
	require.True(t, o.DateCompleted.IsZero())
	require.Equal(t, "guest@example.com", o.Billing.Email)
	amount(t, "151.44", o.Total)
	amount(t, "24.86", o.TotalTax)

	milk := o.LineItems[1]
	require.Equal(t, []any{ID(4011), ID(0), "reduced-rate", String("MILK-03698")}, []any{milk.ProductID, milk.VariationID, milk.TaxClass, milk.SKU})
	amount(t, "3", milk.Quantity)
	amount(t, "0.17105", milk.Taxes[0].Total)
	require.Zero(t, milk.Image.ID, `the store sent ""`)
	require.Equal(t, ID(4013), o.LineItems[2].VariationID)
	require.Equal(t, "T-Shirt", o.LineItems[2].ParentName)

	require.Equal(t, String("1"), o.TaxLines[0].RateID, "tax plugins write texts here")
	amount(t, "5.5", o.TaxLines[1].RatePercent)
	require.False(t, o.ShippingLines[0].Taxes[0].Subtotal.Valid, `the store sent ""`)
	require.Equal(t, []string{"Gift wrap"}, []string{o.FeeLines[0].Name})
	require.Len(t, o.CouponLines, 1)
	vat, found := FindMeta(o.MetaData, "_vat_number")
	require.True(t, found)
	text, ok := vat.Text()
	require.True(t, ok)
	require.Equal(t, "FR123", text)
}

// What the shopper pays is the sum of its parts, to the cent: the money model of Order is the store's.
func TestOrderTotalIsTheSumOfItsParts(t *testing.T) {
	for _, name := range []string{"order_guest_get_dp6", "order_after_refund_get", "order_customer_create", "order_guest_create"} {
		o := decodeFixture[Order](t, name)[0]
		sum := decimal.Zero
		for _, line := range o.LineItems {
			sum = sum.Add(line.Total.Decimal).Add(line.TotalTax.Decimal)
		}
		for _, line := range o.ShippingLines {
			sum = sum.Add(line.Total.Decimal).Add(line.TotalTax.Decimal)
		}
		for _, line := range o.FeeLines {
			sum = sum.Add(line.Total.Decimal).Add(line.TotalTax.Decimal)
		}
		require.True(t, sum.Equal(o.Total.Decimal), "%s: %s is not %s", name, sum, o.Total)
	}
}

func TestOrderWithoutItsProduct(t *testing.T) {
	line := decodeFixture[Order](t, "order_unknown_product_error")[0].LineItems[0]
	require.Equal(t, []any{ID(0), String(""), ""}, []any{line.ProductID, line.SKU, line.ParentName})
}

func TestRefunds(t *testing.T) {
	r := decodeFixture[Refund](t, "refunds_list")[0]
	amount(t, "20", r.Amount)
	amount(t, "-1", r.LineItems[0].Quantity)
	amount(t, "-3", r.LineItems[0].Taxes[0].Total)
	original, found := FindMeta(r.LineItems[0].MetaData, "_refunded_item_id")
	require.True(t, found)
	text, _ := original.Text()
	require.Equal(t, "7049", text)
	require.Empty(t, decodeFixture[Refund](t, "refund_amount_only_create")[0].LineItems)
	require.Equal(t, ID(4025), decodeFixture[Refund](t, "refunds_global_list")[0].ParentID)
	order := decodeFixture[Order](t, "order_after_refund_get")[0]
	amount(t, "-20", order.Refunds[0].Total)
}

func TestVariableProduct(t *testing.T) {
	p := decodeFixture[Product](t, "product_variable_get")[0]
	require.Equal(t, ProductVariable, p.Type)
	require.False(t, p.RegularPrice.Valid, "the parent of variations has no price of its own")
	require.False(t, p.StockQuantity.Valid)
	require.False(t, bool(p.ManageStock))
	require.Len(t, p.Variations, 5)
	require.Equal(t, []string{"Bleu", "Rouge", "Vert"}, p.Attributes[0].Options)
	require.Zero(t, p.Attributes[1].ID, "an attribute of this product only")
}

func TestVariations(t *testing.T) {
	list := decodeFixture[Variation](t, "variations_list")
	anySize := list[0]
	require.Len(t, anySize.Attributes, 1, "an open choice is one that is not there")
	require.Equal(t, StockUnmanaged, anySize.ManageStock)
	require.Nil(t, anySize.Image)
	own := decodeFixture[Variation](t, "variations_batch_create")[0]
	require.Equal(t, []any{StockOwn, "parent", ID(4012)}, []any{own.ManageStock, own.TaxClass, own.ParentID})
	amount(t, "7", own.StockQuantity)
	through := decodeFixture[Product](t, "variation_get_through_products")[0]
	require.Equal(t, []any{ProductVariation, ID(4012), "Rouge"}, []any{through.Type, through.ParentID, through.Attributes[0].Option})
}

func TestSimpleProduct(t *testing.T) {
	p := decodeFixture[Product](t, "product_simple_create")[0]
	amount(t, "1.25", p.Weight)
	amount(t, "20", p.Dimensions.Width)
	require.Equal(t, time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC), p.OnSaleTo.Time)
	require.Equal(t, "heavy-03698", p.ShippingClass)
	require.NotEmpty(t, p.Categories)
	require.True(t, bool(decodeFixture[Product](t, "product_virtual_create")[0].Downloadable))
	require.Equal(t, ProductExternal, decodeFixture[Product](t, "product_external_create")[0].Type)
	require.NotEmpty(t, decodeFixture[Product](t, "product_grouped_create")[0].GroupedProducts)
}

func TestCouponLimits(t *testing.T) {
	c := decodeFixture[Coupon](t, "coupon_create")[0]
	amount(t, "100", c.UsageLimit)
	require.False(t, c.UsageLimitPerUser.Valid, "no limit is not a limit of none")
	amount(t, "5", c.MinimumAmount)
}

func TestAddressIsZero(t *testing.T) {
	var a Address
	require.NoError(t, json.Unmarshal([]byte(`{"first_name":"","email":null,"phone":""}`), &a))
	require.True(t, a.IsZero())
	require.False(t, decodeFixture[Customer](t, "customer_create")[0].Shipping.IsZero())
}

func TestSettingText(t *testing.T) {
	require.Equal(t, "yes", Setting{Value: json.RawMessage(`"yes"`)}.Text())
	require.Empty(t, Setting{Value: json.RawMessage(`["DE","FR"]`)}.Text())
}
