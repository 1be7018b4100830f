package db

import (
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"tandem/fault"
)

const password = "correct horse battery"

func newUser(t *testing.T, d *DB, email, role string) User {
	t.Helper()
	made, _, err := d.CreateUser(t.Context(), NewUser{Email: email, Role: role, Password: password})
	require.NoError(t, err)
	return made
}

func TestUserLife(t *testing.T) {
	d := newDB(t)
	ada, made, err := d.CreateUser(t.Context(), NewUser{Email: "Ada@Example.com", Role: ScopeAdmin})
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(made), minPassword, "without a password one is made")
	require.Equal(t, "Ada@Example.com", ada.Name, "without a name the e-mail address is shown")

	_, _, err = d.CreateUser(t.Context(), NewUser{Email: "ada@example.COM", Role: ScopeViewer})
	requireKind(t, fault.Conflict, err)

	name, role := "Ada Lovelace", ScopeOperator
	_, err = d.UpdateUser(t.Context(), ada.ID, UserChange{Role: &role})
	requireKind(t, fault.Conflict, err)
	newUser(t, d, "grace@example.com", ScopeAdmin)
	changed, err := d.UpdateUser(t.Context(), ada.ID, UserChange{Name: &name, Role: &role})
	require.NoError(t, err)
	require.Equal(t, name, changed.Name)
	require.Equal(t, role, changed.Role)

	list, err := d.Users(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, changed, list[0])

	require.NoError(t, d.RemoveUser(t.Context(), ada.ID))
	requireKind(t, fault.NotFound, d.RemoveUser(t.Context(), ada.ID))
	requireKind(t, fault.Conflict, d.RemoveUser(t.Context(), list[1].ID))
}

func TestUsersThatAreNotValid(t *testing.T) {
	d := newDB(t)
	good := NewUser{Email: "ada@example.com", Role: ScopeViewer, Password: password}
	for name, test := range map[string]struct {
		change func(*NewUser)
		field  string
	}{
		"no address":         {func(u *NewUser) { u.Email = "ada" }, "email"},
		"address with name":  {func(u *NewUser) { u.Email = "Ada <ada@example.com>" }, "email"},
		"unknown role":       {func(u *NewUser) { u.Role = "owner" }, "role"},
		"short password":     {func(u *NewUser) { u.Password = "12345678901" }, "password"},
		"very long password": {func(u *NewUser) { u.Password = strings.Repeat("x", maxPassword+1) }, "password"},
	} {
		t.Run(name, func(t *testing.T) {
			in := good
			test.change(&in)
			_, _, err := d.CreateUser(t.Context(), in)
			requireKind(t, fault.Invalid, err)
			require.Equal(t, test.field, fault.From(err).Field)
		})
	}
}

func TestSessionLife(t *testing.T) {
	d := newDB(t)
	ada := newUser(t, d, "ada@example.com", ScopeOperator)
	plaintext, session, err := d.SignIn(t.Context(), "ADA@example.com", password)
	require.NoError(t, err)
	require.Equal(t, ada.ID, session.User.ID)
	require.WithinDuration(t, time.Now().Add(SessionLife), session.ExpiresAt, time.Minute)

	found, err := d.SessionByPlaintext(t.Context(), plaintext)
	require.NoError(t, err)
	require.Equal(t, session.ID, found.ID)
	require.Equal(t, session.ExpiresAt, found.ExpiresAt)
	require.Equal(t, ScopeOperator, found.User.Role)
	requireRecent(t, found.User.LastSignInAt)
	require.True(t, d.SessionInForce(t.Context(), session.ID))
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.sessions s WHERE s::text LIKE '%' || $1 || '%'`, plaintext), "it is kept as a hash")
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.users u WHERE u::text LIKE '%' || $1 || '%'`, password))

	require.NoError(t, d.SignOut(t.Context(), session.ID))
	require.NoError(t, d.SignOut(t.Context(), session.ID), "ending it twice is harmless")
	_, err = d.SessionByPlaintext(t.Context(), plaintext)
	requireKind(t, fault.Unauthorized, err)
	require.False(t, d.SessionInForce(t.Context(), session.ID))
}

