package woo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// scanAll reads the shelf to its end and gives the ids in order of delivery.
func scanAll(t *testing.T, client *Client, options ListOptions, from Cursor) []int {
	t.Helper()
	var ids []int
	done := false
	for window, err := range client.Products.Scan(t.Context(), options, from) {
		require.NoError(t, err)
		require.False(t, done, "a window after the last one")
		for _, product := range window.Records {
			ids = append(ids, int(product.ID))
		}
		if len(ids) > 0 {
			require.Equal(t, ids[len(ids)-1], int(window.Next.LastID))
		}
		done = window.Done
	}
	require.True(t, done)
	require.True(t, slices.IsSorted(ids))
	require.Len(t, slices.Compact(slices.Clone(ids)), len(ids), "a record came twice")
	return ids
}

func TestScanReadsEverythingWithFewRequests(t *testing.T) {
	for _, test := range []struct{ records, requests int }{{0, 1}, {1, 1}, {99, 1}, {100, 2}, {101, 2}, {199, 3}, {200, 3}, {990, 10}} {
		for _, readers := range []int{1, 2, 5} {
			t.Run(fmt.Sprintf("%d records, %d readers", test.records, readers), func(t *testing.T) {
				store, client := newShelf(t, test.records, func(cfg *Config) { cfg.Readers = readers })
				require.Equal(t, store.ids, append([]int(nil), scanAll(t, client, ListOptions{}, Cursor{})...))
				require.Equal(t, test.requests, store.seen().requests)
				require.LessOrEqual(t, store.seen().busiest, readers)
				require.Zero(t, min(store.seen().empty, test.records), "a read for nothing")
			})
		}
	}
}

func TestScanTellsTotalAndStoreTimeFromTheFirstWindow(t *testing.T) {
	_, client := newShelf(t, 250)
	for window, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
		require.NoError(t, err)
		require.Equal(t, 250, window.Total)
		require.WithinDuration(t, time.Now(), window.StoreTime, 2*time.Second)
		require.Len(t, window.Records, 100)
		break // leaving early must not hang
	}
}

func TestScanResumesAfterEveryWindow(t *testing.T) {
	store, client := newShelf(t, 40)
	var cursors []Cursor
	for window, err := range client.Products.Scan(t.Context(), ListOptions{PerPage: 10}, Cursor{}) {
		require.NoError(t, err)
		cursors = append(cursors, window.Next)
	}
	require.Len(t, cursors, 5)
	for _, cursor := range cursors {
		var stored Cursor
		require.NoError(t, json.Unmarshal([]byte(encode(t, cursor)), &stored))
		rest := scanAll(t, client, ListOptions{PerPage: 10}, stored)
		require.Equal(t, store.ids[slices.Index(store.ids, int(cursor.LastID))+1:], append([]int{}, rest...))
	}
}

// What was removed before a scan resumed moved the rest to the left, past the cursor.
func TestScanStepsBackOverRemovedRecords(t *testing.T) {
	for name, removed := range map[string][]int{
		"one":           {10},
		"the last read": {200},
		"many":          {10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200},
		"the tail too":  {10, 380, 390, 400},
		"all the rest":  {210, 220, 230, 240, 250, 260, 270, 280, 290, 300, 310, 320, 330, 340, 350, 360, 370, 380, 390, 400},
	} {
		t.Run(name, func(t *testing.T) {
			store, client := newShelf(t, 40)
			store.remove(removed...)
			got := scanAll(t, client, ListOptions{PerPage: 10}, Cursor{Offset: 19, LastID: 200})
			want := slices.DeleteFunc(slices.Clone(store.ids), func(id int) bool { return id <= 200 })
			require.Equal(t, want, append([]int{}, got...))
		})
	}
}

func TestScanDropsWhatMovedToTheRight(t *testing.T) {
	store, client := newShelf(t, 40)
	for id := 1; id < 30; id++ {
		store.add(100 + id%9 + id*0 + 1) // older records that entered the list
	}
	got := scanAll(t, client, ListOptions{PerPage: 10}, Cursor{Offset: 19, LastID: 200})
	require.Equal(t, []int{210, 220}, got[:2])
	require.Len(t, got, 20)
}

// Whatever happens to other records, those that stay are delivered once each. The seed is printed with a failure.
func TestScanSurvivesAnyChange(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			store, client := newShelf(t, 60+random.IntN(200), func(cfg *Config) { cfg.Readers = 1 + random.IntN(4) })
			stay := map[int]bool{}
			for _, id := range store.ids {
				stay[id] = random.IntN(3) > 0
			}
			store.before = func(s *shelf, _ int) { shuffle(s, random, stay) }
			got := scanAll(t, client, ListOptions{PerPage: 7 + random.IntN(20)}, Cursor{})
			for id, stays := range stay {
				require.True(t, !stays || slices.Contains(got, id), "%d was skipped", id)
			}
		})
	}
}

