package db

import (
	"encoding/json"
	"time"
)

// PageStart announces a page of store records that is about to be landed.
type PageStart struct {
	Operation string
	Instance  string
	Entity    string
	Records   []RawRecord
	Missing   []string // ids asked for that the store does not have: they have jobs too
	Total     int      // of the whole scan, as the store counts; 0 when it does not say
	Epoch     int64    // of the lease; 0 checks none
	// ReadAt is when the page's request was sent, by the database's clock (see Lease.At); zero is now.
	ReadAt time.Time
	// ByID says that the records were asked for by id: what they say then is newer than any list, whatever their dates say.
	ByID bool
}

// PageStarted is what StartPage found.
type PageStarted struct {
	// Older are the records whose kept copy is newer. They must not be landed, but read again by id (RecordResult.Again).
	Older []string

	digests map[string]string // of all others, by id: what is kept of them as long as nobody else reads them
}

// RawRecord is a record as the store sent it. It is the only place where personal data is kept.
type RawRecord struct {
	WooID    string
	Raw      []byte
	Modified time.Time // zero where the store does not say
	Type     string
	Status   string
}

// PageResult is what became of the page StartPage announced.
type PageResult struct {
	Operation  string
	Instance   string
	Entity     string
	Results    []RecordResult // one for each of the page's records and missing ids
	Epoch      int64          // of the lease; 0 checks none
	Started    PageStarted    // what StartPage gave; finds out what somebody else read and landed meanwhile
	Duration   time.Duration  // of the whole page; the records share it evenly
	Requests   int64          // requests made to the store for this page
	WorkflowID string         // Temporal run, for links from logs
	RunID      string
}

// Statuses of a record's result, as the ERP backend says them.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
	Parked    = "parked"
	Failed    = "failed"
)

// RecordResult is the outcome of one record of a page.
type RecordResult struct {
	WooID    string
	Status   string   // Created, Updated, Unchanged, Parked or Failed
	ERPID    string   // empty when nothing was landed
	Before   string   // content digest before, empty when it was new
	After    string   // content digest now
	Code     string   // for Parked and Failed: machine-readable reason
	Reason   string   // for Parked and Failed: for the operator, without personal data
	Waits    []string // for Parked: keys "instance/entity/id" whose landing solves it
	Keys     []string // keys that exist now: the record's own, unless it was refused, and those that came with it
	Steps    []string // what was done along the way, without personal data
	WooType  string
	Modified time.Time     // by the store's clock
	Run      *OrderRunSeed // set when the order is to go through a sale workflow
	Again    bool          // the record has to be read again by id; Status is empty when nothing was landed
}

// OrderRunSeed asks for an order run.
type OrderRunSeed struct {
	Plan json.RawMessage // the steps and what they need, without personal data
}

// landed reports whether the ERP holds the record now.
func (r RecordResult) landed() bool {
	return r.Status == Created || r.Status == Updated || r.Status == Unchanged
}
