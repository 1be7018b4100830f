package odoodev

import (
	"context"
	"errors"
	"os"

	"golang.org/x/sync/errgroup"

	"tandem/devstack/process"
)

// Install fetches what Start needs of the given versions and makes their template databases, all at the same time. Those
// that are there already take no time, also when they run. The errors are those of Start.
func Install(ctx context.Context, folder string, versions []string, report func(string)) error {
	places := make([]place, len(versions))
	for i, version := range versions {
		var err error
		if places[i], err = newPlace(folder, version); err != nil {
			return err
		}
	}
	if err := checkRights(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range places {
		group.Go(func() error { return p.install(ctx, report) })
	}
	return group.Wait()
}

func (p place) install(ctx context.Context, report func(string)) error {
	if p.installed() {
		return nil
	}
	if err := p.make(); err != nil {
		return err
	}
	held, err := p.lock()
	if err != nil {
		return err
	}
	o := &Odoo{place: p, lock: held}
	_, err = o.prepare(ctx, report)
	return errors.Join(err, o.Stop())
}

// installed reports whether Start finds all it needs, or runs in another process.
func (p place) installed() bool {
	if _, err := os.Stat(p.root().dir); err != nil {
		return false
	}
	_, current := p.knownTemplate()
	return current || process.Holder(p.lockFile()) != 0
}
