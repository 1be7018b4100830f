package flow

import (
	"encoding/json"
	"fmt"
	"strings"

	"tandem/fault"
)

// Key is the identity a record has in the shop: the external key under which it is landed in the ERP.
type Key struct {
	Instance string // the store connection, e.g. "demo"
	Entity   string // the kind of record, e.g. "product"
	ID       string // the shop's own id, e.g. "4012"
}

// IsZero reports whether the key names nothing.
func (k Key) IsZero() bool { return k == Key{} }

// String gives "instance/entity/id", the form used in the database and in Waits lists; "" for the zero key.
func (k Key) String() string {
	if k.IsZero() {
		return ""
	}
	return k.Instance + "/" + k.Entity + "/" + k.ID
}

// ParseKey reads what String wrote. The id may itself hold slashes.
func ParseKey(s string) (Key, error) {
	if s == "" {
		return Key{}, nil
	}
	parts := strings.SplitN(s, "/", 3)
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return Key{}, fmt.Errorf("%q is not a key of the form instance/entity/id", s)
	}
	return Key{Instance: parts[0], Entity: parts[1], ID: parts[2]}, nil
}

// MarshalText lets a key stand in JSON as its string form.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (k *Key) UnmarshalText(text []byte) error {
	parsed, err := ParseKey(string(text))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}

// Status is what became of one record.
type Status string

// The statuses of an outcome.
const (
	Created   Status = "created"
	Updated   Status = "updated"
	Unchanged Status = "unchanged" // the other side held exactly this already; nothing was written
	Parked    Status = "parked"    // waits for a person or for the records in Waits; nothing was written
	Failed    Status = "failed"    // the record is refused; trying again unchanged will not help
	Gone      Status = "gone"      // the source reported that it has the record no more, and so it is: nothing was written
)

// Outcome is what became of one record. It has one shape from whoever wrote the record to the database that keeps it.
type Outcome struct {
	Key    Key
	Status Status
	ID     string // the ERP's own id; empty when parked or failed before it existed
	Before string // content digest of what was there before, "" when it was new
	After  string // content digest of what is there now
	Code   string // for Parked and Failed: machine-readable reason, e.g. "unknown_product"
	Reason string // for Parked and Failed: what is wrong and what to do, for the operator; no personal data
	Waits  []Key  // for Parked: the records whose landing solves it

	// Differences are what of the record differs between the two sides, when a person has to choose.
	Differences []Difference
	// Subject names what a person is asked about, so that a decision holds for that alone and not for what changes later.
	Subject string

	// Sides are the contents that the store and the ERP have now, for kinds of records that are compared.
	Sides Sides

	// Partial says that something of the ERP's record is still to be written into the store: it was left out by choice, or the store's
	// value of it was not imported because the ERP's counts.
	Partial bool
	// StoreAhead says that something of the store's record is still to be imported: it was not exported over because the store's counts.
	StoreAhead bool
	// Owners names the owners of the record's parts under which something was kept back; empty where nobody owns any.
	Owners string
	// Equal names by their digests those parts of the record that both sides hold alike now, as far as that was not known before. It is
	// filled for kinds of records whose parts have an owner.
	Equal map[string]string

	// LeftOut says that the other side does not hold the record and is not to, as a person decided: it gets no link.
	LeftOut bool

	Also []Key // further keys that exist now and that parked records may wait for, e.g. those of a product's variations
	// Follow are records of other entities that are to be read next because of this one, e.g. the refunds that an order names.
	Follow []Key
	Steps  []string // what was done along the way, for the log: "contact created", "address unchanged"; no personal data
	// Plan is what a workflow of its own is to do with a landed record, e.g. the steps of a sale; nil for nothing.
	Plan json.RawMessage
	// Facts are what reports count of a landed record, see package report/fact; nil leaves what was noted before.
	Facts json.RawMessage
}

// Sides names by their digests what either side holds of a record; empty where that is not known.
type Sides struct {
	Store string // the store's record, as an import maps it
	ERP   string // the ERP's record, as the ERP lists it
}

// Common is what both sides held of a record when they were equal last.
type Common struct {
	Sides
	Parts map[string]string // as Outcome.Equal
}

// Landed reports whether the other side holds the record as given.
func (o Outcome) Landed() bool {
	return o.Status == Created || o.Status == Updated || o.Status == Unchanged
}

// Refused reports whether the record was parked or failed.
func (o Outcome) Refused() bool { return o.Status == Parked || o.Status == Failed }

// Refusal is the outcome of a record that cannot be landed: parked when a person or another record can solve it.
func Refusal(key Key, err error) Outcome {
	f := fault.From(err)
	outcome := Outcome{Key: key, Status: Failed, Code: f.Code, Reason: f.Error()}
	if f.Kind == fault.Parked {
		outcome.Status = Parked
	}
	if outcome.Code == "" {
		outcome.Code = string(f.Kind)
	}
	for _, wait := range f.Waits {
		if key, err := ParseKey(wait); err == nil {
			outcome.Waits = append(outcome.Waits, key)
		}
	}
	return outcome
}
