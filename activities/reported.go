package activities

import (
	"slices"

	"tandem/flow"
)

// reported gives what became of records whose ids the source reported itself: that it has one no more is what it reported, and
// nothing that a person has to mend. The link says so.
func (c *chunk) reported(page flow.Page, results []flow.Result) []flow.Result {
	if !c.in.Filter.Reported {
		return results
	}
	return gone(page, results)
}

// gone gives what became of records of which those that the source does not have are no failures.
func gone(page flow.Page, results []flow.Result) []flow.Result {
	if len(page.Missing) == 0 {
		return results
	}
	missing := make(map[string]bool, len(page.Missing))
	for _, m := range page.Missing {
		missing[m.ID] = true
	}
	results = slices.Clone(results)
	for i, r := range results {
		if missing[r.Record.ID] && r.Outcome.Status == flow.Failed {
			results[i].Outcome.Status = flow.Gone
		}
	}
	return results
}
