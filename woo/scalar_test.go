package woo

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestIDAndInt(t *testing.T) {
	for text, want := range map[string]int64{
		`42`: 42, `"42"`: 42, `""`: 0, `null`: 0, `false`: 0, `true`: 1, `[]`: 0, `{}`: 0, `" 7 "`: 7, `"7.00"`: 7, `7.9`: 7,
		`1e3`: 1000,
	} {
		var id ID
		require.NoError(t, json.Unmarshal([]byte(text), &id), text)
		require.Equal(t, ID(want), id, text)
		var i Int
		require.NoError(t, json.Unmarshal([]byte(text), &i), text)
		require.Equal(t, Int(want), i, text)
	}
	for _, text := range []string{`"abc"`, `[1]`, `{"name":1}`, `{"id":"abc"}`, `"99999999999999999999"`, `1e30`, `"1e9999999"`} {
		var id ID
		require.Error(t, json.Unmarshal([]byte(text), &id), text)
		var i Int
		require.Error(t, json.Unmarshal([]byte(text), &i), text)
	}
	for _, text := range []string{`-1`, `"-1"`, `{"id":-1}`} {
		id := ID(7) // no record has a number below 1: plugins say "none" so
		require.NoError(t, json.Unmarshal([]byte(text), &id), text)
		require.Zero(t, id, text)
	}
	require.Equal(t, "42", ID(42).String())
}

func TestBool(t *testing.T) {
	for text, want := range map[string]Bool{
		`true`: true, `"yes"`: true, `"1"`: true, `1`: true, `"on"`: true, `"True"`: true,
		`false`: false, `"no"`: false, `""`: false, `0`: false, `null`: false, `[]`: false, `"parent"`: false,
	} {
		var b Bool
		require.NoError(t, json.Unmarshal([]byte(text), &b), text)
		require.Equal(t, want, b, text)
	}
}

func TestString(t *testing.T) {
	for text, want := range map[string]String{
		`"a"`: "a", `12`: "12", `1.50`: "1.50", `false`: "", `null`: "", `true`: "1", `[]`: "", `{"a":1}`: "", `"é\n\"q\""`: "é\n\"q\"",
		`"M\u00fcller"`: "Müller",
	} {
		var s String
		require.NoError(t, json.Unmarshal([]byte(text), &s), text)
		require.Equal(t, want, s, text)
	}
}

func TestDecimal(t *testing.T) {
	for text, want := range map[string]string{
		`"19.99"`: `"19.99"`, `19.99`: `"19.99"`, `"-5.000000"`: `"-5"`, `0`: `"0"`, `"0.00"`: `"0"`, `1.0366666666666666`: `"1.0366666666666666"`,
		`""`: `""`, `null`: `""`, `false`: `""`, `[]`: `""`, `1e2`: `"100"`,
	} {
		var d Decimal
		require.NoError(t, json.Unmarshal([]byte(text), &d), text)
		encoded, err := json.Marshal(d)
		require.NoError(t, err)
		require.Equal(t, want, string(encoded), text)
		require.Equal(t, want != `""`, d.Valid, text)
	}
	for _, text := range []string{`"abc"`, `"1,50"`, `[1]`, `"1e999999999"`, `"1e-999999999"`, `"12 EUR"`} {
		var d Decimal
		require.Error(t, json.Unmarshal([]byte(text), &d), text)
	}
}

func TestTime(t *testing.T) {
	moment := time.Date(2026, 11, 23, 3, 15, 6, 0, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-11-23T03:15:06"`:       moment,
		`"2026-11-23 03:15:06"`:       moment,
		`"2026-11-23T05:15:06+02:00"`: moment,
		`"2026-11-23T03:15:06Z"`:      moment,
		`"2026-11-23"`:                time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		`null`:                        {}, `""`: {}, `false`: {}, `"0000-00-00T00:00:00"`: {}, `"0000-00-00 00:00:00"`: {},
	} {
		var got Time
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.True(t, want.Equal(got.Time), text)
		require.Equal(t, time.UTC, got.Location(), text)
	}
	var bad Time
	require.NoError(t, json.Unmarshal([]byte(`"yesterday"`), &bad))
	require.True(t, bad.Odd)

	encoded, err := json.Marshal([]Time{NewTime(moment.In(time.FixedZone("", 3600))), {}})
	require.NoError(t, err)
	require.Equal(t, `["2026-11-23T03:15:06",null]`, string(encoded))
}

func TestStockSource(t *testing.T) {
	for text, want := range map[string]StockSource{`true`: StockOwn, `"yes"`: StockOwn, `false`: StockUnmanaged, `null`: StockUnmanaged, `"parent"`: StockOfParent} {
		var s StockSource
		require.NoError(t, json.Unmarshal([]byte(text), &s), text)
		require.Equal(t, want, s, text)
	}
	encoded, err := json.Marshal([]StockSource{StockOwn, StockUnmanaged, StockOfParent})
	require.NoError(t, err)
	require.Equal(t, `[true,false,"parent"]`, string(encoded))
}

func TestMetaText(t *testing.T) {
	fields := []Meta{{Key: "a", Value: json.RawMessage(`"x"`)}, {Key: "b", Value: json.RawMessage(`12`)}, {Key: "c", Value: json.RawMessage(`{"d":1}`)}}
	for key, want := range map[string]string{"a": "x", "b": "12"} {
		m, found := FindMeta(fields, key)
		require.True(t, found)
		text, ok := m.Text()
		require.True(t, ok)
		require.Equal(t, want, text)
	}
	m, found := FindMeta(fields, "c")
	require.True(t, found)
	_, ok := m.Text()
	require.False(t, ok)
	_, found = FindMeta(fields, "missing")
	require.False(t, found)
}

// A scalar type may refuse a value, but what it accepts must survive being written and read again.
func FuzzScalars(f *testing.F) {
	for _, text := range []string{`1`, `"1"`, `""`, `null`, `false`, `[]`, `"2026-11-23T03:15:06"`, `"19.990000"`, `"yes"`, `"parent"`, `1e5`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		again[ID](t, data)
		again[Int](t, data)
		again[Bool](t, data)
		again[String](t, data)
		again[Decimal](t, data)
		again[Time](t, data)
		again[StockSource](t, data)
	})
}

func again[T any](t *testing.T, data []byte) {
	var first, second T
	if json.Unmarshal(data, &first) != nil {
		return
	}
	encoded, err := json.Marshal(first)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(encoded, &second))
	reencoded, err := json.Marshal(second)
	require.NoError(t, err)
	require.Equal(t, string(encoded), string(reencoded))
}
