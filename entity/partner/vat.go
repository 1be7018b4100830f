package partner

import (
	"regexp"
	"strings"

	"tandem/entity/mapping"
	"tandem/woo"
)

// vatFields are the meta fields in which well-known plugins keep the VAT number of a buyer, of accounts and of orders: EU VAT Number,
// EU VAT Assistant, EU/UK VAT for WooCommerce and Booster, Germanized, and EU/UK VAT Compliance.
var vatFields = []string{
	"_billing_vat_number", "billing_vat_number", "_vat_number", "vat_number",
	"_billing_eu_vat_number", "billing_eu_vat_number",
	"_billing_vat_id", "billing_vat_id", "_shipping_vat_id", "shipping_vat_id",
	"VAT Number",
}

// vatPatterns say how VAT numbers are written, by the prefix of the country that gives them: those of the European Union, and of its
// neighbours that have such numbers. Whether a number was given to anybody is not looked up.
var vatPatterns = map[string]*regexp.Regexp{
	"AT": vatPattern(`U\d{8}`), "BE": vatPattern(`[01]\d{9}`), "BG": vatPattern(`\d{9,10}`), "CY": vatPattern(`\d{8}[A-Z]`),
	"CZ": vatPattern(`\d{8,10}`), "DE": vatPattern(`\d{9}`), "DK": vatPattern(`\d{8}`), "EE": vatPattern(`\d{9}`),
	"EL": vatPattern(`\d{9}`), "ES": vatPattern(`[A-Z0-9]\d{7}[A-Z0-9]`), "FI": vatPattern(`\d{8}`), "FR": vatPattern(`[A-HJ-NP-Z0-9]{2}\d{9}`),
	"HR": vatPattern(`\d{11}`), "HU": vatPattern(`\d{8}`), "IE": vatPattern(`\d[A-Z0-9+*]\d{5}[A-Z]{1,2}`), "IT": vatPattern(`\d{11}`),
	"LT": vatPattern(`(\d{9}|\d{12})`), "LU": vatPattern(`\d{8}`), "LV": vatPattern(`\d{11}`), "MT": vatPattern(`\d{8}`),
	"NL": vatPattern(`[A-Z0-9+*]{10}\d{2}`), "PL": vatPattern(`\d{10}`), "PT": vatPattern(`\d{9}`), "RO": vatPattern(`\d{2,10}`),
	"SE": vatPattern(`\d{12}`), "SI": vatPattern(`\d{8}`), "SK": vatPattern(`\d{10}`),
	"CH": vatPattern(`E\d{9}(MWST|TVA|IVA)?`), "GB": vatPattern(`(\d{9}|\d{12}|(GD|HA)\d{3})`), "NO": vatPattern(`\d{9}(MVA)?`),
	"XI": vatPattern(`(\d{9}|\d{12}|(GD|HA)\d{3})`),
}

func vatPattern(pattern string) *regexp.Regexp { return regexp.MustCompile(`^` + pattern + `$`) }

// maxVATNumber bounds what is taken for a VAT number, or kept as one that is not valid.
const maxVATNumber = 40

// VAT is the VAT number that a buyer gave.
type VAT struct {
	Number  string // with the prefix of its country and without blanks; empty when none was given, or one that cannot be valid
	Invalid string // as it was given, when it cannot be valid
}

// VATOf finds the VAT number in meta fields: in those that the instance names, or in those of well-known plugins. The country is that of
// the buyer, ISO 3166-1 alpha-2: people leave it out of their number.
func VATOf(ec mapping.Context, meta []woo.Meta, country string) VAT {
	fields := ec.Instance.Config.Tax.VATNumberFields
	if len(fields) == 0 {
		fields = vatFields
	}
	for _, field := range fields {
		entry, _ := woo.FindMeta(meta, field)
		if given, ok := entry.Text(); ok && strings.TrimSpace(given) != "" {
			return parseVAT(given, country)
		}
	}
	return VAT{}
}

// parseVAT checks how a number is written. One of a country whose numbers are not known is taken as it was given.
func parseVAT(given, country string) VAT {
	given = strings.TrimSpace(given)
	if runes := []rune(given); len(runes) > maxVATNumber {
		return VAT{Invalid: string(runes[:maxVATNumber])}
	}
	number := strings.ToUpper(compactVAT(given))
	prefix, rest := vatPrefix(number, strings.ToUpper(country))
	pattern := vatPatterns[prefix]
	switch {
	case pattern == nil:
		return VAT{Number: given}
	case pattern.MatchString(rest):
		return VAT{Number: prefix + rest}
	default:
		return VAT{Invalid: given}
	}
}

// vatPrefix parts a number into the prefix of its country and what follows. Letters at its beginning may be a prefix or belong to the
// number, as in France and Spain: they are what makes it one that can be valid.
func vatPrefix(number, country string) (prefix, rest string) {
	own := vatCountry(country)
	if len(number) <= 2 {
		return own, number
	}
	begins, rest := vatCountry(number[:2]), number[2:]
	pattern := vatPatterns[begins]
	switch {
	case pattern != nil && pattern.MatchString(rest):
		return begins, rest
	case pattern != nil && (vatPatterns[own] == nil || !vatPatterns[own].MatchString(number)):
		return begins, rest
	default:
		return own, number
	}
}

// vatCountry gives the prefix of a country's VAT numbers: Greece has another code there.
func vatCountry(country string) string {
	if country == "GR" {
		return "EL"
	}
	return country
}

// compactVAT leaves out the blanks and signs that people write into a number.
func compactVAT(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0.-/", r) {
			return -1
		}
		return r
	}, number)
}
