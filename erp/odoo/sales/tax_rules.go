package sales

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/rpc"
)

// taxRule is what Odoo makes of a tax.
type taxRule struct {
	place    int64 // in the order in which taxes are calculated
	included bool  // prices contain it
	percent  bool  // it is a percentage, of which rate is the fraction: 0.2 for 20 %
	rate     decimal.Decimal
	passes   bool // taxes that come later are calculated on it, too, where they take that up
	takes    bool
	forces   bool // … whether they take that up or not
}

// taxRow is an account.tax.
type taxRow struct {
	rpc.Row
	Sequence int64      `json:"sequence"`
	Included bool       `json:"price_include"`
	Kind     rpc.Text   `json:"amount_type"`
	Amount   rpc.Amount `json:"amount"`
	Passes   bool       `json:"include_base_amount"`
	Takes    bool       `json:"is_base_affected"`
	Compound bool       `json:"x_tandem_compound"`
}

// readTaxes finds out what Odoo makes of the taxes, and leaves out those that the user does not see: they are another company's.
func (b *Book) readTaxes(ctx context.Context, refs *orderRefs) error {
	takes := rpc.TaxBases.For(b.rpc.Release)
	rows, err := rpc.SearchBy[taxRow](ctx, b.rpc, "account.tax", "id", rpc.Distinct(slices.Collect(maps.Values(refs.taxes))), nil,
		"sequence", "price_include", "amount_type", "amount", "include_base_amount", cmp.Or(takes, catalog.CompoundField))
	refs.rules = make(map[int64]taxRule, len(rows))
	for _, r := range rows {
		rule := taxRule{place: r.Sequence, included: r.Included, percent: r.Kind == "percent", passes: r.Passes,
			takes: r.Takes || r.Compound, forces: takes == "" && r.Passes}
		if rule.percent {
			rule.rate = r.Amount.Shift(-2)
		}
		refs.rules[r.ID] = rule
	}
	if err == nil {
		maps.DeleteFunc(refs.taxes, func(_ erp.Key, id int64) bool { _, seen := refs.rules[id]; return !seen })
	}
	return err
}
