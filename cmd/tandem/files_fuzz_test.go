package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// FuzzFiles: whatever a file holds that a person gives, it is taken as it is, or refused by the name of the flag.
func FuzzFiles(f *testing.F) {
	for _, seed := range []string{
		`{"general":{"warehouse":"WH"}}`, "\xef\xbb\xbf{}", "\xff\xfe{\x00}\x00", "[]", "null", "{}{}", `{"a":`, "",
		`{"id":"other","name":"Odoo","validate_order":true}`, `{"rate_500":0.1,"routes":[{"route":"orders","times":-1}]}`, `{"rate_500":2}`,
	} {
		f.Add([]byte(seed))
	}
	file := filepath.Join(f.TempDir(), "input.json")
	f.Fuzz(func(t *testing.T, content []byte) {
		require.NoError(t, os.WriteFile(file, content, 0o600))
		c := newRoot()
		text, err := readObject(c, file)
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.Equal(t, "--file", fault.From(err).Field)
		} else {
			require.NotNil(t, text)
			sent, err := json.Marshal(text)
			require.NoError(t, err)
			require.True(t, json.Valid(sent))
		}
		if _, err := readFaults(file); err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		}
	})
}
