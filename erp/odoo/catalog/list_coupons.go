package catalog

import (
	"context"
	"slices"
	"time"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// ListCoupons reads promotion programs with a code that take something off an order. Other programs, such as those of loyalty points, gift
// cards and free products, are none that a store has. Without the module that keeps coupons it is fault.Unsupported.
func (w *Writer) ListCoupons(ctx context.Context, q erp.RecordQuery) (erp.RecordPage[erp.Coupon], error) {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return erp.RecordPage[erp.Coupon]{}, err
	}
	model := rpc.CouponModels.For(w.rpc.Release)
	if !s.KeepsCoupons {
		return erp.RecordPage[erp.Coupon]{}, fault.New(fault.Unsupported, "Odoo keeps no coupons: install its module %q", rpc.CouponModules.For(w.rpc.Release))
	}
	linked, err := w.records.Linked(ctx, q, model, "coupon")
	if err != nil {
		return erp.RecordPage[erp.Coupon]{}, err
	}
	r := couponReader{w, q.Instance, model}
	f := record.Feed{Model: model, Changed: []string{"write_date"}}
	if model == "coupon.program" {
		f.Where = []any{"|", rpc.In("id", linked), "&", "&", "&", "&", rpc.Where("active", "=", true), rpc.Where("program_type", "=", "promotion_program"),
			rpc.Where("promo_code_usage", "=", "code_needed"), rpc.Where("promo_code", "!=", false), rpc.Where("discount_apply_on", "=", "on_order")}
		return record.ReadPage(ctx, w.records, f, q, r.readOld)
	}
	f.Changed = append(f.Changed, "rule_ids.write_date", "reward_ids.write_date")
	f.Where = []any{"|", rpc.In("id", linked), "&", "&", "&", rpc.Where("active", "=", true), rpc.Where("program_type", "=", "promo_code"),
		rpc.Where("rule_ids.code", "!=", false), rpc.Where("reward_ids.discount_applicability", "=", "order")}
	return record.ReadPage(ctx, w.records, f, q, r.read)
}

// couponReader reads coupons for an instance.
type couponReader struct {
	*Writer
	instance, model string
}

// heldCoupon is a coupon as Odoo has it, in whichever models.
type heldCoupon struct {
	rpc.Row
	code    string
	percent bool
	amount  rpc.Amount
	minimum rpc.Amount
	limit   int
	until   time.Time
	active  bool
}

// read reads the programs of 16 and later, each with its first rule and reward.
func (r couponReader) read(ctx context.Context, ids []int64) (record.Held[erp.Coupon], error) {
	type program struct {
		rpc.Row
		Limited bool       `json:"limit_usage"`
		Limit   int        `json:"max_usage"`
		Until   rpc.Moment `json:"date_to"`
		Active  bool       `json:"active"`
	}
	type rule struct {
		rpc.Row
		Program rpc.Link   `json:"program_id"`
		Code    rpc.Text   `json:"code"`
		Minimum rpc.Amount `json:"minimum_amount"`
	}
	type reward struct {
		rpc.Row
		Program rpc.Link   `json:"program_id"`
		Type    rpc.Text   `json:"reward_type"`
		Mode    rpc.Text   `json:"discount_mode"`
		Amount  rpc.Amount `json:"discount"`
	}
	programs, err := rpc.SearchByID[program](ctx, r.rpc, r.model, ids, "limit_usage", "max_usage", "date_to", "active")
	if err != nil {
		return record.Held[erp.Coupon]{}, err
	}
	rules, err := rpc.SearchBy[rule](ctx, r.rpc, "loyalty.rule", "program_id", ids, nil, "program_id", "code", "minimum_amount")
	if err != nil {
		return record.Held[erp.Coupon]{}, err
	}
	rewards, err := rpc.SearchBy[reward](ctx, r.rpc, "loyalty.reward", "program_id", ids, nil, "program_id", "reward_type", "discount_mode", "discount")
	if err != nil {
		return record.Held[erp.Coupon]{}, err
	}
	held := map[int64]heldCoupon{}
	for id, p := range programs {
		first := slices.IndexFunc(rules, func(l rule) bool { return l.Program.ID == id })
		given := slices.IndexFunc(rewards, func(w reward) bool { return w.Program.ID == id && w.Type == "discount" && w.Mode != "per_point" })
		if first < 0 || given < 0 {
			continue
		}
		c := heldCoupon{Row: p.Row, code: string(rules[first].Code), percent: rewards[given].Mode == "percent", amount: rewards[given].Amount,
			minimum: rules[first].Minimum, until: p.Until.Time, active: p.Active}
		if p.Limited {
			c.limit = p.Limit
		}
		held[id] = c
	}
	return r.coupons(ctx, held)
}

// readOld reads the programs of 14 and 15.
func (r couponReader) readOld(ctx context.Context, ids []int64) (record.Held[erp.Coupon], error) {
	type program struct {
		rpc.Row
		Code    rpc.Text   `json:"promo_code"`
		Type    rpc.Text   `json:"discount_type"`
		Percent rpc.Amount `json:"discount_percentage"`
		Fixed   rpc.Amount `json:"discount_fixed_amount"`
		Minimum rpc.Amount `json:"rule_minimum_amount"`
		Until   rpc.Moment `json:"rule_date_to"`
		Limit   int        `json:"maximum_use_number"`
		Active  bool       `json:"active"`
	}
	programs, err := rpc.SearchByID[program](ctx, r.rpc, r.model, ids, "promo_code", "discount_type", "discount_percentage", "discount_fixed_amount",
		"rule_minimum_amount", "rule_date_to", "maximum_use_number", "active")
	if err != nil {
		return record.Held[erp.Coupon]{}, err
	}
	held := make(map[int64]heldCoupon, len(programs))
	for id, p := range programs {
		c := heldCoupon{Row: p.Row, code: string(p.Code), percent: p.Type == "percentage", amount: p.Fixed, minimum: p.Minimum,
			limit: p.Limit, until: p.Until.Time, active: p.Active}
		if c.percent {
			c.amount = p.Percent
		}
		held[id] = c
	}
	return r.coupons(ctx, held)
}

