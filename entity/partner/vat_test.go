package partner

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/woo"
)

// TestVATNumbersAreChecked: what people write where a store asks for their VAT number (U11).
func TestVATNumbersAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		given, country string
		want           VAT
	}{
		"as it should be":             {"FR40303265045", "FR", VAT{Number: "FR40303265045"}},
		"with blanks and small":       {" fr 40 303 265 045 ", "FR", VAT{Number: "FR40303265045"}},
		"without its country":         {"40303265045", "FR", VAT{Number: "FR40303265045"}},
		"of another country":          {"DE 136.695.976", "FR", VAT{Number: "DE136695976"}},
		"letters first, no country":   {"B-12345678", "ES", VAT{Number: "ESB12345678"}},
		"looks like another country":  {"FR1234567", "IE", VAT{Invalid: "FR1234567"}},
		"fits its country as it is":   {"LU303265045", "FR", VAT{Number: "FRLU303265045"}},
		"Greece by its other letters": {"GR094259216", "GR", VAT{Number: "EL094259216"}},
		"Greece without letters":      {"094259216", "GR", VAT{Number: "EL094259216"}},
		"Austria without its country": {"U12345675", "AT", VAT{Number: "ATU12345675"}},
		"Ireland, the newer form":     {"IE6433435OA", "IE", VAT{Number: "IE6433435OA"}},
		"Northern Ireland":            {"XI123456789", "GB", VAT{Number: "XI123456789"}},
		"Switzerland":                 {"CHE-123.456.788 MWST", "CH", VAT{Number: "CHE123456788MWST"}},
		"the Netherlands":             {"NL004495445B01", "NL", VAT{Number: "NL004495445B01"}},
		"too short":                   {"FR123", "FR", VAT{Invalid: "FR123"}},
		"a word":                      {"none", "DE", VAT{Invalid: "none"}},
		"where it is not known":       {"12-3456789", "US", VAT{Number: "12-3456789"}},
		"without a country":           {"12 34", "", VAT{Number: "12 34"}},
		"much too long":               {strings.Repeat("9", 60), "US", VAT{Invalid: strings.Repeat("9", 40)}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, parseVAT(c.given, c.country)) })
	}
}

// TestVATNumberFields: the fields of well-known plugins, unless the instance names others.
func TestVATNumberFields(t *testing.T) {
	for _, field := range vatFields {
		meta := []woo.Meta{entitytest.Meta("_other", `"x"`), entitytest.Meta(field, `"DE136695976"`)}
		require.Equal(t, VAT{Number: "DE136695976"}, VATOf(entitytest.Demo(), meta, "DE"), field)
	}
	both := []woo.Meta{entitytest.Meta("_vat_number", `""`), entitytest.Meta("vat_number", `"DE136695976"`), entitytest.Meta("_tva", `"FR40303265045"`)}
	require.Equal(t, "DE136695976", VATOf(entitytest.Demo(), both, "DE").Number, "an empty one is none")
	ec := entitytest.Demo()
	ec.Instance.Config.Tax.VATNumberFields = []string{"_tva"}
	require.Equal(t, "FR40303265045", VATOf(ec, both, "DE").Number)
	require.Zero(t, VATOf(ec, both[:2], "DE"))
	require.Zero(t, VATOf(entitytest.Demo(), []woo.Meta{entitytest.Meta("_vat_number", `{"a":1}`)}, "DE"))
}

func FuzzVATNumber(f *testing.F) {
	f.Add("FR40303265045", "FR")
	f.Add("GR", "GR")
	f.Add("\xff\x00é", "")
	f.Fuzz(func(t *testing.T, given, country string) {
		vat := parseVAT(given, country)
		require.False(t, vat.Number != "" && vat.Invalid != "", strconv.Quote(given))
		require.LessOrEqual(t, len([]rune(vat.Number+vat.Invalid)), maxVATNumber+2)
	})
}
