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

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// How long a session lasts: it ends after SessionIdle without a request, and after SessionLife in any case.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 7 * 24 * time.Hour
)

// SignInRefused is the code of an error that says that e-mail address and password do not belong together.
const SignInRefused = "sign_in_refused"

// Session is a user who is signed in.
type Session struct {
	ID        string
	ExpiresAt time.Time
	User      User
}

// SignIn checks an e-mail address and a password, and gives a new session with its plaintext, which cannot be had again.
// Unauthorized with the code SignInRefused when they do not belong together or the user is disabled: which of these is not
// told. RateLimited after several failures, with the time to wait.
func (d *DB) SignIn(ctx context.Context, email, password string) (string, Session, error) {
	address := sha256.Sum256([]byte(strings.ToLower(email)))
	if err := d.beginSignIn(ctx, address[:]); err != nil {
		return "", Session{}, err
	}
	var found struct {
		userRow
		Password string
	}
	err := d.pool.GetContext(ctx, &found, `
		SELECT `+userColumns+`, password FROM tandem.users WHERE lower(email) = lower($1) AND disabled_at IS NULL`, email)
	if errors.Is(err, sql.ErrNoRows) {
		found.Password, err = nobodysHash, nil
	}
	if err != nil {
		return "", Session{}, classify(err, "signing in")
	}
	match, outdated, err := comparePassword(ctx, password, found.Password)
	if err != nil {
		return "", Session{}, err
	}
	if !match {
		return "", Session{}, &fault.Error{Kind: fault.Unauthorized, Code: SignInRefused, Message: "e-mail address or password is wrong"}
	}
	if outdated {
		if found.Password, err = hashPassword(ctx, password); err != nil {
			return "", Session{}, err
		}
	}
	return d.startSession(ctx, found.user(), found.Password, address[:])
}

// startSession keeps a new session of a user whose password was right.
func (d *DB) startSession(ctx context.Context, user User, password string, address []byte) (string, Session, error) {
	secret := make([]byte, tokenBytes)
	rand.Read(secret) // never fails
	plaintext := base64.RawURLEncoding.EncodeToString(secret)
	session := Session{ID: newID(), ExpiresAt: time.Now().Add(SessionLife).UTC().Truncate(time.Second), User: user}
	err := d.tx(ctx, "signing in", func(tx *sqlx.Tx) error {
		for _, statement := range []struct {
			query string
			args  []any
		}{
			{forgetSignInFailures, []any{address}},
			{`UPDATE tandem.users SET last_sign_in_at = now(), password = $2 WHERE id = $1`, []any{user.ID, password}},
			{`INSERT INTO tandem.sessions (id, user_id, hash, expires_at) VALUES ($1, $2, $3, $4)`, []any{session.ID, user.ID, tokenHash(plaintext), session.ExpiresAt}},
		} {
			if _, err := tx.ExecContext(ctx, statement.query, statement.args...); err != nil {
				return err
			}
		}
		return nil
	})
	return plaintext, session, err
}

// Failed attempts to sign in: so many are free for each e-mail address, then each doubles the time until the next, up to a limit.
const (
	freeSignIns    = 5
	firstWait      = 5 * time.Second
	longestWait    = 5 * time.Minute
	forgetFailures = 24 * time.Hour // failures older than this count no more
)

