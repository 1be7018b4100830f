package woo

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestScanIDs(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "100", r.URL.Query().Get("per_page"))
		var records []string
		for id := range strings.SplitSeq(r.URL.Query().Get("include"), ",") {
			switch {
			case strings.HasSuffix(id, "7"): // not there
			case id == "55":
				records = append(records, `{"id":55,"regular_price":"Jane"}`)
			default:
				records = append(records, fmt.Sprintf(`{"id":%s}`, id))
			}
		}
		answer(w, 200, "["+strings.Join(records, ",")+"]")
	})
	ids := []ID{3, 3}
	for id := ID(250); id > 0; id-- {
		ids = append(ids, id)
	}
	var found, missing, rejected, windows int
	last := ID(0)
	for window, err := range client.Products.ScanIDs(t.Context(), ids) {
		require.NoError(t, err)
		windows++
		for _, product := range window.Records {
			require.Greater(t, product.ID, last)
			last = product.ID
		}
		found, missing, rejected = found+len(window.Records), missing+len(window.Missing), rejected+len(window.Rejected)
	}
	require.Equal(t, []int{3, 224, 25, 1}, []int{windows, found, missing, rejected})
	require.Equal(t, ID(3), ids[0], "the caller's list stays as it was")
	require.Equal(t, int64(3), client.Requests())
}

func TestScanIDsOfAListThatComesWhole(t *testing.T) {
	client, mux := setup(t)
	echo(mux, "GET "+api+"/products/attributes", `[{"id":1},{"id":2},{"id":3}]`)
	for window, err := range client.Attributes.ScanIDs(t.Context(), []ID{2, 9}) {
		require.NoError(t, err)
		require.Len(t, window.Records, 1)
		require.Equal(t, ID(2), window.Records[0].ID)
		require.Equal(t, []ID{9}, window.Missing)
	}
}

func TestScanIDsOfNothing(t *testing.T) {
	client, _ := setup(t)
	for range client.Products.ScanIDs(t.Context(), nil) {
		t.Fatal("nothing was asked for")
	}
	require.Zero(t, client.Requests())
}

func TestScanIDsEndsWithTheError(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", readFixture(t, "bad_key_error").serve)
	windows := 0
	for _, err := range client.Products.ScanIDs(t.Context(), make([]ID, 0, 300)) {
		require.Equal(t, Unauthorized, ReasonOf(err))
		windows++
	}
	for _, err := range client.Products.ScanIDs(t.Context(), []ID{1, 2}) {
		require.Equal(t, Unauthorized, ReasonOf(err))
		windows++
	}
	require.Equal(t, 1, windows)
}

// capped is a store that gives at most limit of the ids asked for, and counts them all. Ids above 1000 are counted, but not shown; those
// that end with 7 do not exist.
func capped(t *testing.T, limit int) *Client {
	t.Helper()
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, r *http.Request) {
		var records []string
		total := 0
		for id := range strings.SplitSeq(r.URL.Query().Get("include"), ",") {
			if strings.HasSuffix(id, "7") {
				continue
			}
			total++
			if len(id) < 4 && len(records) < limit {
				records = append(records, fmt.Sprintf(`{"id":%s}`, id))
			}
		}
		w.Header().Set("X-WP-Total", fmt.Sprint(total))
		w.Header().Set("Date", "Mon, 02 Mar 2026 10:00:00 GMT")
		answer(w, 200, "["+strings.Join(records, ",")+"]")
	})
	return client
}

func TestScanIDsOfAStoreThatGivesLessThanAsked(t *testing.T) {
	for _, test := range []struct {
		name     string
		ids      []ID
		limit    int
		found    int
		missing  []ID
		requests int64
	}{
		{"all at once", []ID{1, 2, 3}, 100, 3, nil, 1},
		{"one by one", []ID{1, 2, 3}, 1, 3, nil, 3},
		{"some are not there", []ID{1, 7, 2, 17, 3}, 2, 3, []ID{7, 17}, 2},
		{"none is there", []ID{7, 17}, 2, 0, []ID{7, 17}, 1},
		{"counted, but never shown", []ID{1, 2, 1001, 1002}, 1, 2, []ID{1001, 1002}, 3},
		{"nothing to show", []ID{1001}, 10, 0, []ID{1001}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := capped(t, test.limit)
			for window, err := range client.Products.ScanIDs(t.Context(), test.ids) {
				require.NoError(t, err)
				require.Len(t, window.Records, test.found)
				require.ElementsMatch(t, test.missing, window.Missing)
				require.Equal(t, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), window.StoreTime)
			}
			require.Equal(t, test.requests, client.Requests())
		})
	}
}
