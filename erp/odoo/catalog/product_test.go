package catalog

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
)

func TestMeasuresAreKeptInOdoosUnits(t *testing.T) {
	for _, c := range []struct{ weight, unit, kilograms string }{
		{"1250", "g", "1.25"}, {"1.25", "kg", "1.25"}, {"2", "lbs", "0.90718474"}, {"1", "oz", "0.028349523125"}, {"5", "stone", "0"},
	} {
		require.Equal(t, c.kilograms, weight(erp.Measures{Weight: dec(c.weight), WeightUnit: c.unit}).String(), c.unit)
	}
	for _, c := range []struct{ unit, volume string }{{"m", "24"}, {"cm", "0.000024"}, {"mm", "0.000000024"}, {"ell", "0"}} {
		m := erp.Measures{Length: dec("2"), Width: dec("3"), Height: dec("4"), DimensionUnit: c.unit}
		require.Equal(t, c.volume, volume(m).String(), c.unit)
	}
}

// goods gives the cells a product's kind has in a version.
func goods(t *testing.T, version string, p erp.Product) map[string]string {
	t.Helper()
	return rpctest.Texts(productWriter{Writer: newWriter(&rpc.Client{Release: at(t, version)})}.kindCells(&p))
}

func TestKindsOfGoods(t *testing.T) {
	counted := erp.Product{Variants: []erp.Variant{{}, {TrackStock: true}}}
	require.Equal(t, map[string]string{"type": "consu", "is_storable": "1"}, goods(t, "19.0", counted))
	require.Equal(t, map[string]string{"type": "product"}, goods(t, "14.0", counted))
	require.Equal(t, map[string]string{"detailed_type": "consu"}, goods(t, "16.0", erp.Product{Variants: []erp.Variant{{}}}))
	counted.Virtual = true
	require.Equal(t, map[string]string{"type": "product"}, goods(t, "14.0", counted), "a ticket that is counted")
	counted.Variants[1].TrackStock = false
	require.Equal(t, map[string]string{"type": "service"}, goods(t, "14.0", counted))
}

func TestABarcodeIsGivenOnce(t *testing.T) {
	w := productWriter{refs: productRefs{barcodes: map[string]string{"111": "product_demo_8", "222": "product_demo_1"}}}
	p := &erp.Product{Kind: erp.Variable}
	for _, c := range []struct{ id, barcode, want string }{
		{"1", "111", ""}, {"1", "222", "222"}, {"2", "333", "333"}, {"3", "333", ""},
	} {
		v := erp.Variant{Key: erp.Key{Instance: "demo", Entity: "product", ID: c.id}, Barcode: c.barcode}
		require.Equal(t, c.want, rpctest.Texts(w.variantCells(p, &v))["barcode"], c)
	}
}

func TestASingleProductsFieldsFillItsVariant(t *testing.T) {
	w := productWriter{Writer: newWriter(&rpc.Client{Release: at(t, "19.0")}), refs: productRefs{barcodes: map[string]string{}}}
	p := erp.Product{Key: teaKey, Kind: erp.Simple, SKU: "TEA", Variants: []erp.Variant{{Key: teaKey}},
		Fields: map[string]string{"barcode": "4006381333931", "x_origin": "farm", "comment": "dry"}}
	variant := rpctest.Texts(w.variantCells(&p, &p.Variants[0]))
	require.Equal(t, []string{"TEA", "4006381333931", "1"}, []string{variant["default_code"], variant["barcode"], variant["active"]})
	template := rpctest.Texts(w.templateCells(draftOf(&p, teaKey)))
	require.Equal(t, "farm", template["x_origin"])
	require.Equal(t, "order", template["invoice_policy"])
	require.NotContains(t, template, "barcode")
	require.NotContains(t, template, "categ_id/.id", "without a category Odoo chooses")
}

