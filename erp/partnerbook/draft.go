package partnerbook

import (
	"strconv"

	"tandem/erp"
	"tandem/erp/landing"
)

// Draft is what becomes of one record.
type Draft struct {
	Key     erp.Key
	Partner *Partner

	addresses []*Address
	created   bool
	wrote     bool
	before    []string // digests of the content and of the addresses named
	after     []string
}

// Outcome is the answer for the record, once the book is written. An address that is refused refuses the record.
func (d *Draft) Outcome() erp.Outcome {
	if r := d.refusal(); r != nil {
		outcome := r.Outcome(d.Key)
		if !d.Partner.Created {
			outcome.Before = landing.Join(d.before)
			outcome.After = outcome.Before
		}
		return outcome
	}
	outcome := erp.Outcome{Key: d.Key, ID: strconv.FormatInt(d.Partner.ID, 10), After: landing.Join(d.after), Steps: d.Partner.Steps}
	switch {
	case d.created:
		outcome.Status = erp.Created
		return outcome
	case d.wrote:
		outcome.Status = erp.Updated
	default:
		outcome.Status = erp.Unchanged
	}
	outcome.Before = landing.Join(d.before)
	return outcome
}

func (d *Draft) refusal() *landing.Refusal {
	if d.Partner.Refused != nil {
		return d.Partner.Refused
	}
	for _, a := range d.addresses {
		if a.Refused != nil {
			return a.Refused
		}
	}
	return nil
}
