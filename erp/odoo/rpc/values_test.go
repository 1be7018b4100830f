package rpc

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestWhatOdooAnswersIsRead(t *testing.T) {
	var got struct {
		Text   Text   `json:"text"`
		Empty  Text   `json:"empty"`
		Link   Link   `json:"link"`
		NoLink Link   `json:"nolink"`
		Amount Amount `json:"amount"`
		None   Amount `json:"none"`
		Time   Moment `json:"time"`
		Day    Moment `json:"day"`
		Never  Moment `json:"never"`
		IDs    IDs    `json:"ids"`
		NoIDs  IDs    `json:"noids"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"text":"a","empty":false,"link":[7,"Seven"],"nolink":false,"amount":54.1666667,
		"none":false,"time":"2026-03-10 12:30:00","day":"2026-03-10","never":false,"ids":[1,2],"noids":false}`), &got))
	require.Equal(t, Text("a"), got.Text)
	require.Empty(t, got.Empty)
	require.Equal(t, Link{7, "Seven"}, got.Link)
	require.Zero(t, got.NoLink)
	require.Equal(t, "54.1666667", got.Amount.String())
	require.True(t, got.None.IsZero())
	require.Equal(t, time.Date(2026, 3, 10, 12, 30, 0, 0, time.UTC), got.Time.Time)
	require.Equal(t, time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), got.Day.Time)
	require.True(t, got.Never.IsZero())
	require.Equal(t, IDs{1, 2}, got.IDs)
	require.Nil(t, got.NoIDs)
	require.Error(t, json.Unmarshal([]byte(`"noon"`), &got.Time))
	require.NoError(t, json.Unmarshal([]byte(`[8,false]`), &got.Link))
	require.Equal(t, Link{ID: 8}, got.Link, "a record whose name is empty")
	for _, endless := range []string{`1e999999999`, `-1e-999999999`, `"1e401"`, `1` + strings.Repeat("0", maxDigits)} {
		require.ErrorIs(t, json.Unmarshal([]byte(endless), &got.Amount), errNotAmount, endless)
	}
}

func TestCellsHaveBothForms(t *testing.T) {
	noon := time.Date(2026, 3, 10, 13, 0, 0, 0, time.FixedZone("CET", 3600))
	for _, c := range []struct {
		cell   Cell
		column string
		text   string
		value  string // as JSON
	}{
		{TextCell("name", "Tea"), "name", "Tea", `"Tea"`},
		{TextCell("name", ""), "name", "", `false`},
		{BoolCell("active", true), "active", "1", `true`},
		{BoolCell("active", false), "active", "0", `false`},
		{IntCell("sequence", 3), "sequence", "3", `3`},
		{DecimalCell("price", decimal.RequireFromString("54.166667")), "price", "54.166667", `54.166667`},
		{LinkCell("partner_id", 8), "partner_id/.id", "8", `8`},
		{LinkCell("partner_id", 0), "partner_id/.id", "", `false`},
		{LinksCell("tax_ids", []int64{1, 2}), "tax_ids/.id", "1,2", `[[6,0,[1,2]]]`},
		{LinksCell("tax_ids", nil), "tax_ids/.id", "", `[[6,0,[]]]`},
		{TimeCell("date", noon), "date", "2026-03-10 12:00:00", `"2026-03-10 12:00:00"`},
		{TimeCell("date", time.Time{}), "date", "", `false`},
		{DateCell("date", noon), "date", "2026-03-10", `"2026-03-10"`},
		{DateCell("date", time.Time{}), "date", "", `false`},
	} {
		require.Equal(t, c.column, c.cell.Column)
		require.Equal(t, c.text, c.cell.Text)
		value, err := json.Marshal(Values([]Cell{c.cell})[c.cell.Field])
		require.NoError(t, err)
		require.JSONEq(t, c.value, string(value), c.cell)
	}
}

func TestIDsAreNumbers(t *testing.T) {
	for text, id := range map[string]int64{"12": 12, "": 0, "twelve": 0, "-1": 0, "1.5": 0} {
		require.Equal(t, id, ParseID(text), text)
	}
}
