package woo

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// brokenAt is a store of which some products break each reply that holds them; of those in alone, only lists.
func brokenAt(t *testing.T, breaking, alone []string) *Client {
	t.Helper()
	client, mux := setup(t)
	reply := func(w http.ResponseWriter, broken bool, text string) {
		if broken {
			answer(w, 500, `{"code":"internal_server_error","message":"critical error"}`)
			return
		}
		answer(w, 200, text)
	}
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, r *http.Request) {
		ids := []string{"1"}
		if include := r.URL.Query().Get("include"); include != "" {
			ids = strings.Split(include, ",")
		}
		var records []string
		broken := false
		for _, id := range ids {
			broken = broken || slices.Contains(breaking, id) || slices.Contains(alone, id)
			if !strings.HasSuffix(id, "7") { // not there
				records = append(records, fmt.Sprintf(`{"id":%s}`, id))
			}
		}
		reply(w, broken, "["+strings.Join(records, ",")+"]")
	})
	mux.HandleFunc("GET "+api+"/products/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := path.Base(r.URL.Path)
		reply(w, slices.Contains(breaking, id), fmt.Sprintf(`{"id":%s}`, id))
	})
	return client
}

func TestScanIDsNarrowsDownToTheRecordThatBreaksItsPage(t *testing.T) {
	var ids []ID
	for id := ID(1); id <= 100; id++ {
		ids = append(ids, id)
	}
	for name, c := range map[string]struct {
		breaking, alone []string
	}{
		"one":                         {breaking: []string{"42"}},
		"the first":                   {breaking: []string{"2"}},
		"several":                     {breaking: []string{"42", "43", "99"}},
		"readable by its own address": {alone: []string{"42"}},
		"some of both, and the last":  {breaking: []string{"13"}, alone: []string{"100"}},
	} {
		t.Run(name, func(t *testing.T) {
			client := brokenAt(t, c.breaking, c.alone)
			var found, rejected []string
			for window, err := range client.Products.ScanIDs(t.Context(), ids) {
				require.NoError(t, err)
				for _, p := range window.Records {
					found = append(found, p.ID.String())
				}
				for _, r := range window.Rejected {
					rejected = append(rejected, r.ID.String())
					require.ErrorContains(t, r.Err, "the store cannot give this record")
				}
				require.Len(t, window.Missing, 10, "those that are not there")
			}
			require.Equal(t, c.breaking, rejected)
			require.Len(t, found, 90-len(c.breaking))
			require.True(t, slices.IsSortedFunc(found, func(a, b string) int {
				x, _ := strconv.Atoi(a)
				y, _ := strconv.Atoi(b)
				return x - y
			}))
			require.Subset(t, found, c.alone)
		})
	}
}

func TestScanIDsOfOneRecordThatBreaks(t *testing.T) {
	for window, err := range brokenAt(t, []string{"42"}, nil).Products.ScanIDs(t.Context(), []ID{42}) {
		require.NoError(t, err)
		require.Len(t, window.Rejected, 1)
		require.Empty(t, window.Missing)
	}
}

// A store that answers nothing is away: no record is to blame.
func TestScanIDsOfAStoreThatIsAway(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, _ *http.Request) { answer(w, 500, "") })
	windows := 0
	for window, err := range client.Products.ScanIDs(t.Context(), []ID{1, 2, 3}) {
		require.Equal(t, Unavailable, ReasonOf(err))
		require.Empty(t, window.Rejected)
		windows++
	}
	require.Equal(t, 1, windows)
}
