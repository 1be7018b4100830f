package woo

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Translations are the records that say the same in different languages, by the code of the language: "fr", "pt-br". Plugins such as
// WPML and Polylang keep each language's product as a product of its own.
type Translations map[string]ID

// UnmarshalJSON reads ids as PHP sends them. Where there is none, it sends an empty list.
func (t *Translations) UnmarshalJSON(data []byte) error {
	*t = nil
	if data = bytes.TrimSpace(data); len(data) == 0 || data[0] != '{' {
		return nil
	}
	var byLanguage map[string]json.RawMessage
	if err := json.Unmarshal(data, &byLanguage); err != nil {
		return err
	}
	for language, raw := range byLanguage {
		var id ID
		if err := json.Unmarshal(raw, &id); err != nil {
			return err
		}
		if id != 0 {
			if *t == nil {
				*t = Translations{}
			}
			(*t)[language] = id
		}
	}
	return nil
}

// Original gives the one of a record's translations that counts: that in the language of the store, as WordPress names it ("fr_FR"); where
// there is none, the oldest. It is the record itself where there are no others.
func (t Translations) Original(own ID, language, storeLanguage string) ID {
	if language == "" || len(t) == 0 {
		return own
	}
	oldest := own
	for _, id := range t {
		oldest = min(oldest, id)
	}
	locale := strings.ToLower(strings.ReplaceAll(storeLanguage, "_", "-"))
	short, _, _ := strings.Cut(locale, "-")
	for _, code := range []string{locale, short} {
		if code != "" && code == strings.ToLower(language) {
			return own
		}
		for _, of := range t.languages() {
			if code != "" && strings.ToLower(of) == code {
				return t[of]
			}
		}
	}
	return oldest
}

func (t Translations) languages() []string {
	var list []string
	for language := range t {
		list = append(list, language)
	}
	slices.Sort(list)
	return list
}
