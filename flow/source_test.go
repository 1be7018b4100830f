package flow

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestEnrichKeepsTheOrder(t *testing.T) {
	var running, most atomic.Int32
	second := make(chan struct{}) // the first is through after the second
	slow := func(_ context.Context, _ string, n int) (string, error) {
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
	in := Batch[int]{Records: []int{0, 1, 2, 3, 4}, Missing: []Missing{{ID: "9"}}, Total: 7, Done: true, Next: Cursor(`4`)}
	for b, err := range enrich(fixedReader(in), identified, slow)(context.Background(), "", Filter{}, nil) {
		require.NoError(t, err)
		require.Equal(t, Batch[string]{
			Records: []string{"a", "b", "c", "d", "e"}, Missing: in.Missing, Total: 7, Done: true, Next: in.Next,
		}, b)
	}
	require.LessOrEqual(t, most.Load(), int32(3))
}

func TestEnrichLoadsInParallel(t *testing.T) {
	meet := make(chan struct{})
	pair := func(_ context.Context, _ string, n int) (int, error) {
		select {
		case meet <- struct{}{}:
		case <-meet:
		case <-time.After(2 * time.Minute):
			return 0, errors.New("nobody else is loading")
		}
		return n, nil
	}
	for _, err := range enrich(fixedReader(Batch[int]{Records: []int{1, 2, 3, 4}}), identified, pair)(context.Background(), "", Filter{}, nil) {
		require.NoError(t, err)
	}
}

func TestEnrichFailsTheBatch(t *testing.T) {
	broken := errors.New("broken")
	load := func(_ context.Context, _ string, n int) (int, error) {
		if n == 2 {
			return 0, broken
		}
		return n, nil
	}
	for name, read := range map[string]Source[string, int]{
		"load": fixedReader(Batch[int]{Records: []int{1, 2, 3}}),
		"read": failingReader[int](broken),
	} {
		errs := 0
		for _, err := range enrich(read, identified, load)(context.Background(), "", Filter{}, nil) {
			require.ErrorIs(t, err, broken, name)
			errs++
		}
		require.Equal(t, 1, errs, name)
	}
}

// identified names the numbers that stand for records here.
func identified(n int) (string, json.RawMessage) { return strconv.Itoa(n), json.RawMessage(`{}`) }

func TestEnrichRejectsOnlyTheRecordThatMakesNoSense(t *testing.T) {
	senseless := fault.New(fault.Invalid, "a variation's price is no amount")
	load := func(_ context.Context, _ string, n int) (int, error) {
		if n == 2 {
			return 0, senseless
		}
		return 10 * n, nil
	}
	for b, err := range enrich(fixedReader(Batch[int]{Records: []int{1, 2, 3}}), identified, load)(context.Background(), "", Filter{}, nil) {
		require.NoError(t, err)
		require.Equal(t, []int{10, 30}, b.Records)
		require.Equal(t, []Rejected{{ID: "2", Raw: json.RawMessage(`{}`), Err: senseless}}, b.Rejected)
	}
}

func TestAPanicWhileLoadingRejectsTheRecord(t *testing.T) {
	load := func(_ context.Context, _ string, n int) (int, error) {
		if n == 2 {
			panic("a nil map")
		}
		return 10 * n, nil
	}
	for b, err := range enrich(fixedReader(Batch[int]{Records: []int{1, 2, 3}}), identified, load)(context.Background(), "", Filter{}, nil) {
		require.NoError(t, err)
		require.Equal(t, []int{10, 30}, b.Records)
		require.Len(t, b.Rejected, 1)
		require.Equal(t, "2", b.Rejected[0].ID)
		require.True(t, fault.Is(b.Rejected[0].Err, fault.Internal))
	}
}

// enrich completes three records at once.
func enrich[S, R any](source Source[string, S], identify func(S) (string, json.RawMessage), load func(context.Context, string, S) (R, error)) Source[string, R] {
	return Enrich(source, Enricher[string, S, R]{AtOnce: func(string) int { return 3 }, Identify: identify, Load: load})
}
