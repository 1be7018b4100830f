package entity

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/woo"
)

// fixedReader gives the same batches whatever is asked for.
func fixedReader[R any](batches ...batch[R]) reader[R] {
	return func(context.Context, Context, Filter, Cursor) iter.Seq2[batch[R], error] {
		return func(yield func(batch[R], error) bool) {
			for _, b := range batches {
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

// failingReader gives an error.
func failingReader[R any](err error) reader[R] {
	return func(context.Context, Context, Filter, Cursor) iter.Seq2[batch[R], error] {
		return func(yield func(batch[R], error) bool) { yield(batch[R]{}, err) }
	}
}

// counting gives 1, 2, 3 … and tells how far it has come and when it has ended.
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
	for i, err := range ahead(context.Background(), counting(5, &given, ended)) {
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
	for range ahead(context.Background(), counting(1000, &given, ended)) {
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
	for _, err := range ahead(ctx, counting(1000, &given, make(chan struct{}))) {
		last = err
		cancel()
	}
	require.ErrorIs(t, last, context.Canceled)
	require.True(t, fault.Is(last, fault.Unavailable))
}

func TestAheadPassesAnErrorOnce(t *testing.T) {
	broken := errors.New("broken")
	errs := 0
	for _, err := range ahead(context.Background(), func(ctx context.Context) iter.Seq2[batch[int], error] {
		return failingReader[int](broken)(ctx, Context{}, Filter{}, Cursor{})
	}) {
		require.ErrorIs(t, err, broken)
		errs++
	}
	require.Equal(t, 1, errs)
}

func TestEnrichKeepsTheOrder(t *testing.T) {
	ec := demo()
	ec.Instance.Connection.Readers = 3
	var running, most atomic.Int32
	second := make(chan struct{}) // the first is through after the second
	slow := func(_ context.Context, _ Context, n int) (string, error) {
		most.Store(max(most.Load(), running.Add(1)))
		defer running.Add(-1)
		switch n {
		case 0:
			<-second
		case 1:
			close(second)
		}
		return string(rune('a' + n)), nil
	}
	in := batch[int]{records: []int{0, 1, 2, 3, 4}, missing: []string{"9"}, total: 7, done: true, next: Cursor{LastID: 4}}
	for b, err := range enrich(fixedReader(in), identified, slow)(context.Background(), ec, Filter{}, Cursor{}) {
		require.NoError(t, err)
		require.Equal(t, batch[string]{
			records: []string{"a", "b", "c", "d", "e"}, missing: in.missing, total: 7, done: true, next: in.next,
		}, b)
	}
	require.LessOrEqual(t, most.Load(), int32(3))
}

func TestEnrichLoadsInParallel(t *testing.T) {
	meet := make(chan struct{})
	pair := func(_ context.Context, _ Context, n int) (int, error) {
		select {
		case meet <- struct{}{}:
		case <-meet:
		case <-time.After(2 * time.Minute):
			return 0, errors.New("nobody else is loading")
		}
		return n, nil
	}
	for _, err := range enrich(fixedReader(batch[int]{records: []int{1, 2, 3, 4}}), identified, pair)(context.Background(), demo(), Filter{}, Cursor{}) {
		require.NoError(t, err)
	}
}

func TestEnrichFailsTheBatch(t *testing.T) {
	broken := errors.New("broken")
	load := func(_ context.Context, _ Context, n int) (int, error) {
		if n == 2 {
			return 0, broken
		}
		return n, nil
	}
	for name, read := range map[string]reader[int]{
		"load": fixedReader(batch[int]{records: []int{1, 2, 3}}),
		"read": failingReader[int](broken),
	} {
		errs := 0
		for _, err := range enrich(read, identified, load)(context.Background(), demo(), Filter{}, Cursor{}) {
			require.ErrorIs(t, err, broken, name)
			errs++
		}
		require.Equal(t, 1, errs, name)
	}
}

func TestStoreWithoutBrands(t *testing.T) {
	gone := fault.New(fault.NotFound, "no such route")
	for b, err := range orNone(failingReader[int](gone))(context.Background(), demo(), Filter{Kind: IDs, IDs: []string{"1"}}, Cursor{}) {
		require.NoError(t, err)
		require.True(t, b.done)
		require.Equal(t, []string{"1"}, b.missing)
	}
	down := fault.New(fault.Unavailable, "down")
	for _, err := range orNone(failingReader[int](down))(context.Background(), demo(), Filter{}, Cursor{}) {
		require.ErrorIs(t, err, down)
	}
	for _, err := range orNone(failingReader[int](gone))(context.Background(), demo(), Filter{}, Cursor{LastID: 5}) {
		require.ErrorIs(t, err, gone, "in the middle of a scan it means something else")
	}
}

func TestWithRaw(t *testing.T) {
	for _, test := range []struct {
		raw   string
		parts []json.RawMessage
		want  string
	}{
		{`{"id":1}`, nil, `{"id":1}`},
		{`{"id":1}`, []json.RawMessage{[]byte(`{"a":1}`), []byte(`{"b":2}`)}, `{"id":1,"_parts":[{"a":1},{"b":2}]}`},
		{`{}`, []json.RawMessage{[]byte(`1`)}, `{"_parts":[1]}`},
		{``, []json.RawMessage{[]byte(`1`)}, ``},
	} {
		raw := json.RawMessage(test.raw)
		require.Equal(t, test.want, string(withRaw(raw, "_parts", test.parts)))
		require.Equal(t, test.raw, string(raw), "the store's bytes stay as they are")
	}
}

// identified names the numbers that stand for records here.
func identified(n int) (woo.ID, json.RawMessage) { return woo.ID(n), json.RawMessage(`{}`) }

func TestEnrichRejectsOnlyTheRecordThatMakesNoSense(t *testing.T) {
	senseless := fault.New(fault.Invalid, "a variation's price is no amount")
	load := func(_ context.Context, _ Context, n int) (int, error) {
		if n == 2 {
			return 0, senseless
		}
		return 10 * n, nil
	}
	for b, err := range enrich(fixedReader(batch[int]{records: []int{1, 2, 3}}), identified, load)(context.Background(), demo(), Filter{}, Cursor{}) {
		require.NoError(t, err)
		require.Equal(t, []int{10, 30}, b.records)
		require.Equal(t, []woo.Rejected{{ID: 2, Raw: json.RawMessage(`{}`), Err: senseless}}, b.rejected)
	}
}

// A panic in a goroutine would end the worker, and the imports of all other stores with it.
func TestAPanicWhileReadingAheadIsAnError(t *testing.T) {
	var last error
	for n, err := range ahead(context.Background(), func(context.Context) iter.Seq2[int, error] {
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

func TestAPanicWhileLoadingRejectsTheRecord(t *testing.T) {
	load := func(_ context.Context, _ Context, n int) (int, error) {
		if n == 2 {
			panic("a nil map")
		}
		return 10 * n, nil
	}
	for b, err := range enrich(fixedReader(batch[int]{records: []int{1, 2, 3}}), identified, load)(context.Background(), demo(), Filter{}, Cursor{}) {
		require.NoError(t, err)
		require.Equal(t, []int{10, 30}, b.records)
		require.Len(t, b.rejected, 1)
		require.Equal(t, woo.ID(2), b.rejected[0].ID)
		require.True(t, fault.Is(b.rejected[0].Err, fault.Internal))
	}
}
