package woo

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestAheadReadsAFewAtOnceAndGivesThemInOrder(t *testing.T) {
	var reading, most atomic.Int32
	together := make(chan struct{})
	read := func(_ context.Context, part int) (int, error) {
		if n := reading.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer reading.Add(-1)
		if part == 0 { // is read last of the first two
			<-together
		}
		if part == 1 {
			close(together)
		}
		return part * 10, nil
	}
	var got []int
	for value, err := range Ahead(t.Context(), 2, []int{0, 1, 2, 3, 4}, read) {
		require.NoError(t, err)
		got = append(got, value)
	}
	require.Equal(t, []int{0, 10, 20, 30, 40}, got)
	require.LessOrEqual(t, most.Load(), int32(2))
}

func TestAheadEndsWithTheFirstError(t *testing.T) {
	broken := errors.New("the store is away")
	var cancelled atomic.Bool
	read := func(ctx context.Context, part int) (int, error) {
		switch part {
		case 1:
			return 0, broken
		case 2: // is read beside the one that fails, and given up
			<-ctx.Done()
			cancelled.Store(true)
		case 3:
			t.Error("nothing is begun after an error")
		}
		return part, ctx.Err()
	}
	var errs []error
	for _, err := range Ahead(t.Context(), 2, []int{0, 1, 2, 3}, read) {
		errs = append(errs, err)
	}
	require.Equal(t, []error{nil, broken}, errs)
	require.True(t, cancelled.Load())
}

func TestAheadStopsReadingWhenTheLoopIsLeft(t *testing.T) {
	var ended atomic.Int32
	read := func(ctx context.Context, part int) (int, error) {
		defer ended.Add(1)
		if part > 0 {
			<-ctx.Done()
		}
		return part, ctx.Err()
	}
	for range Ahead(t.Context(), 3, []int{0, 1, 2, 3, 4, 5}, read) {
		break
	}
	require.Equal(t, int32(4), ended.Load(), "three at once, and the one that took the place of the first")
	for range Ahead(t.Context(), 3, nil, read) {
		t.Error("nothing to read")
	}
}

func TestAheadTurnsAPanicIntoTheErrorOfItsPart(t *testing.T) {
	var errs []error
	for _, err := range Ahead(t.Context(), 0, []string{"x"}, func(context.Context, string) (int, error) { panic("Jane") }) {
		errs = append(errs, err)
	}
	require.Len(t, errs, 1)
	require.True(t, fault.Is(errs[0], fault.Internal))
}
