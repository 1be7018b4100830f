package woo

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// heavy is a store with n products of about 100 bytes each, of which some are as large as told.
func heavy(t *testing.T, n int, sizes map[int]int, limit int64) *Client {
	t.Helper()
	client, mux := setup(t, func(cfg *Config) { cfg.MaxReply, cfg.Readers = limit, 1 })
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, r *http.Request) {
		var records []string
		from, include := number(r, "offset"), r.URL.Query().Get("include")
		for id := 1; id <= n && len(records) < number(r, "per_page"); id++ {
			if include == "" && id <= from || include != "" && !strings.Contains(","+include+",", fmt.Sprintf(",%d,", id)) {
				continue
			}
			record := fmt.Sprintf(`{"id":%d,"name":"%s"}`, id, strings.Repeat("x", max(100, sizes[id])))
			if r.URL.Query().Get("_fields") == "id" {
				record = fmt.Sprintf(`{"id":%d}`, id)
			}
			records = append(records, record)
		}
		w.Header().Set("X-WP-Total", fmt.Sprint(n))
		answer(w, 200, "["+strings.Join(records, ",")+"]")
	})
	return client
}

func TestPagesThatAreTooLargeComeInPieces(t *testing.T) {
	for _, test := range []struct {
		name     string
		sizes    map[int]int
		limit    int64
		rejected []ID
	}{
		{"all fits", nil, 100_000, nil},
		{"half a page fits", nil, 10_000, nil},
		{"two fit", nil, 2_000, nil},
		{"one is too large", map[int]int{42: 50_000}, 30_000, []ID{42}},
		{"the seam is too large", map[int]int{100: 50_000}, 30_000, []ID{100}},
		{"the first and the last", map[int]int{1: 50_000, 150: 50_000}, 30_000, []ID{1, 150}},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := heavy(t, 150, test.sizes, test.limit)
			var found []ID
			var rejected []Rejected
			for window, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
				require.NoError(t, err)
				rejected = append(rejected, window.Rejected...)
				for _, p := range window.Records {
					found = append(found, p.ID)
				}
			}
			require.Len(t, found, 150-len(test.rejected))
			require.IsIncreasing(t, found)
			require.Len(t, rejected, len(test.rejected))
			for i, id := range test.rejected {
				require.Equal(t, id, rejected[i].ID)
				require.JSONEq(t, fmt.Sprintf(`{"id":%d}`, id), string(rejected[i].Raw))
				require.False(t, fault.Retryable(rejected[i].Err))
			}
		})
	}
}

func TestIDsThatAreTooLargeComeInPieces(t *testing.T) {
	client := heavy(t, 60, map[int]int{7: 50_000}, 3_000)
	var ids []ID
	for id := range ID(61) {
		ids = append(ids, id+1)
	}
	for window, err := range client.Products.ScanIDs(t.Context(), ids) {
		require.NoError(t, err)
		require.Len(t, window.Records, 59)
		require.Len(t, window.Rejected, 1)
		require.Equal(t, []ID{61}, window.Missing)
	}
}

func TestPiecesEndWithTheError(t *testing.T) {
	for _, failing := range []string{"_fields", "include"} {
		client, mux := setup(t, func(cfg *Config) { cfg.MaxReply = 1000 })
		mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Query().Has(failing):
				answer(w, 403, `{"code":"woocommerce_rest_cannot_view","message":"no"}`)
			case r.URL.Query().Has("_fields"):
				answer(w, 200, `[{"id":1},{"id":2}]`)
			default:
				answer(w, 200, `[{"id":1,"name":"`+strings.Repeat("x", 2000)+`"}]`)
			}
		})
		for _, err := range client.Products.Scan(t.Context(), ListOptions{}, Cursor{}) {
			require.Equal(t, Forbidden, ReasonOf(err), failing)
		}
	}
}

// A list that always comes whole cannot be halved.
func TestAWholeListThatIsTooLarge(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.MaxReply = 10 })
	echo(mux, "GET "+api+"/products/attributes", `[{"id":1,"name":"Colour"}]`)
	for _, err := range client.Attributes.Scan(t.Context(), ListOptions{}, Cursor{}) {
		require.Equal(t, TooLarge, ReasonOf(err))
		require.False(t, fault.Retryable(err))
	}
	require.Equal(t, int64(1), client.Requests())
}
