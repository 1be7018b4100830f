package woo

import "encoding/json"

// TaxRate is one rate for one place and class.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#tax-rate-properties
type TaxRate struct {
	ID        ID       `json:"id"`
	Country   string   `json:"country"` // ISO 3166-1; "" is everywhere
	State     string   `json:"state"`
	Postcodes []string `json:"postcodes"`
	Cities    []string `json:"cities"`
	Rate      Decimal  `json:"rate"` // percent
	Name      string   `json:"name"`
	Priority  Int      `json:"priority"` // only one rate of a priority applies
	Compound  Bool     `json:"compound"` // taken on top of the other taxes
	Shipping  Bool     `json:"shipping"` // also taken on shipping
	Order     Int      `json:"order" lax:"true"`
	Class     string   `json:"class"` // slug; here the standard class is "standard"

	Raw json.RawMessage `json:"-"`
}

// TaxClass is a group of rates, such as "reduced-rate".
type TaxClass struct {
	Slug string `json:"slug"`
	Name string `json:"name"`

	Raw json.RawMessage `json:"-"`
}

func (r *TaxRate) record() (ID, *json.RawMessage)  { return r.ID, &r.Raw }
func (c *TaxClass) record() (ID, *json.RawMessage) { return 0, &c.Raw }
