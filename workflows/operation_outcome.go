package workflows

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/workflow"

	"tandem/activities"
)

// entityCounts are the outcomes of one entity.
type entityCounts struct {
	entity string
	counts Counts
}

// take adds the outcomes of one entity. A record that was parked and landed later in the same operation counts in both.
func (o *operation) take(entity string, c Counts) {
	o.counts = o.counts.Add(c)
	if c.Parked == 0 && c.Failed == 0 {
		return
	}
	for i := range o.trouble {
		if o.trouble[i].entity == entity {
			o.trouble[i].counts = o.trouble[i].counts.Add(c)
			return
		}
	}
	o.trouble = append(o.trouble, entityCounts{entity, c})
}

// end marks the operation and records how it ended.
func (o *operation) end(ctx workflow.Context, state string, failure *activities.Failure) error {
	if err := o.markParked(ctx); err != nil {
		return err
	}
	if err := o.record(ctx, state, failure); err != nil {
		return err
	}
	workflow.SetCurrentDetails(ctx, o.outcome())
	return nil
}

// versionMarkParked is the version from which operations that parked records or failed to land some are marked.
const versionMarkParked = "mark operations that parked records"

// markParked lets people filter Temporal's lists by operations that need them. One without trouble is not marked: each mark
// is an event.
func (o *operation) markParked(ctx workflow.Context) error {
	if len(o.trouble) == 0 || workflow.GetVersion(ctx, versionMarkParked, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return nil
	}
	return workflow.UpsertTypedSearchAttributes(ctx, AttrParked.ValueSet(true))
}

// outcome says how the operation ended, with what needs a person first.
func (o *operation) outcome() string {
	var parts []string
	if o.failure != nil {
		parts = append(parts, "**failed:** "+o.failure.Message)
	}
	if len(o.trouble) > 0 {
		parts = append(parts, fmt.Sprintf("**%s:** `tandem jobs` lists the records that still wait, and why", o.troubles()))
	}
	return strings.Join(append(parts, "**in all:** "+o.totals()), "\n\n")
}

// troubles reads "order: 4 parked, 1 failed; product: 2 parked".
func (o *operation) troubles() string {
	all := make([]string, len(o.trouble))
	for i, t := range o.trouble {
		var counts []string
		if t.counts.Parked > 0 {
			counts = append(counts, fmt.Sprintf("%d parked", t.counts.Parked))
		}
		if t.counts.Failed > 0 {
			counts = append(counts, fmt.Sprintf("%d failed", t.counts.Failed))
		}
		all[i] = t.entity + ": " + strings.Join(counts, ", ")
	}
	return strings.Join(all, "; ")
}

// describe shows the progress in the Temporal UI; it costs no history.
func (o *operation) describe(ctx workflow.Context) { workflow.SetCurrentDetails(ctx, o.details()) }

// details says what waits, if anything, what is at work, and what is done.
func (o *operation) details() string {
	at := "nothing"
	if len(o.running) > 0 {
		at = strings.Join(o.names(), ", ")
	}
	if o.paused {
		at += " (paused)"
	}
	return fmt.Sprintf("%s**at work:** %s\n\n**done so far:** %s", o.waits.details(), at, o.totals())
}

func (o *operation) totals() string {
	return fmt.Sprintf("%d created, %d updated, %d unchanged, %d parked, %d failed",
		o.counts.Created, o.counts.Updated, o.counts.Unchanged, o.counts.Parked, o.counts.Failed)
}
