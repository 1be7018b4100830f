package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/mail"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// User is a person who signs in on the page.
type User struct {
	ID           string
	Email        string
	Name         string
	Role         string // one of the Scope… values
	CreatedAt    time.Time
	LastSignInAt time.Time // zero when never
	DisabledAt   time.Time // zero while the user may sign in
}

const userColumns = `id, email, name, role, created_at AS createdat, last_sign_in_at AS lastsigninat, disabled_at AS disabledat`

// userRow is a user with the columns that may be NULL.
type userRow struct {
	User
	LastSignInAt sql.NullTime
	DisabledAt   sql.NullTime
}

func (r userRow) user() User {
	u := r.User
	u.CreatedAt, u.LastSignInAt, u.DisabledAt = u.CreatedAt.UTC(), utc(r.LastSignInAt), utc(r.DisabledAt)
	return u
}

// NewUser is what a user is made of. Without a password a random one is made.
type NewUser struct {
	Email, Name, Role, Password string
}

// CreateUser adds a user and gives the password, which cannot be had again. Conflict when the e-mail address is taken.
func (d *DB) CreateUser(ctx context.Context, in NewUser) (User, string, error) {
	email, err := checkEmail(in.Email)
	if err != nil {
		return User{}, "", err
	}
	if err := checkRole(in.Role); err != nil {
		return User{}, "", err
	}
	if in.Name == "" {
		in.Name = email
	}
	if in.Password == "" {
		in.Password = NewPassword()
	}
	hash, err := hashPassword(ctx, in.Password)
	if err != nil {
		return User{}, "", err
	}
	var row userRow
	err = d.pool.GetContext(ctx, &row, `
		INSERT INTO tandem.users (id, email, name, role, password) VALUES ($1, $2, $3, $4, $5)
		RETURNING `+userColumns, newID(), email, in.Name, in.Role, hash)
	err = named(classify(err, "adding the user"), fault.Conflict, "there is a user with this e-mail address already")
	return row.user(), in.Password, err
}

// NewPassword makes a password of 26 random characters.
func NewPassword() string { return rand.Text() }

func checkEmail(email string) (string, error) {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 {
		return "", fault.Field("email", "is not a valid e-mail address")
	}
	return email, nil
}

func checkRole(role string) error {
	switch role {
	case ScopeViewer, ScopeOperator, ScopeAdmin:
		return nil
	default:
		return fault.Field("role", "must be %s, %s or %s", ScopeViewer, ScopeOperator, ScopeAdmin)
	}
}

// Users lists all users by e-mail address.
func (d *DB) Users(ctx context.Context) ([]User, error) {
	var rows []userRow
	err := d.pool.SelectContext(ctx, &rows, `SELECT `+userColumns+` FROM tandem.users ORDER BY lower(email)`)
	return collect(rows, userRow.user), classify(err, "listing users")
}

// UserByEmail gives the user with an e-mail address. NotFound when there is none.
func (d *DB) UserByEmail(ctx context.Context, email string) (User, error) {
	var row userRow
	err := d.pool.GetContext(ctx, &row, `SELECT `+userColumns+` FROM tandem.users WHERE lower(email) = lower($1)`, email)
	return row.user(), named(classify(err, "reading the user"), fault.NotFound, "there is no user with this e-mail address")
}

// UserChange changes a user; nil fields stay.
type UserChange struct {
	Name     *string
	Role     *string
	Password *string
	Disabled *bool
}

// UpdateUser changes a user. A new password and disabling end the user's sessions. Conflict when no admin would be left.
func (d *DB) UpdateUser(ctx context.Context, id string, change UserChange) (User, error) {
	var hash *string
	if change.Password != nil {
		made, err := hashPassword(ctx, *change.Password)
		if err != nil {
			return User{}, err
		}
		hash = &made
	}
	if change.Role != nil {
		if err := checkRole(*change.Role); err != nil {
			return User{}, err
		}
	}
	if change.Name != nil && strings.TrimSpace(*change.Name) == "" {
		return User{}, fault.Field("name", "must not be empty")
	}
	var row userRow
	err := d.changingUsers(ctx, "changing the user", func(tx *sqlx.Tx) error {
		err := tx.GetContext(ctx, &row, `
			UPDATE tandem.users SET name = coalesce($2, name), role = coalesce($3, role), password = coalesce($4, password),
			  disabled_at = CASE WHEN $5::boolean THEN coalesce(disabled_at, now()) WHEN NOT $5::boolean THEN NULL ELSE disabled_at END
			WHERE id = $1 RETURNING `+userColumns, id, change.Name, change.Role, hash, change.Disabled)
		if err != nil {
			return named(classify(err, "changing the user"), fault.NotFound, "there is no user %s", id)
		}
		if hash == nil && !row.DisabledAt.Valid {
			return nil
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM tandem.sessions WHERE user_id = $1`, id)
		return err
	})
	return row.user(), err
}

// RemoveUser removes a user and ends the user's sessions. Conflict when no admin would be left.
func (d *DB) RemoveUser(ctx context.Context, id string) error {
	return d.changingUsers(ctx, "removing the user", func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM tandem.users WHERE id = $1`, id)
		return named(oneRow(result, err, "removing the user"), fault.NotFound, "there is no user %s", id)
	})
}

// changingUsers runs a change of users, one after the other, and undoes it when it takes away the last admin.
func (d *DB) changingUsers(ctx context.Context, doing string, change func(*sqlx.Tx) error) error {
	return d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		const admins = `SELECT count(*) FROM tandem.users WHERE role = 'admin' AND disabled_at IS NULL`
		if _, err := tx.ExecContext(ctx, `LOCK TABLE tandem.users IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		var before, after int
		if err := tx.GetContext(ctx, &before, admins); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		if err := tx.GetContext(ctx, &after, admins); err != nil {
			return err
		}
		if before > 0 && after == 0 {
			return fault.New(fault.Conflict, "this is the last user who is an admin: make another one first")
		}
		return nil
	})
}
