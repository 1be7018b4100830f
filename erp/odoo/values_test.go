package odoo

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestWhatOdooAnswersIsRead(t *testing.T) {
	var got struct {
		Text   text   `json:"text"`
		Empty  text   `json:"empty"`
		Link   link   `json:"link"`
		NoLink link   `json:"nolink"`
		Amount amount `json:"amount"`
		None   amount `json:"none"`
		Time   moment `json:"time"`
		Day    moment `json:"day"`
		Never  moment `json:"never"`
		IDs    ids    `json:"ids"`
		NoIDs  ids    `json:"noids"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"text":"a","empty":false,"link":[7,"Seven"],"nolink":false,"amount":54.1666667,
		"none":false,"time":"2026-03-10 12:30:00","day":"2026-03-10","never":false,"ids":[1,2],"noids":false}`), &got))
	require.Equal(t, text("a"), got.Text)
	require.Empty(t, got.Empty)
	require.Equal(t, link{7, "Seven"}, got.Link)
	require.Zero(t, got.NoLink)
	require.Equal(t, "54.1666667", got.Amount.String())
	require.True(t, got.None.IsZero())
	require.Equal(t, time.Date(2026, 3, 10, 12, 30, 0, 0, time.UTC), got.Time.Time)
	require.Equal(t, time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), got.Day.Time)
	require.True(t, got.Never.IsZero())
	require.Equal(t, ids{1, 2}, got.IDs)
	require.Nil(t, got.NoIDs)
	require.Error(t, json.Unmarshal([]byte(`"noon"`), &got.Time))
	require.NoError(t, json.Unmarshal([]byte(`[8,false]`), &got.Link))
	require.Equal(t, link{ID: 8}, got.Link, "a record whose name is empty")
	for _, endless := range []string{`1e999999999`, `-1e-999999999`, `"1e401"`, `1` + strings.Repeat("0", maxDigits)} {
		require.ErrorIs(t, json.Unmarshal([]byte(endless), &got.Amount), errNotAmount, endless)
	}
}

func TestCellsHaveBothForms(t *testing.T) {
	noon := time.Date(2026, 3, 10, 13, 0, 0, 0, time.FixedZone("CET", 3600))
	for _, c := range []struct {
		cell   cell
		column string
		text   string
		value  string // as JSON
	}{
		{cellOf("name", "Tea"), "name", "Tea", `"Tea"`},
		{cellOf("name", ""), "name", "", `false`},
		{flag("active", true), "active", "1", `true`},
		{flag("active", false), "active", "0", `false`},
		{count("sequence", 3), "sequence", "3", `3`},
		{figure("price", decimal.RequireFromString("54.166667")), "price", "54.166667", `54.166667`},
		{refer("partner_id", 8), "partner_id/.id", "8", `8`},
		{refer("partner_id", 0), "partner_id/.id", "", `false`},
		{referAll("tax_ids", []int64{1, 2}), "tax_ids/.id", "1,2", `[[6,0,[1,2]]]`},
		{referAll("tax_ids", nil), "tax_ids/.id", "", `[[6,0,[]]]`},
		{instant("date", noon), "date", "2026-03-10 12:00:00", `"2026-03-10 12:00:00"`},
		{instant("date", time.Time{}), "date", "", `false`},
		{day("date", noon), "date", "2026-03-10", `"2026-03-10"`},
		{day("date", time.Time{}), "date", "", `false`},
	} {
		require.Equal(t, c.column, c.cell.column)
		require.Equal(t, c.text, c.cell.text)
		value, err := json.Marshal(values([]cell{c.cell})[c.cell.field])
		require.NoError(t, err)
		require.JSONEq(t, c.value, string(value), c.cell)
	}
}

func TestIDsAreNumbers(t *testing.T) {
	for text, id := range map[string]int64{"12": 12, "": 0, "twelve": 0, "-1": 0, "1.5": 0} {
		require.Equal(t, id, parseID(text), text)
	}
}

func TestExternalNamesAreReadInOneWayOnly(t *testing.T) {
	seen := map[string]erp.Key{}
	for _, key := range []erp.Key{
		{Instance: "demo", Entity: "order", ID: "12"},
		{Instance: "demo", Entity: "price_list", ID: "regular-EUR"},
		{Instance: "a_b", Entity: "order", ID: "1"},
		{Instance: "a", Entity: "order", ID: "b_1"},
		{Instance: "a", Entity: "order", ID: "b/1"},
		{Instance: "ü.~", Entity: "attribute_value", ID: "~7e é"},
	} {
		name := externalName(key)
		require.NotContains(t, seen, name)
		seen[name] = key
		require.Regexp(t, `^[A-Za-z0-9_~-]+$`, name)
		got, ok := keyOf(name)
		require.True(t, ok)
		require.Equal(t, key, got)
		got, ok = keyOf(templateName(key))
		require.True(t, ok)
		require.Equal(t, key, got)
	}
	for _, name := range []string{"", "order", "order_12"} {
		_, ok := keyOf(name)
		require.False(t, ok, name)
	}
	require.Equal(t, "a~b", fancy("a~b"), "what plain did not write stays")
}
