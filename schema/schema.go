// Package schema keeps the PostgreSQL objects of Tandem: one folder of SQL migrations per PostgreSQL schema, embedded
// in the binary and applied in the order of their names.
//
// A folder's name is the name of the PostgreSQL schema its files fill, and its table "migrations" says what was applied.
// A new schema is a new folder; released files are never edited.
package schema

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"path"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"tandem/fault"
)

//go:embed */*.sql
var files embed.FS

// Seconds to wait for another process that is applying migrations: one try a second, for five minutes.
const (
	lockPeriod = 1
	lockTries  = 300
)

// Apply brings every schema of the database up to date and gives the names of the files it applied, such as
// "ledger/0001_base.sql". Processes that start together take turns under an advisory lock; what one applied the
// others find done. Errors are fault.Unavailable; files applied before the error stay applied.
func Apply(ctx context.Context, db *sql.DB) ([]string, error) {
	names, err := schemas()
	if err != nil {
		return nil, err
	}
	if err := create(ctx, db, names); err != nil {
		return nil, err
	}
	var applied []string
	for _, name := range names {
		done, err := applyOne(ctx, db, name)
		applied = append(applied, done...)
		if err != nil {
			return applied, err
		}
	}
	return applied, nil
}

// Pending gives the names of the files Apply would apply. It changes nothing in the database.
func Pending(ctx context.Context, db *sql.DB) ([]string, error) {
	names, err := schemas()
	if err != nil {
		return nil, err
	}
	var pending []string
	for _, name := range names {
		todo, err := pendingOf(ctx, db, name)
		if err != nil {
			return nil, err
		}
		pending = append(pending, todo...)
	}
	return pending, nil
}

// schemas lists the embedded folders.
func schemas() ([]string, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot read the embedded migrations")
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names, nil
}

// create makes the PostgreSQL schemas, which must be there before the table of applied migrations can live in them.
func create(ctx context.Context, db *sql.DB, names []string) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	locker, err := sessionLock()
	if err != nil {
		return err
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return unavailable(err)
	}
	defer func() { err = errors.Join(err, locker.SessionUnlock(context.WithoutCancel(ctx), conn)) }()
	for _, name := range names {
		if _, err := conn.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+pq.QuoteIdentifier(name)); err != nil {
			return unavailable(err)
		}
	}
	return nil
}

func applyOne(ctx context.Context, db *sql.DB, name string) ([]string, error) {
	provider, err := newProvider(db, name)
	if err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		results = partial.Applied
		err = fault.Wrap(fault.Internal, err, "migration %s failed: see the log for PostgreSQL's answer",
			path.Join(name, partial.Failed.Source.Path))
	} else if err != nil {
		err = unavailable(err)
	}
	applied := make([]string, len(results))
	for i, result := range results {
		applied[i] = path.Join(name, result.Source.Path)
	}
	return applied, err
}

func pendingOf(ctx context.Context, db *sql.DB, name string) ([]string, error) {
	provider, err := newProvider(db, name)
	if err != nil {
		return nil, err
	}
	applied, err := appliedVersions(ctx, db, name)
	if err != nil {
		return nil, err
	}
	var pending []string
	for _, source := range provider.ListSources() {
		if !applied[source.Version] {
			pending = append(pending, path.Join(name, source.Path))
		}
	}
	return pending, nil
}

// appliedVersions reads the table of applied migrations by hand: the provider's own status call would create it.
func appliedVersions(ctx context.Context, db *sql.DB, name string) (map[int64]bool, error) {
	var exists bool
	table := versionTable(name)
	if err := db.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, table).Scan(&exists); err != nil {
		return nil, unavailable(err)
	}
	if !exists {
		return nil, nil
	}
	store, err := database.NewStore(database.DialectPostgres, table)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot open the table of applied migrations")
	}
	rows, err := store.ListMigrations(ctx, db)
	if err != nil {
		return nil, unavailable(err)
	}
	versions := make(map[int64]bool, len(rows))
	for _, row := range rows {
		versions[row.Version] = row.IsApplied
	}
	return versions, nil
}

func newProvider(db *sql.DB, name string) (*goose.Provider, error) {
	folder, err := fs.Sub(files, name)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot read the migrations of %s", name)
	}
	locker, err := sessionLock()
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder,
		goose.WithTableName(versionTable(name)), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the migrations of %s cannot be read", name)
	}
	return provider, nil
}

// sessionLock makes a fresh lock each time: goose counts the tries of one lock over all its uses.
func sessionLock() (lock.SessionLocker, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriod, lockTries))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "cannot prepare the migration lock")
	}
	return locker, nil
}

func versionTable(name string) string { return name + ".migrations" }

func unavailable(err error) error {
	return fault.Wrap(fault.Unavailable, err, "the database cannot be migrated right now: check that it is up and that its user may create schemas")
}
