package woo

import "encoding/json"

// Coupon is a discount code.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#coupon-properties
type Coupon struct {
	ID                        ID       `json:"id"`
	Code                      string   `json:"code"`
	Status                    string   `json:"status"`
	DiscountType              string   `json:"discount_type"` // percent, fixed_cart or fixed_product
	Amount                    Decimal  `json:"amount"`        // percent, or money in the shop's currency
	Description               string   `json:"description"`
	DateCreated               Time     `json:"date_created_gmt" lax:"true"`
	DateModified              Time     `json:"date_modified_gmt"`
	DateExpires               Time     `json:"date_expires_gmt"`
	UsageCount                Int      `json:"usage_count"`
	UsageLimit                Decimal  `json:"usage_limit"` // absent: unlimited
	UsageLimitPerUser         Decimal  `json:"usage_limit_per_user"`
	LimitUsageToItems         Decimal  `json:"limit_usage_to_x_items"`
	IndividualUse             Bool     `json:"individual_use"`
	FreeShipping              Bool     `json:"free_shipping"`
	ExcludeSaleItems          Bool     `json:"exclude_sale_items"`
	MinimumAmount             Decimal  `json:"minimum_amount"` // 0: none
	MaximumAmount             Decimal  `json:"maximum_amount"` // 0: none
	ProductIDs                []ID     `json:"product_ids"`
	ExcludedProductIDs        []ID     `json:"excluded_product_ids"`
	ProductCategories         []ID     `json:"product_categories"`
	ExcludedProductCategories []ID     `json:"excluded_product_categories"`
	EmailRestrictions         []string `json:"email_restrictions"`
	UsedBy                    []string `json:"used_by" lax:"true"` // user ids or e-mail addresses
	MetaData                  []Meta   `json:"meta_data" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

func (c *Coupon) record() (ID, *json.RawMessage) { return c.ID, &c.Raw }
