package wootest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const firstCustomer = 2 // user 1 is the administrator, who is no customer

// customerHead is the head of the seeded customer at an index; registrations are two minutes apart.
func (s *Server) customerHead(index int) head {
	created := s.opts.Until.Add(-2*365*24*time.Hour).Unix() + int64(index)*120
	return head{id: firstCustomer + index, created: created, modified: created + productSettled}
}

// seedCustomer makes the customer at an index: one in four is a company with a VAT number.
func (s *Server) seedCustomer(index int) *customer {
	h := s.customerHead(index)
	u := customer{ID: h.id, role: "customer", created: h.created, modified: h.modified, paying: index%3 != 0}
	u.Email = text(seedEmail(index))
	u.Username, _, _ = cutText(u.Email, "@")
	u.Billing = s.customerAddress(index)
	u.FirstName, u.LastName = u.Billing.FirstName, u.Billing.LastName
	u.Shipping = deliveryAddress(u.Billing, index)
	if u.Billing.Company != "" {
		u.meta = append(u.meta, textMeta(index*4+1, "vat_number", vatNumber(string(u.Billing.Country), index)))
	}
	u.meta = append(u.meta, textMeta(index*4+2, "loyalty_points", strconv.Itoa(index%250)))
	return &u
}

// customerAddress is the billing address of a seeded customer, which seeded orders share.
func (s *Server) customerAddress(index int) address {
	r := newRNG(s.opts.Seed, saltCustomer, index)
	a := seedAddress(&r, seedEmail(index))
	if index%4 == 0 {
		a.Company = a.LastName + text(" & Cie "+strconv.Itoa(index+1))
	}
	return a
}

// deliveryAddress is the billing address for most, another one for some, and none for a few.
func deliveryAddress(billing address, index int) address {
	switch index % 10 {
	case 7:
		return address{}
	case 3, 8:
		billing.Address1, billing.Address2, billing.Company = "5 Quai du Port", "", ""
		billing.City, billing.Postcode, billing.Country = "Bordeaux", "33000", "FR"
	}
	billing.Email = ""
	return billing
}

// vatNumber makes up the VAT number of a company; a French one begins with the check digits of the rest.
func vatNumber(country string, index int) string {
	n := 100_000_000 + index%900_000_000
	if country == "FR" {
		return fmt.Sprintf("FR%02d%d", (12+3*(n%97))%97, n)
	}
	return country + strconv.Itoa(n)
}

func seedEmail(index int) string { return "customer-" + strconv.Itoa(index+1) + "@example.com" }

// seededCustomerID finds the only account that can have a seeded address; it may have been changed since.
func seededCustomerID(email string) int {
	digits, found := strings.CutPrefix(strings.TrimSuffix(email, "@example.com"), "customer-")
	n, err := strconv.Atoi(digits)
	if !found || err != nil {
		return 0
	}
	return firstCustomer + n - 1
}
