package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// TestMapExistingThenPushAndPull: a store and a ledger hold the same catalogue and customers, and nothing says which is which. They are
// matched by rule and linked; then neither direction makes a record twice, what is edited in the ledger is all that is pushed, and
// pulling it changes nothing.
func TestMapExistingThenPushAndPull(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(40, 20, 0))
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything, append([]string{"tax_class", "tax"}, exportedKinds...)...)
	x.forget()

	counted := func() (n int) {
		return x.number(`SELECT (SELECT count(*) FROM ledger.products) + (SELECT count(*) FROM ledger.variants) + (SELECT count(*) FROM ledger.partners)
		  + (SELECT count(*) FROM ledger.addresses) + (SELECT count(*) FROM ledger.terms) + (SELECT count(*) FROM ledger.coupons)`)
	}
	inLedger := counted()
	matching := x.ended(post[gen.Operation](x, "/matches", gen.NewMatching{
		Instances: []string{instanceID}, Rules: []string{"sku", "slug", "name", "path", "email", "code"},
	}).ID)
	require.Equal(t, "done", string(matching.State), matching.Error)
	require.Zero(t, x.number(`SELECT count(*) FROM tandem.links`), "looking links nothing")
	found := x.matched(matching.ID)
	require.Positive(t, found["product match"])
	require.Positive(t, found["customer match"])
	require.Positive(t, found["category match"])
	for what, n := range found {
		require.True(t, strings.HasSuffix(what, " match"), "%d %s: both sides hold the same", n, what)
	}

	linking := x.ended(post[gen.Operation](x, "/matches/"+matching.ID+"/link", gen.LinkMatchesRequest{}).ID)
	require.Equal(t, "done", string(linking.State), linking.Error)
	for _, p := range linking.Progress {
		require.Equal(t, found[p.Entity+" match"], p.Created, "%s: %+v", p.Entity, p)
	}
	require.Equal(t, x.number(`SELECT count(*) FROM tandem.links`), x.number(`SELECT count(*) FROM tandem.links WHERE state = 'unsynchronised'`))

	x.allowExports()
	for _, op := range []gen.Operation{x.importAll(everything, exportedKinds...), x.export(everything, exportedKinds...)} {
		for _, p := range op.Progress {
			require.Zero(t, p.Created, "%s of %s is made twice", p.Entity, op.Direction)
			require.Zero(t, p.Parked+p.Failed, "%s of %s", p.Entity, op.Direction)
		}
	}
	require.Equal(t, inLedger, counted())

	var wooID, erpID string
	require.NoError(t, x.database.QueryRowxContext(t.Context(), `SELECT woo_id, erp_id FROM tandem.links WHERE entity = 'product' ORDER BY id LIMIT 1`).Scan(&wooID, &erpID))
	_, err := x.database.ExecContext(t.Context(), `UPDATE ledger.products SET name = 'Renamed in the ledger' WHERE id = $1`, erpID)
	require.NoError(t, err)
	written := store.requests("POST /products/batch")
	pushed := post[gen.Transfers](x, "/push", gen.Transfer{Instances: []string{instanceID}, Entity: "product", ERPIds: []string{erpID}})
	require.Equal(t, 1, x.ended(pushed.Operations[0].ID).Progress[0].Updated)
	require.Equal(t, 1, store.requests("POST /products/batch")-written)
	pull := gen.Transfer{Instances: []string{instanceID}, Entity: "product", WooIds: []string{wooID, "999999"}}
	pulled := post[gen.Transfers](x, "/pull", pull)
	require.Equal(t, 1, x.ended(pulled.Operations[0].ID).Progress[0].Unchanged, "no echo")
	require.Equal(t, "not_linked", pulled.Refused[0].Code)
}

// forget makes of the store's records in the ledger ones of its own: nothing ties them to the store any more. Taxes and price lists stay
// known, as they are mapped and made in other ways.
func (x *tandem) forget() {
	x.t.Helper()
	for _, statement := range []string{
		`DELETE FROM ledger.external_ids WHERE entity NOT IN ('tax', 'tax_class', 'price_list')`,
		`DELETE FROM tandem.links`,
		`DELETE FROM tandem.positions`,
		`UPDATE ledger.products SET sku = upper(sku)`,
	} {
		_, err := x.database.ExecContext(x.t.Context(), statement)
		require.NoError(x.t, err)
	}
}

// matched counts what a matching found, by "entity outcome".
func (x *tandem) matched(operation string) map[string]int {
	x.t.Helper()
	var counts gen.MatchCounts
	require.NoError(x.t, x.api.Get(x.t.Context(), "/matches/"+operation+"/counts", nil, &counts))
	found := map[string]int{}
	for _, c := range counts.Items {
		found[c.Entity+" "+string(c.Outcome)] += c.Count
	}
	return found
}
