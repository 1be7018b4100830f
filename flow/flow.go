// Package flow is the engine of one direction of one entity: it reads batches from a source, maps their records, writes them to
// a sink and has a Recorder keep what became of each. It knows no store, no ERP and no entity: an import and an export differ in
// the parts they give it.
package flow

import (
	"context"
	"errors"
	"iter"
	"slices"

	"tandem/fault"
)

// Direction says which way records go.
type Direction string

// The directions. In the last two no record goes anywhere.
const (
	Import Direction = "import" // from the store into the ERP
	Export Direction = "export" // from the ERP into the store
	Match  Direction = "match"  // records that both sides have already are found
	Link   Direction = "link"   // what was found is tied together
)

// Moves reports whether records go anywhere.
func (d Direction) Moves() bool { return d != Match && d != Link }

// Spec says what a flow is, for those who choose and arrange flows.
type Spec struct {
	Entity string   // its name in the API, keys, logs and pages: "product"
	Label  string   // what people read: "Products"
	Needs  []string // the entities that must be landed before this one
	// Dispensable says that what comes after it can be landed without it: then its failing holds up nothing else.
	Dispensable bool
	// Silent says that the source tells nobody when a record is deleted: what landed and is not in it any more, after everything was
	// read, is asked for by id.
	Silent bool
	// FindDeleted has what landed before and was not listed, after everything was read, be asked for by id: its link says then whether the
	// source deleted it.
	FindDeleted bool
	// Refuses says why a kind of filter cannot be done.
	Refuses map[FilterKind]string
	// ValidID checks an id asked for; nil accepts numbers.
	ValidID func(string) bool
}

// Name gives the entity's name.
func (s Spec) Name() string { return s.Entity }

// Title gives what people read.
func (s Spec) Title() string { return s.Label }

// After names the entities that must be landed before.
func (s Spec) After() []string { return slices.Clone(s.Needs) }

// Optional reports whether what comes after this entity can do without it.
func (s Spec) Optional() bool { return s.Dispensable }

// DeletesSilently reports whether the source tells nobody when a record is deleted.
func (s Spec) DeletesSilently() bool { return s.Silent }

// FindsDeleted reports whether what a scan of everything does not list is asked for by id.
func (s Spec) FindsDeleted() bool { return s.FindDeleted }

// Source reads batches by filter, from a cursor on, in an order that loses nothing when records change meanwhile. It gives at
// least one batch, the last with Done, unless an error ends it.
type Source[C, S any] func(ctx context.Context, c C, f Filter, from Cursor) iter.Seq2[Batch[S], error]

// Flow is one entity in one direction, as a table of its parts. C is what the parts need to know of both sides, S a record as its
// source gives it, T what is written.
type Flow[C, S, T any] struct {
	Spec
	Source   Source[C, S]
	Describe func(S) Record
	// Map makes of a record what is written. Its error, classified by fault, refuses this record and no other.
	Map func(C, S) (T, error)
	// Prepare makes sure, before the first page of a run, of what every record needs on the other side; nil when nothing.
	Prepare func(context.Context, C) error
	// Write writes what was not refused and settles each attempt. It is idempotent: a page is written again when its reply, or
	// the process, was lost.
	Write func(context.Context, C, Page, []*Attempt[S, T]) error
	// KeyOf gives the key that the outcome of a record has until it is written.
	KeyOf func(C, string) Key
}

// Attempt is one record being mapped and written.
type Attempt[S, T any] struct {
	Record  S
	Value   T
	Outcome Outcome
}

// Settle makes an outcome the record's own. What was noted along the way stays.
func (a *Attempt[S, T]) Settle(o Outcome) {
	o.Steps = append(a.Outcome.Steps, o.Steps...)
	o.Also = append(a.Outcome.Also, o.Also...)
	if o.Sides == (Sides{}) {
		o.Sides = a.Outcome.Sides
	}
	a.Outcome = o
}

// Refuse makes an error the record's outcome.
func (a *Attempt[S, T]) Refuse(err error) { a.Settle(Refusal(a.Outcome.Key, err)) }

// Note notes what was done along the way.
func (a *Attempt[S, T]) Note(step string) { a.Outcome.Steps = append(a.Outcome.Steps, step) }

// NotRefused gives the attempts that were not refused.
func NotRefused[S, T any](attempts []*Attempt[S, T]) []*Attempt[S, T] {
	return slices.DeleteFunc(slices.Clone(attempts), func(a *Attempt[S, T]) bool { return a.Outcome.Refused() })
}

// Recorder keeps what a run does, page by page.
type Recorder interface {
	// Start keeps a page before it is written, and names its records that must not be: a newer copy is kept already.
	Start(ctx context.Context, page Page) (older []string, err error)
	// Finish keeps what became of a page's records, the older ones excepted, and of its missing ids. It reports whether the run
	// is to go on.
	Finish(ctx context.Context, page Page, results []Result) (more bool, err error)
}

// Scan says what a run reads.
type Scan struct {
	Filter Filter
	From   Cursor
	// Isolate has a page that a defect stops written in parts, down to the record that causes it.
	Isolate bool
}

// Runner is a flow whose records' types are of no concern to whoever runs it.
type Runner[C any] interface {
	Name() string
	Title() string
	After() []string
	Optional() bool
	DeletesSilently() bool
	FindsDeleted() bool
	Accepts(Filter) error
	Run(ctx context.Context, c C, scan Scan, to Recorder) error
}

