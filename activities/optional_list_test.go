package activities

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"tandem/fault"
	"tandem/flow"
)

// hiding answers as a store does, except for one list.
func hiding(list string, status int, store http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, list) {
			store.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if status == http.StatusNotFound {
			_, _ = w.Write([]byte(`{"code":"rest_no_route","message":"No route was found","data":{"status":404}}`))
		}
	})
}

// sound answers what is asked to see whether a store is there at all.
var sound = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if strings.Contains(r.URL.Path, "/settings/") {
		_, _ = w.Write([]byte(`[{"id":"woocommerce_currency","value":"EUR"}]`))
		return
	}
	_, _ = w.Write([]byte(`{"namespaces":["wc/v3"]}`))
})

func TestAListThatTheStoreDoesNotOfferIsSkippedWithANote(t *testing.T) {
	s := newSyncTestIn(t, hiding("products/brands", http.StatusNotFound, &rateShop{}))
	value, err := s.env.ExecuteActivity(s.acts.SyncChunk, ChunkInput{
		Operation: "op1", Instance: "demo", Entity: "brand", Filter: flow.Filter{Kind: flow.All}, MaxPages: 100})
	require.NoError(t, err)
	var state ChunkState
	require.NoError(t, value.Get(&state))
	require.True(t, state.Done)
	require.Equal(t, "skipped: the store does not offer this list", state.Skipped)
	require.Len(t, s.db.ends, 1)
	require.Equal(t, state.Skipped, s.db.ends[0].Note)

	s = newSyncTest(t, 250)
	_, err = s.run(t, ChunkInput{})
	require.NoError(t, err)
	require.Empty(t, s.db.ends[0].Note, "a list that was read")
}

// A list that has failed for ten minutes is given up when the store itself answers, and read as ever once it is back.
func TestABrokenListIsGivenUpAndHeals(t *testing.T) {
	list := &rateShop{rates: 5}
	for name, tt := range map[string]struct {
		shop    http.Handler
		since   time.Duration
		givenUp bool
	}{
		"the list alone, for long":  {hiding("/taxes", http.StatusInternalServerError, sound), brokenAfter + time.Minute, true},
		"the list alone, for a bit": {hiding("/taxes", http.StatusInternalServerError, sound), brokenAfter - time.Minute, false},
		"all of the store":          {&rateShop{status: http.StatusInternalServerError}, brokenAfter + time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSyncTestIn(t, tt.shop)
			s.db.troubleSince = time.Now().Add(-tt.since)
			_, err := s.run(t, ChunkInput{})
			var failure *temporal.ApplicationError
			require.ErrorAs(t, err, &failure)
			require.Equal(t, tt.givenUp, failure.NonRetryable())
			if tt.givenUp {
				require.Equal(t, string(fault.Unsupported), failure.Type())
				require.ErrorContains(t, err, "has not given this list for 10 minutes")
			}

			healed := s.acts.Connector.(connection)
			healed.Store = clientOf(t, list)
			s.acts.Connector = healed
			state, err := s.run(t, ChunkInput{})
			require.NoError(t, err)
			require.True(t, state.Done)
			require.Equal(t, 1, s.books.batches)
		})
	}
}
