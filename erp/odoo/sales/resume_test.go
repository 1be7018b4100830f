package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
)

func TestALandingThatWasCutOffIsResumed(t *testing.T) {
	order := erp.Order{Total: dec("10"), Currency: "EUR", Warehouse: "1"}
	same, err := salecycle.Amounts(&order)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		before    string
		state     rpc.Text
		cancelled bool
		mark      string
		stage     erp.OrderStage
		replace   bool
		reopened  bool
		created   bool
	}{
		"nothing was cut off":                    {"digest", "draft", false, changedMark, erp.Quotation, false, false, false},
		"a new one":                              {"new digest", "draft", false, newMark, erp.Quotation, true, false, true},
		"a new one that a person confirmed":      {"new digest", "sale", false, newMark, erp.Confirmed, false, false, true},
		"a quotation":                            {"changed digest", "draft", false, changedMark, erp.Quotation, true, false, false},
		"progress of a confirmed one":            {"changed digest", "sale", false, changedMark, erp.Confirmed, false, false, false},
		"marked to be reopened":                  {"confirm ", "sale", false, reopenedMark, erp.Confirmed, true, true, false},
		"cancelled to be reopened":               {"confirm ", "cancel", false, reopenedMark, erp.Confirmed, true, true, false},
		"reopened":                               {"confirm ", "draft", false, reopenedMark, erp.Confirmed, true, true, false},
		"reopened with its new lines":            {"confirm digest", "draft", false, reopenedMark, erp.Confirmed, true, true, false},
		"confirmed again":                        {"confirm digest", "sale", false, reopenedMark, erp.Confirmed, false, true, false},
		"cancelled by a person meanwhile":        {"confirm digest", "cancel", false, changedMark, erp.Cancelled, false, false, false},
		"reopened, and the store cancels it now": {"confirm ", "draft", true, changedMark, erp.Cancelled, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(order)
			p.Record.Cancelled = c.cancelled
			p.Created, p.Before, p.amounts = false, c.before, same
			p.snapshot = &Snapshot{orderRow: orderRow{State: c.state, Amounts: rpc.Text(same), Warehouse: rpc.Link{ID: 1}}}
			require.Nil(t, p.follow())
			require.Equal(t, []any{c.mark, c.stage, c.replace, c.reopened, c.created}, []any{p.mark, p.Stage, p.Replace, p.reopened, p.Created})
		})
	}
}
