package odoo

import (
	"context"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// companies warns when it is left to Odoo which of several companies is written to.
func (p prober) companies(context.Context) error {
	if n := len(p.session.User.Companies); n > 1 && p.settings.Company == "" {
		p.warn("the user may work in %d companies and none is chosen: Tandem writes to %q, which is the user's own",
			n, p.session.Company.Name)
	}
	return nil
}

// roundings are Odoo's words for how the taxes of a company are rounded.
var roundings = map[rpc.Text]erp.Rounding{"round_per_line": erp.RoundLines, "round_globally": erp.RoundOrders}

func (p prober) rounding(ctx context.Context) error {
	type method struct {
		rpc.Row
		Rounding rpc.Text `json:"tax_calculation_rounding_method"`
	}
	rows, err := rpc.Search[method](ctx, p.rpc, "res.company", []any{rpc.Where("id", "=", p.session.Company.ID)}, "tax_calculation_rounding_method")
	for _, r := range rows {
		p.info.Rounding = roundings[r.Rounding]
	}
	return err
}

// wantedDigits is how many decimals unit prices need so that a quantity times the price is the line's total.
const wantedDigits = 4

// precision warns when Odoo rounds unit prices so that lines are off by cents.
func (p prober) precision(ctx context.Context) error {
	type precision struct {
		rpc.Row
		Digits int `json:"digits"`
	}
	rows, err := rpc.Search[precision](ctx, p.rpc, "decimal.precision", []any{rpc.Where("name", "=", "Product Price")}, "digits")
	for _, r := range rows {
		if r.Digits < wantedDigits {
			p.warn("unit prices have %d decimals, which makes lines a cent off the store's: "+
				"raise the decimal accuracy of Product Price to %d", r.Digits, wantedDigits)
		}
	}
	return err
}

// outstanding warns of journals in which payments post nothing.
func (p prober) outstanding(ctx context.Context) error {
	if !rpc.PostsOutstanding.For(p.rpc.Release) {
		return nil
	}
	type line struct {
		rpc.Row
		Journal rpc.Link `json:"journal_id"`
	}
	rows, err := rpc.Search[line](ctx, p.rpc, "account.payment.method.line", []any{
		rpc.Where("payment_type", "=", "inbound"), rpc.Where("payment_account_id", "=", false), rpc.Where("journal_id.active", "=", true),
		rpc.Where("journal_id.company_id", "=", p.session.Company.ID), rpc.In("journal_id.type", []string{"bank", "cash"}),
	}, "journal_id")
	if len(rows) > 0 {
		p.warn("payments in %s post no entry and stay in process: set an outstanding account on the incoming payments of the journal",
			strings.Join(rpc.Distinct(rpc.Map(rows, func(l line) string { return l.Journal.Name })), ", "))
	}
	return err
}
