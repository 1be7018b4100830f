package partner

import (
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/instance"
	"tandem/woo"
)

// addressName names addresses in keys. They land along with the customer they are of.
const addressName = "address"

// How the keys of an account's own addresses end: "<customer>-billing". Other addresses of a customer are named by their content.
const (
	billingSuffix  = "-billing"
	shippingSuffix = "-shipping"
)

// IsAddress reports whether an address says where or who: stores fill in a country alone for people who gave nothing.
func IsAddress(a woo.Address) bool {
	return FirstText(a.Address1, a.Address2, a.City, a.Postcode, a.Company, a.FirstName, a.LastName) != ""
}

// FirstText gives the first text that is not blank, trimmed.
func FirstText(texts ...string) string {
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}

// MainAddress is the address that says who the customer is, as the instance is configured; the other one when it is
// empty.
func MainAddress(ec mapping.Context, billing, shipping woo.Address) woo.Address {
	first, second := billing, shipping
	if ec.Instance.Config.Order.CustomerAddress == instance.ShippingAddress {
		first, second = shipping, billing
	}
	if IsAddress(first) {
		return first
	}
	return second
}

// Contact makes a partner of who an address names: a company when it names one, else a person. fallback is the name of
// one without any; an e-mail address is never taken for a name.
func Contact(a woo.Address, fallback string) erp.Partner {
	partner := erp.Partner{Name: fallback, Phone: strings.TrimSpace(a.Phone)}
	if company := strings.TrimSpace(a.Company); company != "" {
		partner.Company, partner.Name = true, company
	}
	named(&partner, a.FirstName, a.LastName)
	return partner
}

// named gives a partner the name of a person; a company keeps its own as the one displayed.
func named(partner *erp.Partner, first, last string) {
	partner.FirstName, partner.LastName = strings.TrimSpace(first), strings.TrimSpace(last)
	if name := personName(first, last); name != "" && !partner.Company {
		partner.Name = name
	}
}

func personName(first, last string) string {
	return strings.TrimSpace(strings.TrimSpace(first) + " " + strings.TrimSpace(last))
}

// AddressOf maps the content of an address.
func AddressOf(a woo.Address, kind erp.AddressKind) erp.Address {
	country := strings.ToUpper(strings.TrimSpace(a.Country))
	return erp.Address{
		Kind: kind, Name: personName(a.FirstName, a.LastName), Company: strings.TrimSpace(a.Company),
		Street: strings.TrimSpace(a.Address1), Street2: strings.TrimSpace(a.Address2),
		City: strings.TrimSpace(a.City), State: mapping.LocalState(strings.TrimSpace(a.State), country),
		Zip: strings.TrimSpace(a.Postcode), Country: country,
		Email: strings.TrimSpace(a.Email), Phone: strings.TrimSpace(a.Phone),
	}
}

// ContentKey names an address by its content under its owner: the same address in a hundred orders is one contact, a
// changed one is another, so that past orders keep theirs.
func ContentKey(ec mapping.Context, owner erp.Key, a erp.Address) erp.Key {
	return mapping.NamedKey(ec, addressName, mapping.Digest(owner.String(), string(a.Kind), a.Name, a.Company, a.Street, a.Street2,
		a.City, a.State, a.Zip, a.Country, a.Email, a.Phone))
}
