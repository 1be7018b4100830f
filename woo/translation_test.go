package woo

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOriginalOfTranslations(t *testing.T) {
	for name, c := range map[string]struct {
		own      ID
		language string
		others   string
		store    string
		want     ID
	}{
		"no language":                  {7, "", `{"fr": 5}`, "fr_FR", 7},
		"no translations":              {7, "fr", `[]`, "en_US", 7},
		"the store's language":         {7, "en", `{"fr": 9, "en": 7}`, "fr_FR", 9},
		"itself":                       {9, "fr", `{"fr": 9, "en": 7}`, "fr_FR", 9},
		"without itself":               {9, "fr", `{"en": "7"}`, "fr_FR", 9},
		"a country's variety":          {7, "en", `{"pt-br": 9, "pt": 8}`, "pt_BR", 9},
		"the language of another land": {7, "en", `{"de": 9}`, "de_AT", 9},
		"capital letters":              {7, "EN", `{"FR": "9"}`, "fr_FR", 9},
		"the store does not say":       {7, "en", `{"fr": 5, "en": 7}`, "", 5},
		"not in the store's language":  {7, "en", `{"de": 5, "en": 7}`, "fr_FR", 5},
		"one without a translation":    {7, "en", `{"fr": 0, "en": 7}`, "fr_FR", 7},
		"a text":                       {7, "en", `"none"`, "fr_FR", 7},
	} {
		t.Run(name, func(t *testing.T) {
			var others Translations
			require.NoError(t, json.Unmarshal([]byte(c.others), &others))
			require.Equal(t, c.want, others.Original(c.own, c.language, c.store))
		})
	}
}

func FuzzTranslations(f *testing.F) {
	f.Add([]byte(`{"fr": "9", "en": 7}`), "fr", "fr_FR")
	f.Add([]byte(`{"": {"id": 3}}`), "", "_")
	f.Fuzz(func(t *testing.T, raw []byte, language, store string) {
		var others Translations
		if json.Unmarshal(raw, &others) != nil {
			return
		}
		require.Contains(t, append(slices.Collect(maps.Values(others)), 7), others.Original(7, language, store))
	})
}
