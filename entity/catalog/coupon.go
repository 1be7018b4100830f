package catalog

import (
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

const couponName = "coupon"

// Coupons is the import of discount codes.
var Coupons = mapping.Importing(mapping.Import[woo.Coupon, erp.Coupon]{
	Spec: flow.Spec{Entity: couponName, Label: "Coupons", Needs: []string{categoryName, mapping.ProductName}, Dispensable: true, FindDeleted: true},
	Read: mapping.OrNone(mapping.MarkTrashed(mapping.Scan(couponsOf, mapping.ByDate), couponsOf, func(c woo.Coupon) string { return c.Status })),
	Describe: func(c woo.Coupon) flow.Record {
		return flow.Record{
			ID: c.ID.String(), Raw: c.Raw, Modified: c.DateModified.Time,
			Type: c.DiscountType, Status: c.Status, Label: mapping.Label(c.Code), Names: []string{c.Code},
		}
	},
	Convert: mapCoupon,
	Sides: &mapping.Sides[erp.Coupon, woo.Coupon, erp.Coupon]{
		Records: couponRecords, Compare: couponComparison, Of: mapping.Whole[erp.Coupon], Keep: keepCoupon,
	},
	Upsert: erp.Backend.UpsertCoupons,
})

func couponsOf(c *woo.Client) *woo.Service[woo.Coupon] { return c.Coupons }

// mapCoupon maps a discount code. A limit the store leaves empty is 0, unlimited.
func mapCoupon(ec mapping.Context, c woo.Coupon) (erp.Coupon, error) {
	if c.DateExpires.Odd {
		return erp.Coupon{}, mapping.OddDate("date_expires_gmt")
	}
	return erp.Coupon{
		Key: mapping.KeyOf(ec, couponName, c.ID), Code: mapping.Plain(c.Code), Kind: c.DiscountType, Amount: c.Amount.Decimal,
		Description: c.Description, Status: c.Status, Expires: c.DateExpires.Time,
		UsageCount: int(mapping.InRange(c.UsageCount)), UsageLimit: mapping.LimitOf(c.UsageLimit),
		UsageLimitUser: mapping.LimitOf(c.UsageLimitPerUser), LimitItems: mapping.LimitOf(c.LimitUsageToItems),
		FreeShipping: bool(c.FreeShipping), IndividualUse: bool(c.IndividualUse), ExcludeSale: bool(c.ExcludeSaleItems),
		MinimumAmount: c.MinimumAmount.Decimal, MaximumAmount: c.MaximumAmount.Decimal,
		Products:        mapping.KeysOf(ec, mapping.ProductName, c.ProductIDs),
		ExcludeProducts: mapping.KeysOf(ec, mapping.ProductName, c.ExcludedProductIDs),
		Categories:      mapping.KeysOf(ec, categoryName, c.ProductCategories),
		ExcludeCategory: mapping.KeysOf(ec, categoryName, c.ExcludedProductCategories),
		Emails:          c.EmailRestrictions,
	}, nil
}
