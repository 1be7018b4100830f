// Package partner maps who buys: customer accounts and addresses, of accounts and of orders alike.
package partner

import (
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// Customers is the import of customer accounts with their addresses. Guests come with their orders.
var Customers = mapping.Importing(mapping.Import[woo.Customer, erp.Partner]{
	Spec: flow.Spec{Entity: mapping.CustomerName, Label: "Customers", FindDeleted: true, Refuses: map[flow.FilterKind]string{
		flow.Range: "the store cannot list customers by date; choose all, or give ids",
	}},
	Read: mapping.Scan(func(c *woo.Client) *woo.Service[woo.Customer] { return c.Customers }, mapping.WholeList),
	Describe: func(c woo.Customer) flow.Record {
		return flow.Record{ID: c.ID.String(), Raw: c.Raw, Modified: c.DateModified.Time, Type: c.Role, Names: []string{c.Email}}
	},
	Convert: mapCustomer,
	Upsert:  erp.Backend.UpsertPartners,
	Sides: &mapping.Sides[erp.Partner, woo.Customer, erp.Partner]{
		Records: customerRecords, Compare: customerComparison, Of: mapping.Whole[erp.Partner], Keep: keepCustomer,
	},
})

// mapCustomer maps an account with its billing and shipping address. A company name on the main address makes it a
// company.
func mapCustomer(ec mapping.Context, c woo.Customer) (erp.Partner, error) {
	fields, err := mapping.MetaFields(ec, instance.MetaCustomer, c.MetaData)
	if err != nil {
		return erp.Partner{}, err
	}
	partner := Contact(MainAddress(ec, c.Billing, c.Shipping), "Customer "+c.ID.String())
	partner.Key = mapping.KeyOf(ec, mapping.CustomerName, c.ID)
	partner.Email = strings.TrimSpace(c.Email)
	partner.Fields = fields
	vat := VATOf(ec, c.MetaData, FirstText(c.Billing.Country, c.Shipping.Country))
	partner.TaxID, partner.InvalidTaxID = vat.Number, vat.Invalid
	partner.Addresses = customerAddresses(ec, c)
	if c.FirstName != "" || c.LastName != "" {
		named(&partner, mapping.Plain(c.FirstName), mapping.Plain(c.LastName)) // WordPress escapes them as it does the names of terms
	}
	if partner.Phone == "" {
		partner.Phone = FirstText(c.Billing.Phone, c.Shipping.Phone)
	}
	return partner, nil
}

// customerAddresses keeps one address of each kind under a key of its own, so that a change replaces it. One without
// anything in it is left out.
func customerAddresses(ec mapping.Context, c woo.Customer) []erp.Address {
	var list []erp.Address
	if IsAddress(c.Billing) {
		a := AddressOf(c.Billing, erp.InvoiceAddress)
		a.Key = mapping.NamedKey(ec, addressName, c.ID.String()+billingSuffix)
		list = append(list, a)
	}
	if IsAddress(c.Shipping) {
		a := AddressOf(c.Shipping, erp.DeliveryAddress)
		a.Key = mapping.NamedKey(ec, addressName, c.ID.String()+shippingSuffix)
		list = append(list, a)
	}
	return list
}
