package worker

import (
	"context"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/instance"
)

const (
	// lookLimit is how long the changes of one instance's ERP are read at a time: what is left is read the next time.
	lookLimit = 25 * time.Second
	// looksAtOnce is how many instances are looked at together: an ERP that hangs holds up no other.
	looksAtOnce = 4
)

// checkLinks looks at what was changed in the ERPs of all connected instances, so that the states of links say it, whether or not it is
// exported. What cannot be read is noted where the states are listed, and holds up nothing else.
func (w *Worker) checkLinks(ctx context.Context) error {
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(looksAtOnce)
	for _, inst := range instances {
		if inst.State == instance.Connected || inst.State == instance.Active {
			group.Go(func() error { return w.checkLinksOf(ctx, inst.ID) })
		}
	}
	return group.Wait()
}

// checkLinksOf looks at one instance's ERP. An ERP that does not answer is not asked for the other kinds of records.
func (w *Worker) checkLinksOf(ctx context.Context, id string) error {
	looking, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	var problem error
	for _, kind := range entity.Watched() {
		check, linked, err := w.db.LinkCheck(ctx, id, kind.Name())
		if err != nil {
			return err
		}
		if !linked {
			continue
		}
		if !ofAll(problem) {
			var pages int
			if pages, problem = w.look(looking, kind, check); looking.Err() != nil && pages > 0 {
				return ctx.Err() // the rest is read the next time
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if problem != nil {
			if err := w.db.NoteLinkProblem(ctx, id, kind.Name(), problem); err != nil {
				return err
			}
		}
	}
	return nil
}

// ofAll reports whether a problem is the ERP's, and not that of one kind of record.
func ofAll(problem error) bool {
	return fault.Is(problem, fault.Unavailable) || fault.Is(problem, fault.Unauthorized)
}

// look reads what changed of one kind since the last look, page after page, and counts the pages.
func (w *Worker) look(ctx context.Context, kind mapping.Watched, check db.LinkCheck) (pages int, err error) {
	ec, err := w.connections.Connect(ctx, check.Instance)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	for cursor := check.Cursor; ; pages++ {
		look := db.LinkLook{Instance: check.Instance, Entity: kind.Name(), ReadAt: check.Now.Add(time.Since(began))}
		page, err := kind.Look(ctx, ec, cursor)
		if ctx.Err() != nil && err != nil {
			return pages, fault.Wrap(fault.Unavailable, err, "the ERP does not answer within %s", lookLimit)
		}
		if err != nil {
			return pages, err
		}
		for _, id := range slices.Sorted(maps.Keys(page.Digests)) {
			look.ERPIDs, look.Digests = append(look.ERPIDs, id), append(look.Digests, page.Digests[id])
		}
		look.Cursor, look.Done = page.Next, page.Done
		if err := w.db.NoteLinkLook(ctx, look); err != nil || page.Done {
			return pages, err
		}
		cursor = page.Next
	}
}
