package record

import (
	"context"
	"slices"
	"strings"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// SessionContext is the user and the company that Tandem works as in an Odoo.
type SessionContext struct {
	User    User
	Company Company
}

// User is a user of Odoo.
type User struct {
	rpc.Row
	Company   rpc.Link `json:"company_id"`
	Companies []int64  `json:"company_ids"`
	Share     bool     `json:"share"` // a portal user
}

// Company is a company of Odoo.
type Company struct {
	rpc.Row
	Name     string   `json:"name"`
	Currency rpc.Link `json:"currency_id"`
}

// ReadSession reads the user and the company that is written to. A language that is not installed, a company that the user
// may not work in and a user of the portal are named.
func (s *Store) ReadSession(ctx context.Context) (SessionContext, error) {
	var found SessionContext
	var err error
	if found.User, err = s.readUser(ctx); err != nil {
		return found, err
	}
	if err := s.checkLanguage(ctx); err != nil {
		return found, err
	}
	id := found.User.Company.ID
	if s.company != "" {
		id = rpc.ParseID(s.company)
	}
	if !slices.Contains(found.User.Companies, id) {
		return found, fault.Field("company", "the user may not work in a company %q: allow it to in Odoo's settings of the user, or choose another",
			s.company)
	}
	s.rpc.SetCompany(id)
	companies, err := rpc.SearchIn[Company](ctx, s.rpc, s.rpc.BaseContext(), "res.company", []any{rpc.Where("id", "=", id)}, "name", "currency_id")
	if err != nil || len(companies) == 0 {
		return found, OrMissing(err, "company", "the company %q is archived in Odoo: choose another", s.company)
	}
	found.Company = companies[0]
	return found, nil
}

// neutralContext is valid in any Odoo: it names no company, and the language that all of them have.
var neutralContext = map[string]any{"lang": "en_US"}

func (s *Store) readUser(ctx context.Context) (User, error) {
	id, err := s.rpc.User(ctx)
	if err != nil {
		return User{}, err
	}
	users, err := rpc.SearchIn[User](ctx, s.rpc, neutralContext, "res.users", []any{rpc.Where("id", "=", id)}, "company_id", "company_ids", "share")
	if err != nil && !fault.Is(err, fault.Unauthorized) {
		return User{}, err
	}
	if len(users) == 0 || users[0].Share {
		return User{}, fault.New(fault.Unauthorized, "the user of the key is not an internal user: a portal user cannot be used")
	}
	return users[0], nil
}

func (s *Store) checkLanguage(ctx context.Context) error {
	type language struct {
		rpc.Row
		Code string `json:"code"`
	}
	rows, err := rpc.SearchIn[language](ctx, s.rpc, neutralContext, "res.lang", nil, "code")
	if err != nil {
		return err
	}
	codes := rpc.Map(rows, func(l language) string { return l.Code })
	if !slices.Contains(codes, s.rpc.Language()) {
		return fault.Field("language", "the language %q is not installed in Odoo: add it there, or choose one of %s",
			s.rpc.Language(), strings.Join(codes, ", "))
	}
	return nil
}

// OrMissing gives the error, or says that a setting names nothing when there is none.
func OrMissing(err error, field, format string, args ...any) error {
	if err != nil {
		return err
	}
	return fault.Field(field, format, args...)
}
