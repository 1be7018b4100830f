package wootest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// coupon is a discount code.
type coupon struct {
	ID                int           `json:"-"`
	Code              text          `json:"code"`
	Amount            text          `json:"amount"`
	Status            text          `json:"status"`
	DiscountType      text          `json:"discount_type"`
	Description       text          `json:"description"`
	UsageLimit        *integer      `json:"usage_limit"`
	UsageLimitPerUser *integer      `json:"usage_limit_per_user"`
	LimitToItems      *integer      `json:"limit_usage_to_x_items"`
	IndividualUse     boolean       `json:"individual_use"`
	FreeShipping      boolean       `json:"free_shipping"`
	ExcludeSaleItems  boolean       `json:"exclude_sale_items"`
	ProductIDs        list[integer] `json:"product_ids"`
	ExcludedProducts  list[integer] `json:"excluded_product_ids"`
	Categories        list[integer] `json:"product_categories"`
	ExcludedCats      list[integer] `json:"excluded_product_categories"`
	Minimum           text          `json:"minimum_amount"`
	Maximum           text          `json:"maximum_amount"`
	Emails            list[text]    `json:"email_restrictions"`

	expires           int64 // Unix seconds, 0 is never
	created, modified int64
	usage             int
	meta              []meta
}

// couponInput holds what decoding into a coupon cannot. WooCommerce shows date_expires_gmt and takes only date_expires, in the time of
// the shop.
type couponInput struct {
	Expires *text       `json:"date_expires"`
	Meta    []metaInput `json:"meta_data"`
}

var discountTypes = []string{"percent", "fixed_cart", "fixed_product"}

func headOfCoupon(c *coupon) head {
	return head{id: c.ID, status: string(c.Status), created: c.created, modified: c.modified}
}

