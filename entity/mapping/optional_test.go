package mapping_test

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// failingReader gives an error.
func failingReader[R any](err error) flow.Source[mapping.Context, R] {
	return func(context.Context, mapping.Context, flow.Filter, flow.Cursor) iter.Seq2[flow.Batch[R], error] {
		return func(yield func(flow.Batch[R], error) bool) { yield(flow.Batch[R]{}, err) }
	}
}

func TestStoreWithoutBrands(t *testing.T) {
	gone := fault.New(fault.NotFound, "no such route")
	for b, err := range mapping.OrNone(failingReader[int](gone))(context.Background(), entitytest.Demo(), flow.Filter{Kind: flow.IDs, IDs: []string{"1"}}, nil) {
		require.NoError(t, err)
		require.True(t, b.Done)
		require.Equal(t, []string{"1"}, entitytest.MissingIDs(b.Missing))
	}
	down := fault.New(fault.Unavailable, "down")
	for _, err := range mapping.OrNone(failingReader[int](down))(context.Background(), entitytest.Demo(), flow.Filter{}, nil) {
		require.ErrorIs(t, err, down)
	}
	for _, err := range mapping.OrNone(failingReader[int](gone))(context.Background(), entitytest.Demo(), flow.Filter{}, mapping.CursorAt(woo.Cursor{LastID: 5})) {
		require.ErrorIs(t, err, gone, "in the middle of a scan it means something else")
	}
}
