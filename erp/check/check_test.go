package check_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func key(entity, id string) erp.Key { return erp.Key{Instance: "demo", Entity: entity, ID: id} }

// spoilt is a way to spoil a sound record, and the code that names it; "" when it stays sound.
type spoilt[T any] map[string]struct {
	spoil func(*T)
	code  string
}

func (s spoilt[T]) run(t *testing.T, find func(*T) *landing.Refusal, sound func() T) {
	t.Helper()
	record := sound()
	require.Nil(t, find(&record), "what is sound")
	for name, c := range s {
		t.Run(name, func(t *testing.T) {
			record := sound()
			c.spoil(&record)
			r := find(&record)
			if c.code == "" {
				require.Nil(t, r)
				return
			}
			require.NotNil(t, r)
			require.Equal(t, c.code, r.Code)
			require.Equal(t, erp.Failed, r.Status)
			require.NotEmpty(t, r.Reason)
		})
	}
}

func TestTerm(t *testing.T) {
	spoilt[erp.Term]{
		"an unknown kind":            {func(a *erp.Term) { a.Kind = "colour" }, "invalid_kind"},
		"its own parent":             {func(a *erp.Term) { a.Parent = a.Key }, "invalid_parent"},
		"another's child":            {func(a *erp.Term) { a.Parent = key("category", "2") }, ""},
		"a value without a key":      {func(a *erp.Term) { a.Values[0].Key.ID = "" }, "invalid_key"},
		"a value with values":        {func(a *erp.Term) { a.Values[0].Values = a.Values }, "invalid_value"},
		"a value of an unknown kind": {func(a *erp.Term) { a.Values[0].Kind = "" }, "invalid_kind"},
	}.run(t, check.Term, func() erp.Term {
		return erp.Term{Key: key("attribute", "1"), Kind: erp.Attribute,
			Values: []erp.Term{{Key: key("attribute_value", "7"), Kind: erp.AttributeValue}}}
	})
	for _, kind := range erp.TermKinds {
		require.Nil(t, check.Term(&erp.Term{Key: key(string(kind), "1"), Kind: kind}))
	}
}

func TestTax(t *testing.T) {
	spoilt[erp.Tax]{
		"less than nothing":   {func(x *erp.Tax) { x.Rate = dec("-0.1") }, "invalid_rate"},
		"nothing":             {func(x *erp.Tax) { x.Rate = dec("0") }, ""},
		"everywhere":          {func(x *erp.Tax) { x.Country = "" }, ""},
		"a small country":     {func(x *erp.Tax) { x.Country = "fr" }, "invalid_country"},
		"a country's name":    {func(x *erp.Tax) { x.Country = "FRA" }, "invalid_country"},
		"two bytes, a letter": {func(x *erp.Tax) { x.Country = "É" }, "invalid_country"},
	}.run(t, check.Tax, func() erp.Tax { return erp.Tax{Rate: dec("20"), Country: "FR"} })
}

func TestPriceList(t *testing.T) {
	spoilt[erp.PriceList]{
		"no name":         {func(p *erp.PriceList) { p.Name = "" }, "invalid_name"},
		"an unknown kind": {func(p *erp.PriceList) { p.Kind = "gold" }, "invalid_kind"},
		"sale prices":     {func(p *erp.PriceList) { p.Kind = erp.Sale }, ""},
	}.run(t, check.PriceList, func() erp.PriceList { return erp.PriceList{Name: "Shop", Kind: erp.Regular} })
}

