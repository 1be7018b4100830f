package entitytest

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/flow/flowtest"
)

// PageOf makes a page of records that were read.
func PageOf[R, E any](_ *mapping.ImportFlow[R, E], records ...R) flow.Batch[R] {
	return flow.Batch[R]{Records: records, Done: true}
}

// Land lands a page as the first of a run.
func Land[R, E any](ctx context.Context, ec mapping.Context, f *mapping.ImportFlow[R, E], page flow.Batch[R]) ([]flow.Outcome, error) {
	if f.Prepare != nil {
		if err := f.Prepare(ctx, ec); err != nil {
			return nil, err
		}
	}
	return f.Land(ctx, ec, page)
}

// FixedSource gives the same batches whatever is asked for.
func FixedSource[R any](batches ...flow.Batch[R]) flow.Source[mapping.Context, R] {
	return func(context.Context, mapping.Context, flow.Filter, flow.Cursor) iter.Seq2[flow.Batch[R], error] {
		return func(yield func(flow.Batch[R], error) bool) {
			for _, b := range batches {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// MissingIDs gives the ids of a page that could not be read.
func MissingIDs(missing []flow.Missing) []string {
	var ids []string
	for _, m := range missing {
		ids = append(ids, m.ID)
	}
	return ids
}

// Pull reads an entity to its end and lands it.
func Pull(t testing.TB, ec mapping.Context, e mapping.Entity, f flow.Filter, from flow.Cursor) (pages []flow.Page, results []flow.Outcome) {
	t.Helper()
	var recorded flowtest.Recorder
	require.NoError(t, e.Run(context.Background(), ec, flow.Scan{Filter: f, From: from}, &recorded))
	require.NotEmpty(t, recorded.Pages)
	for i, page := range recorded.Pages {
		require.Equal(t, i == len(recorded.Pages)-1, page.Done)
	}
	return recorded.Pages, recorded.Outcomes()
}
