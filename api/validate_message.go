package api

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// patternTexts say in words what the contract's regular expressions ask for.
var patternTexts = map[string]string{
	"^[a-z0-9][a-z0-9-]{0,31}$":                   "must be 1 to 32 of a–z, 0–9 and -, and must not begin with -, e.g. myshop",
	"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": "must be an id as lists show it, e.g. 01a206b7-1121-76c5-8f51-13a7e2e2f676",
	"^[1-9][0-9]{0,17}/[1-9][0-9]{0,17}$":         "must be the ids of a product and its variant, e.g. 12/34",
	"^[1-9][0-9]{0,17}(/[1-9][0-9]{0,17})?$":      "must be the id of a product, e.g. 12, or of a variant, e.g. 12/34",
	"^[1-9][0-9]{0,17}$":                          "must be an id of the ledger, a number",
	`^[0-9]{1,12}(\.[0-9]{1,8})?$`:                `must be a number in quotes, e.g. "19.99"`,
	"^[A-Z]{3}$":                                  "must be a currency of ISO 4217, e.g. EUR",
	"^[A-Z]{2}$":                                  "must be a country of two capital letters, e.g. DE",
	"^https?://":                                  "must be an address that begins with http:// or https://",
	"^(regular|sale)-[A-Z]{3}$":                   "must be a kind and a currency, e.g. regular-EUR or sale-EUR",
}

// friendly says what a value must be, in the words of the person who gave it. The validator's own text speaks of schemas
// and regular expressions.
func friendly(e *openapi3.SchemaError) string {
	s := e.Schema
	switch e.SchemaField {
	case "required":
		return "is missing"
	case "enum":
		return "must be one of " + choices(s.Enum)
	case "pattern":
		if text := patternTexts[s.Pattern]; text != "" {
			return text
		}
		return "is not written as it must be"
	case "minLength":
		return lengthText(s.MinLength)
	case "maxLength":
		return fmt.Sprintf("must have at most %d characters", *s.MaxLength)
	case "minimum":
		return fmt.Sprintf("must be %g or more", *s.Min)
	case "maximum":
		return fmt.Sprintf("must be %g or less", *s.Max)
	case "minItems":
		return fmt.Sprintf("must have at least %d entries", s.MinItems)
	case "maxItems":
		return fmt.Sprintf("must have at most %d entries", *s.MaxItems)
	case "uniqueItems":
		return "must not name anything twice"
	case "nullable":
		return "must not be null: leave it out to keep it as it is"
	case "type", "format":
		return wrongType(s)
	default:
		return e.Reason
	}
}

func lengthText(least uint64) string {
	if least <= 1 {
		return "must not be empty"
	}
	return fmt.Sprintf("must have at least %d characters", least)
}

func choices(values []any) string {
	var names []string
	for _, value := range values {
		if value != "" {
			names = append(names, fmt.Sprint(value))
		}
	}
	return strings.Join(names, ", ")
}

// wrongType says of what type a value must be.
func wrongType(s *openapi3.Schema) string {
	switch {
	case s == nil || s.Type == nil:
		return "cannot be read"
	case s.Format == "date-time":
		return "must be a time, e.g. 2026-01-31T08:00:00Z"
	case s.Type.Is(openapi3.TypeInteger):
		return "must be a whole number"
	case s.Type.Is(openapi3.TypeNumber):
		return "must be a number"
	case s.Type.Is(openapi3.TypeBoolean):
		return "must be true or false"
	case s.Type.Is(openapi3.TypeArray):
		return "must be a list: [ … ]"
	case s.Type.Is(openapi3.TypeObject):
		return "must be an object: { … }"
	default:
		return `must be a text in quotes, e.g. "10"`
	}
}
