package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// CouponExport is the export of discount codes.
var CouponExport = mapping.Exporting(mapping.Export[erp.Coupon, woo.Coupon, woo.Coupon]{
	Spec:       flow.Spec{Entity: couponName, Label: "Coupons", Needs: []string{categoryName, mapping.ProductName}, Dispensable: true},
	Records:    couponRecords,
	Store:      mapping.Store[woo.Coupon, woo.Coupon]{Service: couponsOf, ID: func(c woo.Coupon) woo.ID { return c.ID }, Wrap: mapping.AsItIs[woo.Coupon]},
	Comparison: couponComparison, Check: checkCoupon, Content: mapCoupon, Taken: findCoupon, Encode: encodeCoupons,
	Is:      func(_ mapping.Context, c erp.Coupon, have woo.Coupon) bool { return isCoupon(c, have) },
	LabelOf: func(c erp.Coupon) string { return mapping.Label(c.Code) },
})

var couponRecords = mapping.Records[erp.Coupon]{
	List: erp.RecordReader.ListCoupons, Adopt: erp.RecordReader.AdoptCoupons, Key: func(c *erp.Coupon) *erp.Key { return &c.Key },
	Refs: couponRefs, Revision: func(c *erp.Coupon) *string { return &c.Revision },
}

var couponComparison = mapping.Comparison[erp.Coupon, woo.Coupon]{
	Fields: couponFields, Modified: func(c woo.Coupon) time.Time { return c.DateModified.Time },
}

// keepCoupon leaves a coupon as the ERP has it, but for how often it was used, which the store counts.
var keepCoupon = mapping.KeepWhole(func(held, stored erp.Coupon) erp.Coupon {
	held.UsageCount = stored.UsageCount
	return held
})

// couponRefs are the keys of what people limit a coupon to. Without one of them the store would take it for everything.
func couponRefs(c *erp.Coupon) []*erp.Key {
	var refs []*erp.Key
	for _, keys := range limitsOf(*c) {
		for i := range keys {
			if _, pending := erp.PendingID(keys[i]); pending {
				refs = append(refs, &keys[i])
			}
		}
	}
	return refs
}

// limitsOf are the products and categories that a coupon is valid for, and not valid for.
func limitsOf(c erp.Coupon) [][]erp.Key {
	return [][]erp.Key{c.Products, c.ExcludeProducts, c.Categories, c.ExcludeCategory}
}

// checkLimits holds a coupon that is limited to what another store has: without one of its limits it would be valid for more.
func checkLimits(ec mapping.Context, c erp.Coupon) error {
	for _, key := range slices.Concat(limitsOf(c)...) {
		if _, pending := erp.PendingID(key); !pending && key.Instance != ec.Instance.ID {
			return mapping.Parked("other_store", "it is limited by %s %s of the store %s, and without that limit it would be valid for more: "+
				"make a coupon for this store with its own products and categories", key.Entity, key.ID, key.Instance)
		}
	}
	return nil
}

// couponKinds are those of WooCommerce itself; plugins' own are not known to take the same fields.
var couponKinds = []string{"percent", "fixed_cart", "fixed_product"}

func checkCoupon(ec mapping.Context, c erp.Coupon) error {
	switch {
	case !slices.Contains(couponKinds, c.Kind):
		return mapping.Failed("invalid_kind", "it is of the kind %q, which is none that the store takes: there are %s", c.Kind, strings.Join(couponKinds, ", "))
	case !slices.Contains(statuses, c.Status):
		return mapping.Failed("invalid_status", "its status %q is none that the store takes: there are %s", c.Status, strings.Join(statuses, ", "))
	case c.Kind == "percent" && c.Amount.GreaterThan(decimal.NewFromInt(100)):
		return mapping.Failed("invalid_amount", "it takes off more than 100 percent")
	}
	return checkLimits(ec, c)
}

// findCoupon looks for a code: the store says only that there is one. It keeps codes in small letters.
func findCoupon(ctx context.Context, ec mapping.Context, c erp.Coupon) ([]woo.Coupon, error) {
	page, err := ec.Store.Coupons.List(ctx, woo.ListOptions{PerPage: 2, Params: map[string][]string{"code": {strings.ToLower(c.Code)}}})
	return slices.DeleteFunc(page.Records, func(have woo.Coupon) bool { return !isCoupon(c, have) }), err
}

func isCoupon(c erp.Coupon, have woo.Coupon) bool {
	return strings.EqualFold(mapping.Plain(have.Code), c.Code)
}

// couponFields gives what the store is to hold of a coupon. How often it was used is the store's to count.
func couponFields(ec mapping.Context, c erp.Coupon) woo.Fields {
	expires := ""
	if !c.Expires.IsZero() {
		expires = c.Expires.UTC().Format(storeDate)
	}
	return woo.Fields{
		"code": strings.ToLower(c.Code), "discount_type": c.Kind, "amount": c.Amount.String(), "description": c.Description, "status": c.Status,
		"date_expires_gmt": expires, "usage_limit": c.UsageLimit, "usage_limit_per_user": c.UsageLimitUser, "limit_usage_to_x_items": c.LimitItems,
		"free_shipping": c.FreeShipping, "individual_use": c.IndividualUse, "exclude_sale_items": c.ExcludeSale,
		"minimum_amount": c.MinimumAmount.String(), "maximum_amount": c.MaximumAmount.String(),
		"product_ids": storeIDs(ec, c.Products), "excluded_product_ids": storeIDs(ec, c.ExcludeProducts),
		"product_categories": storeIDs(ec, c.Categories), "excluded_product_categories": storeIDs(ec, c.ExcludeCategory),
		"email_restrictions": append([]string{}, c.Emails...),
	}
}

// storeDate is how the store writes dates.
const storeDate = "2006-01-02T15:04:05"

// encodeCoupons gives the end of a coupon in the store's own time, which is all that it takes.
func encodeCoupons(_ context.Context, ec mapping.Context, all []woo.Fields) error {
	for _, fields := range all {
		expires, named := fields["date_expires_gmt"].(string)
		if !named {
			continue
		}
		delete(fields, "date_expires_gmt")
		if at, err := time.Parse(storeDate, expires); err == nil {
			expires = at.In(mapping.ShopZone(ec.Instance.Store.Timezone)).Format(storeDate)
		}
		fields["date_expires"] = expires
	}
	return nil
}

// storeIDs gives the ids of what this store has.
func storeIDs(ec mapping.Context, keys []erp.Key) []woo.ID {
	ids := []woo.ID{}
	for _, key := range keys {
		if id := mapping.StoreID(key); id != 0 && key.Instance == ec.Instance.ID {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, cmp.Compare[woo.ID])
	return ids
}
