package check_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/check"
)

func TestTotals(t *testing.T) {
	tests := map[string]struct {
		lines, taxes []string
		total        string
		decimals     int32
		ok           bool
	}{
		"equal":                       {[]string{"10", "-2"}, []string{"1.60"}, "9.6", 2, true},
		"fractions of a cent":         {[]string{"3.333333", "3.333333", "3.333333"}, nil, "10", 2, true},
		"a cent too much":             {[]string{"10"}, []string{"2"}, "12.01", 2, false},
		"half a cent":                 {[]string{"10"}, nil, "10.005", 2, false},
		"less than half a cent":       {[]string{"10"}, nil, "10.0049", 2, true},
		"yen have no cents":           {[]string{"1000.4"}, nil, "1000", 0, true},
		"a yen too few":               {[]string{"1000.4"}, nil, "999", 0, false},
		"dinars have three decimals":  {[]string{"1.001"}, nil, "1.002", 3, false},
		"nothing is nothing":          {nil, nil, "0", 2, true},
		"tax without anything to tax": {nil, []string{"0.01"}, "0", 2, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			order := erp.Order{Currency: "EUR", Total: dec(tt.total)}
			for _, amount := range tt.lines {
				order.Lines = append(order.Lines, erp.OrderLine{Total: dec(amount)})
			}
			for _, amount := range tt.taxes {
				order.Taxes = append(order.Taxes, erp.OrderTax{Amount: dec(amount)})
			}
			r := check.Totals(&order, tt.decimals)
			require.Equal(t, tt.ok, r == nil)
			if !tt.ok {
				require.Equal(t, "totals_differ", r.Code)
				require.Contains(t, r.Reason, tt.total)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	product := erp.Key{Instance: "demo", Entity: "product", ID: "1"}
	tests := map[string]struct {
		spoil  func(*erp.Order)
		status erp.Status // empty: nothing is wrong
		code   string
	}{
		"sound":                       {spoil: func(*erp.Order) {}},
		"no partner":                  {func(o *erp.Order) { o.Partner = erp.Key{} }, erp.Failed, "invalid"},
		"no date":                     {func(o *erp.Order) { o.Date = time.Time{} }, erp.Failed, "invalid"},
		"a line twice":                {func(o *erp.Order) { o.Lines = append(o.Lines, o.Lines[0]) }, erp.Failed, "invalid"},
		"an unknown kind of line":     {func(o *erp.Order) { o.Lines[0].Kind = "gift" }, erp.Failed, "invalid"},
		"goods that the shop forgot":  {spoil: func(o *erp.Order) { o.Lines[0].Product = erp.Key{} }},
		"a fee of a product":          {func(o *erp.Order) { o.Lines[0].Kind = erp.FeeLine }, erp.Failed, "invalid"},
		"less than nothing set aside": {func(o *erp.Order) { o.Lines[0].SetAside = dec("-1") }, erp.Failed, "invalid"},
		"a credit":                    {spoil: func(o *erp.Order) { o.Lines[0] = erp.OrderLine{ID: "1", Kind: erp.CreditLine, Total: dec("-5")} }},
		"a credit that is to be paid": {func(o *erp.Order) { o.Lines[0] = erp.OrderLine{ID: "1", Kind: erp.CreditLine, Total: dec("5")} }, erp.Failed, "invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			order := erp.Order{Partner: erp.Key{Instance: "demo", Entity: "customer", ID: "1"}, Date: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC),
				Lines: []erp.OrderLine{{ID: "1", Kind: erp.ProductLine, Product: product, Quantity: dec("1")}}}
			tt.spoil(&order)
			r := check.Order(&order)
			if tt.status == "" {
				require.Nil(t, r)
				return
			}
			require.Equal(t, tt.status, r.Status)
			require.Equal(t, tt.code, r.Code)
			require.NotEmpty(t, r.Reason)
		})
	}
}

func TestSold(t *testing.T) {
	tea, cup, stand, other := key("product", "1"), key("product", "2"), key("product", "9"), key("product", "8")
	siblings := map[check.Renamed]bool{{Sold: tea, Named: cup}: true, {Sold: tea, Named: other}: false}
	order := func(placeholder erp.Key, products ...erp.Key) *erp.Order {
		o := &erp.Order{Placeholder: placeholder, Lines: []erp.OrderLine{{ID: "ship", Kind: erp.ShippingLine}}}
		for i, product := range products {
			o.Lines = append(o.Lines, erp.OrderLine{ID: string(rune('a' + i)), Kind: erp.ProductLine, Product: product})
		}
		return o
	}
	for name, c := range map[string]struct {
		given *erp.Order
		held  map[string]check.SoldAs
		want  []erp.Key
		open  bool
	}{
		"all are named":                      {order(stand, tea, cup), map[string]check.SoldAs{"a": {cup, false}}, []erp.Key{tea, cup}, false},
		"the line has landed":                {order(stand, erp.Key{}, cup), map[string]check.SoldAs{"a": {tea, false}}, []erp.Key{tea, cup}, false},
		"the line is new":                    {order(stand, tea, erp.Key{}), map[string]check.SoldAs{"a": {tea, false}}, []erp.Key{tea, stand}, false},
		"the order is new":                   {order(stand, erp.Key{}), nil, []erp.Key{stand}, false},
		"no placeholder, the line is landed": {order(erp.Key{}, erp.Key{}), map[string]check.SoldAs{"a": {tea, false}}, []erp.Key{tea}, false},
		"the product of the variation":       {order(stand, cup, cup), map[string]check.SoldAs{"a": {tea, false}, "b": {other, false}}, []erp.Key{tea, cup}, false},
		"another product":                    {order(stand, other), map[string]check.SoldAs{"a": {tea, false}}, []erp.Key{other}, false},
		"no placeholder":                     {order(erp.Key{}, tea, erp.Key{}), nil, []erp.Key{tea, {}}, false},
		"the placeholder of a locked order":  {order(stand, tea, cup), map[string]check.SoldAs{"a": {stand, false}}, []erp.Key{stand, cup}, false},
		"the placeholder of an open order":   {order(stand, tea), map[string]check.SoldAs{"a": {stand, false}}, []erp.Key{tea}, true},
		"a placeholder that was changed":     {order(other, tea), map[string]check.SoldAs{"a": {stand, true}}, []erp.Key{stand}, false},
		"a placeholder of before, changed":   {order(other, tea), map[string]check.SoldAs{"a": {stand, false}}, []erp.Key{tea}, false},
		"the placeholder that was changed":   {order(other, tea), map[string]check.SoldAs{"a": {stand, true}}, []erp.Key{tea}, true},
		"gone again, placeholder changed":    {order(other, erp.Key{}), map[string]check.SoldAs{"a": {stand, true}}, []erp.Key{stand}, true},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(c.given.Lines)
			sold := check.Sold(c.given, check.Kept{Held: c.held, Siblings: siblings, Locked: !c.open})
			require.True(t, sold.Lines[0].Product.IsZero(), "shipping is no product")
			for i, want := range c.want {
				require.Equal(t, want, sold.Lines[i+1].Product)
			}
			require.Equal(t, before, c.given.Lines, "the given order stays")
			r := check.OrderRefs{Products: landed(tea, cup, stand, other), Taxes: landed(), Partners: landed(), Addresses: landed(),
				PriceLists: landed()}.Check(sold)
			require.Equal(t, slices.Contains(c.want, erp.Key{}), r != nil && r.Code == erp.GoneProduct)
		})
	}
}

func TestSoldMarksPlaceholders(t *testing.T) {
	stand := key("product", "9")
	o := &erp.Order{Placeholder: stand, Lines: []erp.OrderLine{
		{ID: "a", Kind: erp.ProductLine}, {ID: "b", Kind: erp.ProductLine}, {ID: "c", Kind: erp.ProductLine, Product: stand},
	}}
	sold := check.Sold(o, check.Kept{Held: map[string]check.SoldAs{"b": {Product: key("product", "1")}}})
	require.Equal(t, []bool{true, false, false}, []bool{sold.Lines[0].Placeholder, sold.Lines[1].Placeholder, sold.Lines[2].Placeholder})
}
