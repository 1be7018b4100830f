package db

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp/open"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

var testKey = []byte(strings.Repeat("k", keyLength))

// newDB opens a fresh database. Since making one takes longer than most tests, tests run in parallel.
func newDB(t testing.TB) *DB {
	t.Helper()
	if test, ok := t.(*testing.T); ok {
		test.Parallel()
	}
	d, err := Open(t.Context(), schematest.URL(t), Options{SecretKeys: [][]byte{testKey}, ERPs: open.Drivers()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

// newInstance stores an instance that other rows may refer to.
func newInstance(t testing.TB, d *DB, id string) instance.Instance {
	t.Helper()
	in, err := d.CreateInstance(t.Context(), instance.Instance{
		ID: id, Name: "Shop " + id, StoreURL: "https://shop.example", State: instance.Draft, Backend: "ledger",
		Connection: instance.Connection{APIVersion: "wc/v3", VerifySSL: true, Readers: 2},
	}, instance.Credentials{ConsumerKey: "ck_" + id, ConsumerSecret: "cs_" + id})
	require.NoError(t, err)
	return in
}

// newOperation stores an operation of instance "demo".
func newOperation(t testing.TB, d *DB, entities ...string) string {
	t.Helper()
	o, created, err := d.CreateOperation(t.Context(), Operation{
		Kind: "import", Direction: "import", Instances: []string{"demo"}, Entities: entities, Trigger: "api",
	})
	require.NoError(t, err)
	require.True(t, created)
	return o.ID
}

// number reads one number.
func number(t testing.TB, d *DB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, d.pool.GetContext(t.Context(), &n, query, args...))
	return n
}

// requireKind checks how an error is classified.
func requireKind(t testing.TB, kind fault.Kind, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, kind, fault.KindOf(err), err.Error())
}

// requireRecent checks that a time was set by this test, in UTC.
func requireRecent(t testing.TB, at time.Time) {
	t.Helper()
	require.WithinDuration(t, time.Now(), at, time.Minute)
	require.Equal(t, time.UTC, at.Location())
}

func TestOpenRefuses(t *testing.T) {
	good := [][]byte{testKey}
	elsewhere := strings.Replace(schematest.URL(t), "/test_", "/missing_", 1)
	for name, tt := range map[string]struct {
		dsn  string
		keys [][]byte
		kind fault.Kind
	}{
		"no key":           {dsn: "postgres://127.0.0.1/x", kind: fault.Invalid},
		"short key":        {dsn: "postgres://127.0.0.1/x", keys: [][]byte{testKey[1:]}, kind: fault.Invalid},
		"bad address":      {dsn: "postgres://[::1/x", keys: good, kind: fault.Invalid},
		"unknown database": {dsn: elsewhere, keys: good, kind: fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), tt.dsn, Options{SecretKeys: tt.keys})
			requireKind(t, tt.kind, err)
		})
	}
}

func TestOpenWaitsUntilTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()

	_, err := Open(ctx, "postgres://127.0.0.1:1/x?sslmode=disable", Options{SecretKeys: [][]byte{testKey}, ERPs: open.Drivers()})

	requireKind(t, fault.Unavailable, err)
	require.Error(t, ctx.Err(), "it gave up before its time")
}

func TestReady(t *testing.T) {
	d := newDB(t)
	require.NoError(t, d.Ready(t.Context()))

	_, err := d.pool.ExecContext(t.Context(), `ALTER SCHEMA tandem RENAME TO hidden`)
	require.NoError(t, err)
	requireKind(t, fault.Unavailable, d.Ready(t.Context()))
}

func TestABrokenConnectionIsUnavailableOnce(t *testing.T) {
	d := newDB(t)
	d.pool.SetMaxOpenConns(1)

	_, err := d.pool.ExecContext(t.Context(), `SELECT pg_terminate_backend(pg_backend_pid())`)
	requireKind(t, fault.Unavailable, classify(err, "reading"))

	require.NoError(t, d.Ready(t.Context()), "the next statement gets a new connection")
}

// keys parses keys of the form instance/entity/id.
func keys(texts ...string) []flow.Key {
	parsed := make([]flow.Key, len(texts))
	for i, text := range texts {
		key, err := flow.ParseKey(text)
		if err != nil {
			panic(err)
		}
		parsed[i] = key
	}
	return parsed
}
