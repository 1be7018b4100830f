package record

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

// codeRecord makes a record of the code that is tried, nil when all were.
func codeRecord(codes []string, try int) *Record {
	if try >= len(codes) {
		return nil
	}
	return &Record{Name: "r", Cells: []rpc.Cell{rpc.TextCell("name", codes[try])}}
}

func TestWhatOdooRefusesIsTriedInAnotherWay(t *testing.T) {
	b, _ := loader("taken", "taken-too")
	coupons := [][]string{{"free"}, {"taken", "taken-too", "own"}, {"taken", "taken-too"}}
	landed, err := LoadOr(t.Context(), b, "loyalty.program", coupons, codeRecord)
	require.NoError(t, err)
	require.NotZero(t, landed[0].ID)
	require.NotZero(t, landed[1].ID)
	require.Equal(t, "odoo_refused", landed[2].Refused.Code)
	require.Contains(t, landed[2].Refused.Reason, "loyalty.program.name")
	require.Contains(t, landed[2].Refused.Reason, "process it again")
}
