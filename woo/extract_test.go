package woo

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExtract(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"plain", `{"id":1}`, `{"id":1}`},
		{"list", ` [{"a":"]}"}, {"b":"\\"}] `, `[{"a":"]}"}, {"b":"\\"}]`},
		{"empty list", "[]\n", `[]`},
		{"byte order mark", "\xef\xbb\xbf{\"id\":1}", `{"id":1}`},
		{"notice", "<br />\n<b>Warning</b>: Undefined array key [x] in <b>/a/b.php</b> on line <b>{3}</b><br />\n{\"id\":1}", `{"id":1}`},
		{"log line", "[23-Nov-2026 03:15:01 UTC] PHP Notice: x\n[{\"id\":1}]", `[{"id":1}]`},
		{"notice with an unclosed brace", `Array {"a: {"id":1}`, `{"id":1}`},
		{"echo at the end", `{"id":1}<!-- cached -->{"x":2}`, `{"id":1}`},
		{"pretty printed", "[\n  {\n \"id\": 1 } ]", "[\n  {\n \"id\": 1 } ]"},
		{"escaped quotes", `{"a":"\"}","b":"\\\""}`, `{"a":"\"}","b":"\\\""}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := extract([]byte(test.body))
			require.NoError(t, err)
			require.Equal(t, test.want, string(got))
		})
	}
}

func TestExtractFindsNothing(t *testing.T) {
	for _, body := range []string{"", "Error establishing a database connection", `<html><script>x={"a":1}</script>`, "<!-- x --><!DocType html>[]", "[1,2]", `"text"`} {
		_, err := extract([]byte(body))
		require.ErrorIs(t, err, errNoJSON, body)
	}
	for _, body := range []string{`{"id":1`, `[{"id":1}`, `{"id":"1`, `[{"id":"\"`, "<b>Notice</b>: x\n[{\"id\":1}", " \n[{\"id\":1}"} {
		_, err := extract([]byte(body))
		require.ErrorIs(t, err, errCut, body)
	}
}

// A page made of openings must not cost time in the square of its length.
func TestExtractGivesUpEarly(t *testing.T) {
	_, err := extract([]byte("x" + strings.Repeat(`{"`, 1<<20)))
	require.Error(t, err)
}

func TestSplitList(t *testing.T) {
	items, err := splitList([]byte(`[ {"a":[1,{"b":"}"}]} , {"c":2} ]`))
	require.NoError(t, err)
	require.Equal(t, []string{`{"a":[1,{"b":"}"}]}`, `{"c":2}`}, []string{string(items[0]), string(items[1])})
	items, err = splitList([]byte(`[]`))
	require.NoError(t, err)
	require.Empty(t, items)
	for _, bad := range []string{``, `{}`, `[1]`, `[{"a":1}`, `[{"a":1},`} {
		_, err := splitList([]byte(bad))
		require.Error(t, err, bad)
	}
}

func FuzzExtract(f *testing.F) {
	for _, seed := range []string{`{"id":1}`, "\xef\xbb\xbf[]", `notice {"x [{"id":"\"}]"}] tail`, `<html>{"a":1}`, `[{"a":1},{"b":2}]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		value, err := extract(body)
		if err != nil {
			return
		}
		require.True(t, bytes.Contains(body, value))
		once, err := extract(value)
		require.NoError(t, err)
		require.Equal(t, value, once)
		if items, err := splitList(value); err == nil {
			for _, item := range items {
				require.True(t, bytes.Contains(value, item))
			}
		}
	})
}
