// Package db is what Tandem itself remembers, in PostgreSQL schema tandem: instances and their configuration,
// operations and their progress, queue jobs, logs, links, the runs of orders, schedules and API tokens.
//
// Times are UTC. Errors are classified with package fault. Customers' personal data is kept in raw records only, which
// are pruned by age; every other table holds ids, states and digests.
//
// The statements that run per page of records take their input as one JSON array, and find existing rows through ON
// CONFLICT or one by one: while a large import fills a table that PostgreSQL has no statistics of yet, it would otherwise
// believe that an instance has a handful of rows, and read all of them for every page.
package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/sethvargo/go-retry"

	"tandem/erp"
	"tandem/fault"
)

// openPatience is how long Open waits for a server that is still starting.
const openPatience = 30 * time.Second

// defaultMaxConns suits one worker with two readers beside an API.
const defaultMaxConns = 16

// inboxConns are the connections that deliveries of stores are checked and kept over. They are apart from the others: a store waits for its answer
// with one of its processes, and switches a webhook off whose answers do not come in time, whatever else is going on.
const inboxConns = 4

// Options configure a DB.
type Options struct {
	// SecretKeys are 32 bytes each. The first seals credentials, all of them open: a key is rotated by putting the new
	// one first and dropping the old one after the credentials were entered again.
	SecretKeys [][]byte
	// ERPs are those that instances may be on. What the settings of others mean is not known: a change of any of them then
	// counts as another ERP.
	ERPs erp.Drivers
	// MaxConns bounds the connections; 0 is 16.
	MaxConns int
}

// DB is Tandem's own store. It is safe for concurrent use.
type DB struct {
	pool  *sqlx.DB
	inbox *sqlx.DB // deliveries of stores, and the secrets they are signed with
	keys  keyring
	erps  erp.Drivers

	recordStep, receive statement
}

// Open connects to the database and waits up to 30 s for it to answer. The schema must have been applied. A refused
// password or an unknown database is Unauthorized or NotFound at once.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	keys, err := newKeyring(o.SecretKeys)
	if err != nil {
		return nil, err
	}
	// Binary parameters: one round trip per statement instead of two, and raw records travel unescaped. UTC: times and day
	// buckets do not depend on the server's settings.
	connector, err := newConnector(dsn, map[string]string{"timezone": "UTC"}, true)
	if err != nil {
		return nil, err
	}
	d := &DB{
		pool: newPool(connector, o.MaxConns), inbox: newPool(connector, inboxConns), keys: keys, erps: o.ERPs,
		recordStep: statement{query: recordOrderStep}, receive: statement{query: receiveDelivery},
	}
	d.inbox.SetConnMaxIdleTime(0) // a store's next deliveries may come in the middle of an import
	if err := d.await(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// newPool keeps its connections: opening one costs more than most statements.
func newPool(connector driver.Connector, limit int) *sqlx.DB {
	if limit == 0 {
		limit = defaultMaxConns
	}
	pool := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	pool.SetMaxOpenConns(limit)
	pool.SetMaxIdleConns(limit)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool
}

// Close closes the connections.
func (d *DB) Close() error {
	return classify(errors.Join(d.recordStep.close(), d.receive.close(), d.pool.Close(), d.inbox.Close()), "closing the database")
}

// await pings until the server answers.
func (d *DB) await(ctx context.Context) error {
	backoff := retry.WithMaxDuration(openPatience, retry.NewConstant(250*time.Millisecond))
	err := retry.Do(ctx, backoff, func(ctx context.Context) error {
		err := classify(d.pool.PingContext(ctx), "connecting to the database")
		if fault.Is(err, fault.Unavailable) {
			return retry.RetryableError(err)
		}
		return err
	})
	return classify(err, "connecting to the database")
}

// tx runs f in one transaction, which is rolled back when f fails.
func (d *DB) tx(ctx context.Context, doing string, f func(*sqlx.Tx) error) error {
	tx, err := d.pool.BeginTxx(ctx, nil)
	if err != nil {
		return classify(err, doing)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(tx); err != nil {
		return classify(err, doing)
	}
	return classify(tx.Commit(), doing)
}