// TestSessionsEnd tells all that ends a session.
func TestSessionsEnd(t *testing.T) {
	d := newDB(t)
	yes, other, viewer := true, "another password", ScopeViewer
	for name, test := range map[string]struct {
		end  func(Session) error
		ends bool
	}{
		"too long without a request": {func(s Session) error {
			_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.sessions SET last_used_at = now() - interval '12 hours 1 second' WHERE id = $1`, s.ID)
			return err
		}, true},
		"a request of late": {func(s Session) error {
			_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.sessions SET last_used_at = now() - interval '11 hours' WHERE id = $1`, s.ID)
			return err
		}, false},
		"a week": {func(s Session) error {
			_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.sessions SET expires_at = now() WHERE id = $1`, s.ID)
			return err
		}, true},
		"disabled": {func(s Session) error {
			_, err := d.UpdateUser(t.Context(), s.User.ID, UserChange{Disabled: &yes})
			return err
		}, true},
		"a password from an admin": {func(s Session) error {
			_, err := d.UpdateUser(t.Context(), s.User.ID, UserChange{Password: &other})
			return err
		}, true},
		"another role": {func(s Session) error {
			_, err := d.UpdateUser(t.Context(), s.User.ID, UserChange{Role: &viewer})
			return err
		}, false},
		"removed":    {func(s Session) error { return d.RemoveUser(t.Context(), s.User.ID) }, true},
		"everywhere": {func(s Session) error { return d.SignOutEverywhere(t.Context(), s.User.ID, "") }, true},
		"elsewhere":  {func(s Session) error { return d.SignOutEverywhere(t.Context(), s.User.ID, s.ID) }, false},
		"one's own password, here": {func(s Session) error {
			return d.ChangePassword(t.Context(), s, password, other)
		}, false},
		"one's own password, elsewhere": {func(s Session) error {
			_, here, err := d.SignIn(t.Context(), s.User.Email, password)
			if err != nil {
				return err
			}
			return d.ChangePassword(t.Context(), here, password, other)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			user := newUser(t, d, strings.ReplaceAll(strings.ReplaceAll(name, " ", "."), ",", "")+"@example.com", ScopeOperator)
			plaintext, session, err := d.SignIn(t.Context(), user.Email, password)
			require.NoError(t, err)
			require.NoError(t, test.end(session))
			_, err = d.SessionByPlaintext(t.Context(), plaintext)
			require.Equal(t, test.ends, fault.Is(err, fault.Unauthorized), err)
			require.Equal(t, !test.ends, d.SessionInForce(t.Context(), session.ID))
		})
	}
}

// TestSignInTellsNothing compares what is said of a wrong password, an unknown address and a disabled user, wait included.
func TestSignInTellsNothing(t *testing.T) {
	d := newDB(t)
	newUser(t, d, "known@example.com", ScopeViewer)
	disabled, yes := newUser(t, d, "disabled@example.com", ScopeViewer), true
	_, err := d.UpdateUser(t.Context(), disabled.ID, UserChange{Disabled: &yes})
	require.NoError(t, err)
	for email, given := range map[string]string{"known@example.com": "not the password", "unknown@example.com": password, "disabled@example.com": password} {
		for range freeSignIns {
			_, _, err := d.SignIn(t.Context(), email, given)
			requireKind(t, fault.Unauthorized, err)
			require.Equal(t, SignInRefused, fault.From(err).Code)
			require.Equal(t, "e-mail address or password is wrong", err.Error())
		}
		// However long hashing takes on this machine, the wait is not over yet.
		held, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.sign_in_failures SET next_at = now() + interval '1 hour' WHERE next_at > last_at`)
		require.NoError(t, oneRow(held, err, "holding back the next attempt"))
		_, _, err = d.SignIn(t.Context(), strings.ToUpper(email), given)
		requireKind(t, fault.RateLimited, err)
		require.InDelta(t, time.Hour, fault.From(err).After, float64(time.Minute))
	}
	_, _, err = d.SignIn(t.Context(), "known@example.com", password)
	requireKind(t, fault.RateLimited, err)
	require.Equal(t, "too many failed attempts for this e-mail address: wait and try again", err.Error())

	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.sign_in_failures SET next_at = now()`)
	require.NoError(t, err)
	_, _, err = d.SignIn(t.Context(), "known@example.com", password)
	require.NoError(t, err)
	_, _, err = d.SignIn(t.Context(), "known@example.com", "not the password")
	requireKind(t, fault.Unauthorized, err)
}

func TestSignInWaitsDoubleUpToALimit(t *testing.T) {
	d := newDB(t)
	var waits []time.Duration
	for range freeSignIns + 8 {
		_, _, err := d.SignIn(t.Context(), "unknown@example.com", password)
		requireKind(t, fault.Unauthorized, err)
		var seconds float64
		require.NoError(t, d.pool.GetContext(t.Context(), &seconds, `SELECT extract(epoch FROM next_at - last_at)::float8 FROM tandem.sign_in_failures`))
		waits = append(waits, time.Duration(seconds*float64(time.Second)).Round(time.Second))
		_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.sign_in_failures SET next_at = now()`)
		require.NoError(t, err)
	}
	require.Equal(t, []time.Duration{0, 0, 0, 0, 5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second,
		5 * time.Minute, 5 * time.Minute, 5 * time.Minute}, waits)

	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.sign_in_failures SET last_at = now() - interval '25 hours'`)
	require.NoError(t, err)
	_, _, err = d.SignIn(t.Context(), "unknown@example.com", password)
	requireKind(t, fault.Unauthorized, err)
	require.EqualValues(t, 1, number(t, d, `SELECT failures FROM tandem.sign_in_failures`), "after a day they are forgotten")
}

func TestChangePassword(t *testing.T) {
	d := newDB(t)
	newUser(t, d, "ada@example.com", ScopeViewer)
	_, session, err := d.SignIn(t.Context(), "ada@example.com", password)
	require.NoError(t, err)
	err = d.ChangePassword(t.Context(), session, "not the password", "another password")
	requireKind(t, fault.Invalid, err)
	require.Equal(t, "current", fault.From(err).Field)
	requireKind(t, fault.Invalid, d.ChangePassword(t.Context(), session, password, "short"))
	require.NoError(t, d.ChangePassword(t.Context(), session, password, "another password"))
	_, _, err = d.SignIn(t.Context(), "ada@example.com", password)
	requireKind(t, fault.Unauthorized, err)
	_, _, err = d.SignIn(t.Context(), "ada@example.com", "another password")
	require.NoError(t, err)
}

// TestPasswordHashesAreRenewed signs in with a hash of older parameters.
func TestPasswordHashesAreRenewed(t *testing.T) {
	d := newDB(t)
	newUser(t, d, "ada@example.com", ScopeViewer)
	old := *passwordHash
	old.Memory, old.Iterations = 16<<10, 2
	hash, err := argon2id.CreateHash(password, &old)
	require.NoError(t, err)
	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.users SET password = $1`, hash)
	require.NoError(t, err)
	for range 2 {
		_, _, err = d.SignIn(t.Context(), "ada@example.com", password)
		require.NoError(t, err)
		require.EqualValues(t, 1, number(t, d, `SELECT count(*) FROM tandem.users WHERE password LIKE '$argon2id$v=19$m=47104,t=1,p=1$%'`))
	}
}

