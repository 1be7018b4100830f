package woo

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClean(t *testing.T) {
	for name, test := range map[string][2]string{
		"plain":                       {`{"a":"b\\n"}`, `{"a":"b\\n"}`},
		"NUL":                         {`"a\u0000b"`, `"ab"`},
		"only NUL":                    {`"\u0000\u0000"`, `""`},
		"NUL in a name":               {`{"a\u0000":1}`, `{"a":1}`},
		"an escaped backslash":        {`"a\\u0000b"`, `"a\\u0000b"`},
		"after an escaped backslash":  {`"a\\\u0000b"`, `"a\\b"`},
		"emoji":                       {`"\ud83d\ude00 \u00e9"`, `"\ud83d\ude00 \u00e9"`},
		"emoji, capital letters":      {`"\uD83D\uDE00"`, `"\uD83D\uDE00"`},
		"half a pair":                 {`"a\ud83db"`, `"a\ufffdb"`},
		"the other half":              {`"\ude00"`, `"\ufffd"`},
		"two first halves":            {`"\ud83d\ud83d\ude00"`, `"\ufffd\ud83d\ude00"`},
		"half a pair, then a letter":  {`"\ud83d\u00e9"`, `"\ufffd\u00e9"`},
		"half a pair, then NUL":       {`"\ud83d\u0000x"`, `"\ufffdx"`},
		"at the end":                  {`"\ud83d`, `"\ufffd`},
		"cut":                         {`"\u00`, `"\u00`},
		"a backslash at the very end": {`"\`, `"\`},
	} {
		got := clean([]byte(test[0]))
		require.Equal(t, test[1], string(got), name)
		require.Equal(t, json.Valid([]byte(test[0])), json.Valid(got), name)
	}
}

func TestCleanLeavesWhatIsCleanInPlace(t *testing.T) {
	value := []byte(`{"name":"Tea \u2013 \ud83c\udf75"}`)
	require.Same(t, &value[0], &clean(value)[0])
}

func TestOddShapes(t *testing.T) {
	for name, test := range map[string]struct {
		raw  string
		want func(*testing.T, Product)
	}{
		"variations as objects": {`{"id":1,"variations":[{"id":1041,"sku":"A"},{"id":"1042"},1043,"1044"]}`, func(t *testing.T, p Product) {
			require.Equal(t, []ID{1041, 1042, 1043, 1044}, p.Variations)
		}},
		"variations as objects under numbers": {`{"id":1,"variations":{"0":{"id":7},"2":{"id":9}}}`, func(t *testing.T, p Product) {
			require.Equal(t, []ID{7, 9}, p.Variations)
		}},
		"grouped products, cross-sells and upsells as objects": {
			`{"id":1,"grouped_products":[{"id":5}],"cross_sell_ids":[{"id":6}],"upsell_ids":[{"id":7,"name":"x"}]}`, func(t *testing.T, p Product) {
				require.Equal(t, [][]ID{{5}, {6}, {7}}, [][]ID{p.GroupedProducts, p.CrossSellIDs, p.UpsellIDs})
			}},
		"a parent as object":     {`{"id":1,"parent_id":{"id":4}}`, func(t *testing.T, p Product) { require.Equal(t, ID(4), p.ParentID) }},
		"categories as bare ids": {`{"id":1,"categories":[15,"16"]}`, func(t *testing.T, p Product) { require.Equal(t, ID(15), p.Categories[0].ID) }},
		"meta as a dictionary": {`{"id":1,"meta_data":{"vat":"FR1","level":3}}`, func(t *testing.T, p Product) {
			for key, want := range map[string]string{"vat": "FR1", "level": "3"} {
				meta, ok := FindMeta(p.MetaData, key)
				require.True(t, ok, key)
				text, _ := meta.Text()
				require.Equal(t, want, text)
			}
		}},
		"meta as numbered objects": {`{"id":1,"meta_data":{"0":{"id":1,"key":"a","value":"x"},"1":{"id":2,"key":"b","value":"y"}}}`, func(t *testing.T, p Product) {
			require.Len(t, p.MetaData, 2)
			require.Equal(t, "b", p.MetaData[1].Key)
		}},
		"meta as named objects": {`{"id":1,"meta_data":{"_vat":{"id":9,"key":"vat","value":"x"}}}`, func(t *testing.T, p Product) {
			require.Equal(t, "vat", p.MetaData[0].Key)
		}},
		"dates of images": {`{"id":1,"images":[{"id":2,"date_modified_gmt":"-0001-11-30T00:00:00","src":"x"},{"id":3,"date_modified_gmt":"20205-01-01"}]}`,
			func(t *testing.T, p Product) {
				require.True(t, p.Images[0].DateModified.IsZero())
				require.False(t, p.Images[0].DateModified.Odd)
				require.True(t, p.Images[1].DateModified.Odd)
			}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Decode[Product]([]byte(test.raw))
			require.NoError(t, err)
			test.want(t, p)
		})
	}
}

func TestTimes(t *testing.T) {
	for text, test := range map[string]struct {
		want string // empty: none
		odd  bool
	}{
		`"2026-03-02T09:30:00"`:       {"2026-03-02T09:30:00Z", false},
		`"2026-03-02T09:30:00.123"`:   {"2026-03-02T09:30:00Z", false},
		`"2026-03-02T09:30:00+02:00"`: {"2026-03-02T07:30:00Z", false},
		`"2026-03-02 09:30:00"`:       {"2026-03-02T09:30:00Z", false},
		`"2026-03-02"`:                {"2026-03-02T00:00:00Z", false},
		`1772443800`:                  {"2026-03-02T09:30:00Z", false},
		`"1772443800"`:                {"2026-03-02T09:30:00Z", false},
		`null`:                        {"", false},
		`""`:                          {"", false},
		`false`:                       {"", false},
		`[]`:                          {"", false},
		`"0000-00-00 00:00:00"`:       {"", false},
		`"-0001-11-30T00:00:00"`:      {"", false},
		`"20205-01-01T00:00:00"`:      {"", true},
		`"2026-02-30"`:                {"", true},
		`"yesterday"`:                 {"", true},
		`"02/03/2026"`:                {"", true},
		`5`:                           {"", true},
		`{"date":"2026-03-02 09:30:00","timezone":"UTC"}`: {"", true},
		`["2026-03-02"]`:       {"", true},
		`99999999999999999999`: {"", true},
	} {
		var got Time
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, test.odd, got.Odd, text)
		require.Equal(t, test.want == "", got.IsZero(), text)
		if test.want != "" {
			require.Equal(t, test.want, got.Format("2006-01-02T15:04:05Z"), text)
		}
	}
}
