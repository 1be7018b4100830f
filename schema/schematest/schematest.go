// Package schematest gives tests a fresh, migrated PostgreSQL database each.
//
// The server is the one TEST_DATABASE_URL names, PostgreSQL 15 or newer, or else a private cluster that lives as long
// as the test process. A package that uses it calls Main from its TestMain.
package schematest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver
	"github.com/stretchr/testify/require"

	"tandem/schema"
)

// EnvURL names the variable with the server to test against; its user must be allowed to create databases.
const EnvURL = "TEST_DATABASE_URL"

// startTimeout includes installing PostgreSQL where it is missing.
const startTimeout = 5 * time.Minute

// server is started by the first test that asks for a database.
var server struct {
	once    sync.Once
	err     error
	url     *url.URL
	cluster *cluster // nil when TEST_DATABASE_URL names the server
	names   atomic.Int64
}

// Main runs the tests and stops the private cluster afterwards. It does not return.
func Main(m *testing.M) {
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "schematest:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// New gives a connection pool to a database of this test alone, with all migrations applied. The database is dropped
// when the test ends.
func New(t testing.TB) *sqlx.DB {
	t.Helper()
	return open(t, URL(t))
}

// Empty gives a connection pool to a database of this test alone to which no migration was applied.
func Empty(t testing.TB) *sqlx.DB {
	t.Helper()
	return open(t, clone(t, "template0"))
}

func open(t testing.TB, address string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// AwaitTransactions returns once every transaction that has begun is over, those of other tests on the same server included:
// only then does a change feed report what was written until now.
func AwaitTransactions(t testing.TB, db *sqlx.DB) {
	t.Helper()
	var begun string
	require.NoError(t, db.GetContext(t.Context(), &begun, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text`))
	require.Eventually(t, func() bool {
		var over bool
		err := db.GetContext(t.Context(), &over, `SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8`, begun)
		return err == nil && over
	}, time.Minute, 5*time.Millisecond)
}

// URL gives the address of a database like New's, for tests that open it themselves.
func URL(t testing.TB) string {
	t.Helper()
	return clone(t, templateName())
}

// clone copies a template into a database that is dropped when the test ends.
func clone(t testing.TB, template string) string {
	t.Helper()
	ready(t)
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), server.names.Add(1))
	// FILE_COPY halves the time where nothing is synced to disk.
	require.NoError(t, admin(fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY`, name, template)))
	t.Cleanup(func() { require.NoError(t, admin(fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name))) })
	return addressOf(name)
}

func ready(t testing.TB) {
	t.Helper()
	server.once.Do(start)
	require.NoError(t, server.err)
}

// start finds or starts the server and makes the template once per process: copying it is ten times faster than
// migrating every test's database.
func start() {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if server.url, server.err = find(ctx); server.err != nil {
		return
	}
	if server.err = admin(`CREATE DATABASE ` + templateName()); server.err != nil {
		return
	}
	db, err := sql.Open("postgres", addressOf(templateName()))
	if err != nil {
		server.err = err
		return
	}
	_, err = schema.Apply(ctx, db)
	server.err = errors.Join(err, errors.Unwrap(err), db.Close()) // the cause is PostgreSQL's own words: wanted here
}

func find(ctx context.Context) (*url.URL, error) {
	address := os.Getenv(EnvURL)
	if address == "" {
		started, err := startCluster(ctx)
		if err != nil {
			return nil, err
		}
		server.cluster, address = started, started.server.DSN()
	}
	return url.Parse(address)
}

// stop leaves nothing behind: no template on a shared server, no process and no folder of a private one.
func stop() error {
	switch {
	case server.cluster != nil:
		return server.cluster.stop()
	case server.url != nil:
		return admin(fmt.Sprintf(`DROP DATABASE IF EXISTS %s WITH (FORCE)`, templateName()))
	}
	return nil
}

func templateName() string { return fmt.Sprintf("test_template_%d", os.Getpid()) }

func addressOf(database string) string {
	address := *server.url
	address.Path = "/" + database
	return address.String()
}

// admin runs one statement over a connection of its own, since databases cannot be made or dropped in a transaction.
func admin(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := sql.Open("postgres", server.url.String())
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}
