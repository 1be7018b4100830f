package wootest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
)

// customer is a registered user of the shop. Guests exist on their orders only.
type customer struct {
	ID        int     `json:"-"`
	Email     text    `json:"email"`
	FirstName text    `json:"first_name"`
	LastName  text    `json:"last_name"`
	Username  text    `json:"username"`
	Billing   address `json:"billing"`
	Shipping  address `json:"shipping"`

	role              string
	paying            bool
	created, modified int64
	meta              []meta
}

var customerRoles = []string{"all", "administrator", "editor", "author", "contributor", "subscriber", "customer", "shop_manager"}

func headOfCustomer(c *customer) head {
	return head{id: c.ID, created: c.created, modified: c.modified}
}

func (s *Server) routeCustomers() {
	res := &resource[customer]{
		pattern:   "customers",
		records:   s.customers,
		orders:    []string{"name", "id", "include", "registered_date"},
		ascending: true,
		filter:    customerFilter,
		sortText:  func(u *customer, _ string) string { return strings.ToLower(string(u.Username)) },
		encode:    encodeCustomer,
		write:     s.writeCustomer,
		remove: func(c *call, u *customer, force bool) error {
			if !force {
				return noTrash("Customers do not support trashing.")
			}
			delete(s.emails, strings.ToLower(string(u.Email)))
			s.customers.remove(u.ID)
			if u.role == "customer" {
				c.fire(u.ID, "customer.deleted")
			}
			return nil
		},
		missing: fail(http.StatusNotFound, "wc_user_invalid_id", "Invalid user ID."),
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func customerFilter(c *call) (func(*customer) bool, error) {
	role := c.param("role")
	if role == "" {
		role = "customer"
	}
	if err := oneOf("role", "role", role, customerRoles); err != nil {
		return nil, err
	}
	email, search := c.param("email"), c.param("search")
	if email == "" && search == "" && role == "all" {
		return nil, nil
	}
	return func(u *customer) bool {
		return (role == "all" || u.role == role) && (email == "" || strings.EqualFold(string(u.Email), email)) &&
			containsFold(string(u.Email+" "+u.FirstName+" "+u.LastName+" "+u.Username), search)
	}, nil
}

func (s *Server) writeCustomer(c *call, old *customer, in []byte) (*customer, error) {
	next := customer{role: "customer", created: c.now}
	if old != nil {
		next = *old
	}
	var also struct {
		Meta []metaInput `json:"meta_data"`
	}
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if err := decode(in, &also); err != nil {
		return nil, err
	}
	if next.Email == "" {
		return nil, missingParam("email")
	}
	if err := s.checkEmail(&next); err != nil {
		return nil, err
	}
	if next.Username == "" {
		next.Username, _, _ = cutText(next.Email, "@")
	}
	next.meta = mergeMeta(next.meta, also.Meta, &s.counters.meta)
	next.modified = c.now
	if old == nil {
		next.ID = take(&s.counters.user)
	} else {
		delete(s.emails, strings.ToLower(string(old.Email)))
	}
	s.emails[strings.ToLower(string(next.Email))] = next.ID
	s.customers.put(&next)
	if old == nil {
		c.fire(next.ID, "customer.created")
	}
	c.fire(next.ID, "customer.updated")
	return &next, nil
}

func cutText(t text, sep string) (before, after text, found bool) {
	b, a, found := strings.Cut(string(t), sep)
	return text(b), text(a), found
}

// checkEmail refuses an address another account has.
func (s *Server) checkEmail(u *customer) error {
	if owner := s.byEmail(string(u.Email)); owner == 0 || owner == u.ID {
		return nil
	}
	return failf(http.StatusBadRequest, "registration-error-email-exists",
		"An account is already registered with %s. Please log in or use a different email address.", u.Email)
}

// byEmail finds an account by e-mail, or 0. Seeded addresses contain the index of their owner.
func (s *Server) byEmail(email string) int {
	email = strings.ToLower(email)
	if id, known := s.emails[email]; known {
		return id
	}
	id := seededCustomerID(email)
	if u := s.customers.get(id); u != nil && strings.EqualFold(string(u.Email), email) {
		return id
	}
	return 0
}

func encodeCustomer(e *encoder, _ *call, u *customer) {
	digest := sha256.Sum256([]byte(strings.ToLower(string(u.Email))))
	e.open('{')
	e.num("id", u.ID)
	e.dates("date_created", u.created)
	e.dates("date_modified", u.modified)
	e.str("email", string(u.Email))
	e.label("first_name", string(u.FirstName))
	e.label("last_name", string(u.LastName))
	e.str("role", u.role)
	e.str("username", string(u.Username))
	e.address("billing", &u.Billing, true)
	e.address("shipping", &u.Shipping, false)
	e.flag("is_paying_customer", u.paying)
	e.str("avatar_url", "https://secure.gravatar.com/avatar/"+hex.EncodeToString(digest[:])+"?s=96&d=mm&r=g")
	e.meta(u.meta)
}
