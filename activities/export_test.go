package activities

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// tagBooks is an ERP with one tag that the store does not have.
type tagBooks struct {
	erp.Backend
	erp.RecordReader
	after   []string
	adopted int
}

func (b *tagBooks) ListTerms(_ context.Context, _ erp.TermKind, q erp.RecordQuery) (erp.RecordPage[erp.Term], error) {
	b.after = append(b.after, q.After)
	tag := erp.Term{Key: erp.PendingKey("demo", "tag", "5"), Kind: erp.Tag, Name: "Tea"}
	return erp.RecordPage[erp.Term]{Records: []erp.Held[erp.Term]{{ID: "5", Record: tag}}, Next: "end", Done: true}, nil
}

func (b *tagBooks) AdoptTerms(_ context.Context, batch []erp.Adoption[erp.Term]) error {
	b.adopted += len(batch)
	return nil
}

// tagStore takes a batch of one tag.
type tagStore struct{ writes int }

func (s *tagStore) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.writes++
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"create":[{"id":9,"name":"Tea","slug":"tea","description":""}]}`))
}

func exportTags(t *testing.T, allowed bool, filter flow.FilterKind, position flow.Cursor) (*syncTest, *tagBooks, *tagStore, error) {
	t.Helper()
	books, store := &tagBooks{}, &tagStore{}
	s := &syncTest{db: &memory{allowed: allowed, position: position}}
	s.begin(t, store, books)
	_, err := s.env.ExecuteActivity(s.acts.SyncChunk, ChunkInput{
		Operation: "op1", Instance: "demo", Entity: "tag", Direction: flow.Export, Filter: flow.Filter{Kind: filter}, MaxPages: 10,
	})
	return s, books, store, err
}

func TestAChunkOfAnExportWritesIntoTheStore(t *testing.T) {
	s, books, store, err := exportTags(t, true, flow.All, nil)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{store.writes, books.adopted})
	require.Equal(t, flow.Export, s.db.started[0].Direction)
	require.Equal(t, flow.Export, s.db.finished[0].Direction)
	result := s.db.finished[0].Results[0]
	require.Equal(t, []string{"5", "9", "created"}, []string{result.Record.ID, result.Outcome.Key.ID, string(result.Outcome.Status)})
	require.JSONEq(t, `"end"`, string(s.db.ends[0].Cursor), "the next export of changes goes on from there")
	require.True(t, s.db.ends[0].Whole)
	require.False(t, s.db.ends[0].Until.IsZero())
}

// The switch may have been turned off since the export was asked for: it is read once more right before writing.
func TestAnExportThatWasSwitchedOffWritesNothing(t *testing.T) {
	_, _, store, err := exportTags(t, false, flow.All, nil)
	require.ErrorContains(t, err, "config.export.terms")
	require.False(t, fault.Retryable(fault.New(FailureOf(err).Kind, "x")))
	require.Zero(t, store.writes)
}

func TestAnExportOfChangesGoesOnFromThePosition(t *testing.T) {
	_, books, _, err := exportTags(t, true, flow.Changes, flow.Cursor(`"middle"`))
	require.NoError(t, err)
	require.Equal(t, []string{"middle"}, books.after)
}
