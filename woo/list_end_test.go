package woo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// scanFails reads the shelf until it is refused, and gives what was delivered before that.
func scanFails(t *testing.T, client *Client) (delivered int, refusal error) {
	t.Helper()
	for window, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
		require.False(t, window.Done, "it is not through")
		delivered += len(window.Records)
		refusal = err
	}
	require.Error(t, refusal)
	return delivered, refusal
}

func TestScanRefusesAStoreThatRepeatsPages(t *testing.T) {
	for name, change := range map[string]func(*shelf){
		"with totals":             func(*shelf) {},
		"without totals":          func(s *shelf) { s.noTotals = true },
		"absurd totals":           func(s *shelf) { s.claims = 9_000_000_000_000_000_000 },
		"pages of half the size":  func(s *shelf) { s.limit = 50 },
		"short ones, no totals":   func(s *shelf) { s.limit, s.noTotals = 50, true },
		"short ones, too few":     func(s *shelf) { s.limit, s.claims = 50, 60 },
		"ignores offset and page": func(s *shelf) { s.byPage = true },
	} {
		t.Run(name, func(t *testing.T) {
			store, client := newShelf(t, 400)
			store.cached = true
			change(store)
			delivered, err := scanFails(t, client)
			require.Equal(t, store.limit, delivered)
			require.Equal(t, fault.Unsupported, fault.KindOf(err))
			require.ErrorContains(t, err, "repeats pages of products")
			require.Less(t, store.seen().requests, 20, "it must not be asked for ever")
		})
	}
}

func TestScanAsksForNumberedPagesWhereOffsetsAreIgnored(t *testing.T) {
	for _, records := range []int{3, 100, 101, 198, 199, 250, 990} {
		store, client := newShelf(t, records)
		store.byPage = true
		require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}), "%d records", records)
		require.LessOrEqual(t, store.seen().requests, records/60+5)
	}
}

func TestNumberedPagesSurviveChanges(t *testing.T) {
	store, client := newShelf(t, 500)
	store.byPage = true
	store.before = func(s *shelf, request int) {
		if request%2 == 0 && request < 8 {
			s.remove(request * 10)
			s.add(5000 + request)
		}
	}
	got := scanAll(t, client, ListOptions{}, Cursor{})
	for _, id := range store.ids {
		require.Contains(t, got, id)
	}
}

func TestPageOver(t *testing.T) {
	for offset := range 2000 {
		size, number := pageOver(offset, 100)
		start := (number - 1) * size
		require.LessOrEqual(t, start, offset)
		require.LessOrEqual(t, size, 100)
		require.Greater(t, start+size-1-offset, 40, "it gets on")
	}
}

func TestScanReadsMoreThanTheStoreCounts(t *testing.T) {
	for _, claims := range []int{1, 100, 150, 399} {
		store, client := newShelf(t, 400)
		store.claims = claims
		require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}), "it says %d", claims)
	}
}

func TestScanEndsWhereTheStoreCountsTooMuch(t *testing.T) {
	for _, claims := range []int{401, 500, 40_000, 9_000_000_000_000_000_000} {
		store, client := newShelf(t, 400)
		store.claims = claims
		require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}), "it says %d", claims)
		require.Less(t, store.seen().requests, 20)
	}
	store, client := newShelf(t, 0)
	store.claims = 400
	require.Empty(t, scanAll(t, client, ListOptions{}, Cursor{}))
	require.LessOrEqual(t, store.seen().requests, 6)
}

// A store that hides most of a list from the key's user must not look like one that has less.
func TestScanRefusesAListThatIsMostlyHidden(t *testing.T) {
	store, client := newShelf(t, 9_000)
	for i, id := range store.ids {
		store.hidden[id] = i > 100 && i < 8_900
	}
	_, err := scanFails(t, client)
	require.ErrorContains(t, err, "counts more products than it shows")
}

// Records that enter the list behind the scan bring pages of known ones.
func TestScanGetsPastWhatEnteredBehindIt(t *testing.T) {
	store, client := newShelf(t, 300, func(cfg *Config) { cfg.Readers = 1 })
	for i := range store.ids {
		store.ids[i] += 1000
	}
	store.before = func(s *shelf, request int) {
		if request == 2 {
			for id := 1; id <= 900; id++ {
				s.add(id)
			}
		}
	}
	got := scanAll(t, client, ListOptions{}, Cursor{})
	require.Len(t, got, 300)
}

