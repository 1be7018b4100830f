package tax

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
)

// Rate is what a tax is known by. The store's number alone is not enough: rates are edited in place, deleted, and their
// numbers given to others, while orders keep what they were taxed with.
type Rate struct {
	Number   string // the store's id of the rate, or the code of one that a tax service calculated
	Percent  decimal.Decimal
	Compound bool
	Country  string // ISO 3166-1 alpha-2; empty is everywhere
}

// Key names the rate: "2@19-DE", "14@9.975c-CA". A rate that gets another percentage is another tax.
func (r Rate) Key(ec mapping.Context) erp.Key {
	id := r.Number + "@" + r.Percent.String()
	if r.Compound {
		id += "c"
	}
	if r.Country != "" {
		id += "-" + r.Country
	}
	return mapping.NamedKey(ec, mapping.TaxName, id)
}

// CurrentKey names whichever tax a number stands for now: what an order that does not state the percentage is taxed with.
func CurrentKey(ec mapping.Context, number string) erp.Key {
	return mapping.NamedKey(ec, mapping.TaxName, number+"@")
}

// NumberKey names a tax that was mapped by hand, or landed before taxes were known by their rates.
func NumberKey(ec mapping.Context, number string) erp.Key {
	return mapping.NamedKey(ec, mapping.TaxName, number)
}

// codePattern is how the code of a rate begins that is of one country: "DE-MWST-1".
var codePattern = regexp.MustCompile(`^([A-Z]{2})-`)

// CountryOfCode gives the country that the code of a rate begins with.
func CountryOfCode(code string) string {
	if match := codePattern.FindStringSubmatch(code); match != nil {
		return match[1]
	}
	return ""
}

// countryOfRate gives the country that the code of a rate in the store's table begins with: its own, or what its name looks
// like when it is of none.
func countryOfRate(country, name string) string {
	if country != "" {
		return country
	}
	return CountryOfCode(strings.ToUpper(name) + "-")
}
