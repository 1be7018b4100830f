package db

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
	"tandem/instance"
)

// Authorization is a request to have the store make keys.
type Authorization struct {
	Instance    string
	StoreURL    string     `db:"store_url"`
	Scope       string     // what was asked for
	Permissions string     // what the store gave
	CreatedAt   time.Time  `db:"created_at"`
	ExpiresAt   time.Time  `db:"expires_at"`
	GrantedAt   *time.Time `db:"granted_at"`
	DeniedAt    *time.Time `db:"denied_at"`
	Expired     bool
}

const authorizationColumns = `instance, store_url, scope, permissions, created_at, expires_at, granted_at, denied_at, expires_at <= now() AS expired`

// StartAuthorization keeps a new request in the place of the one before, whose token counts no more. Only the token's digest is kept.
func (d *DB) StartAuthorization(ctx context.Context, a Authorization, token string, life time.Duration) (Authorization, error) {
	digest := sha256.Sum256([]byte(token))
	var kept Authorization
	err := d.pool.GetContext(ctx, &kept, `
		INSERT INTO tandem.authorizations (instance, token, store_url, scope, expires_at) VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')
		ON CONFLICT (instance) DO UPDATE SET token = excluded.token, store_url = excluded.store_url, scope = excluded.scope, permissions = '',
		  created_at = now(), expires_at = excluded.expires_at, granted_at = NULL, denied_at = NULL
		RETURNING `+authorizationColumns, a.Instance, digest[:], a.StoreURL, a.Scope, life.Seconds())
	return kept, classify(err, "keeping the request for keys")
}

// Authorization gives an instance's last request. NotFound when there was none.
func (d *DB) Authorization(ctx context.Context, instance string) (Authorization, error) {
	var a Authorization
	err := d.pool.GetContext(ctx, &a, `SELECT `+authorizationColumns+` FROM tandem.authorizations WHERE instance = $1`, instance)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.NotFound, "the store was not asked for keys yet")
	}
	return a, classify(err, "reading the request for keys")
}

// Grant takes the keys that a store made, once. NotFound, whatever is wrong with the token: it is another one, was used, is too old, or
// the instance belongs to another store by now.
func (d *DB) Grant(ctx context.Context, id, token, permissions string, keys instance.Credentials) error {
	return d.tx(ctx, "storing the keys that the store made", func(tx *sqlx.Tx) error {
		if err := lockAuthorization(ctx, tx, id, token); err != nil {
			return err
		}
		if err := d.changeCredentials(ctx, tx, id, keys.Over); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE tandem.authorizations SET granted_at = now(), permissions = $2 WHERE instance = $1`, id, permissions)
		return err
	})
}

// Deny ends a request for keys that a person denied in the store. NotFound as Grant gives it.
func (d *DB) Deny(ctx context.Context, id, token string) error {
	return d.tx(ctx, "ending the request for keys", func(tx *sqlx.Tx) error {
		if err := lockAuthorization(ctx, tx, id, token); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE tandem.authorizations SET denied_at = now() WHERE instance = $1`, id)
		return err
	})
}

// lockAuthorization finds the open request of an instance that a token belongs to, and keeps others from ending it.
func lockAuthorization(ctx context.Context, tx *sqlx.Tx, id, token string) error {
	digest := sha256.Sum256([]byte(token))
	var kept struct {
		Token []byte
		Open  bool
	}
	err := tx.GetContext(ctx, &kept, `
		SELECT a.token, a.granted_at IS NULL AND a.denied_at IS NULL AND a.expires_at > now() AND a.store_url = i.store_url AS open
		FROM tandem.authorizations a JOIN tandem.instances i ON i.id = a.instance WHERE a.instance = $1 FOR UPDATE`, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if subtle.ConstantTimeCompare(kept.Token, digest[:]) != 1 || !kept.Open {
		return fault.New(fault.NotFound, "no such request for keys is open")
	}
	return nil
}
