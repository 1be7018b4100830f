package db

import (
	"time"

	"tandem/flow"
)

// PageStart announces a page of records that is about to be landed.
type PageStart struct {
	Operation string
	Instance  string
	Entity    string
	Direction flow.Direction // empty is flow.Import
	Records   []flow.Record  // of an import they are kept: the only place with personal data
	Missing   []flow.Missing
	Total     int   // of the whole scan, as the store counts; 0 when it does not say
	Epoch     int64 // of the lease; 0 checks none
	// ReadAt is when the page's request was sent, by the database's clock (see Lease.At); zero is now.
	ReadAt time.Time
	// ByID says that the records were asked for by id: what they say then is newer than any list, whatever their dates say.
	ByID bool
}

// PageStarted is what StartPage found.
type PageStarted struct {
	// Older are the records whose kept copy is newer. They must not be landed: FinishPage has them read again
	// by id.
	Older []string

	digests map[string]string // of all others as they were read, by id; of an import, what is kept until another operation reads them
	readAt  time.Time         // PageStart.ReadAt
}

// PageResult is what became of the page StartPage announced.
type PageResult struct {
	Operation string
	Instance  string
	Entity    string
	Direction flow.Direction // empty is flow.Import
	Next      flow.Cursor    // everything before it is done
	Results   []flow.Result  // one for each of the page's records and missing ids, those of PageStarted.Older excepted
	Epoch     int64          // of the lease; 0 checks none
	Started   PageStarted    // what StartPage gave; finds out what somebody else read and landed meanwhile
	Duration  time.Duration  // of the whole page; the records share it evenly
	// AllRead says that with this page everything was read of an entity of which the store tells nobody what it deletes: what landed and
	// was not read is asked for by id.
	AllRead    bool
	Requests   int64  // requests made to the store for this page
	WorkflowID string // Temporal run, for links from logs
	RunID      string

	again map[string]bool // the ids of records that have to be read again
}

// Statuses of results, as the database keeps them.
const (
	Created   = string(flow.Created)
	Updated   = string(flow.Updated)
	Unchanged = string(flow.Unchanged)
	Parked    = string(flow.Parked)
	Failed    = string(flow.Failed)
	Gone      = string(flow.Gone)
)

// olderCopy is what becomes of a record of which a newer copy is kept.
func olderCopy(id string) flow.Result {
	return flow.Result{Record: flow.Record{ID: id}, Outcome: flow.Outcome{
		Code: "older_copy", Reason: "a newer copy of the record is kept already: it is read again by its id",
	}}
}
