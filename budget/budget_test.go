package budget

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// use sends n requests through a budget one after another.
func use(t *testing.T, b *Budget, n int, answer Answer) {
	t.Helper()
	for range n {
		permit, err := b.Acquire(t.Context())
		require.NoError(t, err)
		permit.Done(answer)
	}
}

func TestBudgetSpeedsUpWithGoodAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 20, MaxRate: 50, Concurrency: 1})
		use(t, b, 10, Answer{})
		require.InDelta(t, 30, b.Stats().Rate, 0.01)
		use(t, b, 100, Answer{})
		require.InDelta(t, 50, b.Stats().Rate, 0.01)
		require.Equal(t, int64(110), b.Stats().Requests)
		require.Positive(t, b.Stats().Waited)
	})
}

func TestBudgetKeepsToItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 10, MinRate: 10, MaxRate: 10, Concurrency: 1})
		started := time.Now()
		use(t, b, 101, Answer{})
		require.InDelta(t, 10, time.Since(started).Seconds(), 0.01)
	})
}

func TestBudgetSlowsDown(t *testing.T) {
	for name, test := range map[string]struct {
		verdict Verdict
		want    float64
	}{
		"throttled": {Throttled, 50},
		"failing":   {Failing, 75},
		"served":    {Served, 101},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := New(Options{Rate: 100, Concurrency: 100})
				time.Sleep(time.Minute)
				use(t, b, 1, Answer{Verdict: test.verdict})
				require.InDelta(t, test.want, b.Stats().Rate, 0.01)
			})
		})
	}
}

func TestBudgetCountsOneTroubleOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 100, MinRate: 20, Concurrency: 100})
		use(t, b, 4, Answer{Verdict: Throttled})
		require.InDelta(t, 50, b.Stats().Rate, 0.01, "four answers of one moment")
		require.Equal(t, int64(4), b.Stats().Throttled)
		for range 5 {
			time.Sleep(cutPause)
			use(t, b, 1, Answer{Verdict: Throttled})
		}
		require.InDelta(t, 20, b.Stats().Rate, 0.01, "never below the least")
	})
}

func TestBudgetSlowsDownWhenAnswersTakeLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 100, MaxRate: 100})
		use(t, b, 50, Answer{Kind: "/orders", Took: 200 * time.Millisecond})
		require.InDelta(t, 100, b.Stats().Rate, 0.01)
		use(t, b, 10, Answer{Kind: "/orders", Took: 3 * time.Second})
		require.Less(t, b.Stats().Rate, 90.0)
	})
}

func TestBudgetHoldsEveryRequestBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 100})
		use(t, b, 1, Answer{Verdict: Throttled, After: 30 * time.Second})
		started := time.Now()
		use(t, b, 1, Answer{})
		require.Equal(t, 30*time.Second, time.Since(started))

		use(t, b, 1, Answer{Verdict: Throttled, After: time.Hour})
		_, err := b.Acquire(t.Context())
		var held *HeldError
		require.ErrorAs(t, err, &held)
		require.Equal(t, time.Hour, held.Wait)
		require.Contains(t, held.Error(), "1h0m0s")
	})
}

func TestBudgetBoundsRequestsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 1000, Concurrency: 2})
		first, err := b.Acquire(t.Context())
		require.NoError(t, err)
		_, err = b.Acquire(t.Context())
		require.NoError(t, err)
		require.Equal(t, int64(2), b.Stats().InFlight)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = b.Acquire(ctx)
		require.True(t, errors.Is(err, context.DeadlineExceeded))

		first.Release()
		_, err = b.Acquire(t.Context())
		require.NoError(t, err)
		require.Equal(t, int64(2), b.Stats().InFlight)
	})
}

func TestBudgetGivesTheSlotBackWhenTheWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 100, Concurrency: 1})
		use(t, b, 1, Answer{Verdict: Throttled, After: 30 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := b.Acquire(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		use(t, b, 1, Answer{})
		require.Zero(t, b.Stats().InFlight)
	})
}

func TestTrendOfEachKind(t *testing.T) {
	require.Equal(t, "/wc/v3/orders/#/notes", kindOf("/wc/v3/orders/123/notes"))
	require.Equal(t, "/wc/v3/products", kindOf("/wc/v3/products"))

	slow := &trend{}
	for range 100 {
		require.False(t, slow.slower(2*time.Second), "always slow is not slower")
	}
	quick := &trend{}
	for range 100 {
		quick.slower(5 * time.Millisecond)
	}
	require.False(t, quick.slower(50*time.Millisecond), "ten times nothing is nothing")
	young := &trend{}
	require.False(t, young.slower(time.Millisecond))
	require.False(t, young.slower(10*time.Second), "two answers are no trend")
}

func TestThroughput(t *testing.T) {
	began := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	var used throughput
	require.Zero(t, used.perSecond(began))
	for i := range 100 {
		used.add(began.Add(time.Duration(i) * 40 * time.Millisecond)) // 25 per second, for 4 seconds
	}
	require.InDelta(t, 25, used.perSecond(began.Add(4*time.Second)), 1)
	require.InDelta(t, 12.5, used.perSecond(began.Add(5*time.Second)), 1, "silent for half a window")
	require.Zero(t, used.perSecond(began.Add(time.Hour)))
}

// A server that asks for fewer requests gets fewer at once, however far the limit has risen above what is used.
func TestBudgetCutsTheRateInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{Rate: 10, MaxRate: 200})
		for range 300 {
			time.Sleep(40 * time.Millisecond)
			use(t, b, 1, Answer{})
		}
		require.InDelta(t, 200, b.Stats().Rate, 0.01)
		use(t, b, 1, Answer{Verdict: Throttled})
		require.InDelta(t, 12.5, b.Stats().Rate, 1)
	})
}
