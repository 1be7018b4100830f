package mapping

import (
	"context"
	"encoding/json"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// Export is the export of an entity as a table of its parts. E is the ERP's record, T the store's, and R the store's with all that
// belongs to it, as the import reads it. Both sides are compared in one form: what Comparison makes of the ERP's record, and of what the
// import makes of the store's. What one of the two mappings does not keep therefore never looks like a difference.
type Export[E, T, R any] struct {
	flow.Spec
	Records Records[E]
	Store   Store[T, R]
	Comparison[E, R]
	// Once gives what is sent when a record is created, and never again; nil for nothing.
	Once func(Context, E) woo.Fields
	// Check refuses a record that the store would take otherwise than it is meant: its batch requests validate nothing. nil checks
	// nothing.
	Check func(Context, E) error
	// Content maps the store's record as the import does.
	Content func(Context, R) (E, error)
	// Find looks, before a record is created, for one that the store may have without a link. nil is for what the store takes only
	// once: it then says that there is one.
	Find func(context.Context, Context, E) ([]T, error)
	// Taken looks for the record for which the store refused another, where it does not say which it is; nil looks for none.
	Taken func(context.Context, Context, E) ([]T, error)
	// Is reports whether the store's record, which is in the way of a new one, is the same.
	Is func(Context, E, T) bool
	// Encode brings the fields of a request into the form in which they are sent; nil sends them as they are.
	Encode func(context.Context, Context, []woo.Fields) error
	// Nested writes what a record of the store is made of besides its own fields; nil for nothing.
	Nested func(context.Context, Context, []*Exported[E, T, R]) error
	// NestedPlan says what Nested would write of a record that the store has; nil for nothing.
	NestedPlan func(Context, *Exported[E, T, R]) ([]flow.Difference, error)
	// Personal has values left out of what people read.
	Personal bool
	// LabelOf gives the label of a record's link, as that of the import; nil for records that are called by personal data, or by their id.
	LabelOf func(E) string
}

// Records is how records of an entity are read out of the ERP and tied to the store's.
type Records[E any] struct {
	List  func(erp.RecordReader, context.Context, erp.RecordQuery) (erp.RecordPage[E], error)
	Adopt func(erp.RecordReader, context.Context, []erp.Adoption[E]) error
	Key   func(*E) *erp.Key
	Refs  func(*E) []*erp.Key // the keys of what the store must have first; nil for none
	Parts func(E) []erp.Key   // the keys of what is landed along with a record and compared by itself; nil for none
	// Revision is that of which a record that is landed must be.
	Revision func(*E) *string
}

// Store is how records of an entity are written into the store.
type Store[T, R any] struct {
	Service func(*woo.Client) *woo.Service[T]
	ID      func(T) woo.ID
	// Wrap makes of the store's own record one with all that belongs to it, as far as that is known from before; nil for nothing.
	Wrap func(record T, before *R) R
	// Complete reads what the import reads besides the store's own record; nil for nothing.
	Complete func(context.Context, Context, []R) ([]R, error)
	// AsListed makes of the reply to a write the record as the list shows it that is imported, with what the list showed before (nil for a
	// new record) where nothing of that was sent. It reports false when the list has to be read for that; nil for replies that are as lists.
	AsListed func(reply T, before *R, sent woo.Fields) (T, bool)
}

// AsItIs is the Wrap of records that have nothing but themselves.
func AsItIs[T any](record T, _ *T) T { return record }

// Sent is a record of the ERP on its way into the store.
type Sent[E any] struct {
	erp.Held[E]
	content json.RawMessage
	merge   func(held, stored E) E // of RecordPage
	linked  bool                   // changes were asked for, and this is what was written last
}

// refuseDates is why an export cannot be filtered by date.
const refuseDates = "records of the ERP are told by what changed, not by dates; choose all, changes, or give the ERP's ids"

// ExportFlow is the flow from the ERP into the store.
type ExportFlow[E, T, R any] struct {
	*flow.Flow[Context, Sent[E], E]
	table Export[E, T, R]
}

// Exporting makes the flow from the ERP into the store.
func Exporting[E, T, R any](x Export[E, T, R]) *ExportFlow[E, T, R] {
	x.Refuses = map[flow.FilterKind]string{flow.Range: refuseDates}
	return &ExportFlow[E, T, R]{table: x, Flow: &flow.Flow[Context, Sent[E], E]{
		Spec: x.Spec, Source: x.read,
		Describe: x.describe,
		Map:      x.convert, Write: x.write,
		// Until it is written, it is not known what the store calls it.
		KeyOf: func(ec Context, _ string) flow.Key { return flow.Key{Instance: ec.Instance.ID, Entity: x.Entity} },
	}}
}

func (x Export[E, T, R]) describe(s Sent[E]) flow.Record {
	record := flow.Record{ID: s.ID, Raw: s.content}
	if x.LabelOf != nil {
		record.Label = x.LabelOf(s.Record)
	}
	return record
}

func (x Export[E, T, R]) convert(ec Context, s Sent[E]) (E, error) {
	if x.Check == nil || s.linked {
		return s.Record, nil
	}
	return s.Record, x.Check(ec, s.Record)
}

// ContentDigest names the content of a record as the import notes it when it has landed.
func ContentDigest[E any](record E, key func(*E) *erp.Key) (string, error) {
	*key(&record) = erp.Key{}
	content, err := json.Marshal(record)
	return DigestOf(content), err
}

// contentOf gives the content of a record without its key, so that its digest is that with which the import lands it.
func (x Export[E, T, R]) contentOf(record E) (json.RawMessage, error) {
	*x.Records.Key(&record) = erp.Key{}
	content, err := json.Marshal(record)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the record holds a value that cannot be written down")
	}
	return content, nil
}
