// Package report adds up what was sold: orders and refunds that landed, by when, what, where and to whom. docs/reports.md says what each
// measure is.
package report

import (
	"slices"
	"strings"
	"time"

	"tandem/fault"
)

// Dimension is something that sales are grouped by.
type Dimension string

// The dimensions. The first five are periods, of which a report has one at most.
const (
	Day      Dimension = "day"
	Week     Dimension = "week" // ISO 8601: it begins on a Monday
	Month    Dimension = "month"
	Quarter  Dimension = "quarter"
	Year     Dimension = "year"
	Instance Dimension = "instance"
	Product  Dimension = "product"
	Variant  Dimension = "variant"
	Category Dimension = "category"
	Customer Dimension = "customer"
	Country  Dimension = "country"
	Status   Dimension = "status"
	Gateway  Dimension = "gateway"
	Currency Dimension = "currency" // sales are kept apart by it in any case
)

// Dimensions are all dimensions.
var Dimensions = []Dimension{Day, Week, Month, Quarter, Year, Instance, Product, Variant, Category, Customer, Country, Status, Gateway, Currency}

// Limits of a report.
const (
	MaxDimensions = 3 // besides the currency
	MaxCells      = 5000
)

// IsPeriod reports whether a dimension is one of time.
func (d Dimension) IsPeriod() bool { return slices.Contains(Dimensions[:5], d) }

// ofLines reports whether the lines of a sale differ in a dimension.
func (d Dimension) ofLines() bool { return d == Product || d == Variant || d == Category }

// uncounted are the statuses of orders that are no sales: they do not count unless a report asks for them.
var uncounted = []string{"pending", "failed", "cancelled"}

// AnyStatus asks for orders in whatever status.
const AnyStatus = "any"

// Filter picks what a report is about. Empty lists pick all.
type Filter struct {
	From, To   time.Time // the first and the last day, in each instance's own time zone, as midnight UTC; zero is open
	Instances  []string
	Statuses   []string // of orders; empty is all but pending, failed and cancelled ones, AnyStatus is all
	Currencies []string
	Countries  []string
	Gateways   []string
	Customers  []string // as they stand in cells: "instance/customer"
	Products   []string // "instance/product"
	Variants   []string // "instance/variant"
	Categories []string // "instance/category"
}

// ofLines reports whether the filter picks lines of sales.
func (f Filter) ofLines() bool { return len(f.Products)+len(f.Variants)+len(f.Categories) > 0 }

// check refuses a filter that makes no sense.
func (f Filter) check() error {
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		return fault.Field("to", "is before from")
	}
	for field, values := range map[string][]string{"customer": f.Customers, "product": f.Products, "variant": f.Variants, "category": f.Categories} {
		for _, value := range values {
			if instance, id, ok := strings.Cut(value, "/"); value != "" && (!ok || instance == "" || id == "") {
				return fault.Field(field, "is not of the form instance/id, as it stands in cells")
			}
		}
	}
	return nil
}

// Request asks for sales.
type Request struct {
	Filter
	Dimensions []Dimension
}

// normal gives the request without what goes without saying, or says what is wrong with it.
func (r Request) normal() (Request, error) {
	var kept []Dimension
	periods := 0
	for _, d := range r.Dimensions {
		if !slices.Contains(Dimensions, d) {
			return r, fault.Field("by", "%q is not a dimension: take some of %s", d, joined(Dimensions))
		}
		if d.IsPeriod() {
			periods++
		}
		if d != Currency && !slices.Contains(kept, d) {
			kept = append(kept, d)
		}
	}
	if periods > 1 {
		return r, fault.Field("by", "has two periods: take one of %s", joined(Dimensions[:5]))
	}
	if len(kept) > MaxDimensions {
		return r, fault.Field("by", "has %d dimensions besides the currency: take %d at most", len(kept), MaxDimensions)
	}
	r.Dimensions = kept
	return r, r.check()
}

// period is the dimension of time, "" when there is none.
func (r Request) period() Dimension {
	if i := slices.IndexFunc(r.Dimensions, Dimension.IsPeriod); i >= 0 {
		return r.Dimensions[i]
	}
	return ""
}

// byLine reports whether lines have to be looked at, rather than whole sales.
func (r Request) byLine() bool {
	return r.ofLines() || slices.ContainsFunc(r.Dimensions, Dimension.ofLines)
}

func joined(dimensions []Dimension) string {
	names := make([]string, len(dimensions))
	for i, d := range dimensions {
		names[i] = string(d)
	}
	return strings.Join(names, ", ")
}
