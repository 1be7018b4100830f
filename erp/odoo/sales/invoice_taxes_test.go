package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

// The balance of a line that is settled has whole coins of the company's currency, however many decimals the order's has.
func TestBalancesAreInCoinsOfTheCompany(t *testing.T) {
	for name, c := range map[string]struct {
		due, rate string // 1 of the order's currency in the company's
		scale     int32
		by, want  string
	}{
		"the same currency": {"-12", "1", 2, "0.01", "0.01"},
		"euros in dollars":  {"-12", "1.2", 2, "0.01", "0.01"},
		"euros in yen":      {"-12", "161.37", 0, "0.01", "2"},
		"yen in euros":      {"-1200", "0.0062", 2, "1", "0.01"},
		"euros in dinars":   {"-12", "0.3365", 3, "0.01", "0.003"},
	} {
		t.Run(name, func(t *testing.T) {
			due := entryLine{Amount: rpc.Amount{Decimal: dec(c.due)}, Balance: rpc.Amount{Decimal: dec(c.due).Mul(dec(c.rate))}}
			require.Equal(t, c.want, draftEntry{due: []entryLine{due}}.converted(dec(c.by), c.scale).String())
		})
	}
}
