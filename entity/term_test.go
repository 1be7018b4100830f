package entity

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

func TestMapRecordedCategories(t *testing.T) {
	for _, raw := range recordedList(t, "categories_list") {
		c, err := woo.Decode[woo.Category](raw)
		require.NoError(t, err)
		term, err := mapCategory(demo(), c)
		require.NoError(t, err)
		require.Equal(t, key("category", c.ID.String()), term.Key)
		require.Equal(t, erp.Category, term.Kind)
		require.NotEmpty(t, term.Name)
		require.Equal(t, c.Parent == 0, term.Parent.IsZero())
	}
	child, err := woo.Decode[woo.Category](recorded(t, "category_child_create"))
	require.NoError(t, err)
	term, err := mapCategory(demo(), child)
	require.NoError(t, err)
	require.Equal(t, key("category", child.Parent.String()), term.Parent)
}

func TestMapCategoryImage(t *testing.T) {
	term, err := mapCategory(demo(), woo.Category{
		ID: 1, Name: "Salt &amp; Pepper", Image: &woo.Image{Src: "https://shop.example.com/a.png", Alt: "A"},
	})
	require.NoError(t, err)
	require.Equal(t, "Salt & Pepper", term.Name)
	require.Equal(t, &erp.Image{URL: "https://shop.example.com/a.png", Alt: "A"}, term.Image)
}

func TestMapSmallTerms(t *testing.T) {
	tagged, err := woo.Decode[woo.Tag](recordedList(t, "tags_list")[0])
	require.NoError(t, err)
	branded, err := woo.Decode[woo.Brand](recorded(t, "brand_create"))
	require.NoError(t, err)
	classed, err := woo.Decode[woo.ShippingClass](recorded(t, "shipping_class_create"))
	require.NoError(t, err)
	taxed, err := woo.Decode[woo.TaxClass](recordedList(t, "tax_classes")[1])
	require.NoError(t, err)

	term, err := mapTag(demo(), tagged)
	require.NoError(t, err)
	require.Equal(t, erp.Term{Key: key("tag", "34"), Kind: erp.Tag, Name: "Bio 03698", Code: "bio-03698", Active: true}, term)
	term, err = mapBrand(demo(), branded)
	require.NoError(t, err)
	require.Equal(t, erp.Term{Key: key("brand", "39"), Kind: erp.Brand, Name: "ACME 03698", Code: "acme-03698", Active: true}, term)
	term, err = mapShippingClass(demo(), classed)
	require.NoError(t, err)
	require.Equal(t, erp.Term{
		Key: key("shipping_class", "38"), Kind: erp.ShippingClass, Name: "Heavy 03698", Code: "heavy-03698", Active: true,
	}, term)
	term, err = mapTaxClass(demo(), taxed)
	require.NoError(t, err)
	require.Equal(t, erp.Term{
		Key: key("tax_class", "reduced-rate"), Kind: erp.TaxClass, Name: "Reduced rate", Code: "reduced-rate", Active: true,
	}, term)
}

func TestBrandKeepsItsParentInMind(t *testing.T) {
	term, err := mapBrand(demo(), woo.Brand{ID: 2, Parent: 1, Name: "B"})
	require.NoError(t, err)
	require.True(t, term.Parent.IsZero(), "only categories form a tree")
	require.Equal(t, map[string]string{"parent": "1"}, term.Extra)
}

func TestMapRecordedAttribute(t *testing.T) {
	a, err := woo.Decode[woo.Attribute](recordedList(t, "attributes_list")[0])
	require.NoError(t, err)
	record := attributeRecord{Attribute: a}
	for _, raw := range recordedList(t, "attribute_terms_list") {
		term, err := woo.Decode[woo.AttributeTerm](raw)
		require.NoError(t, err)
		record.terms = append(record.terms, term)
	}
	term, err := mapAttribute(demo(), record)
	require.NoError(t, err)
	require.Equal(t, key("attribute", "1"), term.Key)
	require.Equal(t, "pa_color03698", term.Code)
	require.Len(t, term.Values, 3)
	require.Equal(t, erp.Term{
		Key: key("attribute_value", "37"), Kind: erp.AttributeValue, Name: "Bleu", Code: "bleu", Active: true,
	}, term.Values[0])
	require.Contains(t, string(attribute.Describe(record).Raw), `"_terms":[{`)
}

func TestMapRecordedGateways(t *testing.T) {
	for i, raw := range recordedList(t, "payment_gateways") {
		g, err := woo.Decode[woo.PaymentGateway](raw)
		require.NoError(t, err)
		term, err := mapPaymentGateway(demo(), g)
		require.NoError(t, err)
		require.Equal(t, key("payment_gateway", g.ID), term.Key)
		require.Equal(t, bool(g.Enabled), term.Active)
		if i == 0 {
			require.Equal(t, "Direct bank transfer", term.Name)
			require.Equal(t, map[string]string{"title": "Direct bank transfer"}, term.Extra)
		}
	}
}

