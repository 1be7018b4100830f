package woo

import (
	"encoding/json"
	"errors"
	"reflect"

	"tandem/fault"
)

// record is what every record type offers to the generic code: its id (0 when it has none) and where to keep its raw bytes.
type record[T any] interface {
	*T
	record() (ID, *json.RawMessage)
}

// Decode reads one record from JSON that PHP wrote and keeps raw, without a copy, in its Raw field.
//
// The usual record is read as it is. One whose shape is wrong somewhere ("" or [] for an object, an object for a list, a number for a
// text) is mended first. What can be no honest value, such as a total of "abc", is an error of kind invalid: guessing would lose money
// silently. Only fields tagged lax are left empty then: Tandem reads them nowhere, or does as well without. Whoever comes to need one
// takes the tag off.
func Decode[T any, P record[T]](raw []byte) (T, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	if err != nil {
		v, err = decodeMended[T](raw)
	}
	if err != nil {
		return v, fault.Wrap(fault.Invalid, err, "the record cannot be read: %s%s", decodePlace[T](raw), decodeCause(err))
	}
	_, kept := P(&v).record()
	*kept = raw
	return v, nil
}

// decodeCause says what is wrong without quoting the record, which may hold personal data.
func decodeCause(err error) string {
	for _, known := range []error{errNotScalar, errNotNumber} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "not the JSON of a record"
}

// decodePlace says where in the record it is, followed by a colon.
func decodePlace[T any](raw []byte) string {
	tree, err := parseTree(raw)
	if err != nil {
		return ""
	}
	path := misfit(coerceToType(tree, reflect.TypeFor[T]()), reflect.TypeFor[T]())
	if path == "" {
		return ""
	}
	return path + ": "
}

func decodeMended[T any](raw []byte) (T, error) {
	var v T
	tree, err := parseTree(raw)
	if err != nil {
		return v, err
	}
	fixed, err := json.Marshal(coerceToType(tree, reflect.TypeFor[T]()))
	if err != nil {
		return v, err
	}
	err = json.Unmarshal(fixed, &v)
	return v, err
}
