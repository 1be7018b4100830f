package db

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

var hashA, hashB = []byte("request a"), []byte("request b")

func TestIdempotentAnswersTheSameAgain(t *testing.T) {
	d := newDB(t)
	first, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)
	require.True(t, first.Claimed)
	require.NotEmpty(t, first.Subject)

	answer := Response{Status: 202, Location: "/api/v1/operations/x", Body: []byte(`{"id":"x"}`)}
	require.NoError(t, d.SaveResponse(t.Context(), "key", "token", answer))

	again, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)
	require.Equal(t, Claim{Subject: first.Subject, Response: answer}, again)

	_, err = d.Idempotent(t.Context(), "key", "token", hashB)
	requireKind(t, fault.Conflict, err)
	require.Equal(t, "idempotency_key_reused", fault.From(err).Code)

	other, err := d.Idempotent(t.Context(), "key", "another token", hashB)
	require.NoError(t, err)
	require.True(t, other.Claimed, "keys of different principals are different keys")
}

func TestIdempotentWhileTheFirstIsAtWork(t *testing.T) {
	d := newDB(t)
	first, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)

	_, err = d.Idempotent(t.Context(), "key", "token", hashA)
	requireKind(t, fault.Conflict, err)
	require.Equal(t, "idempotency_key_in_use", fault.From(err).Code)

	require.NoError(t, d.ReleaseKey(t.Context(), "key", "token"))
	again, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)
	require.Equal(t, first, again, "a new try names what it creates as the first one did")
	_, err = d.Idempotent(t.Context(), "key", "token", hashA)
	requireKind(t, fault.Conflict, err)
}

func TestIdempotentTakesOverFromTheDead(t *testing.T) {
	d := newDB(t)
	first, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)
	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.idempotency_keys SET claimed_at = now() - interval '61 seconds'`)
	require.NoError(t, err)

	again, err := d.Idempotent(t.Context(), "key", "token", hashA)

	require.NoError(t, err)
	require.Equal(t, first, again)
}

func TestIdempotencyKeysExpire(t *testing.T) {
	d := newDB(t)
	first, err := d.Idempotent(t.Context(), "key", "token", hashA)
	require.NoError(t, err)
	require.NoError(t, d.SaveResponse(t.Context(), "key", "token", Response{Status: 202}))
	require.NoError(t, d.ReleaseKey(t.Context(), "key", "token"), "an answer stays")
	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.idempotency_keys SET created_at = now() - interval '25 hours'`)
	require.NoError(t, err)

	fresh, err := d.Idempotent(t.Context(), "key", "token", hashB)

	require.NoError(t, err)
	require.True(t, fresh.Claimed)
	require.NotEqual(t, first.Subject, fresh.Subject)
}

func TestIdempotentInParallelClaimsOnce(t *testing.T) {
	d := newDB(t)
	var claimed atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if claim, err := d.Idempotent(t.Context(), "key", "token", hashA); err == nil && claim.Claimed {
				claimed.Add(1)
			}
		})
	}
	group.Wait()
	require.EqualValues(t, 1, claimed.Load())
}

func TestSaveResponseNeedsAClaim(t *testing.T) {
	d := newDB(t)
	requireKind(t, fault.NotFound, d.SaveResponse(t.Context(), "key", "token", Response{Status: 202}))
}
