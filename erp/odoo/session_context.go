package odoo

import (
	"context"
	"slices"
	"strings"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// sessionContext is the user and the company that Tandem works as in an Odoo.
type sessionContext struct {
	user    user
	company company
}

type user struct {
	rpc.Row
	Company   rpc.Link `json:"company_id"`
	Companies []int64  `json:"company_ids"`
	Share     bool     `json:"share"` // a portal user
}

type company struct {
	rpc.Row
	Name     string   `json:"name"`
	Currency rpc.Link `json:"currency_id"`
}

// readSessionContext reads the user and the company that is written to. A language that is not installed, a company that the user
// may not work in and a user of the portal are named.
func (b *Backend) readSessionContext(ctx context.Context) (sessionContext, error) {
	var found sessionContext
	var err error
	if found.user, err = b.readUser(ctx); err != nil {
		return found, err
	}
	if err := b.checkLanguage(ctx); err != nil {
		return found, err
	}
	id := found.user.Company.ID
	if b.settings.Company != "" {
		id = rpc.ParseID(b.settings.Company)
	}
	if !slices.Contains(found.user.Companies, id) {
		return found, fault.Field("company", "the user may not work in a company %q: allow it to in Odoo's settings of the user, or choose another",
			b.settings.Company)
	}
	b.rpc.SetCompany(id)
	companies, err := rpc.SearchIn[company](ctx, b.rpc, b.rpc.BaseContext(), "res.company", []any{rpc.Where("id", "=", id)}, "name", "currency_id")
	if err != nil || len(companies) == 0 {
		return found, orMissing(err, "company", "the company %q is archived in Odoo: choose another", b.settings.Company)
	}
	found.company = companies[0]
	return found, nil
}

// neutralContext is valid in any Odoo: it names no company, and the language that all of them have.
var neutralContext = map[string]any{"lang": "en_US"}

func (b *Backend) readUser(ctx context.Context) (user, error) {
	id, err := b.rpc.User(ctx)
	if err != nil {
		return user{}, err
	}
	users, err := rpc.SearchIn[user](ctx, b.rpc, neutralContext, "res.users", []any{rpc.Where("id", "=", id)}, "company_id", "company_ids", "share")
	if err != nil && !fault.Is(err, fault.Unauthorized) {
		return user{}, err
	}
	if len(users) == 0 || users[0].Share {
		return user{}, fault.New(fault.Unauthorized, "the user of the key is not an internal user: a portal user cannot be used")
	}
	return users[0], nil
}

func (b *Backend) checkLanguage(ctx context.Context) error {
	type language struct {
		rpc.Row
		Code string `json:"code"`
	}
	rows, err := rpc.SearchIn[language](ctx, b.rpc, neutralContext, "res.lang", nil, "code")
	if err != nil {
		return err
	}
	codes := mapped(rows, func(l language) string { return l.Code })
	if !slices.Contains(codes, b.rpc.Language()) {
		return fault.Field("language", "the language %q is not installed in Odoo: add it there, or choose one of %s",
			b.rpc.Language(), strings.Join(codes, ", "))
	}
	return nil
}

// orMissing gives the error, or says that a setting names nothing when there is none.
func orMissing(err error, field, format string, args ...any) error {
	if err != nil {
		return err
	}
	return fault.Field(field, format, args...)
}
