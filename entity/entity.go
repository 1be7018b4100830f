// Package entity is what can be synced: one file per entity with the pure mapping from the store's record to the ERP's,
// and how its pages are read and landed. The registry lists them; nothing above this package names an entity.
package entity

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// FilterKind says which records of an entity are asked for.
type FilterKind string

// The kinds of filters.
const (
	All     FilterKind = "all"
	Changes FilterKind = "changes" // changed since the watermark, with an overlap
	Range   FilterKind = "range"   // created between From and To
	IDs     FilterKind = "ids"
)

// Filter picks records of an entity.
type Filter struct {
	Kind FilterKind `json:"kind"`
	From time.Time  `json:"from,omitzero"` // UTC, inclusive; for Changes: the watermark
	To   time.Time  `json:"to,omitzero"`   // UTC, exclusive
	IDs  []string   `json:"ids,omitempty"`
}

// Cursor is a place in a scan: everything before it is done. It is small, holds no data and travels through histories.
type Cursor = woo.Cursor

// Record is one record as the store gave it.
type Record struct {
	ID       string
	Raw      json.RawMessage
	Modified time.Time // UTC; zero where the store does not say
	Type     string    // the store's own type, e.g. "variable"; empty where it has none
	Status   string    // the store's status, e.g. "processing"; empty where it has none

	value any // the decoded store record
}

// Page is what one read gave.
type Page struct {
	Records []Record
	Missing []string // ids asked for that the store does not have, or has in its trash
	Trashed []string // those of Missing that are in the store's trash
	Carts   []string // those of Missing that are carts, which were never ordered
	Next    Cursor
	Total   int    // of the whole scan, as the store counts; 0 when it does not say
	Done    bool   // nothing follows
	Skipped string // why the store's list was not read, e.g. because it has none; empty when it was
	woo.Reading

	first bool // the first page of this Pull: what the entity needs in the ERP is made sure of before it lands
}

// Result is what became of one record of a page.
type Result struct {
	erp.Outcome
	Also  []erp.Key // further keys that exist now and that parked records may wait for: a product's variations, and itself when its stock alone was refused
	Steps []string  // what was done along the way, for the log: "contact created", "address unchanged"
	Order *OrderRun // set for a landed order that a sale workflow is to move on
}

// OrderRun says that an order is to go through a sale workflow. Its dates become dates of the accounts, so each is the
// day in the shop's own time zone, given as midnight UTC of that day.
type OrderRun struct {
	Workflow  instance.SaleWorkflow
	OrderDate time.Time // the shop's day
	PaidAt    time.Time // the shop's day; zero when unpaid
}

// Context is what reading and mapping need to know of the instance.
type Context struct {
	Instance  instance.Instance
	Workflows []instance.SaleWorkflow
	Meta      []instance.MetaMapping
	Store     *woo.Client
	Backend   erp.Backend
	Digests   Digests // remembers what images are; nil fetches every image at every import
	Noted     Noted   // what earlier imports have recorded; nil takes all that the ERP has as recorded
	// Confirm is asked right before a batch is written to the ERP, since much time may have passed since the page was read;
	// nil confirms all.
	Confirm func(context.Context) error
}

// Entity is one kind of record that can be synced.
type Entity interface {
	// Name is the entity's name in the API, keys, logs and pages: "product".
	Name() string
	// Title is what people read: "Products".
	Title() string
	// After names the entities that must be landed before this one.
	After() []string
	// Optional reports whether what comes after it can do without it: then its failing holds up nothing else.
	Optional() bool
	// Accepts refuses a filter this entity cannot do, saying why.
	Accepts(Filter) error
	// Pull reads pages from the store, in an order that loses nothing when records change meanwhile.
	Pull(ctx context.Context, ec Context, filter Filter, from Cursor) iter.Seq2[Page, error]
	// Land maps a page and lands it: one result per record, in order. Nothing is known when it fails as a whole.
	Land(ctx context.Context, ec Context, page Page) ([]Result, error)
}
