package sales

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// Whatever a credit note gives back, the payment gateway is never asked: a request without api_refund moves real money.
func TestARefundNeverMovesMoney(t *testing.T) {
	t.Parallel()
	order := woo.Order{
		ID: 1310, TaxLines: []woo.TaxLine{{RateID: "1", RatePercent: woo.NewDecimal(decimal.RequireFromString("20"))}, {RateID: "2", RatePercent: woo.NewDecimal(decimal.RequireFromString("5.5"))}},
		LineItems:     []woo.LineItem{{ID: 3359, Taxes: []woo.LineTax{{ID: "1", Total: woo.NewDecimal(decimal.RequireFromString("4.995"))}}}},
		ShippingLines: []woo.ShippingLine{{ID: 3360, Taxes: []woo.LineTax{{ID: "2", Total: woo.NewDecimal(decimal.RequireFromString("0.27"))}}}},
		FeeLines:      []woo.FeeLine{{ID: 3361}},
	}
	vat, reduced := erp.Key{Instance: "demo", Entity: "tax", ID: "1"}, erp.PendingKey("demo", "tax", "9")
	line := func(of string, kind erp.LineKind, quantity, total string, taxes ...erp.LineTax) erp.RefundLine {
		return erp.RefundLine{Of: of, OrderLine: erp.OrderLine{Kind: kind, Quantity: decimal.RequireFromString(quantity), Total: decimal.RequireFromString(total), Taxes: taxes}}
	}
	for name, c := range map[string]struct {
		lines []erp.RefundLine
		want  string // line_items
		code  string
	}{
		"an amount": {lines: []erp.RefundLine{line("", erp.FeeLine, "1", "5")}, want: "null"},
		"a piece": {lines: []erp.RefundLine{line("3359", erp.ProductLine, "1", "8.33", erp.LineTax{Tax: vat, Amount: decimal.RequireFromString("1.67")})},
			want: `[{"id":3359,"quantity":1,"refund_total":8.33,"refund_tax":[{"id":1,"refund_total":1.67}]}]`},
		"shipping, by its percentage": {lines: []erp.RefundLine{line("3360", erp.ShippingLine, "1", "4.90", erp.LineTax{Tax: reduced, Amount: decimal.RequireFromString("0.27")})},
			want: `[{"id":3360,"refund_total":4.9,"refund_tax":[{"id":2,"refund_total":0.27}]}]`},
		"a fee, and rounding": {lines: []erp.RefundLine{line("3361", erp.FeeLine, "1", "2.50"), line("", erp.RoundingLine, "1", "0.01")},
			want: `[{"id":3361,"refund_total":2.5}]`},
		"with a gift card": {lines: []erp.RefundLine{line("3359", erp.ProductLine, "1", "8.33"), line("g", erp.CreditLine, "1", "-5")}, want: "null"},
		"half a piece":     {lines: []erp.RefundLine{line("3359", erp.ProductLine, "0.5", "4")}, code: "odd_quantity"},
		"a line of none":   {lines: []erp.RefundLine{line("1", erp.ProductLine, "1", "4")}, code: "line_gone"},
		"a tax of none":    {lines: []erp.RefundLine{line("3361", erp.FeeLine, "1", "2.50", erp.LineTax{Tax: vat, Amount: decimal.RequireFromString("0.5")})}, code: "unknown_tax"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			held := erp.HeldRefund{Posted: "RINV/2026/00001", Held: erp.Held[erp.Refund]{ID: "12", Record: erp.Refund{
				Total: decimal.RequireFromString("10"), Reason: "Broken", Lines: c.lines, Taxes: []erp.OrderTax{{Tax: vat, Rate: decimal.RequireFromString("20")}, {Tax: reduced, Rate: decimal.RequireFromString("5.5")}},
			}}}
			fields, err := refundFields(entitytest.Demo(), order, held)
			if c.code != "" {
				require.Equal(t, c.code, fault.From(err).Code, "%v", err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, []any{false, false, "10", "Broken (RINV/2026/00001)"}, []any{fields["api_refund"], fields["api_restock"], fields["amount"], fields["reason"]})
			sent, err := json.Marshal(fields["line_items"])
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(sent))
			body, err := json.Marshal(fields)
			require.NoError(t, err)
			require.Contains(t, string(body), `"api_refund":false`)
		})
	}
}
