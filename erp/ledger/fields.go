package ledger

import (
	"maps"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

// freeField begins the names of fields that have no column: an instance may make up as many of them as it likes.
const freeField = "x_"

// The columns that a meta mapping may fill.
var (
	partnerFields = []string{"comment", "language", "phone", "reference", "tax_id"}
	productFields = []string{"barcode", "comment", "hs_code", "origin", "reference"}
	variantFields = []string{"barcode", "reference"}
	orderFields   = []string{"reference", "comment"}
)

// checkPartner finds what is wrong with a partner alone, its mapped fields included; nil when nothing is.
func checkPartner(p *erp.Partner) *landing.Refusal {
	if r := check.Partner(p); r != nil {
		return r
	}
	return checkFields(p.Fields, partnerFields)
}

// checkProduct does the same for a product and its variants.
func checkProduct(p *erp.Product) *landing.Refusal {
	if r := check.Product(p); r != nil {
		return r
	}
	if r := checkFields(p.Fields, productFields); r != nil {
		return r
	}
	for _, v := range p.Variants {
		if r := checkFields(v.Fields, variantFields); r != nil {
			return r
		}
	}
	return nil
}

// checkOrder does the same for an order.
func checkOrder(o *erp.Order) *landing.Refusal {
	if r := check.Order(o); r != nil {
		return r
	}
	return checkFields(o.Fields, orderFields)
}

// checkFields refuses fields of a meta mapping that are neither free nor one of the columns.
func checkFields(fields map[string]string, columns []string) *landing.Refusal {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !strings.HasPrefix(name, freeField) && !slices.Contains(columns, name) {
			return landing.Failed("unknown_field", "there is no field %q: map to one of %s, or to a name of your own that begins with %s",
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
