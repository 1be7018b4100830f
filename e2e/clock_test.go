package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/woo/wootest"
)

// TestStoreClock sets a store's clock wrong and right again between imports of what changed, from the first import on. None
// of them misses anything, and no watermark lies beyond what was read.
func TestStoreClock(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]time.Duration{"ahead": 2 * time.Hour, "behind": -2 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := wootest.Sized(100, 40, 120)
			o.Seed = 5
			store := openShop(t, o)
			x := serve(t)
			x.connect(store.URL)
			for day, skew := range []time.Duration{wrong, 0, wrong, 0} {
				store.SetFaults(wootest.Faults{ClockSkew: skew})
				store.edit(day, 4)
				x.importAll(changed) // the first one reads everything
				x.retrySales()
				requireOrders(t, x, store.orders())
				requireStock(t, x, store.stock())
				x.requireSeen(store)
				known := get[gen.Instance](x, "/instances/"+instanceID).Store
				require.InDelta(t, skew.Seconds(), known.ClockSkewSeconds, 60)
			}
			x.requireNothingMissed()
			x.settled(t, calmly(t, store))
		})
	}
}

// requireSeen checks that no watermark is later than the latest change in the store, nor than now.
func (x *tandem) requireSeen(store *shop) {
	x.t.Helper()
	require.Zero(x.t, x.number(`SELECT count(*) FROM tandem.positions WHERE seen_until > now()`))
	for entity, resource := range map[string]string{"product": "products", "order": "orders", "coupon": "coupons"} {
		require.Equal(x.t, 1, x.number(`
			SELECT count(*) FROM tandem.positions WHERE entity = $1 AND seen_until <= $2::timestamptz`, entity, store.lastChange(resource)+"Z"),
			"the watermark of %s", entity)
	}
}

// lastChange returns when a record of a list was changed last, by the store's clock.
func (s *shop) lastChange(resource string) (last string) {
	s.t.Helper()
	for _, record := range list[struct {
		Modified string `json:"date_modified_gmt"`
	}](s, resource, nil) {
		last = max(last, record.Modified)
	}
	return last
}
