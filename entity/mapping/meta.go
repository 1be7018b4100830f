package mapping

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tandem/instance"
	"tandem/woo"
)

// MetaFields applies the active meta mappings of a model to a record's meta: ERP field to value, nil when none applies.
// A key the record lacks sets nothing; an empty value empties the field. A value that is not of the mapping's type
// fails the record, naming the key and never quoting the value.
func MetaFields(ec Context, model instance.MetaModel, meta []woo.Meta) (map[string]string, error) {
	if !ec.Instance.Config.Meta.Enabled {
		return nil, nil
	}
	var fields map[string]string
	for _, mapping := range ec.Meta {
		if !mapping.Active || mapping.Model != model || mapping.Instance != ec.Instance.ID {
			continue
		}
		entry, ok := woo.FindMeta(meta, mapping.Key)
		if !ok {
			continue
		}
		value, err := ConvertMeta(entry, mapping.Type)
		if err != nil {
			return nil, err
		}
		if fields == nil {
			fields = map[string]string{}
		}
		fields[mapping.Field] = value
	}
	return fields, nil
}

// ConvertMeta gives a meta value in the one form its type has: "12", "1.5", "true", "2026-01-31".
func ConvertMeta(entry woo.Meta, kind string) (string, error) {
	text, ok := entry.Text()
	if !ok {
		return "", unfit(entry.Key, "holds a list, not a single value")
	}
	if kind == instance.MetaText {
		return text, nil
	}
	if kind == instance.MetaBoolean {
		return metaBoolean(entry.Key, text)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", nil
	}
	switch kind {
	case instance.MetaInteger:
		return metaInteger(entry.Key, text)
	case instance.MetaDecimal:
		return metaDecimal(entry.Key, text)
	case instance.MetaDate:
		return metaDate(entry.Key, text)
	default:
		return "", unfit(entry.Key, "is mapped to the type "+strconv.Quote(kind)+", which does not exist")
	}
}

func metaBoolean(key, text string) (string, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "1", "yes", "true", "on":
		return "true", nil
	case "", "0", "no", "false", "off":
		return "false", nil
	default:
		return "", unfit(key, "is neither yes nor no")
	}
}

// maxDigits bounds numbers, written out: arithmetic on a hostile exponent would never end.
const maxDigits = 64

// MetaNumber reads a number as plugins write it into their fields, and reports whether it is one that can be calculated with.
func MetaNumber(text string) (decimal.Decimal, bool) {
	if len(text) > maxDigits {
		return decimal.Zero, false
	}
	number, err := decimal.NewFromString(text)
	if err != nil || number.Exponent() > maxDigits || number.Exponent() < -maxDigits {
		return decimal.Zero, false
	}
	return number, len(number.String()) <= maxDigits
}

func metaInteger(key, text string) (string, error) {
	number, ok := MetaNumber(text)
	if !ok || !number.IsInteger() {
		return "", unfit(key, "is not a whole number")
	}
	return number.StringFixed(0), nil
}

// metaDecimal refuses a comma: it parts decimals in some countries and thousands in others.
func metaDecimal(key, text string) (string, error) {
	number, ok := MetaNumber(text)
	if !ok {
		return "", unfit(key, "is not a number with a decimal point")
	}
	return number.String(), nil
}

// metaDate reads the forms plugins write: ISO, with time, the compact form of custom-field plugins, and Unix seconds.
func metaDate(key, text string) (string, error) {
	for _, layout := range []string{time.DateOnly, "20060102", "2006-01-02T15:04:05", time.DateTime, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(time.DateOnly), nil
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && (len(text) == 9 || len(text) == 10) {
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly), nil
	}
	return "", unfit(key, "is not a date such as 2026-01-31")
}

func unfit(key, why string) error {
	return Failed("meta_conversion", "the meta field %q %s: correct it in the store, or change the type of its mapping", key, why)
}
