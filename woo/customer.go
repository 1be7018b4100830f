package woo

import "encoding/json"

// Customer is a registered user of the shop. Guests exist only in their orders.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#customer-properties
type Customer struct {
	ID               ID      `json:"id"`
	DateCreated      Time    `json:"date_created_gmt" lax:"true"`
	DateModified     Time    `json:"date_modified_gmt"` // not a filter: customers cannot be listed by it
	Email            string  `json:"email"`
	FirstName        string  `json:"first_name"`
	LastName         string  `json:"last_name"`
	Role             string  `json:"role"`
	Username         string  `json:"username" lax:"true"`
	Billing          Address `json:"billing"`
	Shipping         Address `json:"shipping"`
	IsPayingCustomer Bool    `json:"is_paying_customer" lax:"true"`
	AvatarURL        string  `json:"avatar_url" lax:"true"`
	MetaData         []Meta  `json:"meta_data"`

	Raw json.RawMessage `json:"-"`
}

// Address is a billing or shipping address.
type Address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"` // a code like "DE-BE" or free text
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`         // ISO 3166-1 alpha-2
	Email     string `json:"email,omitempty"` // billing only
	Phone     string `json:"phone"`
}

// IsZero reports an address without anything in it, as guests leave the shipping address.
func (a Address) IsZero() bool { return a == Address{} }

func (c *Customer) record() (ID, *json.RawMessage) { return c.ID, &c.Raw }