func TestAttributeLinesOnlyGrow(t *testing.T) {
	key := erp.Key{Instance: "demo", Entity: "product", ID: "5"}
	p := erp.Product{Key: key, Kind: erp.Variable,
		Attributes: []erp.ProductAttribute{{Name: "Size", Values: []string{"S"}, Variation: true}, {Name: "Wool", Values: []string{"yes"}}},
		Variants:   []erp.Variant{{Options: []erp.Option{{Attribute: "Size", Value: "M"}}}}}
	o := options{attributes: map[optionRef]int64{{key, "Size"}: 3}, values: map[valueRef]int64{{3, "S"}: 10, {3, "M"}: 11}}
	d := draftOf(&p, key)
	d.ID = 70

	lines := o.lines(d, map[[2]int64]attributeLine{{70, 3}: {Values: []int64{9}}})

	require.Len(t, lines, 1, "an attribute that is only shown is no line")
	require.Equal(t, "9,10,11", rpctest.Texts(lines[0])["attribute_line_ids/value_ids/.id"], "variants that are gone still have theirs")
}

func TestCouponsAsPrograms(t *testing.T) {
	for name, c := range map[string]struct {
		coupon               erp.Coupon
		mode, amount, active string
	}{
		"percent":            {erp.Coupon{Kind: "percent", Amount: dec("10"), Status: "publish"}, "percent", "10", "1"},
		"fixed":              {erp.Coupon{Kind: "fixed_cart", Amount: dec("5.50"), Status: "publish"}, "per_order", "5.5", "1"},
		"a draft":            {erp.Coupon{Kind: "percent", Amount: dec("10"), Status: "draft"}, "percent", "10", "0"},
		"free shipping only": {erp.Coupon{Kind: "percent", Status: "publish", FreeShipping: true}, "percent", "1", "0"},
		"too much":           {erp.Coupon{Kind: "percent", Amount: dec("120"), Status: "publish"}, "percent", "1", "0"},
		"a plugin's own":     {erp.Coupon{Kind: "points", Amount: dec("3"), Status: "publish"}, "per_order", "3", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			r := loyaltyProgram(draftOf(&c.coupon, erp.Key{Instance: "demo", Entity: "coupon", ID: "1"}), c.coupon.Code)
			require.Equal(t, c.active, rpctest.Texts(r.Cells)["active"])
			require.Equal(t, []string{c.mode, c.amount}, []string{rpctest.Texts(r.Lines[0])["reward_ids/discount_mode"], rpctest.Texts(r.Lines[0])["reward_ids/discount"]})
			old := rpctest.Texts(couponProgram(draftOf(&c.coupon, erp.Key{}), c.coupon.Code).Cells)
			require.Equal(t, c.active, old["active"])
			require.Equal(t, c.mode == "percent", old["discount_type"] == "percentage")
		})
	}
}

func TestSalesPrice(t *testing.T) {
	at := func(list, amount string) erp.Price { return erp.Price{List: erp.Key{ID: list}, Amount: dec(amount)} }
	variant := func(active bool, prices ...erp.Price) erp.Variant { return erp.Variant{Active: active, Prices: prices} }
	for name, c := range map[string]struct {
		kind     erp.ProductKind
		variants []erp.Variant
		want     string // empty for none
	}{
		"of the product":          {erp.Simple, []erp.Variant{variant(false, at("regular-EUR", "5"), at("sale-EUR", "4"))}, "5"},
		"not imported":            {erp.Simple, []erp.Variant{variant(true)}, ""},
		"another currency":        {erp.Simple, []erp.Variant{variant(true, at("regular-USD", "5"))}, ""},
		"of two currencies":       {erp.Simple, []erp.Variant{variant(true, at("regular-USD", "5"), at("regular-EUR", "6"))}, "6"},
		"free":                    {erp.Simple, []erp.Variant{variant(true, at("regular-EUR", "0"))}, "0"},
		"the lowest of several":   {erp.Variable, []erp.Variant{variant(true, at("regular-EUR", "9")), variant(true, at("regular-EUR", "7"))}, "7"},
		"not of one that is gone": {erp.Variable, []erp.Variant{variant(true, at("regular-EUR", "9")), variant(false, at("regular-EUR", "7"))}, "9"},
	} {
		t.Run(name, func(t *testing.T) {
			price := productWriter{currency: "EUR"}.salesPrice(&erp.Product{Kind: c.kind, Variants: c.variants})
			require.Equal(t, c.want != "", price.Valid)
			if price.Valid {
				require.Equal(t, c.want, price.Decimal.String())
			}
		})
	}
}