// beginSignIn counts an attempt for an e-mail address as a failure until it is known to be none, so that attempts at the same
// time count too. RateLimited while the next one is not allowed yet.
func (d *DB) beginSignIn(ctx context.Context, address []byte) error {
	result, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.sign_in_failures AS f (email_hash, failures, next_at) VALUES ($1, 1, now())
		ON CONFLICT (email_hash) DO UPDATE SET last_at = now(),
		  failures = CASE WHEN f.last_at < now() - $2::float8 * interval '1 second' THEN 1 ELSE f.failures + 1 END,
		  next_at = CASE WHEN f.last_at < now() - $2::float8 * interval '1 second' OR f.failures + 1 < $3::int THEN now()
		    ELSE now() + least($5::float8, $4::float8 * power(2, least(f.failures + 1 - $3::int, 20))) * interval '1 second' END
		WHERE f.next_at <= now()`,
		address, forgetFailures.Seconds(), freeSignIns, firstWait.Seconds(), longestWait.Seconds())
	err = oneRow(result, err, "signing in")
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	var seconds float64
	err = d.pool.GetContext(ctx, &seconds, `SELECT coalesce(max(extract(epoch FROM next_at - now())), 0)::float8 FROM tandem.sign_in_failures WHERE email_hash = $1`, address)
	if err != nil {
		return classify(err, "signing in")
	}
	wait := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	return &fault.Error{Kind: fault.RateLimited, After: max(wait, time.Second), Message: "too many failed attempts for this e-mail address: wait and try again"}
}

// forgetSignInFailures is for a password that was right.
const forgetSignInFailures = `DELETE FROM tandem.sign_in_failures WHERE email_hash = $1`

// sessionInForce has the idle time in seconds as its second parameter.
const sessionInForce = `s.expires_at > now() AND s.last_used_at > now() - $2::float8 * interval '1 second' AND u.disabled_at IS NULL`

// SessionByPlaintext gives the session that was handed out with this text and notes its use. Unauthorized when there is none
// any more.
func (d *DB) SessionByPlaintext(ctx context.Context, plaintext string) (Session, error) {
	var row struct {
		userRow
		Session string
		Expires time.Time
		Quiet   bool
	}
	err := d.pool.GetContext(ctx, &row, `
		SELECT s.id AS session, s.expires_at AS expires, s.last_used_at < now() - interval '1 minute' AS quiet,
		  u.id, u.email, u.name, u.role, u.created_at AS createdat, u.last_sign_in_at AS lastsigninat, u.disabled_at AS disabledat
		FROM tandem.sessions s JOIN tandem.users u ON u.id = s.user_id WHERE s.hash = $1 AND `+sessionInForce, tokenHash(plaintext), SessionIdle.Seconds())
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, fault.New(fault.Unauthorized, "the session has ended: sign in again")
	}
	if err == nil && row.Quiet {
		_, err = d.pool.ExecContext(ctx, `UPDATE tandem.sessions SET last_used_at = now() WHERE id = $1`, row.Session)
	}
	return Session{ID: row.Session, ExpiresAt: row.Expires.UTC(), User: row.user()}, classify(err, "checking the session")
}

// SessionInForce reports whether a session has not ended. A database that does not answer ends nothing.
func (d *DB) SessionInForce(ctx context.Context, id string) bool {
	var valid bool
	err := d.pool.GetContext(ctx, &valid, `
		SELECT EXISTS (SELECT FROM tandem.sessions s JOIN tandem.users u ON u.id = s.user_id WHERE s.id = $1 AND `+sessionInForce+`)`, id, SessionIdle.Seconds())
	return err != nil || valid
}

// SignOut ends a session; ending it twice is harmless.
func (d *DB) SignOut(ctx context.Context, session string) error {
	_, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.sessions WHERE id = $1`, session)
	return classify(err, "signing out")
}

// SignOutEverywhere ends all sessions of a user but one; with "" all of them.
func (d *DB) SignOutEverywhere(ctx context.Context, user, but string) error {
	_, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.sessions WHERE user_id = $1 AND id IS DISTINCT FROM nullif($2, '')::uuid`, user, but)
	return classify(err, "ending sessions")
}

// ChangePassword gives a user who is signed in a new password, and ends the user's other sessions. Invalid when the current
// password is wrong.
func (d *DB) ChangePassword(ctx context.Context, session Session, current, password string) error {
	address := sha256.Sum256([]byte(strings.ToLower(session.User.Email)))
	if err := d.beginSignIn(ctx, address[:]); err != nil {
		return err
	}
	var hash string
	if err := d.pool.GetContext(ctx, &hash, `SELECT password FROM tandem.users WHERE id = $1`, session.User.ID); err != nil {
		return classify(err, "changing the password")
	}
	match, _, err := comparePassword(ctx, current, hash)
	if err != nil {
		return err
	}
	if !match {
		return fault.Field("current", "is wrong")
	}
	if hash, err = hashPassword(ctx, password); err != nil {
		return err
	}
	return d.tx(ctx, "changing the password", func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, forgetSignInFailures, address[:]); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE tandem.users SET password = $2 WHERE id = $1`, session.User.ID, hash); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM tandem.sessions WHERE user_id = $1 AND id <> $2`, session.User.ID, session.ID)
		return err
	})
}