// coupons gives what was read as a store is to have it.
func (r couponReader) coupons(ctx context.Context, held map[int64]heldCoupon) (record.Held[erp.Coupon], error) {
	ids := make([]int64, 0, len(held))
	for id := range held {
		ids = append(ids, id)
	}
	keys, err := r.records.KeysIn(ctx, r.instance, r.model, ids)
	out := record.Held[erp.Coupon]{Records: make(map[int64]erp.Coupon, len(held))}
	byKey := make(map[erp.Key]heldCoupon, len(held))
	for id, c := range held {
		key := keys.OrPending("coupon", id)
		byKey[key], out.Records[id] = c, r.coupon(key, c)
	}
	out.Merge = func(held, stored erp.Coupon) erp.Coupon { return r.merge(byKey[held.Key], held, stored) }
	return out, err
}

func (r couponReader) coupon(key erp.Key, c heldCoupon) erp.Coupon {
	coupon := erp.Coupon{Key: key, Code: c.code, Kind: "fixed_cart", Amount: c.amount.Decimal, Status: "publish", UsageLimit: c.limit,
		MinimumAmount: c.minimum.Decimal, Expires: r.endOf(c.until)}
	if c.percent {
		coupon.Kind = "percent"
	}
	if !c.active {
		coupon.Status = "draft"
	}
	return coupon
}

// keepsDays says whether a program ends with a day, and not at a moment.
func (r couponReader) keepsDays() bool { return r.model != "coupon.program" }

// endOf gives the moment at which a coupon ends. One that ends with a day is good until that is over.
func (r couponReader) endOf(until time.Time) time.Time {
	if until.IsZero() || !r.keepsDays() {
		return until
	}
	return until.Add(24*time.Hour - time.Second)
}

// merge takes over what Odoo has otherwise than the store's coupon lands. What it has no place for stays the store's.
func (r couponReader) merge(c heldCoupon, held, stored erp.Coupon) erp.Coupon {
	merged := stored
	merged.Key = held.Key
	shared, own := codesOf(&stored)
	if !slices.Contains(append(shared, own), held.Code) {
		merged.Code = held.Code
	}
	off := discountOf(&stored)
	if off.percent != c.percent || !off.amount.Equal(c.amount.Decimal) {
		merged.Amount = held.Amount
		if off.percent != c.percent {
			merged.Kind = held.Kind
		}
	}
	if !stored.MinimumAmount.Equal(held.MinimumAmount) {
		merged.MinimumAmount = held.MinimumAmount
	}
	if max(stored.UsageLimit, 0) != held.UsageLimit {
		merged.UsageLimit = held.UsageLimit
	}
	ends := stored.Expires.UTC().Truncate(time.Second)
	if r.keepsDays() {
		ends = ends.Truncate(24 * time.Hour)
	}
	if !ends.Equal(c.until) && (!c.until.IsZero() || !stored.Expires.IsZero()) {
		merged.Expires = held.Expires
	}
	if off.works != c.active {
		merged.Status = held.Status
	}
	return merged
}

// AdoptCoupons binds keys to programs and, with them, to the rule and the reward that each has.
func (w *Writer) AdoptCoupons(ctx context.Context, batch []erp.Adoption[erp.Coupon]) error {
	if s, err := w.records.Prepared(ctx); err != nil || !s.KeepsCoupons {
		return err
	}
	var records []record.Adopted
	keys := map[int64]erp.Key{}
	for i := range batch {
		adopted, err := record.NewAdopted(&batch[i], func(c *erp.Coupon) *erp.Key { return &c.Key }, record.ExternalName)
		if err != nil {
			return err
		}
		records, keys[adopted.ID] = append(records, adopted), batch[i].Record.Key
	}
	model := rpc.CouponModels.For(w.rpc.Release)
	parts, err := w.couponParts(ctx, model, keys)
	if err != nil {
		return err
	}
	return w.records.Adopt(ctx, model, records, parts)
}

// couponParts names the rule and the reward of each program, so that landing the coupon makes no second ones.
func (w *Writer) couponParts(ctx context.Context, model string, keys map[int64]erp.Key) (map[string]map[string]int64, error) {
	if model == "coupon.program" {
		return nil, nil
	}
	type part struct {
		rpc.Row
		Program rpc.Link `json:"program_id"`
	}
	programs := make([]int64, 0, len(keys))
	for id := range keys {
		programs = append(programs, id)
	}
	var parts map[string]map[string]int64
	for model, entity := range map[string]string{"loyalty.rule": couponRule, "loyalty.reward": couponReward} {
		rows, err := rpc.SearchBy[part](ctx, w.rpc, model, "program_id", programs, nil, "program_id")
		if err != nil {
			return nil, err
		}
		slices.Reverse(rows) // the first one of each program counts
		for _, row := range rows {
			parts = joined(parts, model, map[string]int64{couponPart(entity, keys[row.Program.ID]): row.ID})
		}
	}
	return parts, nil
}

// The entities of external ids of what a coupon is made of.
const (
	couponRule   = "coupon_rule"
	couponReward = "coupon_reward"
)

func couponPart(entity string, coupon erp.Key) string {
	return record.ExternalName(erp.Key{Entity: entity, Instance: coupon.Instance, ID: coupon.ID})
}
