package woo

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// use sends n requests through a budget one after another.
func use(t *testing.T, b *Budget, n int, took time.Duration, failure *Error) {
	t.Helper()
	for range n {
		permit, err := b.acquire(t.Context())
		require.NoError(t, err)
		permit.done("/wc/v3/orders", took, failure)
	}
}

func TestBudgetSpeedsUpWithGoodAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 20, MaxRate: 50, Concurrency: 1})
		use(t, b, 10, 0, nil)
		require.InDelta(t, 30, b.Stats().Rate, 0.01)
		use(t, b, 100, 0, nil)
		require.InDelta(t, 50, b.Stats().Rate, 0.01)
		require.Equal(t, int64(110), b.Stats().Requests)
		require.Positive(t, b.Stats().Waited)
	})
}

func TestBudgetKeepsToItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 10, MinRate: 10, MaxRate: 10, Concurrency: 1})
		started := time.Now()
		use(t, b, 101, 0, nil)
		require.InDelta(t, 10, time.Since(started).Seconds(), 0.01)
	})
}

func TestBudgetSlowsDown(t *testing.T) {
	for name, test := range map[string]struct {
		failure *Error
		want    float64
	}{
		"throttled":     {&Error{Reason: RateLimited}, 50},
		"server error":  {&Error{Reason: Unavailable, Status: 500}, 75},
		"page":          {&Error{Reason: NotWooCommerce, Status: 200}, 75},
		"refused":       {&Error{Reason: Invalid, Status: 400}, 101},
		"no such thing": {&Error{Reason: NotFound, Status: 404}, 101},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := NewBudget(BudgetOptions{Rate: 100})
				time.Sleep(time.Minute)
				use(t, b, 1, 0, test.failure)
				require.InDelta(t, test.want, b.Stats().Rate, 0.01)
			})
		})
	}
}

func TestBudgetCountsOneTroubleOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 100, MinRate: 20, Concurrency: 10})
		use(t, b, 4, 0, &Error{Reason: RateLimited})
		require.InDelta(t, 50, b.Stats().Rate, 0.01, "four answers of one moment")
		require.Equal(t, int64(4), b.Stats().Throttled)
		for range 5 {
			time.Sleep(cutPause)
			use(t, b, 1, 0, &Error{Reason: RateLimited})
		}
		require.InDelta(t, 20, b.Stats().Rate, 0.01, "never below the least")
	})
}

func TestBudgetSlowsDownWhenAnswersTakeLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 100, MaxRate: 100})
		use(t, b, 50, 200*time.Millisecond, nil)
		require.InDelta(t, 100, b.Stats().Rate, 0.01)
		use(t, b, 10, 3*time.Second, nil)
		require.Less(t, b.Stats().Rate, 90.0)
	})
}

func TestBudgetHoldsEveryRequestBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 100})
		use(t, b, 1, 0, &Error{Reason: RateLimited, After: 30 * time.Second})
		started := time.Now()
		use(t, b, 1, 0, nil)
		require.Equal(t, 30*time.Second, time.Since(started))

		use(t, b, 1, 0, &Error{Reason: RateLimited, After: time.Hour})
		_, err := b.acquire(t.Context())
		var held *heldError
		require.ErrorAs(t, err, &held)
		require.Equal(t, time.Hour, held.wait)
		require.Contains(t, held.Error(), "1h0m0s")
	})
}

func TestBudgetBoundsRequestsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 1000, Concurrency: 2})
		first, err := b.acquire(t.Context())
		require.NoError(t, err)
		_, err = b.acquire(t.Context())
		require.NoError(t, err)
		require.Equal(t, int64(2), b.Stats().InFlight)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = b.acquire(ctx)
		require.True(t, errors.Is(err, context.DeadlineExceeded))

		first.release()
		_, err = b.acquire(t.Context())
		require.NoError(t, err)
		require.Equal(t, int64(2), b.Stats().InFlight)
	})
}

func TestBudgetGivesTheSlotBackWhenTheWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(BudgetOptions{Rate: 100, Concurrency: 1})
		use(t, b, 1, 0, &Error{Reason: RateLimited, After: 30 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := b.acquire(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		use(t, b, 1, 0, nil)
		require.Zero(t, b.Stats().InFlight)
	})
}

func TestTrendOfEachResource(t *testing.T) {
	require.Equal(t, "/wc/v3/orders/#/notes", resourceOf("/wc/v3/orders/123/notes"))
	require.Equal(t, "/wc/v3/products", resourceOf("/wc/v3/products"))

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
