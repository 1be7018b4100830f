package rpc

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// FuzzReply: whatever Odoo answers, reading it ends, and so does working with the amounts that were read.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		`[{"t":"a","l":[7,"Seven"],"a":54.1666667,"m":"2026-03-10 12:30:00","i":[1,2]}]`, `[{"a":1e999999999}]`, `[{"a":"-1e-999999999"}]`,
		`[{"a":NaN}]`, `[{"l":[7,false]}]`, `[{"l":[]}]`, `[{"m":"2026-13-45"}]`, `[{"i":false,"a":null,"l":false,"t":false,"m":false}]`, `[[[[[[[[`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var rows []struct {
			Text   Text   `json:"t"`
			Link   Link   `json:"l"`
			Amount Amount `json:"a"`
			Moment Moment `json:"m"`
			IDs    IDs    `json:"i"`
		}
		if err := Decode(raw, &rows); err != nil {
			require.Equal(t, fault.Unavailable, fault.KindOf(err))
			return
		}
		for _, r := range rows {
			number := DecimalCell("amount", r.Amount.Round(6).Add(decimal.RequireFromString("0.01")))
			require.True(t, json.Valid([]byte(number.Value.(json.Number))))
			again, err := ParseAmount(number.Text)
			require.NoError(t, err)
			require.Equal(t, number.Text, again.String())
		}
	})
}
