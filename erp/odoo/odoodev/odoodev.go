// Package odoodev brings up a real Odoo for tests and trials, from Debian's packages, on a Linux machine where nothing
// but apt is prepared. Everything of one version lives in one folder:
//
//	odoo/19/root/          a Debian of its own: Odoo, its PostgreSQL, the databases and their files
//	odoo/19/template.json  how the template database was made, and the API key that is in it
//	odoo/19/access.json    where the running one is; gone when it stops
//	logs/odoo-19*.log      one log per program
//
// Its programs run in that root inside namespaces of their own, so neither mounts nor processes outlive this one, killed
// or not. That takes root. The first start takes some minutes and about 3 GB; later ones take seconds. Databases are
// kept without regard for power failures and all credentials are well known: it is no way to run anything in production.
package odoodev

import (
	"context"
	"errors"

	"tandem/devstack/process"
	"tandem/fault"
)

// Options say which Odoo to start and where.
type Options struct {
	Folder  string       // made when missing; shared by all versions
	Version string       // one of Versions
	Port    int          // preferred HTTP port, the next free one otherwise; 0 takes any
	Workers int          // Odoo processes that answer; 0 is one process with threads, as Odoo's own development mode
	Report  func(string) // told what takes long or turns out differently, one line at a time; may be nil
}

// Odoo is a running one, listening on 127.0.0.1 only.
type Odoo struct {
	access   Access
	place    place
	lock     *process.Lock
	postgres *process.Process
	server   *process.Process
}

// Start brings the version up and waits until it answers: it installs what is missing, makes the template database
// once, and gives a database of its own to work in, which stays for the next start unless that has to make another
// template. The context bounds the start only; Stop ends it.
//
// The error is fault.Unauthorized without root, fault.Unsupported where there are no namespaces, fault.Conflict when
// the version runs in that folder already (see Running), and fault.Unavailable when, and only when, a package could not
// be fetched or installed. A fault.Internal means that Odoo itself did not work.
func Start(ctx context.Context, options Options) (*Odoo, error) {
	p, err := newPlace(options.Folder, options.Version)
	if err != nil {
		return nil, err
	}
	if err := checkRights(ctx); err != nil {
		return nil, err
	}
	if err := p.make(); err != nil {
		return nil, err
	}
	held, err := p.lock()
	if err != nil {
		return nil, err
	}
	o := &Odoo{place: p, lock: held}
	if err := o.start(ctx, options); err != nil {
		_ = o.Stop() // the first error tells more
		return nil, err
	}
	return o, nil
}

// start does the work of Start while the lock is held.
func (o *Odoo) start(ctx context.Context, options Options) error {
	report := options.Report
	if report == nil {
		report = func(string) {}
	}
	key, err := o.prepare(ctx, report)
	if err != nil {
		return err
	}
	if err := o.startServer(ctx, options, report); err != nil {
		return err
	}
	o.access.APIKey = key
	if err := o.provideDatabase(ctx); err != nil {
		return err
	}
	return o.place.writeAccess(o.access)
}

// prepare installs what is missing, starts PostgreSQL, makes the template database once, and gives the API key in it.
func (o *Odoo) prepare(ctx context.Context, report func(string)) (string, error) {
	if err := o.place.provideRoot(ctx, report); err != nil {
		return "", err
	}
	if err := o.startPostgres(ctx); err != nil {
		return "", err
	}
	return o.place.provideTemplate(ctx, report)
}

// provideDatabase makes the database that Access names, unless an earlier start left it.
func (o *Odoo) provideDatabase(ctx context.Context) error {
	found, err := o.access.HasDatabase(ctx, o.access.Database)
	if err != nil || found {
		return err
	}
	_, err = o.access.CreateDatabase(ctx, o.access.Database)
	return err
}

// Access gives what a client needs.
func (o *Odoo) Access() Access { return o.access }

// Wait returns nil when the context ends, or the error of a program that ended without having been asked to.
func (o *Odoo) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-o.postgres.Done():
		return internal(o.postgres.Died())
	case <-o.server.Done():
		return internal(o.server.Died())
	}
}

// Stop ends what Start brought up and frees the folder; databases stay. The error says what had to be forced.
func (o *Odoo) Stop() error {
	err := errors.Join(o.server.Stop(odooEnding), o.postgres.Stop(postgresEnding), o.place.removeAccess())
	o.lock.Release()
	if err != nil {
		return fault.Wrap(fault.Internal, err, "Odoo %s was not stopped in good order: %v", o.place.release.version, err)
	}
	return nil
}
