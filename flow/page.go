package flow

import (
	"encoding/json"
	"time"
)

// Cursor is a place in a source: everything before it is done. It is small, holds no data and travels through histories. Only
// its source knows what is in it; nil is the beginning.
type Cursor = json.RawMessage

// Reading is when records were read: between when the source was asked for the first of them and when it gave the last.
type Reading struct {
	StoreTime  time.Time // UTC, the source's clock when it answered last; zero when it does not say
	AskedAt    time.Time // our clock before the source was asked first: the records are no newer than this for certain
	AnsweredAt time.Time // our clock when it answered last
}

// Batch is what one read of a source gave.
type Batch[S any] struct {
	Records  []S
	Rejected []Rejected // could not be decoded or completed; the others are not held up by them
	Missing  []Missing
	Next     Cursor
	Total    int    // of the whole scan, as the source counts; 0 when it does not say
	Done     bool   // nothing follows
	Skipped  string // why the source was not read, e.g. because it has no such list; empty when it was
	Reading
}

// Rejected is a record that makes no sense.
type Rejected struct {
	ID  string
	Raw json.RawMessage
	Err error // classified by package fault
}

// Missing is an id that was asked for and cannot be read. Code and Reason say why, like those of an Outcome.
type Missing struct {
	ID     string
	Code   string
	Reason string
}

// withRecords gives a batch like this one with other records.
func withRecords[S, R any](b Batch[S], records []R) Batch[R] {
	return Batch[R]{
		Records: records, Rejected: b.Rejected, Missing: b.Missing, Next: b.Next, Total: b.Total, Done: b.Done,
		Skipped: b.Skipped, Reading: b.Reading,
	}
}

// Record is a record as the source gave it, and what the database keeps of it.
type Record struct {
	ID       string // the source's
	Raw      json.RawMessage
	Modified time.Time // UTC; zero where the source does not say
	Type     string    // the source's own type, e.g. "variable"; empty where it has none
	Status   string    // the source's status, e.g. "processing"; empty where it has none
	// Relation says how the record belongs to another of its kind, e.g. "subscription_renewal", and Parent to which, by the source's id;
	// empty where it belongs to none, or is not known to.
	Relation, Parent string
	// Label is what people call the record: a product's name, an order's number. It stays with the link for good, so that it holds no
	// personal data; empty where people go by that, or by the id.
	Label string
	// Names are what people ask for the record by: an order's number, a SKU, an e-mail address. Upper and lower case count as the same.
	Names []string
}

// Page is a batch as a Recorder sees it.
type Page struct {
	Records []Record
	Missing []Missing
	Next    Cursor
	Total   int
	Done    bool
	Skipped string
	Reading
}

// Result is what became of one record of a page, or of one that is missing.
type Result struct {
	Record  Record
	Outcome Outcome
}
