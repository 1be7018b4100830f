package api

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/api/gen"
	"tandem/erp"
)

var ledgerCoupons = ledgerRecords[erp.Coupon, gen.LedgerCoupon]{
	schema: "LedgerCoupon", desk: erp.Desk.Coupons, view: ledgerCoupon, apply: (*server).applyCoupon,
}

// ListLedgerCoupons searches the ledger's coupons.
func (s *server) ListLedgerCoupons(ctx context.Context, in gen.ListLedgerCouponsRequestObject) (gen.ListLedgerCouponsResponseObject, error) {
	items, next, err := ledgerCoupons.search(ctx, s, in.Params.Search, in.Params.After, in.Params.Limit)
	return gen.ListLedgerCoupons200JSONResponse{
		Body: gen.LedgerCouponPage{Items: items, Next: next}, Headers: gen.ListLedgerCoupons200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// CreateLedgerCoupon makes a coupon.
func (s *server) CreateLedgerCoupon(ctx context.Context, in gen.CreateLedgerCouponRequestObject) (gen.CreateLedgerCouponResponseObject, error) {
	view, id, err := ledgerCoupons.create(ctx, s, *in.Body)
	return gen.CreateLedgerCoupon201JSONResponse{
		Body: view, Headers: gen.CreateLedgerCoupon201ResponseHeaders{Location: located("ledger", "coupons", id)},
	}, err
}

// GetLedgerCoupon reads a coupon.
func (s *server) GetLedgerCoupon(ctx context.Context, in gen.GetLedgerCouponRequestObject) (gen.GetLedgerCouponResponseObject, error) {
	view, etag, err := ledgerCoupons.get(ctx, s, in.ID)
	return gen.GetLedgerCoupon200JSONResponse{Body: view, Headers: gen.GetLedgerCoupon200ResponseHeaders{ETag: etag}}, err
}

// UpdateLedgerCoupon changes a coupon.
func (s *server) UpdateLedgerCoupon(ctx context.Context, in gen.UpdateLedgerCouponRequestObject) (gen.UpdateLedgerCouponResponseObject, error) {
	view, etag, err := ledgerCoupons.update(ctx, s, in.ID, in.Params.IfMatch, *in.Body)
	return gen.UpdateLedgerCoupon200JSONResponse{Body: view, Headers: gen.UpdateLedgerCoupon200ResponseHeaders{ETag: etag}}, err
}

// ledgerCoupon shows a coupon of the ledger.
func ledgerCoupon(v erp.Version[erp.Coupon]) gen.LedgerCoupon {
	c := v.Record
	return gen.LedgerCoupon{
		ID: v.ID, Version: v.Number, Code: c.Code, Kind: c.Kind, Amount: c.Amount.String(), Description: c.Description, Status: c.Status,
		Expires: c.Expires, UsageCount: c.UsageCount, UsageLimit: c.UsageLimit, UsageLimitPerUser: c.UsageLimitUser, LimitItems: c.LimitItems,
		FreeShipping: c.FreeShipping, IndividualUse: c.IndividualUse, ExcludeSaleItems: c.ExcludeSale,
		MinimumAmount: amountOrNone(c.MinimumAmount), MaximumAmount: amountOrNone(c.MaximumAmount),
		Products: heldIDs(c.Products), ExcludedProducts: heldIDs(c.ExcludeProducts), Categories: heldIDs(c.Categories),
		ExcludedCategories: heldIDs(c.ExcludeCategory), Emails: c.Emails,
	}
}

func amountOrNone(amount decimal.Decimal) string {
	if amount.IsZero() {
		return ""
	}
	return amount.String()
}

// heldIDs gives the ids of what the ledger has. Keys of what is gone have none.
func heldIDs(keys []erp.Key) []string {
	var ids []string
	for _, key := range keys {
		if id := erp.OwnID(key); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// applyCoupon makes a coupon of what a request says.
func (s *server) applyCoupon(_ context.Context, said gen.LedgerCoupon, c erp.Coupon) (erp.Coupon, error) {
	var problems problems
	kind := cmp.Or(said.Kind, "fixed_cart")
	if kinds := []string{"percent", "fixed_cart", "fixed_product"}; kind != c.Kind && !slices.Contains(kinds, kind) {
		problems.add("kind", "must be one of %s", strings.Join(kinds, ", "))
	}
	c.Code, c.Kind, c.Description, c.Status = strings.TrimSpace(said.Code), kind, said.Description, cmp.Or(said.Status, "publish")
	c.Amount, c.Expires = problems.decimal("amount", said.Amount), said.Expires.UTC()
	if c.Kind == "percent" && c.Amount.GreaterThan(decimal.NewFromInt(100)) {
		problems.add("amount", "must not be more than 100 percent")
	}
	if c.Code == "" {
		problems.add("code", "is missing")
	}
	c.UsageLimit, c.UsageLimitUser, c.LimitItems = said.UsageLimit, said.UsageLimitPerUser, said.LimitItems
	c.FreeShipping, c.IndividualUse, c.ExcludeSale = said.FreeShipping, said.IndividualUse, said.ExcludeSaleItems
	c.MinimumAmount = problems.decimal("minimum_amount", said.MinimumAmount)
	c.MaximumAmount = problems.decimal("maximum_amount", said.MaximumAmount)
	c.Products, c.ExcludeProducts = named("product", said.Products, c.Products), named("product", said.ExcludedProducts, c.ExcludeProducts)
	c.Categories = named(string(erp.Category), said.Categories, c.Categories)
	c.ExcludeCategory = named(string(erp.Category), said.ExcludedCategories, c.ExcludeCategory)
	c.Emails = said.Emails
	for i, email := range c.Emails {
		if !isEmail(strings.ReplaceAll(email, "*", "x")) {
			problems.add("emails["+strconv.Itoa(i)+"]", "must be an e-mail address, or a part of one with *, e.g. *@example.com")
		}
	}
	return c, problems.err()
}

// named gives the keys of what a request names, and keeps those of what the ledger does not have, which requests do not see.
func named(entity string, ids []string, before []erp.Key) []erp.Key {
	var keys []erp.Key
	for _, id := range ids {
		keys = append(keys, erp.OwnKey(entity, id))
	}
	for _, key := range before {
		if erp.OwnID(key) == "" {
			keys = append(keys, key)
		}
	}
	return keys
}
