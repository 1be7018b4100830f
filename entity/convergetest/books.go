package convergetest

import (
	"fmt"
	"strconv"
	"time"

	"tandem/erp"
)

// Books are an ERP in which people edit records.
type Books struct {
	Backend erp.Backend
	// Edit changes a record as a person does, at a time by the ERP's clock.
	Edit func(Edit)
	// Create makes a record with all its values, and gives its id.
	Create func(Edit) (id string)
	// Values reads what the ERP holds of records of a kind, by their ids. Ids of records that are named are the ERP's.
	Values func(kind *Kind, ids []string) map[string]Values
	// Changes names all that the ERP holds: it is another text after anything was written.
	Changes func() string
	// Await returns once a scan for changes tells all that was edited; nil where it does so at once.
	Await func()
}

// Edit is what a person makes of a record.
type Edit struct {
	Kind   *Kind
	ID     string // the ERP's; empty of one that is new
	Number int    // of the record
	Values Values // ids of records that are named are the ERP's, with commas between them
	At     time.Time
}

// Values are what fields of a record hold.
type Values map[FieldID]string

// FieldID names a field of a record.
type FieldID struct {
	Name string // as the store calls it; with a point where it is nested
	Of   int    // the variation that it is of, from 1; 0 for the record itself
}

// String numbers variations as fields name them.
func (id FieldID) String() string {
	if id.Of == 0 {
		return id.Name
	}
	return id.Name + " of variation " + strconv.Itoa(id.Of)
}

// SKU is that of a product, or of one of its variations. Nobody changes it.
func SKU(number, of int) string {
	if of == 0 {
		return "SKU-" + strconv.Itoa(number)
	}
	return fmt.Sprintf("SKU-%d-%d", number, of)
}

// Email is that of a customer.
func Email(number int) string { return fmt.Sprintf("buyer-%d@example.com", number) }

// Code is that of a coupon.
func Code(number int) string { return fmt.Sprintf("code-%d", number) }

// Size is the option by which a variation is told from the others.
func Size(of int) string { return "Size " + strconv.Itoa(of) }

// Sizes are the options of all variations.
func Sizes(variations int) []string {
	var all []string
	for of := range variations {
		all = append(all, Size(of+1))
	}
	return all
}
