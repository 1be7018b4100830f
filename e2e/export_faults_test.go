package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// secondID is the instance of a second store.
const secondID = "second"

// TestExportSurvivesFaults fills an empty store from the ledger, with a fifth of all replies broken and a worker that is killed three
// times among writes. Nothing is missing in the end, nothing is there twice, and a further export has nothing to write.
func TestExportSurvivesFaults(t *testing.T) {
	t.Parallel()
	source, empty := openShop(t, wootest.Sized(120, 60, 0)), openShop(t, wootest.Options{PageLatency: 100 * time.Millisecond})
	r := &rough{
		tandem: install(t, shared.postgres), t: t, store: empty, random: rand.New(rand.NewPCG(13, 0)), //nolint:gosec // no secret
	}
	r.startWorker()
	r.reach(start(t, r.env, "api"))
	r.connect(source.URL)
	r.importAll(everything, append([]string{"tax_class", "tax"}, exportedKinds...)...)
	r.connectAs(secondID, empty.URL)
	r.allowExportsOf(secondID)
	_, err := r.database.ExecContext(t.Context(), `
		INSERT INTO ledger.external_ids (instance, entity, ext_id, model, record_id)
		SELECT $1, entity, ext_id, model, record_id FROM ledger.external_ids WHERE instance = $2 AND model = 'price_list'`, secondID, instanceID)
	require.NoError(t, err, "both stores sell at the same prices")

	r.before = empty.Stats()
	empty.SetFaults(fifth)
	op := r.beginExport(secondID)
	r.reached("POST /products/batch", 1)
	r.killWorker()
	r.reached("POST /products/#/variations/batch", 1+r.random.IntN(5))
	r.killWorker()
	r.reached("POST /customers/batch", 1)
	r.killWorker()
	done := r.ended(op.ID)
	require.Equal(t, "done", string(done.State), "the export failed: %s", done.Error)
	for _, p := range done.Progress {
		require.Zero(t, p.Parked+p.Failed, "%s: %v", p.Entity, r.heldOf(secondID))
	}
	for kind, n := range r.storeFaults() {
		require.Positive(t, n, "the store never answered with %s", kind)
	}
	empty.SetFaults(wootest.Faults{})
	require.Positive(t, r.interrupted(), "no kill interrupted anything")

	require.Equal(t, source.named(t), empty.named(t))
	written := empty.written()
	again := r.ended(r.beginExport(secondID).ID)
	for _, p := range again.Progress {
		require.Equal(t, p.Read, p.Unchanged, "%s", p.Entity)
	}
	require.Equal(t, written, empty.written(), "there is nothing left to write")
}

// beginExport exports everything into an instance's store.
func (x *tandem) beginExport(id string) gen.Operation {
	x.t.Helper()
	return post[gen.Operation](x, "/operations", gen.NewOperation{
		Instances: []string{id}, Entities: exportedKinds, Filter: everything, Direction: gen.NewOperationDirectionExport,
	})
}

// named counts what the store has by what tells it from others: everything must be there, and once.
func (s *shop) named(t *testing.T) map[string]int {
	t.Helper()
	counted := map[string]int{}
	for resource, field := range map[string]string{
		"products/categories": "name", "products/tags": "name", "products/brands": "name", "products/attributes": "name",
		"products/shipping_classes": "name", "products": "name", "customers": "email", "coupons": "code",
	} {
		for _, record := range list[map[string]any](s, resource, url.Values{"role": {"all"}}) {
			counted[fmt.Sprint(resource, " ", record[field])]++
		}
	}
	for _, a := range s.articles() {
		if price, err := decimal.NewFromString(a.Regular); err == nil {
			counted["price "+price.StringFixed(2)]++
		} else {
			counted["no price"]++
		}
	}
	return counted
}

// written counts the requests that changed the store, or could have.
func (s *shop) written() int {
	n := 0
	for route, count := range s.Stats().Requests {
		if route[:4] != "GET " {
			n += count
		}
	}
	return n
}
