package db

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"tandem/fault"
)

// Scopes of an API token; each may do what the one before may.
const (
	ScopeViewer   = "viewer"   // reads
	ScopeOperator = "operator" // starts, pauses and retries work
	ScopeAdmin    = "admin"    // configures, and manages tokens
)

// A token is tokenMark and 256 random bits. The mark lets secret scanners find leaked ones.
const (
	tokenMark   = "tdm_"
	tokenBytes  = 32
	prefixBytes = len(tokenMark) + 6 // what is kept in clear, to tell tokens apart in lists
)

// APIToken is what is kept of a token: never the token itself.
type APIToken struct {
	ID         string
	Name       string
	Scope      string // one of the Scope… values
	Prefix     string // how the token begins, for people
	CreatedAt  time.Time
	LastUsedAt time.Time // to the minute; zero when never used
	ExpiresAt  time.Time // zero when never
	RevokedAt  time.Time // zero while valid
}

const tokenColumns = `id, name, scope, prefix, created_at AS createdat, last_used_at AS lastusedat, expires_at AS expiresat,
	revoked_at AS revokedat`

// tokenRow is a token with the columns that may be NULL.
type tokenRow struct {
	APIToken
	LastUsedAt sql.NullTime
	ExpiresAt  sql.NullTime
	RevokedAt  sql.NullTime
}

func (r tokenRow) token() APIToken {
	t := r.APIToken
	t.CreatedAt = t.CreatedAt.UTC()
	t.LastUsedAt, t.ExpiresAt, t.RevokedAt = utc(r.LastUsedAt), utc(r.ExpiresAt), utc(r.RevokedAt)
	return t
}

// CreateToken makes a token and gives its plaintext, which cannot be had again. A ttl of 0 never expires.
func (d *DB) CreateToken(ctx context.Context, name, scope string, ttl time.Duration) (plaintext string, token APIToken, err error) {
	switch {
	case name == "":
		return "", APIToken{}, fault.Field("name", "is missing: say who or what uses the token")
	case scope != ScopeViewer && scope != ScopeOperator && scope != ScopeAdmin:
		return "", APIToken{}, fault.Field("scope", "must be %s, %s or %s", ScopeViewer, ScopeOperator, ScopeAdmin)
	}
	secret := make([]byte, tokenBytes)
	rand.Read(secret) // never fails: https://pkg.go.dev/crypto/rand#Read
	plaintext = tokenMark + base64.RawURLEncoding.EncodeToString(secret)
	var expires time.Time
	if ttl > 0 {
		expires = time.Now().Add(ttl)
	}
	var row tokenRow
	err = d.pool.GetContext(ctx, &row, `
		INSERT INTO tandem.api_tokens (id, name, scope, prefix, hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		RETURNING `+tokenColumns, newID(), name, scope, plaintext[:prefixBytes], tokenHash(plaintext), null(expires))
	if err != nil {
		return "", APIToken{}, classify(err, "creating the API token")
	}
	return plaintext, row.token(), nil
}

// TokenByPlaintext gives the token that was handed out with this text and notes its use. Unauthorized when there is
// none, or when it expired or was revoked: which of these is not told.
func (d *DB) TokenByPlaintext(ctx context.Context, plaintext string) (APIToken, error) {
	refused := fault.New(fault.Unauthorized, "the API token is not valid")
	if !strings.HasPrefix(plaintext, tokenMark) {
		return APIToken{}, refused
	}
	var row tokenRow
	err := d.pool.GetContext(ctx, &row, `
		SELECT `+tokenColumns+` FROM tandem.api_tokens
		WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`, tokenHash(plaintext))
	if errors.Is(err, sql.ErrNoRows) {
		return APIToken{}, refused
	}
	if err != nil {
		return APIToken{}, classify(err, "checking the API token")
	}
	_, err = d.pool.ExecContext(ctx, `
		UPDATE tandem.api_tokens SET last_used_at = now()
		WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`, row.ID)
	return row.token(), classify(err, "noting the use of the API token")
}

// TokenInForce reports whether a token has neither expired nor been revoked. A database that does not answer ends nothing.
func (d *DB) TokenInForce(ctx context.Context, id string) bool {
	var valid bool
	err := d.pool.GetContext(ctx, &valid, `
		SELECT EXISTS (SELECT FROM tandem.api_tokens
		  WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))`, id)
	return err != nil || valid
}

// Tokens lists all tokens, revoked and expired ones too, newest first.
func (d *DB) Tokens(ctx context.Context) ([]APIToken, error) {
	var rows []tokenRow
	err := d.pool.SelectContext(ctx, &rows, `SELECT `+tokenColumns+` FROM tandem.api_tokens ORDER BY created_at DESC, id DESC`)
	return collect(rows, tokenRow.token), classify(err, "listing API tokens")
}

// RevokeToken ends a token; ending it twice is harmless. NotFound when there is none.
func (d *DB) RevokeToken(ctx context.Context, id string) error {
	result, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.api_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1`, id)
	return named(oneRow(result, err, "revoking the API token"), fault.NotFound, "there is no API token %s", id)
}

func tokenHash(plaintext string) []byte {
	sum := sha256.Sum256([]byte(plaintext))
	return sum[:]
}
