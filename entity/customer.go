package entity

import (
	"strings"

	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

var customer = importing(spec[woo.Customer, erp.Partner]{
	Spec: flow.Spec{Entity: customerName, Label: "Customers", Refuses: map[flow.FilterKind]string{
		flow.Range: "the store cannot list customers by date; choose all, or give ids",
	}},
	read: scan(func(c *woo.Client) *woo.Service[woo.Customer] { return c.Customers }, wholeList),
	describe: func(c woo.Customer) flow.Record {
		return flow.Record{ID: c.ID.String(), Raw: c.Raw, Modified: c.DateModified.Time, Type: c.Role}
	},
	convert: mapCustomer,
	upsert:  erp.Backend.UpsertPartners,
})

// mapCustomer maps an account with its billing and shipping address. A company name on the main address makes it a
// company.
func mapCustomer(ec Context, c woo.Customer) (erp.Partner, error) {
	fields, err := metaFields(ec, instance.MetaCustomer, c.MetaData)
	if err != nil {
		return erp.Partner{}, err
	}
	partner := contact(mainAddress(ec, c.Billing, c.Shipping), "Customer "+c.ID.String())
	partner.Key = keyOf(ec, customerName, c.ID)
	partner.Email = strings.TrimSpace(c.Email)
	partner.Fields = fields
	partner.Addresses = customerAddresses(ec, c)
	if c.FirstName != "" || c.LastName != "" {
		named(&partner, plain(c.FirstName), plain(c.LastName)) // WordPress escapes them as it does the names of terms
	}
	if partner.Phone == "" {
		partner.Phone = firstText(c.Billing.Phone, c.Shipping.Phone)
	}
	return partner, nil
}

// customerAddresses keeps one address of each kind under a key of its own, so that a change replaces it. One without
// anything in it is left out.
func customerAddresses(ec Context, c woo.Customer) []erp.Address {
	var list []erp.Address
	if isAddress(c.Billing) {
		a := addressOf(c.Billing, erp.InvoiceAddress)
		a.Key = namedKey(ec, addressName, c.ID.String()+"-billing")
		list = append(list, a)
	}
	if isAddress(c.Shipping) {
		a := addressOf(c.Shipping, erp.DeliveryAddress)
		a.Key = namedKey(ec, addressName, c.ID.String()+"-shipping")
		list = append(list, a)
	}
	return list
}
