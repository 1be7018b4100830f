package partner

import (
	"context"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Contact is a customer or an address, as an order names it.
type Contact struct {
	heldContact
	Customer rpc.Link `json:"commercial_partner_id"` // the contact that it belongs to, or itself
}

// ReadContacts reads contacts along with those that they belong to.
func ReadContacts(ctx context.Context, c *rpc.Client, ids []int64) (map[int64]Contact, error) {
	columns := append([]string{"commercial_partner_id"}, contactColumns...)
	contacts, err := rpc.SearchByID[Contact](ctx, c, model, ids, columns...)
	if err != nil {
		return nil, err
	}
	var above []int64
	for _, contact := range contacts {
		if _, read := contacts[contact.Customer.ID]; !read {
			above = append(above, contact.Customer.ID)
		}
	}
	rest, err := rpc.SearchByID[Contact](ctx, c, model, above, columns...)
	for id, contact := range rest {
		contacts[id] = contact
	}
	return contacts, err
}

// AddressFor gives the address of a contact for a use. One that does not say whose it is, is its customer's.
func (c Contact) AddressFor(s *record.Setup, kind erp.AddressKind, key erp.Key, customer Contact) erp.Address {
	a := c.address(s, key)
	a.Kind = kind
	if c.Company {
		a.Name, a.Company = "", string(c.Name)
	}
	if a.Company == "" && customer.Company {
		a.Company = string(customer.Name)
	}
	if a.Name == "" && a.Company == "" {
		a.Name = string(customer.Name)
	}
	return a
}

// IsAddressOf reports whether it is no customer but an address below one.
func (c Contact) IsAddressOf(customer int64) bool {
	return c.ID != customer && c.Parent.ID == customer && !c.Company
}
