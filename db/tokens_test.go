package db

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestTokenLife(t *testing.T) {
	d := newDB(t)
	plaintext, token, err := d.CreateToken(t.Context(), "dashboard", ScopeViewer, time.Hour)
	require.NoError(t, err)
	require.Regexp(t, `^tdm_[A-Za-z0-9_-]{43}$`, plaintext)
	require.Equal(t, plaintext[:10], token.Prefix)
	require.WithinDuration(t, time.Now().Add(time.Hour), token.ExpiresAt, time.Minute)
	require.True(t, token.LastUsedAt.IsZero())

	found, err := d.TokenByPlaintext(t.Context(), plaintext)
	require.NoError(t, err)
	require.Equal(t, token, found)
	list, err := d.Tokens(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	requireRecent(t, list[0].LastUsedAt)

	require.NoError(t, d.RevokeToken(t.Context(), token.ID))
	require.NoError(t, d.RevokeToken(t.Context(), token.ID), "ending it twice is harmless")
	_, err = d.TokenByPlaintext(t.Context(), plaintext)
	requireKind(t, fault.Unauthorized, err)
	requireKind(t, fault.NotFound, d.RevokeToken(t.Context(), uuid.NewString()))
}

func TestTokensThatAreNotValid(t *testing.T) {
	d := newDB(t)
	expired, token, err := d.CreateToken(t.Context(), "old", ScopeAdmin, time.Hour)
	require.NoError(t, err)
	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.api_tokens SET expires_at = now() WHERE id = $1`, token.ID)
	require.NoError(t, err)

	for name, plaintext := range map[string]string{
		"expired": expired, "unknown": "tdm_" + expired[5:] + "x", "foreign": "ghp_something", "empty": "", "the hash": string(tokenHash(expired)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.TokenByPlaintext(t.Context(), plaintext)
			requireKind(t, fault.Unauthorized, err)
			require.Equal(t, "the API token is not valid", err.Error(), "why is not told")
		})
	}
}

func TestTokensAreKeptAsHashes(t *testing.T) {
	d := newDB(t)
	plaintext, _, err := d.CreateToken(t.Context(), "ci", ScopeOperator, 0)
	require.NoError(t, err)

	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.api_tokens a WHERE a::text LIKE '%' || $1 || '%'`, plaintext[prefixBytes:]))
}

func TestCreateTokenRefuses(t *testing.T) {
	d := newDB(t)
	_, _, err := d.CreateToken(t.Context(), "x", "root", 0)
	requireKind(t, fault.Invalid, err)
	_, _, err = d.CreateToken(t.Context(), "", ScopeViewer, 0)
	requireKind(t, fault.Invalid, err)
}

func TestTokensAreListedNewestFirst(t *testing.T) {
	d := newDB(t)
	for _, name := range []string{"a", "b"} {
		_, token, err := d.CreateToken(t.Context(), name, ScopeViewer, 0)
		require.NoError(t, err)
		require.True(t, token.ExpiresAt.IsZero())
	}
	list, err := d.Tokens(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"b", "a"}, []string{list[0].Name, list[1].Name})
}
