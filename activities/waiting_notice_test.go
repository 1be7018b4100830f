package activities

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/woo"
)

func TestWorkflowsAreToldWhatAChunkWaitsFor(t *testing.T) {
	s := newSyncTest(t, 250)
	s.shop.status = http.StatusInternalServerError
	_, err := s.run(t, ChunkInput{})
	require.Error(t, err)
	require.Len(t, s.db.notices, 1)
	n := s.db.notices[0]
	require.Equal(t, []string{"op1", "demo", "tax"}, []string{n.Operation, n.Instance, n.Entity})
	require.Contains(t, n.Waiting.Message, "HTTP 500")
	require.Equal(t, 1, n.Waiting.Attempt)
	require.NotEmpty(t, n.Waiting.Remedy)
}

func TestWorkflowsAreNotToldOfWhatIsGivenUp(t *testing.T) {
	s := newSyncTest(t, 250)
	s.shop.status = http.StatusUnauthorized
	_, err := s.run(t, ChunkInput{})
	require.Error(t, err)
	require.Empty(t, s.db.notices)
}

func TestWorkflowsAreToldOnceThatAChunkGoesOn(t *testing.T) {
	s := newSyncTest(t, 250)
	c := &chunk{Sync: s.acts, tries: 3}
	for range 2 {
		c.retried(t.Context(), woo.Retry{Err: fault.New(fault.Unavailable, "500"), Lasting: time.Minute})
		c.waiting.at = time.Time{}
	}
	require.Len(t, s.db.notices, 1, "one attempt is shown once while it lasts")
	c.goesOn(t.Context())
	c.goesOn(t.Context())
	require.Len(t, s.db.notices, 2)
	require.Nil(t, s.db.notices[1].Waiting)
}

func TestASoundChunkTellsNothing(t *testing.T) {
	s := newSyncTest(t, 250)
	_, err := s.run(t, ChunkInput{})
	require.NoError(t, err)
	require.Empty(t, s.db.notices)
}

// A store that is away for a month adds some thousands of events to a history, which may have fifty thousand.
func TestFewAttemptsAreShownOfALongOutage(t *testing.T) {
	shown := 0
	for attempt := 1; attempt <= 30*24*60; attempt++ {
		if worthShowing(attempt) {
			shown++
		}
	}
	require.Less(t, 4*shown, 20_000)
	require.True(t, worthShowing(1) && worthShowing(10) && !worthShowing(11) && worthShowing(20))
}
