package db

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
	"tandem/schema/schematest"
)

func TestCredentials(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")

	cred, err := d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, instance.Credentials{ConsumerKey: "ck_demo", ConsumerSecret: "cs_demo"}, cred)

	changed := instance.Credentials{ConsumerKey: "ck_new", ConsumerSecret: "cs_new"}
	require.NoError(t, d.SetCredentials(t.Context(), "demo", changed))
	cred, err = d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, changed, cred)

	require.NoError(t, d.SetCredentials(t.Context(), "demo", instance.Credentials{ERPSecret: "key"}))
	cred, err = d.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, instance.Credentials{ConsumerKey: "ck_new", ConsumerSecret: "cs_new", ERPSecret: "key"}, cred, "what is not given stays")

	in, err := d.Instance(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, 1, in.Version, "the version guards the configuration only")

	_, err = d.Credentials(t.Context(), "missing")
	requireKind(t, fault.NotFound, err)
	requireKind(t, fault.NotFound, d.SetCredentials(t.Context(), "missing", changed))
}

func TestCredentialsAreSealedAtRest(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	require.NoError(t, d.SetCredentials(t.Context(), "demo", instance.Credentials{ERPSecret: "erp_demo"}))

	var dump string
	require.NoError(t, d.pool.GetContext(t.Context(), &dump, `SELECT string_agg(i::text || encode(credentials, 'escape'), '') FROM tandem.instances i`))
	require.NotContains(t, dump, "ck_demo")
	require.NotContains(t, dump, "cs_demo")
	require.NotContains(t, dump, "erp_demo")
}

func TestCredentialsWithAnotherKey(t *testing.T) {
	url := schematest.URL(t)
	former, err := Open(t.Context(), url, Options{SecretKeys: [][]byte{testKey}, MaxConns: 1})
	require.NoError(t, err)
	newInstance(t, former, "demo")
	require.NoError(t, former.Close())

	now, err := Open(t.Context(), url, Options{SecretKeys: [][]byte{[]byte(strings.Repeat("x", keyLength))}, MaxConns: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, now.Close()) }()

	_, err = now.Credentials(t.Context(), "demo")
	requireKind(t, fault.Unavailable, err)
	require.Equal(t, CodeWrongKey, fault.From(err).Code)
	require.ErrorContains(t, err, "TANDEM_SECRET_KEY")
	require.NotContains(t, fmt.Sprint(err), "ck_")

	// Entering them again is the way out, although what is kept cannot be read.
	again := instance.Credentials{ConsumerKey: "ck_again", ConsumerSecret: "cs_again"}
	require.NoError(t, now.SetCredentials(t.Context(), "demo", again))
	cred, err := now.Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, again, cred)
}

// reopen opens the same database with other secret keys.
func reopen(t *testing.T, d *DB, names ...string) *DB {
	t.Helper()
	return &DB{pool: d.pool, keys: ring(t, names...)}
}

func TestCheckKeys(t *testing.T) {
	d := reopen(t, newDB(t), "o")
	require.NoError(t, d.CheckKeys(t.Context()), "nothing is sealed yet")
	newInstance(t, d, "demo")
	require.NoError(t, d.CheckKeys(t.Context()))
	require.NoError(t, reopen(t, d, "n", "o").CheckKeys(t.Context()))
	err := reopen(t, d, "n").CheckKeys(t.Context())
	requireKind(t, fault.Unauthorized, err)
	require.ErrorContains(t, err, "demo")
}

func TestRekey(t *testing.T) {
	old := reopen(t, newDB(t), "o")
	newInstance(t, old, "demo")
	newInstance(t, old, "second")
	before, err := old.Credentials(t.Context(), "demo")
	require.NoError(t, err)

	_, _, err = reopen(t, old, "n").Rekey(t.Context(), false)
	requireKind(t, fault.Unavailable, err)
	require.NoError(t, old.CheckKeys(t.Context()), "a refusal changes nothing")

	both := reopen(t, old, "n", "o")
	for _, want := range []int{2, 0} {
		sealed, forgotten, err := both.Rekey(t.Context(), false)
		require.NoError(t, err)
		require.Equal(t, []int{want, 0}, []int{sealed, forgotten})
	}
	after, err := reopen(t, old, "n").Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Equal(t, before, after)
	requireKind(t, fault.Unauthorized, old.CheckKeys(t.Context()))

	sealed, forgotten, err := reopen(t, old, "t").Rekey(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, []int{sealed, forgotten})
	require.NoError(t, reopen(t, old, "t").CheckKeys(t.Context()))
	gone, err := reopen(t, old, "t").Credentials(t.Context(), "demo")
	require.NoError(t, err)
	require.Empty(t, gone)
}
