package odoo

import (
	"context"
	"regexp"
	"time"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// keyWarning is how long before its end a key is reported.
const keyWarning = 21 * 24 * time.Hour

// apiKey is what an API key of Odoo's looks like, as opposed to a password.
var apiKey = regexp.MustCompile(`^[0-9a-f]{40}$`)

// userKey is one of the API keys of a user.
type userKey struct {
	rpc.Row
	Scope rpc.Text   `json:"scope"` // "rpc", or empty for a key to everything
	Made  rpc.Moment `json:"create_date"`
	Until rpc.Moment `json:"expiration_date"` // zero for one that does not end
}

func (k userKey) works() bool {
	return (k.Scope == "" || k.Scope == "rpc") && (k.Until.IsZero() || time.Until(k.Until.Time) > 0)
}

// warnOfKey warns of a key that is about to end.
func (p prober) warnOfKey(format string, args ...any) {
	p.warn(format, args...)
	p.info.KeyWarning = p.info.Warnings[len(p.info.Warnings)-1]
}

// key warns when a key is about to end: in Odoo 19 all but an administrator's live for three months at most. Odoo does
// not tell which of the user's keys it was called with, so with several each that ends is named by the day it was made.
func (p prober) key(ctx context.Context) error {
	field := rpc.KeyEnds.For(p.rpc.Release)
	if field == "" || !apiKey.MatchString(p.settings.Secret) {
		return nil
	}
	keys, err := rpc.Search[userKey](ctx, p.rpc, "res.users.apikeys", []any{rpc.Where("user_id", "=", p.session.User.ID)}, "scope", "create_date", field)
	if fault.Is(err, fault.Unauthorized) {
		return nil // some may not see their keys
	}
	var working []userKey
	for _, k := range keys {
		if k.works() {
			working = append(working, k)
		}
	}
	for _, k := range working {
		switch {
		case k.Until.IsZero() || time.Until(k.Until.Time) >= keyWarning:
		case len(working) == 1:
			p.warnOfKey("the API key ends on %s: make a new one in Odoo and give it to Tandem before", k.Until.Format(time.DateOnly))
		default:
			p.warnOfKey("the user's API key of %s ends on %s: if it is Tandem's, make a new one in Odoo and give it to Tandem before",
				k.Made.Format(time.DateOnly), k.Until.Format(time.DateOnly))
		}
	}
	return err
}
