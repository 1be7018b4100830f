package catalog

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// UpsertCoupons lands coupons as promotion programs with a code. What Odoo has no such discount for, like free shipping
// alone, lands switched off. Without the module that keeps coupons each fails with the code "module_missing".
func (w *Writer) UpsertCoupons(ctx context.Context, batch []erp.Coupon) ([]erp.Outcome, error) {
	return record.Catalogue[erp.Coupon]{
		Key:   func(c *erp.Coupon) *erp.Key { return &c.Key },
		Check: check.Coupon,
		Model: func(release rpc.Release, _ *erp.Coupon) string { return rpc.CouponModels.For(release) },
		Name:  record.ExternalName,
		Write: w.writeCoupons,
	}.Upsert(ctx, w.records, batch)
}

func (w *Writer) writeCoupons(ctx context.Context, drafts []*record.Draft[erp.Coupon]) error {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return err
	}
	model := rpc.CouponModels.For(w.rpc.Release)
	if !s.KeepsCoupons {
		for _, d := range drafts {
			d.Refused = landing.Failed("module_missing", "Odoo keeps no coupons: install its module %q", rpc.CouponModules.For(w.rpc.Release))
		}
		return nil
	}
	codes, err := w.freeCodes(ctx, drafts)
	if err != nil {
		return err
	}
	program := loyaltyProgram
	if model == "coupon.program" {
		program = couponProgram
	}
	return record.LoadDraftsOr(ctx, w.records, model, drafts, func(d *record.Draft[erp.Coupon], try int) *record.Record {
		if try < len(codes[d.Key]) {
			return program(d, codes[d.Key][try])
		}
		return nil
	})
}

// codesOf are the codes that a coupon may land under, the best one first. Odoo takes a code once: when it belongs to another
// coupon, such as the same of another store, it is followed by the instance. The last one is the coupon's own.
func codesOf(c *erp.Coupon) (shared []string, own string) {
	ofInstance := c.Code + "-" + c.Key.Instance
	return []string{c.Code, ofInstance}, ofInstance + "-" + c.Key.ID
}

// freeCodes gives the codes that coupons may land under without those that other coupons are seen to have. What a coupon of
// another company has is not seen, and yet Odoo refuses it.
func (w *Writer) freeCodes(ctx context.Context, drafts []*record.Draft[erp.Coupon]) (map[erp.Key][]string, error) {
	type coded struct {
		rpc.Row
		Code    rpc.Text `json:"code"`
		Old     rpc.Text `json:"promo_code"`
		Program rpc.Link `json:"program_id"`
	}
	at := rpc.CouponCodes.For(w.rpc.Release)
	var wanted []string
	for _, d := range drafts {
		shared, _ := codesOf(d.Record)
		wanted = append(wanted, shared...)
	}
	rows, err := rpc.SearchBy[coded](ctx, w.rpc, at.Model, at.Field, rpc.Distinct(wanted), []any{rpc.Where("active", "=", true)}, at.Columns...)
	owners := map[string]int64{}
	for _, r := range rows {
		owner := r.Program.ID
		if owner == 0 {
			owner = r.ID
		}
		owners[string(r.Code+r.Old)] = owner
	}
	codes := make(map[erp.Key][]string, len(drafts))
	for _, d := range drafts {
		shared, own := codesOf(d.Record)
		taken := func(code string) bool { return owners[code] != 0 && owners[code] != d.ID }
		codes[d.Key] = append(slices.DeleteFunc(shared, taken), own)
	}
	return codes, err
}

// discount is a coupon's reduction as Odoo understands it.
type discount struct {
	percent bool
	amount  decimal.Decimal
	works   bool // Odoo can give it
}

func discountOf(c *erp.Coupon) discount {
	d := discount{percent: c.Kind == "percent", amount: c.Amount, works: c.Status == "publish"}
	hundred := decimal.NewFromInt(100)
	if !d.amount.IsPositive() || d.percent && d.amount.GreaterThan(hundred) {
		d.percent, d.amount, d.works = true, decimal.NewFromInt(1), false // Odoo wants some discount
	}
	if c.Kind != "percent" && c.Kind != "fixed_cart" && c.Kind != "fixed_product" {
		d.works = false
	}
	return d
}

func loyaltyProgram(d *record.Draft[erp.Coupon], code string) *record.Record {
	c, off := d.Record, discountOf(d.Record)
	mode := "per_order"
	if off.percent {
		mode = "percent"
	}
	part := func(entity string) string { return record.Module + "." + couponPart(entity, d.Key) }
	return &record.Record{
		Name: record.ExternalName(d.Key),
		Cells: []rpc.Cell{
			rpc.TextCell("name", c.Code), rpc.TextCell("program_type", "promo_code"), rpc.TextCell("trigger", "with_code"), rpc.TextCell("applies_on", "current"),
			rpc.BoolCell("limit_usage", c.UsageLimit > 0), rpc.IntCell("max_usage", c.UsageLimit), rpc.DateCell("date_to", c.Expires),
			rpc.BoolCell("active", off.works), rpc.TextCell(record.StampField, d.After),
		},
		Lines: [][]rpc.Cell{{
			rpc.TextCell("rule_ids/id", part(couponRule)), rpc.TextCell("rule_ids/mode", "with_code"), rpc.TextCell("rule_ids/code", code),
			rpc.DecimalCell("rule_ids/minimum_amount", c.MinimumAmount),
			rpc.TextCell("reward_ids/id", part(couponReward)), rpc.TextCell("reward_ids/reward_type", "discount"),
			rpc.TextCell("reward_ids/discount_mode", mode), rpc.DecimalCell("reward_ids/discount", off.amount),
			rpc.TextCell("reward_ids/discount_applicability", "order"), rpc.TextCell("reward_ids/required_points", "1"),
		}},
	}
}

func couponProgram(d *record.Draft[erp.Coupon], code string) *record.Record {
	c, off := d.Record, discountOf(d.Record)
	percentage, fixed, kind := decimal.Zero, off.amount, "fixed_amount"
	if off.percent {
		percentage, fixed, kind = off.amount, decimal.Zero, "percentage"
	}
	return &record.Record{Name: record.ExternalName(d.Key), Cells: []rpc.Cell{
		rpc.TextCell("name", c.Code), rpc.TextCell("program_type", "promotion_program"), rpc.TextCell("promo_code_usage", "code_needed"),
		rpc.TextCell("promo_code", code), rpc.TextCell("reward_type", "discount"), rpc.TextCell("discount_type", kind),
		rpc.DecimalCell("discount_percentage", percentage), rpc.DecimalCell("discount_fixed_amount", fixed),
		rpc.TextCell("discount_apply_on", "on_order"), rpc.DecimalCell("rule_minimum_amount", c.MinimumAmount),
		rpc.TimeCell("rule_date_to", c.Expires), rpc.IntCell("maximum_use_number", c.UsageLimit),
		rpc.BoolCell("active", off.works), rpc.TextCell(record.StampField, d.After),
	}}
}
