package mapping

import (
	"encoding/json"
)

// WithRaw adds to a record's raw JSON object what was read along with it, under a name of ours that begins with "_", so
// that the stored copy is complete. The store's own bytes stay as they are.
func WithRaw(raw json.RawMessage, name string, parts []json.RawMessage) json.RawMessage {
	if len(parts) == 0 || len(raw) < 2 || raw[len(raw)-1] != '}' {
		return raw
	}
	out := append(make(json.RawMessage, 0, 2*len(raw)), raw[:len(raw)-1]...)
	if len(raw) > 2 {
		out = append(out, ',')
	}
	out = append(out, '"')
	out = append(out, name...)
	out = append(out, `":[`...)
	for i, part := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, part...)
	}
	return append(out, "]}"...)
}
