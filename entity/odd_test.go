package entity

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

func TestSalesThatNobodyPays(t *testing.T) {
	day := func(text string) woo.Time {
		var at woo.Time
		require.NoError(t, at.UnmarshalJSON([]byte(`"`+text+`"`)))
		return at
	}
	for name, test := range map[string]struct {
		regular, sale string
		from, until   string
		amounts       []string // of the entries that land
		note          string
	}{
		"a sale":                       {"10", "8", "2026-04-01", "2026-05-01", []string{"10", "8"}, ""},
		"a sale of one day":            {"10", "8", "2026-04-01", "2026-04-01", []string{"10", "8"}, ""},
		"without an end":               {"10", "8", "2026-04-01", "", []string{"10", "8"}, ""},
		"ends before it begins":        {"10", "8", "2026-05-01", "2026-04-01", []string{"10"}, "ends before it begins"},
		"a date that is none":          {"10", "8", "20265-05-01", "", []string{"10"}, "not a date"},
		"an end that is none":          {"10", "8", "", "never", []string{"10"}, "not a date"},
		"a zero date":                  {"10", "8", "0000-00-00", "-0001-11-30T00:00:00", []string{"10", "8"}, ""},
		"as dear as the regular price": {"10", "10", "", "", []string{"10"}, "not below"},
		"dearer":                       {"10", "12", "", "", []string{"10"}, "not below"},
		"negative":                     {"10", "-1", "", "", []string{"10"}, "negative"},
		"free":                         {"10", "0", "", "", []string{"10", "0"}, ""},
		"without a regular price":      {"", "8", "", "", []string{"8"}, ""},
		"a negative regular price":     {"-10", "", "", "", nil, "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			p := productRecord{Product: woo.Product{ID: 5, Type: "simple"}}
			if test.regular != "" {
				p.RegularPrice = some(test.regular)
			}
			if test.sale != "" {
				p.SalePrice = some(test.sale)
			}
			p.OnSaleFrom, p.OnSaleTo = day(test.from), day(test.until)
			plan, err := planProduct(demo(), p)
			require.NoError(t, err)
			var amounts []string
			for _, price := range plan.product.Variants[0].Prices {
				amounts = append(amounts, price.Amount.String())
			}
			require.Equal(t, test.amounts, amounts)
			require.Equal(t, test.note == "", len(plan.notes) == 0, plan.notes)
			if test.note != "" {
				require.Contains(t, plan.notes[0], test.note)
				require.Contains(t, plan.notes[0], "5")
			}

			variation := woo.Variation{ID: 51, RegularPrice: p.RegularPrice, SalePrice: p.SalePrice, OnSaleFrom: p.OnSaleFrom, OnSaleTo: p.OnSaleTo}
			plan, err = planProduct(demo(), productRecord{Product: woo.Product{ID: 5, Type: "variable"}, variations: []woo.Variation{variation}})
			require.NoError(t, err)
			require.Len(t, plan.product.Variants[0].Prices, len(test.amounts))
			require.Equal(t, test.note == "", len(plan.notes) == 0)
		})
	}
}

func TestDatesThatDecideSomething(t *testing.T) {
	odd := woo.Time{Odd: true}
	for field, spoil := range map[string]func(*woo.Order){
		"date_created_gmt": func(o *woo.Order) { o.DateCreated = odd },
		"date_paid_gmt":    func(o *woo.Order) { o.DatePaid = odd },
	} {
		o := priceOf("10", "10")
		spoil(&o)
		require.Contains(t, requireRefusal(t, checkOrder(demo(), o), fault.Invalid, "invalid_date").Message, field)
	}
	o := priceOf("10", "10")
	o.DateModified, o.DateCompleted = odd, odd
	require.NoError(t, checkOrder(demo(), o), "these decide nothing")

	_, err := mapCoupon(demo(), woo.Coupon{ID: 1, Code: "x", DateExpires: odd})
	require.Contains(t, requireRefusal(t, err, fault.Invalid, "invalid_date").Message, "date_expires_gmt")
	_, err = mapCoupon(demo(), woo.Coupon{ID: 1, Code: "x", DateCreated: odd, DateModified: odd})
	require.NoError(t, err)
}

func TestNumbersOfManyNines(t *testing.T) {
	nines := some("99999999999999999999")
	c, err := mapCoupon(demo(), woo.Coupon{ID: 1, Code: "x", UsageLimit: nines, UsageLimitPerUser: some("9999999999"),
		LimitUsageToItems: some("5"), UsageCount: 9999999999})
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 5, 2147483647}, []int{c.UsageLimit, c.UsageLimitUser, c.LimitItems, c.UsageCount})

	term, err := mapCategory(demo(), woo.Category{ID: 1, Name: "x", MenuOrder: 9999999999})
	require.NoError(t, err)
	require.Equal(t, 2147483647, term.Position)

	p := managed(7)
	p.StockQuantity = some("9999999999999999")
	counts, notes := stockCounts(demo(), p)
	require.Empty(t, counts)
	require.Contains(t, notes[0], "stock_quantity")

	for field, spoil := range map[string]func(*woo.Order){
		"total":                        func(o *woo.Order) { o.Total = nines },
		"line_items[0].quantity":       func(o *woo.Order) { o.LineItems[0].Quantity = nines },
		"line_items[0].total":          func(o *woo.Order) { o.LineItems[0].Total = nines },
		"line_items[0].taxes[0].total": func(o *woo.Order) { o.LineItems[0].Taxes = []woo.LineTax{{ID: "1", Total: nines}} },
		"fee_lines[0].total":           func(o *woo.Order) { o.FeeLines = []woo.FeeLine{{Total: nines}} },
		"shipping_lines[0].total":      func(o *woo.Order) { o.ShippingLines = []woo.ShippingLine{{Total: nines}} },
		"tax_lines[0].rate_percent":    func(o *woo.Order) { o.TaxLines = []woo.TaxLine{{RatePercent: nines}} },
	} {
		o := priceOf("10", "10")
		spoil(&o)
		require.Contains(t, requireRefusal(t, checkOrder(demo(), o), fault.Invalid, "number_too_large").Message, field+" has")
	}
}

