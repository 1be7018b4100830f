package mapping_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
)

func TestWithRaw(t *testing.T) {
	for _, test := range []struct {
		raw   string
		parts []json.RawMessage
		want  string
	}{
		{`{"id":1}`, nil, `{"id":1}`},
		{`{"id":1}`, []json.RawMessage{[]byte(`{"a":1}`), []byte(`{"b":2}`)}, `{"id":1,"_parts":[{"a":1},{"b":2}]}`},
		{`{}`, []json.RawMessage{[]byte(`1`)}, `{"_parts":[1]}`},
		{``, []json.RawMessage{[]byte(`1`)}, ``},
	} {
		raw := json.RawMessage(test.raw)
		require.Equal(t, test.want, string(mapping.WithRaw(raw, "_parts", test.parts)))
		require.Equal(t, test.raw, string(raw), "the store's bytes stay as they are")
	}
}
