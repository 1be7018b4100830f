package flow

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// fixedReader gives the same batches whatever is asked for.
func fixedReader[R any](batches ...Batch[R]) Source[string, R] {
	return func(context.Context, string, Filter, Cursor) iter.Seq2[Batch[R], error] {
		return func(yield func(Batch[R], error) bool) {
			for _, b := range batches {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// failingReader gives an error.
func failingReader[R any](err error) Source[string, R] {
	return func(context.Context, string, Filter, Cursor) iter.Seq2[Batch[R], error] {
		return func(yield func(Batch[R], error) bool) { yield(Batch[R]{}, err) }
	}
}

// counting gives 1, 2, 3 … and reports how far it has come and when it has ended.
func counting(n int, given *atomic.Int32, ended chan struct{}) func(context.Context) iter.Seq2[int, error] {
	return func(ctx context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			defer close(ended)
			for i := 1; i <= n && ctx.Err() == nil; i++ {
				given.Store(int32(i))
				if !yield(i, nil) {
					return
				}
			}
		}
	}
}

func TestAheadReadsWhileTheConsumerWorks(t *testing.T) {
	var given atomic.Int32
	ended := make(chan struct{})
	next := 1
	for i, err := range readAhead(context.Background(), counting(5, &given, ended)) {
		require.NoError(t, err)
		require.Equal(t, next, i)
		next++
		if i == 1 {
			require.Eventually(t, func() bool { return given.Load() == 3 }, 2*time.Minute, time.Millisecond)
		}
		require.LessOrEqual(t, given.Load(), int32(i)+2, "reading does not run away")
	}
	require.Equal(t, 6, next)
	<-ended
}

func TestAheadEndsReadingWithTheLoop(t *testing.T) {
	var given atomic.Int32
	ended := make(chan struct{})
	for range readAhead(context.Background(), counting(1000, &given, ended)) {
		break
	}
	select {
	case <-ended:
	default:
		t.Fatal("the reader outlives the loop")
	}
	require.Less(t, given.Load(), int32(10))
}

func TestAheadTellsThatItWasStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var given atomic.Int32
	var last error
	for _, err := range readAhead(ctx, counting(1000, &given, make(chan struct{}))) {
		last = err
		cancel()
	}
	require.ErrorIs(t, last, context.Canceled)
	require.True(t, fault.Is(last, fault.Unavailable))
}

func TestAheadPassesAnErrorOnce(t *testing.T) {
	broken := errors.New("broken")
	errs := 0
	for _, err := range readAhead(context.Background(), func(ctx context.Context) iter.Seq2[Batch[int], error] {
		return failingReader[int](broken)(ctx, "", Filter{}, nil)
	}) {
		require.ErrorIs(t, err, broken)
		errs++
	}
	require.Equal(t, 1, errs)
}

// A panic in a goroutine would end the worker, and the imports of all other stores with it.
func TestAPanicWhileReadingAheadIsAnError(t *testing.T) {
	var last error
	for n, err := range readAhead(context.Background(), func(context.Context) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			if yield(1, nil) {
				panic("a nil map")
			}
		}
	}) {
		require.True(t, n == 1 || err != nil)
		last = err
	}
	require.True(t, fault.Is(last, fault.Internal))
	require.NotContains(t, last.Error(), "a nil map")
}
