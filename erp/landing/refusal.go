package landing

import (
	"fmt"

	"tandem/erp"
)

// Refusal says why one record of a batch is not landed.
type Refusal struct {
	Status erp.Status // Parked or Failed
	Code   string     // machine-readable, e.g. "unknown_product"
	Reason string     // what is wrong and what to do; no personal data
	Waits  []erp.Key  // for Parked: the records whose landing solves it
}

// Failed refuses a record that will not land however often it is tried.
func Failed(code, format string, args ...any) *Refusal {
	return &Refusal{Status: erp.Failed, Code: code, Reason: fmt.Sprintf(format, args...)}
}

// Parked refuses a record until the records it waits for have landed, or a person has done something when it waits for none.
func Parked(code, reason string, waits ...erp.Key) *Refusal {
	return &Refusal{Status: erp.Parked, Code: code, Reason: reason, Waits: waits}
}

// Outcome is the answer for a record that is refused before the ERP was asked for it.
func (r *Refusal) Outcome(key erp.Key) erp.Outcome {
	return erp.Outcome{Key: key, Status: r.Status, Code: r.Code, Reason: r.Reason, Waits: r.Waits}
}

// CheckKey refuses keys that cannot be stored or told apart. Batch asks it for its records; the keys of what a record
// brings along, such as variants, are the caller's to check.
func CheckKey(key erp.Key) *Refusal {
	if key.Instance == "" || key.Entity == "" || key.ID == "" {
		return Failed("invalid_key", "the external key %q lacks its instance, entity or id", key)
	}
	return nil
}