func TestVirtualProductsThatAreCounted(t *testing.T) {
	for name, test := range map[string]struct {
		record  productRecord
		virtual bool
		counts  int
	}{
		"a service":      {productRecord{Product: woo.Product{ID: 1, Type: "simple", Virtual: true}}, true, 0},
		"a ticket":       {productRecord{Product: woo.Product{ID: 1, Type: "simple", Virtual: true, ManageStock: true, StockQuantity: some("40")}}, false, 1},
		"a sold-out one": {productRecord{Product: woo.Product{ID: 1, Type: "simple", Virtual: true, ManageStock: true, StockQuantity: some("0")}}, false, 1},
		"its variations": {productRecord{Product: woo.Product{ID: 1, Type: "variable", Virtual: true}, variations: []woo.Variation{
			{ID: 2, Virtual: true, ManageStock: woo.StockOwn, StockQuantity: some("3")}, {ID: 3, Virtual: true}}}, false, 1},
		"variations that nobody counts": {productRecord{Product: woo.Product{ID: 1, Type: "variable", Virtual: true},
			variations: []woo.Variation{{ID: 2, Virtual: true}}}, true, 0},
	} {
		plan, err := planProduct(demo(), test.record)
		require.NoError(t, err)
		require.Equal(t, test.virtual, plan.product.Virtual, name)
		require.Len(t, plan.counts, test.counts, name)
		for _, count := range plan.counts {
			for _, v := range plan.product.Variants {
				require.True(t, v.Key != count.Key || v.TrackStock, name)
			}
		}
	}
}

func TestNamesOfAccountsAreUnescaped(t *testing.T) {
	for name, test := range map[string]struct {
		first, last string
		want        erp.Partner
	}{
		"an ampersand":  {"Anna &amp; Tom", "x &lt; y", erp.Partner{Name: "Anna & Tom x < y", FirstName: "Anna & Tom", LastName: "x < y"}},
		"a quote":       {"Sean", "O&#039;Hara", erp.Partner{Name: "Sean O'Hara", FirstName: "Sean", LastName: "O'Hara"}},
		"nothing to do": {"Anna", "Müller", erp.Partner{Name: "Anna Müller", FirstName: "Anna", LastName: "Müller"}},
	} {
		p, err := mapCustomer(demo(), woo.Customer{ID: 1, FirstName: test.first, LastName: test.last})
		require.NoError(t, err)
		require.Equal(t, [3]string{test.want.Name, test.want.FirstName, test.want.LastName}, [3]string{p.Name, p.FirstName, p.LastName}, name)
	}
	typed := woo.Address{FirstName: "Anna", LastName: "B", Company: "R&amp;D", Address1: "1 Rue A &amp; B", City: "Paris"}
	p, err := mapCustomer(demo(), woo.Customer{ID: 1, Billing: typed})
	require.NoError(t, err)
	require.Equal(t, "R&amp;D", p.Name, "addresses come as they were typed")
	require.Equal(t, "1 Rue A &amp; B", p.Addresses[0].Street)

	c, err := mapCoupon(demo(), woo.Coupon{ID: 1, Code: "buy&amp;save"})
	require.NoError(t, err)
	require.Equal(t, "buy&save", c.Code)
	order := priceOf("10", "10")
	order.CouponLines = []woo.CouponLine{{Code: "buy&amp;save"}}
	o, _, err := mapOrder(demo(), orderRecord{Order: order}, taxesOf(demo(), order))
	require.NoError(t, err)
	require.Equal(t, []string{"buy&save"}, o.Coupons)
}

func TestGoodsThatRefundsPutBack(t *testing.T) {
	meta := func(key, value string) woo.Meta { return woo.Meta{Key: key, Value: []byte(value)} }
	for name, test := range map[string]struct {
		meta []woo.Meta
		want string
	}{
		"all is taken off":            {[]woo.Meta{meta(reducedStock, `"2"`)}, "2"},
		"one of two is back":          {[]woo.Meta{meta(reducedStock, `"1"`), meta(restockedItems, `"1"`)}, "2"},
		"both are back":               {[]woo.Meta{meta(reducedStock, `0`), meta(restockedItems, `2`)}, "2"},
		"more was put back than sold": {[]woo.Meta{meta(reducedStock, `-47`), meta(restockedItems, `50`)}, "3"},
		"the order was cancelled":     {[]woo.Meta{meta(restockedItems, `1`)}, "0"},
		"nonsense":                    {[]woo.Meta{meta(reducedStock, `"two"`)}, "0"},
	} {
		requireAmount(t, test.want, takenOff(woo.LineItem{Quantity: some("2"), MetaData: test.meta}), name)
	}
}