func TestScanByIDsRefusesWhatWasNotAskedFor(t *testing.T) {
	store, client := newShelf(t, 100)
	store.cached = true
	for window, err := range client.Products.ScanIDs(t.Context(), []ID{9_999}) {
		require.Equal(t, fault.Unsupported, fault.KindOf(err))
		require.Empty(t, window.Missing, "nobody knows whether it is there")
	}
}

func TestARecordThatBreaksItsPageIsRejected(t *testing.T) {
	for name, bad := range map[string][]int{
		"the first":     {10},
		"the second":    {20},
		"in the middle": {570},
		"at a seam":     {1000},
		"the last":      {2500},
		"several":       {10, 20, 990, 1000, 1010, 2500},
	} {
		t.Run(name, func(t *testing.T) {
			store, client := newShelf(t, 250, func(cfg *Config) { cfg.Tries = 2 })
			client.cfg.FirstBackoff = time.Millisecond
			store.bad = map[int]bool{}
			for _, id := range bad {
				store.bad[id] = true
			}
			got, rejected := map[int]bool{}, []int{}
			for window, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
				require.NoError(t, err)
				for _, p := range window.Records {
					require.False(t, got[int(p.ID)], "%d came twice", p.ID)
					got[int(p.ID)] = true
				}
				for _, r := range window.Rejected {
					rejected = append(rejected, int(r.ID))
					require.ErrorContains(t, r.Err, "cannot give this record")
				}
			}
			require.Equal(t, bad, rejected)
			require.Len(t, got, 250-len(bad))
		})
	}
}

func TestHeavyPagesShrinkAndTheSizeIsRemembered(t *testing.T) {
	store, client := newShelf(t, 300, func(cfg *Config) { cfg.Tries = 2 })
	client.cfg.FirstBackoff = time.Millisecond
	store.heavy = 30
	require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}))
	require.Equal(t, 25, client.sizes.of("products"))
	require.Equal(t, MaxPerPage, client.sizes.of("orders"))

	before := store.seen().requests
	require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}))
	require.LessOrEqual(t, store.seen().requests-before, 14, "it asks for what the store can give")
}

func TestAStoreThatIsAwayIsNotHalved(t *testing.T) {
	store, client := newShelf(t, 300, func(cfg *Config) { cfg.Tries = 1 })
	store.failFrom = 1
	_, err := scanFails(t, client)
	require.Equal(t, Unavailable, ReasonOf(err))
	require.LessOrEqual(t, store.seen().requests, 1+probes*narrowTries)
}

func TestDirectoriesGiveUnreadableEntriesAside(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/payment_gateways", serveText(`[{"id":"bacs","order":0},{"id":"cod","order":{"a":1}},{"id":"paypal"}]`))
	page, err := client.PaymentGateways.Read(t.Context())
	require.NoError(t, err)
	require.Len(t, page.Records, 2)
	require.Len(t, page.Rejected, 1)
	require.Equal(t, "cod", page.Rejected[0].Key())
	require.ErrorContains(t, page.Rejected[0].Err, "record cod of payment_gateways cannot be read: order: ")
	_, err = client.PaymentGateways.List(t.Context())
	require.ErrorContains(t, err, "record cod of payment_gateways")
}

func TestUnreadableRecordsNameThePlace(t *testing.T) {
	for raw, place := range map[string]string{
		`{"id":7,"line_items":[{"id":1,"total":"1"},{"id":2,"total":"x"}]}`:                   "line_items[1].total: ",
		`{"id":7,"line_items":[{"id":1,"taxes":[{"id":1,"total":{}},{"id":2,"total":"y"}]}]}`: "line_items[0].taxes[1].total: ",
		`{"id":7,"billing":{"email":5},"total":"abc"}`:                                        "total: ",
		`{"id":7,"shipping_lines":{"0":{"id":1,"total":"2"},"1":{"id":2,"total":"nothing"}}}`: "shipping_lines[1].total: ",
	} {
		_, err := Decode[Order]([]byte(raw))
		require.ErrorContains(t, err, "the record cannot be read: "+place, raw)
	}
}
