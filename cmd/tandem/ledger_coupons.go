package main

import (
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLedgerCoupons() *cobra.Command {
	c := ledgerKind[gen.LedgerCoupon]{
		use: "coupons", one: "a coupon", many: "coupons",
		head: []any{"ID", "CODE", "KIND", "AMOUNT", "STATUS", "EXPIRES", "USED"},
		row: func(k gen.LedgerCoupon) []any {
			expires := ""
			if !k.Expires.IsZero() {
				expires = k.Expires.Format(time.DateOnly)
			}
			return []any{k.ID, cut(k.Code, 40), k.Kind, k.Amount, k.Status, orDash(expires), k.UsageCount}
		},
		flags: couponFlags, readOnly: []string{"usage_count"},
	}.group()
	c.Example = `  tandem ledger coupons create --code summer10 --kind percent --amount 10 --expires 2026-08-31T22:00:00Z
  echo '{"usage_limit":100,"products":["12"]}' | tandem ledger coupons edit 4 --file -`
	return c
}

func couponFlags(c *cobra.Command) func(func() (gen.LedgerCoupon, error)) (map[string]any, error) {
	texts := textFlags(c, [2]string{"code", "what customers type"}, [2]string{"kind", "percent, fixed_cart or fixed_product; fixed_cart by default"},
		[2]string{"amount", "percent, or an amount in the store's currency"}, [2]string{"description", "description"},
		[2]string{"status", "draft, pending, private or publish; publish by default"}, [2]string{"expires", "when it ends, UTC, e.g. 2026-08-31T22:00:00Z"},
		[2]string{"minimum_amount", "what an order must come to"}, [2]string{"maximum_amount", "what an order may come to"})
	completingFlag(c, "kind", words("percent", "fixed_cart", "fixed_product"))
	return func(func() (gen.LedgerCoupon, error)) (map[string]any, error) { return texts(), nil }
}
