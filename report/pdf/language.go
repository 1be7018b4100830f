package pdf

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"tandem/report"
)

// locale is the language of a report and how it writes numbers and days.
type locale struct {
	words
	tag     language.Tag // of the words
	printer *message.Printer
	point   string // between whole numbers and fractions
}

// newLocale gives the locale of a language; English for one that is not known. Where there are no words in a language, they are English, and
// the numbers are those of the language all the same.
func newLocale(name string) locale {
	tag, err := report.ParseLanguage(name)
	if err != nil {
		tag = language.English
	}
	_, at, confidence := language.NewMatcher(languages).Match(tag)
	if confidence == language.No {
		at = 0
	}
	if latin, err := tag.SetTypeForKey("nu", "latn"); err == nil {
		tag = latin // digits of other scripts do not line up, and are not in every font
	}
	l := locale{words: wordsOf[languages[at]], tag: languages[at], printer: message.NewPrinter(tag)}
	half := l.printer.Sprint(number.Decimal(0.5, number.Scale(1)))
	l.point = strings.TrimSuffix(strings.TrimPrefix(half, "0"), "5")
	return l
}

// amount writes a number with some decimals.
func (l locale) amount(d decimal.Decimal, places int32) string {
	fixed := d.Abs().StringFixed(places)
	whole, fraction, _ := strings.Cut(fixed, ".")
	text := whole
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		text = l.printer.Sprint(number.Decimal(n))
	}
	if fraction != "" {
		text += l.point + fraction
	}
	if d.IsNegative() && strings.Trim(fixed, "0.") != "" {
		return "−" + text
	}
	return text
}

// number writes a number with the decimals that it has.
func (l locale) number(d decimal.Decimal) string { return l.amount(d, max(0, -normal(d).Exponent())) }

// normal gives a number without zeros at its end.
func normal(d decimal.Decimal) decimal.Decimal {
	short, err := decimal.NewFromString(d.String())
	if err != nil {
		return d
	}
	return short
}

// count writes a whole number.
func (l locale) count(n int64) string { return l.printer.Sprint(number.Decimal(n)) }

// day writes a day as people in the language do.
func (l locale) day(day time.Time) string { return day.Format(l.Date) }

// country gives the name of a country by its code.
func (l locale) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil || !region.IsCountry() {
		return code
	}
	if name := display.Regions(l.tag).Name(region); name != "" {
		return name
	}
	return code
}