func TestAuditIsListedByWhatItIsAbout(t *testing.T) {
	d := newDB(t)
	for _, e := range []AuditEntry{
		{ActorKind: ActorUser, ActorID: "1", Actor: "Ada", Address: "192.0.2.1", Instance: "shop", Action: "ActivateInstance", Target: "/instances/shop/activate", Status: 200, RequestID: "r-1"},
		{ActorKind: ActorToken, ActorID: "2", Actor: "ci", Action: "StartOperation", Target: "/operations", Status: 202},
		{ActorKind: ActorCommand, Actor: "root", Action: "tandem user add", Target: "/users/3"},
	} {
		require.NoError(t, d.NoteAudit(t.Context(), e))
	}
	all, next, err := d.Audit(t.Context(), AuditFilter{}, Page{Limit: 2})
	require.NoError(t, err)
	require.Equal(t, []string{"tandem user add", "StartOperation"}, []string{all[0].Action, all[1].Action}, "newest first")
	requireRecent(t, all[0].At)
	rest, next, err := d.Audit(t.Context(), AuditFilter{}, Page{Limit: 2, After: next})
	require.NoError(t, err)
	require.Empty(t, next)
	require.Len(t, rest, 1)

	for name, f := range map[string]AuditFilter{
		"name": {Actor: "Ada"}, "id": {Actor: "1"}, "action": {Action: "ActivateInstance"}, "instance": {Instance: "shop"},
		"time": {Instance: "shop", From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)},
	} {
		list, _, err := d.Audit(t.Context(), f, Page{})
		require.NoError(t, err)
		require.Equal(t, rest, list, name)
	}
	list, _, err := d.Audit(t.Context(), AuditFilter{To: time.Now().Add(-time.Hour)}, Page{})
	require.NoError(t, err)
	require.Empty(t, list)
}
