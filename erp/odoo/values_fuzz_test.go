package odoo

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
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
			Text   text   `json:"t"`
			Link   link   `json:"l"`
			Amount amount `json:"a"`
			Moment moment `json:"m"`
			IDs    ids    `json:"i"`
		}
		if err := decode(raw, &rows); err != nil {
			require.Equal(t, fault.Unavailable, fault.KindOf(err))
			return
		}
		for _, r := range rows {
			number := figure("amount", r.Amount.Round(6).Add(dec("0.01")))
			require.True(t, json.Valid([]byte(number.value.(json.Number))))
			again, err := parseAmount(number.text)
			require.NoError(t, err)
			require.Equal(t, number.text, again.String())
		}
	})
}

// FuzzExternalNames: every key can be told from the external id that it is given.
func FuzzExternalNames(f *testing.F) {
	f.Add("shop", "1/2_3~.é")
	f.Add("a_b", "")
	f.Fuzz(func(t *testing.T, instance, id string) {
		key := erp.Key{Instance: instance, Entity: "product", ID: id}
		got, ok := keyOf(externalName(key))
		require.True(t, ok)
		require.Equal(t, key, got)
	})
}
