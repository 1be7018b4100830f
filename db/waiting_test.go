package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhatAnImportWaitsFor(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	lease := claim(t, d, op, "order")
	next := time.Now().UTC().Add(time.Minute).Truncate(time.Second)
	since, err := d.SetWaiting(t.Context(), lease.Attempt, Waiting{
		Kind: "unavailable", Message: "the store does not answer", Remedy: "wait", Attempt: 1, NextTryAt: next,
	})
	require.NoError(t, err)
	requireRecent(t, since)

	again, err := d.SetWaiting(t.Context(), lease.Attempt, Waiting{Kind: "rate_limited", Message: "slower", Attempt: 2, NextTryAt: next})
	require.NoError(t, err)
	require.Equal(t, since.Truncate(time.Millisecond), again.Truncate(time.Millisecond), "the trouble began with the first failure")
	w := progressOf(t, d, op).Waiting
	require.NotNil(t, w)
	require.Equal(t, Waiting{Kind: "rate_limited", Message: "slower", Attempt: 2, NextTryAt: next, Since: w.Since}, *w)

	require.NoError(t, d.FinishPage(t.Context(), startPage(t, d, op, "order")))
	require.Nil(t, progressOf(t, d, op).Waiting, "it goes on")
}

func TestALateAttemptHidesNothing(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	late := claim(t, d, op, "order")
	claim(t, d, op, "order")
	_, err := d.SetWaiting(t.Context(), late.Attempt, Waiting{Message: "old news"})
	require.NoError(t, err)
	require.Nil(t, progressOf(t, d, op).Waiting)
}
