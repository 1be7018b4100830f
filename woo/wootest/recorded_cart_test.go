package wootest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// carts are block checkouts of a real store, read with six decimals. In the name: what the shop's settings were.
const carts = "../testdata/woocommerce-10.5.0"

type recordedCart struct {
	rules       taxRules
	order       order
	coupons     []*coupon
	table, base taxTable
}

type recordedLine struct {
	Quantity int    `json:"quantity"`
	Class    string `json:"tax_class"`
	Subtotal string `json:"subtotal"`
	Total    string `json:"total"`
	TotalTax string `json:"total_tax"`
	SKU      string `json:"sku"`
	Taxes    []struct {
		ID       int    `json:"id"`
		Total    string `json:"total"`
		Subtotal string `json:"subtotal"`
	} `json:"taxes"`
}

type recordedOrder struct {
	Inclusive bool           `json:"prices_include_tax"`
	Currency  string         `json:"currency"`
	Lines     []recordedLine `json:"line_items"`
	Shipping  []recordedLine `json:"shipping_lines"`
	Fees      []recordedLine `json:"fee_lines"`
	Coupons   []struct {
		Code     string      `json:"code"`
		Type     string      `json:"discount_type"`
		Nominal  json.Number `json:"nominal_amount"`
		Discount string      `json:"discount"`
		Tax      string      `json:"discount_tax"`
	} `json:"coupon_lines"`
	TaxLines []struct {
		ID       int         `json:"rate_id"`
		Percent  json.Number `json:"rate_percent"`
		Compound bool        `json:"compound"`
		Tax      string      `json:"tax_total"`
		Shipping string      `json:"shipping_tax_total"`
	} `json:"tax_lines"`
}

// TestRecordedCarts prices every recorded cart: each figure must be the store's.
func TestRecordedCarts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(carts + "/order_*_dp6.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), "_dp6.json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			var recorded struct {
				Response struct {
					Body json.RawMessage `json:"body"`
				} `json:"response"`
			}
			require.NoError(t, json.Unmarshal(b, &recorded))
			var want recordedOrder
			require.NoError(t, json.Unmarshal(recorded.Response.Body, &want))
			c := want.cart(name)
			cart{table: &c.table, base: &c.base, rules: c.rules}.price(&c.order, c.coupons)
			requireFigures(t, recorded.Response.Body, &c.order, c.rules)
		})
	}
}

// cart turns the recording back into what the buyer put in.
func (w *recordedOrder) cart(name string) *recordedCart {
	c := &recordedCart{rules: taxRules{inclusive: w.Inclusive, atSubtotal: strings.Contains(name, "subtotal_round"),
		decimals: decimalsOf(w.Currency)}}
	foreign := strings.Contains(name, "shipped_to_de") || strings.Contains(name, "base_fr")
	for _, l := range w.TaxLines {
		c.table.rates = append(c.table.rates, taxRate{ID: l.ID, percent: parsePercent(string(l.Percent)),
			Priority: integer(l.ID), Compound: boolean(l.Compound), Shipping: true, Class: text(w.classOf(l.ID))})
	}
	c.base.rates = c.table.rates
	if foreign {
		c.base.rates = []taxRate{{ID: -1, percent: 200_000, Class: standardClass}, {ID: -2, percent: 55_000, Class: "reduced-rate"}}
	}
	for _, l := range w.Lines {
		c.order.lines = append(c.order.lines, orderLine{Quantity: l.Quantity, Class: l.Class, Subtotal: l.shelfPrice(c.rules, w.Inclusive)})
	}
	for _, l := range w.Shipping {
		c.order.shipping = append(c.order.shipping, shippingLine{Total: parseMoney(l.Total)})
	}
	for _, l := range w.Fees {
		c.order.fees = append(c.order.fees, feeLine{Class: l.Class, Total: parseMoney(l.Total), untaxed: len(l.Taxes) == 0, checkout: len(l.Taxes) == 0})
	}
	for _, l := range w.Coupons {
		used := &coupon{Code: text(l.Code), DiscountType: text(l.Type), Amount: text(l.Nominal)}
		c.coupons = append(c.coupons, used)
		c.order.coupons = append(c.order.coupons, couponLineOf(used, 0))
	}
	return c
}

// classOf finds the class whose lines a rate taxes.
func (w *recordedOrder) classOf(rate int) string {
	for _, l := range w.Lines {
		for _, t := range l.Taxes {
			if t.ID == rate && l.Class != "" {
				return l.Class
			}
		}
	}
	return standardClass
}

var shelfPrice = regexp.MustCompile(`^REC-[SR]-(\d+\.\d+)$`)

// shelfPrice is in the code of the recorded products; others are priced back from what was paid.
func (l *recordedLine) shelfPrice(rules taxRules, inclusive bool) money {
	if found := shelfPrice.FindStringSubmatch(l.SKU); found != nil {
		return parseMoney(found[1]) * money(l.Quantity)
	}
	paid := parseMoney(l.Subtotal)
	for _, t := range l.Taxes {
		if inclusive {
			paid += parseMoney(t.Subtotal)
		}
	}
	return rules.whole(paid)
}

// figures are the fields of a reply that hold money or count it.
var figures = regexp.MustCompile(`^((discount|shipping|cart)_(total|tax)|total|total_tax|subtotal|subtotal_tax|discount|tax_total|` +
	`shipping_tax_total|prices_include_tax|rate_percent|compound|rate_id|quantity)$`)

// requireFigures encodes the order as a reply with six decimals and compares it with the recorded one, figure by figure.
func requireFigures(t *testing.T, recorded json.RawMessage, o *order, rules taxRules) {
	t.Helper()
	s := New(Options{})
	e := &encoder{dp: 6, rules: rules, zone: s.opts.Zone}
	s.encodeOrder(e, nil, o)
	e.close('}')
	var want, got map[string]any
	require.NoError(t, json.Unmarshal(recorded, &want))
	require.NoError(t, json.Unmarshal(e.b, &got))
	require.Equal(t, pick("", want), pick("", got))
}

// pick keeps the figures of a reply, by their path; taxes are in the order of their rates.
func pick(at string, v any) map[string]any {
	kept := map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if _, nested := inner.(map[string]any); figures.MatchString(name) && !nested {
				kept[at+name] = inner
				continue
			}
			for path, figure := range pick(at+name+".", inner) {
				kept[path] = figure
			}
		}
	case []any:
		for i, inner := range slices.SortedStableFunc(slices.Values(v), byRate) {
			for path, figure := range pick(at+strconv.Itoa(i)+".", inner) {
				kept[path] = figure
			}
		}
	}
	return kept
}

// byRate orders taxes and tax lines by their rate and leaves other items where they are.
func byRate(a, b any) int {
	return rateOf(a) - rateOf(b)
}

func rateOf(v any) int {
	object, _ := v.(map[string]any)
	if rate, ok := object["rate_id"].(float64); ok {
		return int(rate)
	}
	if _, line := object["quantity"]; line {
		return 0
	}
	if _, tax := object["subtotal"]; tax {
		rate, _ := object["id"].(float64)
		return int(rate)
	}
	return 0
}
