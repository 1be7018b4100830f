package ledger

import (
	"maps"
	"slices"
	"strings"
)

// freeField begins the names of fields that have no column: an instance may make up as many of them as it likes.
const freeField = "x_"

// checkFields refuses fields of a meta mapping that are neither free nor one of the columns.
func checkFields(fields map[string]string, columns []string) *refusal {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !strings.HasPrefix(name, freeField) && !slices.Contains(columns, name) {
			return failed("unknown_field", "there is no field %q: map to one of %s, or to a name of your own that begins with %s",
				name, strings.Join(columns, ", "), freeField)
		}
	}
	return nil
}

// setFields puts the fields that have a column where the column is, over what the record itself says, and gives the
// free ones.
func setFields(fields map[string]string, columns map[string]*string) map[string]string {
	free := map[string]string{}
	for name, value := range fields {
		if column, ok := columns[name]; ok {
			*column = value
		} else {
			free[name] = value
		}
	}
	return free
}
