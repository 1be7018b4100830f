package db

import (
	"context"
	"strconv"
	"time"
)

// Kinds of actors in the audit trail.
const (
	ActorUser      = "user"
	ActorToken     = "token"
	ActorLocal     = "local"     // of a development server, which asks for no token
	ActorCommand   = "command"   // a command that writes to the database
	ActorAnonymous = "anonymous" // somebody who failed to sign in
)

// auditLife is how long entries are kept.
const auditLife = 2 * 365 * 24 * time.Hour

// AuditEntry is one thing somebody did or tried.
type AuditEntry struct {
	ID        int64
	At        time.Time
	ActorKind string // one of the Actor… values
	ActorID   string
	Actor     string // the user's or token's name
	Address   string // of the client
	Instance  string // that it was about, where it was one
	Action    string // the operation of the API, e.g. ActivateInstance, or the command
	Target    string // the path, e.g. /instances/myshop/activate
	Status    int    // of the reply; 0 for a command
	RequestID string
}

// AuditFilter picks entries; zero fields match all.
type AuditFilter struct {
	Actor    string // id or name of the user or token
	Action   string
	Instance string
	From     time.Time // inclusive
	To       time.Time // exclusive
}

// NoteAudit keeps what somebody did.
func (d *DB) NoteAudit(ctx context.Context, e AuditEntry) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.audit (actor_kind, actor_id, actor, address, instance, action, target, status, request_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ActorKind, e.ActorID, e.Actor, e.Address, e.Instance, e.Action, e.Target, e.Status, e.RequestID)
	return classify(err, "keeping the audit trail")
}

// Audit lists what people did, newest first, and gives the cursor of the rest.
func (d *DB) Audit(ctx context.Context, f AuditFilter, p Page) ([]AuditEntry, string, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	var list []AuditEntry
	err = d.pool.SelectContext(ctx, &list, `
		SELECT id, at, actor_kind AS actorkind, actor_id AS actorid, actor, address, instance, action, target, status, request_id AS requestid
		FROM tandem.audit
		WHERE ($1 = '' OR actor_id = $1 OR actor = $1) AND ($2 = '' OR action = $2)
		  AND ($3 = '' OR instance = $3)
		  AND ($4::timestamptz IS NULL OR at >= $4) AND ($5::timestamptz IS NULL OR at < $5)
		  AND id < $6 ORDER BY id DESC LIMIT $7`,
		f.Actor, f.Action, f.Instance, null(f.From), null(f.To), before, p.size()+1)
	if err != nil {
		return nil, "", classify(err, "listing the audit trail")
	}
	list, next := cut(list, p.size(), func(e AuditEntry) string { return strconv.FormatInt(e.ID, 10) })
	for i := range list {
		list[i].At = list[i].At.UTC()
	}
	return list, next, nil
}
