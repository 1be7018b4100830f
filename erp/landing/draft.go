package landing

import (
	"strconv"

	"tandem/erp"
)

// Draft is a record on its way into the ERP.
type Draft[T any] struct {
	Record  *T
	Key     erp.Key
	ID      int64 // the ERP's; 0 until a new record is given one
	Created bool  // the ERP has nothing under the key
	Before  string
	After   string // digest of the record
	Refused *Refusal
}

// NewDraft makes a draft of a record the ERP does not have, as far as is known. A record that cannot be written down, such
// as one with a date in the year 12000, is refused.
func NewDraft[T any](record *T, key func(*T) *erp.Key) *Draft[T] {
	d := &Draft[T]{Record: record, Key: *key(record), Created: true}
	digest, err := Digest(*record, key)
	if err != nil {
		d.Refused = Failed("invalid", "%s", err)
	}
	d.After = digest
	return d
}

// Found notes what the ERP has under the key: the id and the digest it was last given.
func (d *Draft[T]) Found(id int64, digest string) { d.ID, d.Created, d.Before = id, false, digest }

// Accepted reports whether the draft is not refused so far.
func (d *Draft[T]) Accepted() bool { return d.Refused == nil }

// Changed reports whether the draft has to be written: it is not refused, and the ERP does not hold exactly this already.
func (d *Draft[T]) Changed() bool { return d.Refused == nil && d.Before != d.After }

// Outcome is the answer for the record, once the draft is written or refused.
func (d *Draft[T]) Outcome() erp.Outcome {
	var outcome erp.Outcome
	switch {
	case d.Refused != nil:
		outcome = d.Refused.Outcome(d.Key)
		outcome.Before, outcome.After = d.Before, d.Before
	case d.Created:
		outcome = erp.Outcome{Status: erp.Created, After: d.After}
	case d.Before == d.After:
		outcome = erp.Outcome{Status: erp.Unchanged, Before: d.Before, After: d.After}
	default:
		outcome = erp.Outcome{Status: erp.Updated, Before: d.Before, After: d.After}
	}
	outcome.Key = d.Key
	if d.ID != 0 {
		outcome.ID = strconv.FormatInt(d.ID, 10)
	}
	return outcome
}

// Accepted gives the drafts that are not refused so far.
func Accepted[D interface{ Accepted() bool }](drafts []D) []D { return those(drafts, D.Accepted) }

// Changed gives the drafts that have to be written.
func Changed[D interface{ Changed() bool }](drafts []D) []D { return those(drafts, D.Changed) }

func those[D any](drafts []D, wanted func(D) bool) []D {
	var rest []D
	for _, d := range drafts {
		if wanted(d) {
			rest = append(rest, d)
		}
	}
	return rest
}

// Outcomes gives the outcomes of drafts, in their order.
func Outcomes[D interface{ Outcome() erp.Outcome }](drafts []D) []erp.Outcome {
	outcomes := make([]erp.Outcome, len(drafts))
	for i, d := range drafts {
		outcomes[i] = d.Outcome()
	}
	return outcomes
}
