package entity

import (
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

var coupon = importing(spec[woo.Coupon, erp.Coupon]{
	Spec: flow.Spec{Entity: couponName, Label: "Coupons", Needs: []string{categoryName, productName}, Dispensable: true},
	read: orNone(markTrashed(scan(couponsOf, byDate), couponsOf, func(c woo.Coupon) string { return c.Status })),
	describe: func(c woo.Coupon) flow.Record {
		return flow.Record{
			ID: c.ID.String(), Raw: c.Raw, Modified: c.DateModified.Time,
			Type: c.DiscountType, Status: c.Status,
		}
	},
	convert: mapCoupon,
	upsert:  erp.Backend.UpsertCoupons,
})

func couponsOf(c *woo.Client) *woo.Service[woo.Coupon] { return c.Coupons }

// mapCoupon maps a discount code. A limit the store leaves empty is 0, unlimited.
func mapCoupon(ec Context, c woo.Coupon) (erp.Coupon, error) {
	if c.DateExpires.Odd {
		return erp.Coupon{}, oddDate("date_expires_gmt")
	}
	return erp.Coupon{
		Key: keyOf(ec, couponName, c.ID), Code: plain(c.Code), Kind: c.DiscountType, Amount: c.Amount.Decimal,
		Description: c.Description, Status: c.Status, Expires: c.DateExpires.Time,
		UsageCount: int(inRange(c.UsageCount)), UsageLimit: limitOf(c.UsageLimit),
		UsageLimitUser: limitOf(c.UsageLimitPerUser), LimitItems: limitOf(c.LimitUsageToItems),
		FreeShipping: bool(c.FreeShipping), IndividualUse: bool(c.IndividualUse), ExcludeSale: bool(c.ExcludeSaleItems),
		MinimumAmount: c.MinimumAmount.Decimal, MaximumAmount: c.MaximumAmount.Decimal,
		Products:        keysOf(ec, productName, c.ProductIDs),
		ExcludeProducts: keysOf(ec, productName, c.ExcludedProductIDs),
		Categories:      keysOf(ec, categoryName, c.ProductCategories),
		ExcludeCategory: keysOf(ec, categoryName, c.ExcludedProductCategories),
		Emails:          c.EmailRestrictions,
	}, nil
}