func TestSettingsOfPluginsAreNotKept(t *testing.T) {
	g, err := woo.Decode[woo.PaymentGateway]([]byte(`{"id":"card","title":"Card","enabled":true,"settings":{"key":{"value":"sk_live_1"}}}`))
	require.NoError(t, err)
	record := describeGateway(g)
	require.NotContains(t, string(record.Raw), "sk_live_1")
	require.Equal(t, "enabled", record.Status)

	m, err := woo.Decode[woo.ShippingZoneMethod]([]byte(`{"instance_id":4,"title":"Parcel","settings":{"key":{"value":"sk_live_2"}}}`))
	require.NoError(t, err)
	zone := describeZone(zoneRecord{ShippingZone: woo.ShippingZone{ID: 1, Raw: json.RawMessage(`{"id":1}`)}, methods: []woo.ShippingZoneMethod{m}})
	require.NotContains(t, string(zone.Raw), "sk_live_2")
	require.Contains(t, string(zone.Raw), `"title":"Parcel"`)
}

func TestMapShippingZone(t *testing.T) {
	z, err := woo.Decode[woo.ShippingZone](recordedList(t, "shipping_zones")[0])
	require.NoError(t, err)
	term, err := mapShippingZone(demo(), zoneRecord{ShippingZone: z, methods: []woo.ShippingZoneMethod{
		{InstanceID: 4, Title: "Parcel", MethodID: "flat_rate", MethodTitle: "Flat rate", Order: 2, Enabled: true},
	}})
	require.NoError(t, err)
	require.Equal(t, key("shipping_zone", "0"), term.Key)
	require.Equal(t, []erp.Term{{
		Key: key("shipping_method", "4"), Kind: erp.ShippingMethod, Name: "Parcel", Code: "flat_rate", Position: 2, Active: true,
		Extra: map[string]string{"kind": "Flat rate"},
	}}, term.Values)
}

func TestMapRecordedTaxes(t *testing.T) {
	ec := demo()
	ec.Instance.Store.PricesIncludeTax = true
	ec.Instance.Config.Tax.InvoiceAccount, ec.Instance.Config.Tax.CreditNoteAccount = "4457", "4458"
	rate, err := woo.Decode[woo.TaxRate](recordedList(t, "taxes_list")[1])
	require.NoError(t, err)
	mapped, err := mapTax(ec, rate)
	require.NoError(t, err)
	requireAmount(t, "5.5", mapped.Rate)
	mapped.Rate = rate.Rate.Decimal
	require.Equal(t, erp.Tax{
		Key: key("tax", "2@5.5-FR"), Name: "TVA 5.5", Rate: rate.Rate.Decimal, Country: "FR", Class: "reduced-rate",
		Postcodes: rate.Postcodes, Cities: rate.Cities, Priority: 1, Shipping: true, PriceInclude: true,
		Account: "4457", RefundAccount: "4458",
	}, mapped)
}

func TestTaxWithoutNameOrClass(t *testing.T) {
	mapped, err := mapTax(demo(), woo.TaxRate{ID: 3, Country: "DE", State: "DE-BE", Rate: some("19")})
	require.NoError(t, err)
	require.Equal(t, "DE 19 %", mapped.Name)
	require.Equal(t, "BE", mapped.State)
	require.Equal(t, "standard", mapped.Class)
}

func TestMapRecordedCoupon(t *testing.T) {
	c, err := woo.Decode[woo.Coupon](recordedList(t, "coupons_list")[0])
	require.NoError(t, err)
	c.ProductIDs, c.ExcludedProductCategories = []woo.ID{5}, []woo.ID{15}
	mapped, err := mapCoupon(demo(), c)
	require.NoError(t, err)
	require.Equal(t, key("coupon", "4023"), mapped.Key)
	require.Equal(t, "ten03698", mapped.Code)
	require.Equal(t, "percent", mapped.Kind)
	requireAmount(t, "10", mapped.Amount)
	requireAmount(t, "5", mapped.MinimumAmount)
	require.Equal(t, 100, mapped.UsageLimit)
	require.Zero(t, mapped.UsageLimitUser, "empty is unlimited")
	require.Equal(t, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), mapped.Expires)
	require.Equal(t, []erp.Key{key("product", "5")}, mapped.Products)
	require.Equal(t, []erp.Key{key("category", "15")}, mapped.ExcludeCategory)
}

func TestLandTermsTaxesAndCoupons(t *testing.T) {
	stub := &ledgerStub{}
	ec := demo()
	ec.Backend = stub
	for _, land := range []func() ([]flow.Outcome, error){
		func() ([]flow.Outcome, error) {
			return land(context.Background(), ec, tag, pageOf(tag, woo.Tag{ID: 1}))
		},
		func() ([]flow.Outcome, error) {
			return land(context.Background(), ec, tax, pageOf(tax, woo.TaxRate{ID: 1}))
		},
		func() ([]flow.Outcome, error) {
			return land(context.Background(), ec, coupon, pageOf(coupon, woo.Coupon{ID: 1}))
		},
	} {
		results, err := land()
		require.NoError(t, err)
		require.Equal(t, erp.Created, results[0].Status)
	}
	require.Equal(t, []string{"terms 1", "taxes 1", "coupons 1"}, stub.calls)
}
