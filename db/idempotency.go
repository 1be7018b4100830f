package db

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// How long answers are kept, and after how long a request that never answered is taken for dead.
const (
	idempotencyLife  = 24 * time.Hour
	idempotencyLease = time.Minute
)

// Claim is the answer to a request that bears an idempotency key.
type Claim struct {
	// Claimed says that the caller is to do the work and then call SaveResponse, or ReleaseKey when it failed.
	Claimed bool
	// Subject is a UUID that stays the same for every try with this key. What the request creates is named after it, so
	// that a try after a crash finds what the first one made.
	Subject string
	// Response is the stored answer, unless Claimed.
	Response Response
}

// Response is an answer as it was given the first time.
type Response struct {
	Status   int
	Location string
	Body     []byte
}

// idempotencyRow is a key as the table holds it.
type idempotencyRow struct {
	Hash     []byte        `db:"request_hash"`
	Subject  string        `db:"subject"`
	Status   sql.NullInt64 `db:"status"`
	Location string        `db:"location"`
	Body     []byte        `db:"body"`
	Dead     bool          `db:"dead"`
}

// Idempotent looks up an idempotency key of a principal (the token that asks). The first request claims the key; later
// ones get its answer for 24 h. Conflict when the key came with another request before (compared by requestHash), or
// when the first request is still at work.
func (d *DB) Idempotent(ctx context.Context, key, principal string, requestHash []byte) (Claim, error) {
	var claim Claim
	err := d.tx(ctx, "checking the idempotency key", func(tx *sqlx.Tx) error {
		fresh, err := insertKey(ctx, tx, key, principal, requestHash)
		if err != nil {
			return err
		}
		var row idempotencyRow
		err = tx.GetContext(ctx, &row, `
			SELECT request_hash, subject, status, location, body, claimed_at < now() - $3 * interval '1 second' AS dead
			FROM tandem.idempotency_keys WHERE principal = $1 AND key = $2 FOR UPDATE`,
			principal, key, idempotencyLease.Seconds())
		if err != nil {
			return err
		}
		if claim, err = row.claim(fresh, requestHash); err != nil || fresh || !claim.Claimed {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE tandem.idempotency_keys SET claimed_at = now() WHERE principal = $1 AND key = $2`, principal, key)
		return err
	})
	return claim, err
}

// insertKey claims a key that is new or has expired.
func insertKey(ctx context.Context, tx *sqlx.Tx, key, principal string, requestHash []byte) (fresh bool, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.idempotency_keys AS k (principal, key, request_hash, subject) VALUES ($1, $2, $3, $4)
		ON CONFLICT (principal, key) DO UPDATE SET request_hash = excluded.request_hash, subject = excluded.subject,
		  status = NULL, location = '', body = '', claimed_at = now(), created_at = now()
		WHERE k.created_at < now() - $5 * interval '1 second'`,
		principal, key, requestHash, newID(), idempotencyLife.Seconds())
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// claim decides what a request may do.
func (r idempotencyRow) claim(fresh bool, requestHash []byte) (Claim, error) {
	switch {
	case fresh:
		return Claim{Claimed: true, Subject: r.Subject}, nil
	case !bytes.Equal(r.Hash, requestHash):
		return Claim{}, &fault.Error{
			Kind: fault.Conflict, Code: "idempotency_key_reused",
			Message: "this idempotency key was used for another request: use a new one for each request",
		}
	case r.Status.Valid:
		return Claim{Subject: r.Subject, Response: Response{Status: int(r.Status.Int64), Location: r.Location, Body: r.Body}}, nil
	case r.Dead:
		return Claim{Claimed: true, Subject: r.Subject}, nil
	default:
		return Claim{}, &fault.Error{
			Kind: fault.Conflict, Code: "idempotency_key_in_use", After: time.Second,
			Message: "the first request with this idempotency key is still being worked on: ask again in a moment",
		}
	}
}

// SaveResponse keeps the answer to a claimed request; NotFound when the key is not claimed.
func (d *DB) SaveResponse(ctx context.Context, key, principal string, r Response) error {
	result, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.idempotency_keys SET status = $3, location = $4, body = $5
		WHERE principal = $1 AND key = $2`, principal, key, r.Status, r.Location, orNoBytes(r.Body))
	return oneRow(result, err, "storing the answer")
}

// ReleaseKey lets a claimed request that failed be tried again at once. A key that was answered keeps its answer.
func (d *DB) ReleaseKey(ctx context.Context, key, principal string) error {
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.idempotency_keys SET claimed_at = '-infinity' WHERE principal = $1 AND key = $2 AND status IS NULL`,
		principal, key)
	return classify(err, "releasing the idempotency key")
}

// orNoBytes makes nil empty, since nil is NULL.
func orNoBytes(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
