// Package flowtest has what tests of flows need.
package flowtest

import (
	"context"

	"tandem/flow"
)

// Recorder remembers what a run does.
type Recorder struct {
	Pages   []flow.Page
	Results []flow.Result // of all pages, in order
	Older   []string      // the records of which it says that a newer copy is kept
	Limit   int           // ends the run after so many pages; 0 for none
	Err     error         // fails the start of each page
}

// Start remembers a page.
func (r *Recorder) Start(_ context.Context, page flow.Page) ([]string, error) {
	r.Pages = append(r.Pages, page)
	return r.Older, r.Err
}

// Finish remembers what became of a page.
func (r *Recorder) Finish(_ context.Context, _ flow.Page, results []flow.Result) (more bool, err error) {
	r.Results = append(r.Results, results...)
	return len(r.Pages) != r.Limit, nil
}

// Outcomes gives what became of the records that were read, in order.
func (r *Recorder) Outcomes() []flow.Outcome {
	missing := map[string]bool{}
	for _, page := range r.Pages {
		for _, m := range page.Missing {
			missing[m.ID] = true
		}
	}
	var outcomes []flow.Outcome
	for _, result := range r.Results {
		if !missing[result.Record.ID] {
			outcomes = append(outcomes, result.Outcome)
		}
	}
	return outcomes
}

// MissingIDs gives the ids that could not be read, in order.
func (r *Recorder) MissingIDs() []string {
	var ids []string
	for _, page := range r.Pages {
		for _, m := range page.Missing {
			ids = append(ids, m.ID)
		}
	}
	return ids
}