// Run reads, writes and records page after page, until the source is at its end or the recorder wants no more. Pages are read
// ahead while one is written. When ctx ends, the page in hand is written and recorded to its end, and Run returns nil.
func (f *Flow[C, S, T]) Run(ctx context.Context, c C, scan Scan, to Recorder) error {
	if err := f.Accepts(scan.Filter); err != nil {
		return err
	}
	r := run[C, S, T]{flow: f, c: c, isolate: scan.Isolate, to: to}
	writing := context.WithoutCancel(ctx)
	for batch, err := range readAhead(ctx, func(ctx context.Context) iter.Seq2[Batch[S], error] {
		return f.Source(ctx, c, scan.Filter, scan.From)
	}) {
		if err != nil && ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return err
		}
		more, err := r.page(writing, batch)
		if err != nil || !more || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// run is one call of Run.
type run[C, S, T any] struct {
	flow     *Flow[C, S, T]
	c        C
	isolate  bool
	prepared bool
	to       Recorder
}

// page writes and records one batch.
func (r *run[C, S, T]) page(ctx context.Context, b Batch[S]) (more bool, err error) {
	page := r.flow.page(b)
	older, err := r.to.Start(ctx, page)
	if err != nil {
		return false, err
	}
	if len(older) > 0 {
		b = r.flow.without(b, older)
		page = r.flow.page(b)
	}
	if err := r.prepare(ctx); err != nil {
		return false, err
	}
	outcomes, err := r.write(ctx, b, page)
	if err != nil {
		return false, err
	}
	results := make([]Result, 0, len(outcomes)+len(b.Missing))
	for i, o := range outcomes {
		results = append(results, Result{Record: page.Records[i], Outcome: o})
	}
	for _, m := range b.Missing {
		results = append(results, Result{Record: Record{ID: m.ID}, Outcome: Outcome{
			Key: r.flow.KeyOf(r.c, m.ID), Status: Failed, Code: m.Code, Reason: m.Reason,
		}})
	}
	return r.to.Finish(ctx, page, results)
}

// prepare makes sure once of what all records need.
func (r *run[C, S, T]) prepare(ctx context.Context) error {
	if r.prepared || r.flow.Prepare == nil {
		return nil
	}
	if err := r.flow.Prepare(ctx, r.c); err != nil {
		return err
	}
	r.prepared = true
	return nil
}

// page gives a batch as recorders see it: first what could be read, then what was rejected.
func (f *Flow[C, S, T]) page(b Batch[S]) Page {
	page := Page{Missing: b.Missing, Next: b.Next, Total: max(b.Total, 0), Done: b.Done, Skipped: b.Skipped, Reading: b.Reading}
	for _, record := range b.Records {
		page.Records = append(page.Records, f.Describe(record))
	}
	for _, r := range b.Rejected {
		page.Records = append(page.Records, Record{ID: r.ID, Raw: r.Raw})
	}
	return page
}

// without leaves records out of a batch.
func (f *Flow[C, S, T]) without(b Batch[S], ids []string) Batch[S] {
	b.Records = slices.DeleteFunc(slices.Clone(b.Records), func(record S) bool { return slices.Contains(ids, f.Describe(record).ID) })
	b.Rejected = slices.DeleteFunc(slices.Clone(b.Rejected), func(r Rejected) bool { return slices.Contains(ids, r.ID) })
	return b
}

// Land maps the records of a batch and writes those that map: one outcome per record, those that were rejected last. Nothing is
// known when it fails as a whole.
func (f *Flow[C, S, T]) Land(ctx context.Context, c C, b Batch[S]) ([]Outcome, error) {
	return f.land(ctx, c, b, f.page(b))
}

// land is Land for a batch whose page is at hand: describing a record may copy it.
func (f *Flow[C, S, T]) land(ctx context.Context, c C, b Batch[S], page Page) ([]Outcome, error) {
	attempts := f.attempts(c, b, page)
	if err := f.Write(ctx, c, page, attempts); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, 0, len(b.Records)+len(b.Rejected))
	for _, a := range attempts {
		outcomes = append(outcomes, a.Outcome)
	}
	for _, r := range b.Rejected {
		outcomes = append(outcomes, Refusal(f.KeyOf(c, r.ID), unreadable(r.Err)))
	}
	return outcomes, nil
}

// Attempts maps the records of a batch as Land does, and writes nothing.
func (f *Flow[C, S, T]) Attempts(c C, b Batch[S]) []*Attempt[S, T] {
	return f.attempts(c, b, f.page(b))
}

func (f *Flow[C, S, T]) attempts(c C, b Batch[S], page Page) []*Attempt[S, T] {
	attempts := make([]*Attempt[S, T], len(b.Records))
	for i, record := range b.Records {
		attempts[i] = f.attempt(c, record, page.Records[i].ID)
	}
	return attempts
}

// attempt maps a record; one that does not map is refused at once.
func (f *Flow[C, S, T]) attempt(c C, record S, id string) *Attempt[S, T] {
	a := &Attempt[S, T]{Record: record, Outcome: Outcome{Key: f.KeyOf(c, id)}}
	value, err := f.Map(c, record)
	a.Value = value
	if err != nil {
		a.Refuse(err)
	}
	return a
}

// unreadable gives an error of decoding the code operators filter by.
func unreadable(err error) error {
	return &fault.Error{Kind: fault.Invalid, Code: "unreadable", Message: fault.From(err).Message, Err: err}
}
