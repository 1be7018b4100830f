package erp

import (
	"bytes"
	"context"
	"strings"
	"time"
)

// Records is listing what the ERP holds, whoever made it: what is written into a store.
var Records = Capability[RecordReader]{does: "list its records, so nothing of it can be exported"}

// RecordReader is a backend whose records can be listed, and tied to what a store made of them: see Records.
//
// A record is given with its key of the instance. One that has none yet has a pending key, which names it by the ERP's own id, and so
// have the records it refers to. See PendingKey.
type RecordReader interface {
	ListTerms(ctx context.Context, kind TermKind, q RecordQuery) (RecordPage[Term], error)
	ListProducts(ctx context.Context, q RecordQuery) (RecordPage[Product], error)
	// ListPartners leaves out guests, who have no account.
	ListPartners(ctx context.Context, q RecordQuery) (RecordPage[Partner], error)
	ListCoupons(ctx context.Context, q RecordQuery) (RecordPage[Coupon], error)
	// The Adopt methods bind keys to records, away from what they named before, and note what the store now holds under each: when
	// just that is landed, nothing has changed. The records stay as they are. It is one call for a batch, which fails as a whole;
	// NotFound when a record is gone.
	AdoptTerms(ctx context.Context, batch []Adoption[Term]) error
	AdoptProducts(ctx context.Context, batch []Adoption[Product]) error
	AdoptPartners(ctx context.Context, batch []Adoption[Partner]) error
	AdoptCoupons(ctx context.Context, batch []Adoption[Coupon]) error
	// Forget drops what was noted of the contents landed under keys: what is landed next under them is written, even if it is the same as
	// before, over whatever a person made of the record since. Keys of nothing are left out.
	Forget(ctx context.Context, keys []Key) error
}

// RecordQuery picks records of one kind.
type RecordQuery struct {
	Instance string   // whose keys the records are given with
	IDs      []string // only these, by the ERP's ids; those that do not exist are left out
	// After is the Next of the page before; "" is the beginning of all records. What follows on the last page is what has changed
	// since: a change may be told twice, or a little later while older ones are still being written, but is never left out.
	After string
	Limit int // at least 1
	// Images is for products with their images, which an ERP may have to look up.
	Images bool
}

// RecordPage is one page of records.
type RecordPage[T any] struct {
	Records []Held[T]
	Next    string // to go on from; to be kept after the last page too
	Done    bool   // there is nothing more now
	// Merge adds to a record what the ERP has no place for, as the store has it: what a person edited in the ERP is what it says, and
	// all else is as the store has it. nil for an ERP that keeps all that a store holds.
	Merge func(held, stored T) T
}

// Held is a record as the ERP holds it.
type Held[T any] struct {
	ID     string // the ERP's own
	Record T
	// ChangedAt is when the record, or what it is made of, was changed last, UTC, our own writes included; zero where that is not known.
	ChangedAt time.Time
	// Revision is another one after each change; empty where the ERP cannot tell. What lands with it lands only while it is the record's.
	Revision string
}

// Adoption ties a record of the ERP to what a store holds.
type Adoption[T any] struct {
	ID     string         // the ERP's own id of the record
	Record T              // as the store holds it now, with the key it has there
	Parts  map[Key]string // the ids of what belongs to it, such as variants and values, by the keys that are new
}

// pendingID begins the ids of pending keys. The store's ids have no slash.
const pendingID = "erp/"

// PendingKey names a record of the ERP that the store does not have yet. It is a key that others can wait for.
func PendingKey(instance, entity, id string) Key {
	return Key{Instance: instance, Entity: entity, ID: pendingID + id}
}

// NamesPending reports whether a record, as it is written down, may name something by a pending key.
func NamesPending(record []byte) bool { return bytes.Contains(record, []byte("/"+pendingID)) }

// PendingID gives the ERP's id of a record that a pending key names; ok is false for the key of a record that the store has.
func PendingID(k Key) (id string, ok bool) { return strings.CutPrefix(k.ID, pendingID) }

// Stays reports whether landing a product leaves a variant of it as it is: the store does not have it.
func Stays(v Variant) bool {
	_, pending := PendingID(v.Key)
	return pending && v.Key.Instance != OwnInstance
}
