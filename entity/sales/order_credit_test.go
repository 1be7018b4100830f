package sales

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// paidPartly is an order of 25 and shipping of 5, of which the store charged the given total.
func paidPartly(total string) woo.Order {
	o := priceOf("25", total)
	o.ShippingLines = []woo.ShippingLine{{ID: 11, MethodTitle: "Flat", Total: entitytest.Some("5")}}
	return o
}

func field(key, value string) woo.Meta { return woo.Meta{Key: key, Value: json.RawMessage(value)} }

func TestGiftCardsArePayments(t *testing.T) {
	for _, test := range []struct {
		name  string
		total string
		pay   func(*woo.Order)
		paid  string // "": no credit
		code  string
	}{
		{"a list of gift cards", "10", func(o *woo.Order) { o.GiftCards = []woo.GiftCard{{Amount: entitytest.Some("20")}} }, "20", ""},
		{"two of them", "10", func(o *woo.Order) {
			o.GiftCards = []woo.GiftCard{{Amount: entitytest.Some("15")}, {Amount: entitytest.Some("5")}}
		}, "20", ""},
		{"all of the order", "0", func(o *woo.Order) { o.GiftCards = []woo.GiftCard{{Amount: entitytest.Some("30")}} }, "30", ""},
		{"negative in the plugin", "10", func(o *woo.Order) { o.GiftCards = []woo.GiftCard{{Amount: entitytest.Some("-20")}} }, "20", ""},
		{"a map of codes", "10", func(o *woo.Order) {
			o.MetaData = []woo.Meta{field("_ywgc_applied_gift_cards", `{"AAAA": "15", "BBBB": 5}`)}
		}, "20", ""},
		{"account funds", "10", func(o *woo.Order) { o.MetaData = []woo.Meta{field("_funds_used", `"20.00"`)} }, "20", ""},
		{"store credit by code", "10", func(o *woo.Order) {
			o.MetaData = []woo.Meta{field("smart_coupons_contribution", `{"credit": 20}`)}
		}, "20", ""},
		{"an amount inside", "10", func(o *woo.Order) {
			o.MetaData = []woo.Meta{field("acfw_store_credits_order_paid", `{"amount": 20, "raw_amount": 20, "currency": "EUR"}`)}
		}, "20", ""},
		{"the second of two fields", "10", func(o *woo.Order) {
			o.MetaData = []woo.Meta{field("_gift_card_note", `"7"`), field("_wallet_paid", `20`)}
		}, "20", ""},
		{"told, but not taken off", "30", func(o *woo.Order) { o.GiftCards = []woo.GiftCard{{Amount: entitytest.Some("20")}} }, "", ""},
		{"another amount than is missing", "10", func(o *woo.Order) { o.GiftCards = []woo.GiftCard{{Amount: entitytest.Some("19")}} }, "", "totals_differ"},
		{"not told", "10", func(*woo.Order) {}, "", "totals_differ"},
	} {
		t.Run(test.name, func(t *testing.T) {
			in := paidPartly(test.total)
			test.pay(&in)
			o, steps, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: in})
			if test.code != "" {
				f := entitytest.RequireRefusal(t, err, fault.Parked, test.code)
				require.Contains(t, f.Message, "gift card")
				require.Contains(t, f.Message, "20.00 less")
				require.NotContains(t, f.Message, "limit")
				return
			}
			require.NoError(t, err)
			entitytest.RequireConserved(t, o)
			entitytest.RequireAmount(t, test.total, o.Total)
			if test.paid == "" {
				require.Len(t, o.Lines, 2)
				return
			}
			require.Len(t, o.Lines, 3)
			require.Equal(t, erp.CreditLine, o.Lines[2].Kind)
			entitytest.RequireAmount(t, "-"+test.paid, o.Lines[2].Total)
			require.Contains(t, steps[0], test.paid)
		})
	}
}

func TestFeesOfCreditArePayments(t *testing.T) {
	for _, test := range []struct {
		fee  woo.FeeLine
		kind erp.LineKind
	}{
		{woo.FeeLine{Name: "Gift Card (AAAA-…)", Total: entitytest.Some("-20")}, erp.CreditLine},
		{woo.FeeLine{Name: "Store Credit", Total: entitytest.Some("-20"), Taxes: []woo.LineTax{{ID: "1", Total: entitytest.Some("0")}}}, erp.CreditLine},
		{woo.FeeLine{Name: "Via wallet", Total: entitytest.Some("-20")}, erp.CreditLine},
		{woo.FeeLine{Name: "Guthaben", Total: entitytest.Some("-20"), MetaData: []woo.Meta{field("_legacy_fee_key", `"_via_wallet_partial_payment"`)}}, erp.CreditLine},
		{woo.FeeLine{Name: "Loyalty discount", Total: entitytest.Some("-20")}, erp.FeeLine},
		{woo.FeeLine{Name: "Gift card sleeve", Total: entitytest.Some("2")}, erp.FeeLine},
	} {
		in := paidPartly("0")
		test.fee.ID = 12
		in.FeeLines, in.Total = []woo.FeeLine{test.fee}, woo.NewDecimal(entitytest.Amount("30").Add(test.fee.Total.Decimal))
		o, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: in})
		require.NoError(t, err)
		require.Equal(t, test.kind, o.Lines[2].Kind, test.fee.Name)
		entitytest.RequireConserved(t, o)
	}
}

// A discount that takes tax off as well is no payment, whatever it is called.
func TestTaxedFeeIsNoCredit(t *testing.T) {
	require.False(t, isCredit(woo.FeeLine{Name: "Gift card", Total: entitytest.Some("-20"), Taxes: []woo.LineTax{{ID: "1", Total: entitytest.Some("-4")}}}))
}
