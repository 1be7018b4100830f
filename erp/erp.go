// Package erp is the port to an ERP: the records Tandem lands there and the steps it asks for.
//
// A Backend takes records in batches and answers one outcome per record, in the order given. It is idempotent by
// external key: landing the same batch twice, or landing it again after a lost reply, leaves one record each and says
// Unchanged. A bad record never stops the others of its batch. What every backend must show is stated once, in erptest.
package erp

import (
	"context"

	"tandem/flow"
)

// What a backend answers with is what the engine and the database speak of, too.
type (
	// Key is the external key under which a record is landed.
	Key = flow.Key
	// Status is what became of one record of a batch.
	Status = flow.Status
	// Outcome is the answer for one record of a batch.
	Outcome = flow.Outcome
)

// The statuses of an outcome.
const (
	Created   = flow.Created
	Updated   = flow.Updated
	Unchanged = flow.Unchanged
	Parked    = flow.Parked
	Failed    = flow.Failed
)

// ParseKey reads what Key.String wrote. The id may itself hold slashes.
func ParseKey(s string) (Key, error) { return flow.ParseKey(s) }

// Backend is an ERP. Methods are safe for concurrent use. An error return means that nothing is known about the batch
// and that the whole call has to be repeated; it is classified with package fault.
type Backend interface {
	Settings
	Catalog
	Partners
	Stock
	Sales
	Reader
	Keys
	// Close releases connections. The backend must not be used afterwards.
	Close() error
}

// Settings tells what an instance's configuration may choose from.
type Settings interface {
	// Probe checks that the ERP answers and may be written to, and says what it is.
	Probe(ctx context.Context) (Info, error)
	// Options lists warehouses, journals, payment terms and whatever else an instance is configured with.
	Options(ctx context.Context) (Options, error)
}

// Catalog lands what is sold.
type Catalog interface {
	UpsertTerms(ctx context.Context, batch []Term) ([]Outcome, error)
	UpsertTaxes(ctx context.Context, batch []Tax) ([]Outcome, error)
	UpsertPriceLists(ctx context.Context, batch []PriceList) ([]Outcome, error)
	UpsertProducts(ctx context.Context, batch []Product) ([]Outcome, error)
	UpsertCoupons(ctx context.Context, batch []Coupon) ([]Outcome, error)
}

// Partners lands customers, guests and their addresses.
type Partners interface {
	UpsertPartners(ctx context.Context, batch []Partner) ([]Outcome, error)
}

// Stock lands and reads quantities.
type Stock interface {
	// SetStock makes the free-to-use quantity of each product what the store says, by an inventory adjustment.
	SetStock(ctx context.Context, batch []StockCount) ([]Outcome, error)
	// Quantities reads the figures of the given products in one warehouse, in order; an unknown product reads as zero.
	Quantities(ctx context.Context, warehouse string, products []Key) ([]Quantities, error)
	// MovedProducts tells which of an instance's products have other figures in a warehouse since a cursor, oldest change
	// first: goods came, went or were reserved. It gives at most limit products, which is at least 1, and the cursor to go
	// on from, which has to be kept after the last page too: while nothing is new it comes back with no products. The
	// cursor "" is the beginning. A product may be told twice; one is never left out, though a change may be told a little
	// later while older ones are still being written. Invalid for an unknown warehouse and a cursor this method never gave.
	MovedProducts(ctx context.Context, instance, warehouse, after string, limit int) (products []Key, next string, err error)
}

// Sales lands orders and moves them through their cycle. A step takes any number of orders and answers one result for each, in
// order: what is wrong with one never becomes another's. One that is named twice is asked about twice, one after the other. For
// each order a step reads the state first, does nothing when it is done already, and answers the states read before and
// afterwards. A step the state machine refuses is fault.Conflict; one that waits for a person (no stock, closed period) is
// fault.Parked.
//
// ShipOrders delivers all that is left to deliver of an order, or nothing and says "no_stock" when some of it is not on hand or is
// kept for others. With Partial it delivers what there is and leaves the rest to be delivered by a later call: it still says
// "no_stock", naming the products that wait, and gives the state along with that error when something was shipped.
type Sales interface {
	UpsertOrders(ctx context.Context, batch []Order) ([]Outcome, error)
	// StepBatch is how many orders steps are best called with. 1 is for an ERP that is not faster with many: it is then called for
	// many at once.
	StepBatch() int
	ConfirmOrders(ctx context.Context, orders []Ask[ConfirmRequest]) []StepResult
	InvoiceOrders(ctx context.Context, orders []Ask[InvoiceRequest]) []StepResult
	PayOrders(ctx context.Context, orders []Ask[PaymentRequest]) []StepResult
	ShipOrders(ctx context.Context, orders []Ask[ShipRequest]) []StepResult
	CancelOrders(ctx context.Context, orders []Ask[CancelRequest]) []StepResult
}

// Reader reads back what one instance landed, for summaries and comparisons.
type Reader interface {
	// Totals sums orders, taxes and records of one instance.
	Totals(ctx context.Context, instance string) (Totals, error)
	// OrderFigures reads the amounts of landed orders, in the order of the keys; an unknown order has an empty ID.
	OrderFigures(ctx context.Context, orders []Key) ([]OrderFigures, error)
	// OrderLines reads the lines of landed orders, in the order of the keys; none of an unknown order, nor those that the shop did not
	// name: what a person added in the ERP, and a rounding line.
	OrderLines(ctx context.Context, orders []Key) ([][]LineFigures, error)
	// Prices reads a page of what a price list holds for the instance in its key, product by product; a variant without
	// a key of that instance, or no longer sold, is left out. After is the next of the page before, "" for the first page;
	// next is "" on the last one. Limit is at least 1. NotFound when no list is landed under the key, Invalid for an after
	// this method never gave.
	Prices(ctx context.Context, list Key, after string, limit int) (page []ListedPrice, next string, err error)
}

// Keys reads and sets by hand which record of the ERP a key names.
type Keys interface {
	// Lookup resolves keys to the ERP's ids, in order; "" where nothing is landed under the key.
	Lookup(ctx context.Context, keys []Key) ([]string, error)
	// Adopt binds a key to a record that exists in the ERP already (mapping by hand). NotFound when there is none of that entity,
	// Conflict when it is an order that is landed under another key.
	Adopt(ctx context.Context, key Key, id string) error
	// Release takes a key off the record it names, which stays as it is. A key that names nothing is no error.
	Release(ctx context.Context, key Key) error
}