func TestCoupon(t *testing.T) {
	spoilt[erp.Coupon]{
		"no code":            {func(c *erp.Coupon) { c.Code = "" }, "invalid_code"},
		"a negative amount":  {func(c *erp.Coupon) { c.Amount = dec("-1") }, "invalid_amount"},
		"a negative minimum": {func(c *erp.Coupon) { c.MinimumAmount = dec("-1") }, "invalid_amount"},
		"a negative maximum": {func(c *erp.Coupon) { c.MaximumAmount = dec("-1") }, "invalid_amount"},
		"a negative count":   {func(c *erp.Coupon) { c.UsageCount = -1 }, "invalid_limit"},
		"a negative limit":   {func(c *erp.Coupon) { c.UsageLimit = -1 }, "invalid_limit"},
		"of a user":          {func(c *erp.Coupon) { c.UsageLimitUser = -1 }, "invalid_limit"},
		"of items":           {func(c *erp.Coupon) { c.LimitItems = -1 }, "invalid_limit"},
		"nothing off":        {func(c *erp.Coupon) { c.Amount = dec("0") }, ""},
	}.run(t, check.Coupon, func() erp.Coupon { return erp.Coupon{Code: "SPRING", Amount: dec("5")} })
}

func TestPartner(t *testing.T) {
	spoilt[erp.Partner]{
		"no address":                 {func(p *erp.Partner) { p.Addresses = nil }, ""},
		"an address of unknown kind": {func(p *erp.Partner) { p.Addresses[0].Kind = "home" }, "invalid_kind"},
		"an address without a key":   {func(p *erp.Partner) { p.Addresses[0].Key = erp.Key{} }, "invalid_key"},
		"a country's name":           {func(p *erp.Partner) { p.Addresses[0].Country = "France" }, "invalid_country"},
	}.run(t, check.Partner, func() erp.Partner {
		return erp.Partner{Addresses: []erp.Address{{Key: key("address", "1"), Kind: erp.InvoiceAddress, Country: "FR"}}}
	})
}

func TestProduct(t *testing.T) {
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	spoilt[erp.Product]{
		"an unknown kind":         {func(p *erp.Product) { p.Kind = "bundle" }, "invalid_kind"},
		"no variant":              {func(p *erp.Product) { p.Variants = nil }, "invalid_variants"},
		"a variant of another":    {func(p *erp.Product) { p.Variants[0].Key.ID = "2" }, "invalid_variants"},
		"variants yet to come":    {func(p *erp.Product) { p.Kind, p.Variants = erp.Variable, nil }, ""},
		"a variant without a key": {func(p *erp.Product) { p.Kind, p.Variants[0].Key = erp.Variable, erp.Key{} }, "invalid_key"},
		"a variant twice": {func(p *erp.Product) { p.Kind, p.Variants = erp.Variable, append(p.Variants, p.Variants[0]) },
			"invalid_variants"},
		"a negative weight":        {func(p *erp.Product) { p.Measures.Weight = dec("-1") }, "invalid_measure"},
		"a negative height inside": {func(p *erp.Product) { p.Variants[0].Measures.Height = dec("-1") }, "invalid_measure"},
		"a negative price":         {func(p *erp.Product) { p.Variants[0].Prices[0].Amount = dec("-1") }, "invalid_price"},
		"a price without an end":   {func(p *erp.Product) { p.Variants[0].Prices[0].From = noon }, ""},
		"a price that ends first": {func(p *erp.Product) {
			p.Variants[0].Prices[0].From, p.Variants[0].Prices[0].Until = noon, noon.Add(-time.Second)
		}, "invalid_price"},
	}.run(t, check.Product, func() erp.Product {
		mug := key("product", "1")
		return erp.Product{Key: mug, Kind: erp.Simple, Variants: []erp.Variant{{Key: mug, Prices: []erp.Price{{Amount: dec("5")}}}}}
	})
}

func TestCounted(t *testing.T) {
	mug := key("product", "1")
	require.Nil(t, check.Counted(mug, true, true))
	require.Equal(t, "not_tracked", check.Counted(mug, true, false).Code)
	r := check.Counted(mug, false, false)
	require.Equal(t, "unknown_product", r.Code)
	require.Equal(t, erp.Parked, r.Status)
	require.Equal(t, []erp.Key{mug}, r.Waits)
}