// shuffle removes records that need not stay and adds others, anywhere.
func shuffle(s *shelf, random *rand.Rand, stay map[int]bool) {
	for range random.IntN(6) {
		if id := s.ids[random.IntN(len(s.ids))]; !stay[id] {
			s.remove(id)
		}
	}
	for range random.IntN(4) {
		if id := random.IntN(3000)*10 + 5; !slices.Contains(s.ids, id) {
			s.add(id)
		}
	}
}

func TestScanGetsPastHiddenRecords(t *testing.T) {
	store, client := newShelf(t, 100)
	var want []int
	for i, id := range store.ids {
		if hide := i == 9 || i == 0 || i >= 25 && i < 60 || i == 99; hide {
			store.hidden[id] = true
		} else {
			want = append(want, id)
		}
	}
	require.Equal(t, want, scanAll(t, client, ListOptions{PerPage: 10}, Cursor{}))
	require.Less(t, store.seen().requests, 60)
}

func TestScanNoticesAStoreThatGivesLessThanAsked(t *testing.T) {
	store, client := newShelf(t, 230)
	store.limit = 30
	require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}))
	require.LessOrEqual(t, store.seen().requests, 12)
}

func TestScanWithoutTotals(t *testing.T) {
	store, client := newShelf(t, 230)
	store.noTotals = true
	require.Equal(t, store.ids, scanAll(t, client, ListOptions{}, Cursor{}))
	require.Equal(t, 4, store.seen().requests, "only a page without anything new is the end")
}

func TestScanReadsAtFullParallelSpeed(t *testing.T) {
	store, client := newShelf(t, 2000)
	store.patience = 3 * time.Second
	require.Len(t, scanAll(t, client, ListOptions{}, Cursor{}), 2000)
	require.Equal(t, 2, store.seen().busiest)
	require.GreaterOrEqual(t, store.seen().together, 15, "of 21 windows nearly all are read beside another")
}

func TestScanRefusesAnotherOrder(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `[{"id":9},{"id":3}]`) })
	for window, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
		require.Equal(t, fault.Unsupported, fault.KindOf(err))
		require.Empty(t, window.Records)
	}
}

func TestScanOfAListThatComesWhole(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products/attributes", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `[{"id":9},{"id":3}]`) })
	windows := 0
	for window, err := range client.Attributes.Scan(t.Context(), ListOptions{PerPage: 2}, Cursor{}) {
		require.NoError(t, err)
		require.Len(t, window.Records, 2)
		require.True(t, window.Done)
		windows++
	}
	require.Equal(t, 1, windows)
	require.Equal(t, int64(1), client.Requests())
}

func TestScanGivesUnreadableRecordsAside(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-WP-Total", "4")
		answer(w, 200, `[{"id":1,"total":"1.00"},{"id":2,"total":"Jane"},{"total":"3.00"},{"id":4,"total":"4.00"}]`)
	})
	for window, err := range client.Orders.Scan(t.Context(), ListOptions{}, Cursor{}) {
		require.NoError(t, err)
		require.Len(t, window.Records, 2)
		require.Equal(t, ID(4), window.Next.LastID)
		require.Len(t, window.Rejected, 2)
		require.Equal(t, ID(2), window.Rejected[0].ID)
		require.Contains(t, string(window.Rejected[0].Raw), "Jane")
		require.ErrorContains(t, window.Rejected[0].Err, "record 2 of orders cannot be read: total: not a number")
		require.NotContains(t, window.Rejected[0].Err.Error(), "Jane")
	}
	var good, bad int
	for _, err := range client.Orders.All(t.Context(), ListOptions{}) {
		if err != nil {
			bad++
		} else {
			good++
		}
	}
	require.Equal(t, []int{2, 2}, []int{good, bad})
}

func TestScanEndsWithTheErrorAndThePlaceToGoOn(t *testing.T) {
	store, client := newShelf(t, 250, func(cfg *Config) { cfg.Tries, cfg.Readers = 1, 1 })
	store.failFrom = 2
	var failures int
	var last Cursor
	for window, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
		last = window.Next
		if err != nil {
			failures++
			require.Equal(t, Unavailable, ReasonOf(err))
		}
	}
	require.Equal(t, 1, failures)
	require.Equal(t, Cursor{Offset: 99, LastID: 1000}, last)
}

func TestAll(t *testing.T) {
	_, client := newShelf(t, 130)
	n := 0
	for product, err := range client.Products.All(t.Context(), ListOptions{}) {
		require.NoError(t, err)
		if n++; n == 120 {
			require.Equal(t, ID(1200), product.ID)
			break
		}
	}
	require.Equal(t, 120, n)

	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", readFixture(t, "bad_key_error").serve)
	for _, err := range client.Products.All(t.Context(), ListOptions{}) {
		require.Equal(t, Unauthorized, ReasonOf(err))
	}
}