func (s *Server) routeCoupons() {
	res := &resource[coupon]{
		pattern:  "coupons",
		records:  s.coupons,
		orders:   []string{"date", "id", "include", "title", "slug", "modified"},
		dated:    true,
		statuses: func(*call) (func(string) bool, error) { return notTrashed, nil },
		filter: func(c *call) (func(*coupon) bool, error) {
			code, search := strings.ToLower(c.param("code")), strings.ToLower(c.param("search"))
			return func(p *coupon) bool {
				return (code == "" || string(p.Code) == code) && strings.Contains(string(p.Code), search)
			}, nil
		},
		sortText: func(p *coupon, _ string) string { return string(p.Code) },
		encode:   encodeCoupon,
		write:    s.writeCoupon,
		remove: func(c *call, p *coupon, force bool) error {
			return trashOrRemove(s.coupons, p, force, "coupon", func(p *coupon) {
				p.Status, p.modified = "trash", c.now
				c.fireTrashed(p.ID)
			})
		},
		missing:    fail(http.StatusNotFound, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID."),
		missingPut: http.StatusBadRequest,
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func notTrashed(status string) bool { return status != "trash" }

// trashOrRemove deletes a record for good, or puts it into the trash once.
func trashOrRemove[T any](records *collection[T], rec *T, force bool, name string, trash func(*T)) error {
	h := records.headOf(rec)
	if force {
		records.remove(h.id)
		return nil
	}
	if h.status == "trash" {
		return failf(http.StatusGone, "woocommerce_rest_already_trashed", "The %s has already been deleted.", name)
	}
	moved := *rec
	trash(&moved)
	records.put(&moved)
	return nil
}

func (s *Server) writeCoupon(c *call, old *coupon, in []byte) (*coupon, error) {
	next := coupon{Status: "publish", DiscountType: "fixed_cart", created: c.now}
	if old != nil {
		next = *old
	}
	var also couponInput
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if err := decode(in, &also); err != nil {
		return nil, err
	}
	if err := oneOf("discount_type", "discount_type", string(next.DiscountType), discountTypes); err != nil {
		return nil, err
	}
	if next.Code == "" {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_empty_coupon_code", "The coupon code cannot be empty.")
	}
	next.Code = text(strings.ToLower(string(next.Code)))
	if other := s.couponByCode(string(next.Code)); other != nil && other.ID != next.ID {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")
	}
	if err := settleCouponAmount(&next, old); err != nil {
		return nil, err
	}
	next.Emails = validEmails(next.Emails)
	next.expires = s.siteInstant(also.Expires, nil, next.expires)
	next.meta = mergeMeta(next.meta, also.Meta, &s.counters.meta)
	next.modified = c.now
	if old == nil {
		next.ID = take(&s.counters.post)
	}
	s.coupons.put(&next)
	c.fireSaved("coupon", next.ID, old == nil)
	return &next, nil
}

// settleCouponAmount refuses more than 100 percent. A coupon that becomes one of percent with a larger amount is left with none.
func settleCouponAmount(next, old *coupon) error {
	const whole = 100_000_000 // 100 in millionths
	amount := parseMoney(string(next.Amount))
	if old != nil && old.Amount == next.Amount && old.DiscountType != next.DiscountType && next.DiscountType == "percent" && amount > whole {
		next.Amount = "0"
		return nil
	}
	if amount < 0 || next.DiscountType == "percent" && amount > whole {
		return fail(http.StatusBadRequest, "coupon_invalid_amount", "Invalid discount amount.")
	}
	return nil
}

// validEmails puts addresses into small letters and empties those that are none.
func validEmails(all list[text]) list[text] {
	kept := slices.Clone(all)
	for i, address := range kept {
		kept[i] = text(strings.ToLower(string(address)))
		if !strings.Contains(string(address), "@") {
			kept[i] = ""
		}
	}
	return kept
}

func (s *Server) couponByCode(code string) *coupon {
	for c := range s.coupons.records {
		if c.Status != "trash" && string(c.Code) == strings.ToLower(code) {
			return c
		}
	}
	return nil
}

func encodeCoupon(e *encoder, _ *call, c *coupon) {
	e.open('{')
	e.num("id", c.ID)
	e.str("code", string(c.Code))
	e.str("amount", parseMoney(string(c.Amount)).String())
	e.str("status", string(c.Status))
	e.dates("date_created", c.created)
	e.dates("date_modified", c.modified)
	e.str("discount_type", string(c.DiscountType))
	e.str("description", string(c.Description))
	e.dates("date_expires", c.expires)
	e.num("usage_count", c.usage)
	e.flag("individual_use", bool(c.IndividualUse))
	e.integers("product_ids", c.ProductIDs)
	e.integers("excluded_product_ids", c.ExcludedProducts)
	e.limit("usage_limit", c.UsageLimit)
	e.limit("usage_limit_per_user", c.UsageLimitPerUser)
	e.limit("limit_usage_to_x_items", c.LimitToItems)
	e.flag("free_shipping", bool(c.FreeShipping))
	e.integers("product_categories", c.Categories)
	e.integers("excluded_product_categories", c.ExcludedCats)
	e.flag("exclude_sale_items", bool(c.ExcludeSaleItems))
	e.str("minimum_amount", parseMoney(string(c.Minimum)).String())
	e.str("maximum_amount", parseMoney(string(c.Maximum)).String())
	e.emails("email_restrictions", c.Emails)
	e.raw("used_by", "[]")
	e.meta(c.meta)
}

// emails leaves out emptied addresses. As PHP does, it makes an object by place of a list from which one before the last was left out.
func (e *encoder) emails(name string, all list[text]) {
	kept := slices.DeleteFunc(slices.Clone(all), func(address text) bool { return address == "" })
	if slices.Equal(kept, all[:len(kept)]) {
		e.texts(name, kept)
		return
	}
	e.object(name)
	for i, address := range all {
		if address != "" {
			e.str(strconv.Itoa(i), string(address))
		}
	}
	e.close('}')
}

func (e *encoder) limit(name string, n *integer) {
	if n == nil || *n == 0 {
		e.raw(name, "null")
		return
	}
	e.num(name, int(*n))
}

func (e *encoder) integers(name string, values list[integer]) {
	e.array(name)
	for _, v := range values {
		e.next()
		e.b = append(e.b, identifier(int(v))...)
	}
	e.close(']')
}
