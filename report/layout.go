package report

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"tandem/fault"
)

// What a printed report can look like. The first of each is what it looks like unless somebody chooses.
var (
	// Styles: summary has a chart and what sold best, compact is figures only, table lists each order and refund.
	styles = []string{"summary", "compact", "table"}
	fonts  = []string{"sans", "serif", "mono"}
	pages  = []string{"A4", "Letter"}
)

// Layout is what a printed report looks like. Empty fields are as installed.
type Layout struct {
	Style    string
	Font     string
	Page     string
	Accent   string // the colour of heads and bars, e.g. "#1f4e79"
	Ink      string // the colour of text
	Language string // e.g. "fr" or "de-CH", also of the number format; empty is the store's
	Logo     []byte // a PNG, as CheckLogo gives it
}

// The colours of a report for which nobody chose any.
const (
	defaultAccent = "#1f4e79"
	defaultInk    = "#222222"
)

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Complete fills in what is left open, and refuses what a report cannot look like.
func (l Layout) Complete() (Layout, error) {
	for _, choice := range []struct {
		field  string
		value  *string
		of     []string
		advice string
	}{
		{"style", &l.Style, styles, "must be summary, compact or table"},
		{"font", &l.Font, fonts, "must be sans, serif or mono"},
		{"page", &l.Page, pages, "must be A4 or Letter"},
	} {
		if *choice.value == "" {
			*choice.value = choice.of[0]
		}
		if !slices.Contains(choice.of, *choice.value) {
			return l, fault.Field(choice.field, "%s", choice.advice)
		}
	}
	for _, choice := range []struct {
		field  string
		value  *string
		chosen string
	}{{"accent", &l.Accent, defaultAccent}, {"ink", &l.Ink, defaultInk}} {
		if *choice.value == "" {
			*choice.value = choice.chosen
		}
		if !colour.MatchString(*choice.value) {
			return l, fault.Field(choice.field, "must be a colour such as #1f4e79")
		}
	}
	if l.Language != "" {
		if _, err := ParseLanguage(l.Language); err != nil {
			return l, fault.Field("language", "must be a language such as fr or de-CH")
		}
	}
	return l, nil
}

// ParseLanguage reads a language as browsers ("de-CH") and WordPress ("de_CH_informal") name it.
func ParseLanguage(name string) (language.Tag, error) {
	parts := strings.Split(strings.ReplaceAll(name, "_", "-"), "-")
	tag, err := language.Parse(strings.Join(parts[:min(2, len(parts))], "-"))
	if err != nil {
		return tag, fault.Wrap(fault.Invalid, err, "%q is not a language", name)
	}
	return tag, nil
}
