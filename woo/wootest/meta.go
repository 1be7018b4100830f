package wootest

import (
	"bytes"
	"encoding/json"
)

// meta is one custom field. The value may be any JSON.
type meta struct {
	ID    int
	Key   string
	Value json.RawMessage
}

// metaInput is a custom field as a client sends it: with an id it edits that one, without it edits the first of the
// same key or adds one, and null removes.
type metaInput struct {
	ID    integer         `json:"id"`
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

func textMeta(id int, key, value string) meta {
	quoted := (&encoder{})
	quoted.quote(value)
	return meta{ID: id, Key: key, Value: quoted.b}
}

// mergeMeta applies a client's list to a copy of the fields.
func mergeMeta(old []meta, in []metaInput, nextID *int) []meta {
	merged := append([]meta(nil), old...)
	for _, m := range in {
		at := findMeta(merged, m)
		removed := len(m.Value) == 0 || bytes.Equal(m.Value, []byte("null"))
		switch {
		case at >= 0 && removed:
			merged = append(merged[:at], merged[at+1:]...)
		case at >= 0:
			merged[at].Value = m.Value
		case !removed:
			merged = append(merged, meta{ID: take(nextID), Key: m.Key, Value: m.Value})
		}
	}
	return merged
}

func findMeta(all []meta, in metaInput) int {
	for i, m := range all {
		if in.ID != 0 && m.ID == int(in.ID) || in.ID == 0 && m.Key == in.Key {
			return i
		}
	}
	return -1
}

func (e *encoder) meta(all []meta) {
	e.array("meta_data")
	e.metaFields(all)
	e.close(']')
}

func (e *encoder) metaFields(all []meta) {
	for _, m := range all {
		e.open('{')
		e.num("id", m.ID)
		e.str("key", m.Key)
		e.raw("value", string(m.Value))
		e.close('}')
	}
}
