package ledger

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
)

type couponRow struct {
	ID                int64           `json:"id"`
	Code              string          `json:"code"`
	Kind              string          `json:"kind"`
	Amount            decimal.Decimal `json:"amount"`
	Description       string          `json:"description"`
	Status            string          `json:"status"`
	Expires           *time.Time      `json:"expires"`
	UsageCount        int             `json:"usage_count"`
	UsageLimit        int             `json:"usage_limit"`
	UsageLimitUser    int             `json:"usage_limit_user"`
	LimitItems        int             `json:"limit_items"`
	FreeShipping      bool            `json:"free_shipping"`
	IndividualUse     bool            `json:"individual_use"`
	ExcludeSale       bool            `json:"exclude_sale"`
	MinimumAmount     decimal.Decimal `json:"minimum_amount"`
	MaximumAmount     decimal.Decimal `json:"maximum_amount"`
	Products          []erp.Key       `json:"products"`
	ExcludeProducts   []erp.Key       `json:"exclude_products"`
	Categories        []erp.Key       `json:"categories"`
	ExcludeCategories []erp.Key       `json:"exclude_categories"`
	Emails            []string        `json:"emails"`
}

var coupons = catalogue[erp.Coupon]{
	model: "coupon", table: "coupons",
	key:      func(c *erp.Coupon) *erp.Key { return &c.Key },
	check:    check.Coupon,
	revision: func(r *erp.Coupon) string { return r.Revision },
	write:    writeCoupons,
}

// UpsertCoupons lands coupons. The products and categories they name need not exist.
func (l *Ledger) UpsertCoupons(ctx context.Context, batch []erp.Coupon) ([]erp.Outcome, error) {
	return coupons.upsert(ctx, l, batch)
}

func writeCoupons(ctx context.Context, tx *sqlx.Tx, drafts []*landing.Draft[erp.Coupon]) error {
	drafts, err := assign(ctx, tx, "coupons", drafts)
	if err != nil {
		return err
	}
	rows := make([]couponRow, len(drafts))
	for i, d := range drafts {
		rows[i] = newCouponRow(d)
	}
	return upsertRows(ctx, tx, "coupons", rows)
}

func newCouponRow(d *landing.Draft[erp.Coupon]) couponRow {
	c := d.Record
	return couponRow{
		ID: d.ID, Code: c.Code, Kind: c.Kind, Amount: c.Amount, Description: c.Description, Status: c.Status,
		Expires: moment(c.Expires), UsageCount: c.UsageCount, UsageLimit: c.UsageLimit, UsageLimitUser: c.UsageLimitUser,
		LimitItems: c.LimitItems, FreeShipping: c.FreeShipping, IndividualUse: c.IndividualUse, ExcludeSale: c.ExcludeSale,
		MinimumAmount: c.MinimumAmount, MaximumAmount: c.MaximumAmount,
		Products: keptKeys(c.Products), ExcludeProducts: keptKeys(c.ExcludeProducts),
		Categories: keptKeys(c.Categories), ExcludeCategories: keptKeys(c.ExcludeCategory), Emails: filled(c.Emails),
	}
}

// keptKeys are the keys that a coupon names as they are kept: own ones of what no store has, so that they stand for its key once it has one.
func keptKeys(keys []erp.Key) []erp.Key {
	kept := make([]erp.Key, len(keys))
	for i, key := range keys {
		if kept[i] = key; key.Instance != erp.OwnInstance {
			if id, pending := erp.PendingID(key); pending {
				kept[i] = erp.OwnKey(key.Entity, id)
			}
		}
	}
	return kept
}

// moment makes the zero time NULL.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
