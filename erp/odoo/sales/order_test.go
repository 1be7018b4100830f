package sales

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/erp/odoo/stock"
	"tandem/erp/salecycle"
)

var (
	orderKey = erp.Key{Instance: "demo", Entity: "order", ID: "7"}
	teaKey   = erp.Key{Instance: "demo", Entity: "product", ID: "1"}
	vatKey   = erp.Key{Instance: "demo", Entity: "tax", ID: "2"}
	cityKey  = erp.Key{Instance: "demo", Entity: "tax", ID: "3"}
)

// tea is what the orders of these tests refer to: product 31, taxes 41 (in prices) and 42 (on top).
func tea() orderRefs {
	counted := true
	return orderRefs{
		Setup:    &record.Setup{Currencies: map[string]record.Currency{"EUR": {Name: "EUR", Decimals: 2}, "JPY": {Name: "JPY"}}},
		taxes:    map[erp.Key]int64{vatKey: 41, cityKey: 42},
		rules:    map[int64]taxRule{41: {included: true, percent: true, rate: dec("0.2")}, 42: {percent: true, rate: dec("0.055")}},
		variants: map[erp.Key]stock.Variant{teaKey: {Row: rpc.Row{ID: 31}, Storable: &counted}},
		services: map[string]int64{"service_shipping": 51, "service_fee": 52, "service_rounding": 53},
	}
}

// draftOf gives a draft of a record that Odoo may or may not have.
func draftOf[T any](rec *T, key erp.Key) *record.Draft[T] {
	return &record.Draft[T]{Draft: &landing.Draft[T]{Record: rec, Key: key}}
}

func planOf(o erp.Order) *orderPlan {
	o.Key = orderKey
	return &orderPlan{Draft: draftOf(&o, orderKey), Change: salecycle.Change{Stage: erp.Quotation}}
}

func TestLinesCarryTheStoresPrices(t *testing.T) {
	b := newBook(&rpc.Client{Release: at(t, "19.0")})
	for name, c := range map[string]struct {
		line                            erp.OrderLine
		product, quantity, price, taxes string
	}{
		"without tax": {erp.OrderLine{Kind: erp.ProductLine, Product: teaKey, Quantity: dec("3"), Total: dec("10")}, "31", "3", "3.333333", ""},
		"tax on top": {erp.OrderLine{Kind: erp.ProductLine, Product: teaKey, Quantity: dec("2"), Total: dec("10"),
			Taxes: []erp.LineTax{{Tax: cityKey, Amount: dec("2")}}}, "31", "2", "5", "42"},
		"tax in the price": {erp.OrderLine{Kind: erp.ProductLine, Product: teaKey, Quantity: dec("1"), Total: dec("54.166667"),
			Taxes: []erp.LineTax{{Tax: vatKey, Amount: dec("10.833333")}}}, "31", "1", "65", "41"},
		"shipping":    {erp.OrderLine{Kind: erp.ShippingLine, Quantity: dec("1"), Total: dec("4.90")}, "51", "1", "4.9", ""},
		"discount":    {erp.OrderLine{Kind: erp.FeeLine, Quantity: dec("1"), Total: dec("-10")}, "52", "1", "-10", ""},
		"no quantity": {erp.OrderLine{Kind: erp.FeeLine, Total: dec("5")}, "52", "1", "5", ""},
		"rounding":    {erp.OrderLine{Kind: erp.RoundingLine, Quantity: dec("1"), Total: dec("0.01")}, "53", "1", "0.01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.line.ID = "9"
			got := rpctest.Texts(planOf(erp.Order{}).lineCells(b, tea(), c.line, 0))
			require.Equal(t, c.product, got["order_line/product_id/.id"])
			require.Equal(t, c.quantity, got["order_line/product_uom_qty"])
			require.Equal(t, c.price, got["order_line/price_unit"])
			require.Equal(t, c.taxes, got["order_line/tax_ids/.id"])
			require.Equal(t, "tandem.order_line_demo_7~2f9", got["order_line/id"])
			require.Equal(t, "-", got["order_line/name"])
		})
	}
}

func TestAnOrderOfNothingHasALine(t *testing.T) {
	lines := planOf(erp.Order{}).orderLines(newBook(&rpc.Client{Release: at(t, "14.0")}), tea())
	require.Len(t, lines, 1)
	require.Equal(t, "0", rpctest.Texts(lines[0])["order_line/price_unit"])
	require.Contains(t, rpctest.Texts(lines[0]), "order_line/tax_id/.id", "named as in version 14")
}

// settled runs matchTotals on an order of a line that the store charged 12 euros for, and gives the calls that write.
func settled(t *testing.T, p *orderPlan, version string, totals ...string) []rpc.Call {
	t.Helper()
	c := &rpctest.Calls{}
	c.Answer = func(made rpc.Call) (any, error) {
		switch {
		case made.Method == "load":
			return map[string]any{"ids": []int64{1}, "messages": []any{}}, nil
		case made.Method != "search_read":
			return true, nil
		case made.Model == "sale.order.line":
			return []any{map[string]any{"id": 6, "order_id": []any{5, "S5"}, "sequence": firstSequence, "price_subtotal": 9.99, "price_tax": 2}}, nil
		}
		total := totals[0]
		totals = totals[min(1, len(totals)-1):]
		return []any{map[string]any{"id": 5, "amount_total": dec(total).InexactFloat64(), "amount_tax": 2}}, nil
	}
	p.ID, p.Replace = 5, true
	b := newBook(&rpc.Client{Caller: c, Release: at(t, version)})
	b.services = tea().services
	require.NoError(t, orderWriter{Book: b, refs: tea()}.matchTotals(t.Context(), []*orderPlan{p}))
	return slices.DeleteFunc(c.Made, func(made rpc.Call) bool { return made.Method == "search_read" })
}

func charged() *orderPlan {
	p := planOf(erp.Order{Currency: "EUR", Total: dec("12"), Tax: dec("2"), Taxes: []erp.OrderTax{{Tax: vatKey, Amount: dec("2")}}})
	p.given = []erp.OrderLine{{ID: "1", Total: dec("10"), Taxes: []erp.LineTax{{Tax: vatKey, Amount: dec("2")}}}}
	return p
}

func TestLinesAreGivenTheStoresAmounts(t *testing.T) {
	require.Empty(t, settled(t, charged(), "19.0", "12"), "Odoo 19 was told them")

	p := charged()
	made := settled(t, p, "14.0", "12")
	require.Nil(t, p.Refused)
	require.Len(t, made, 1)
	require.Equal(t, []string{"sale.order.line", "load"}, []string{made[0].Model, made[0].Method})
	require.Equal(t, []string{".id", "price_subtotal", "price_tax", "price_total"}, made[0].Args["fields"])
	require.Equal(t, [][]string{{"6", "10", "2", "12"}}, made[0].Args["data"])

	p = charged()
	made = settled(t, p, "18.0", "11.99", "12")
	require.Nil(t, p.Refused)
	require.Equal(t, "sale.order", made[1].Model, "an order that does not sum up its lines is given their sum")
}

func TestAnOrderThatDiffersIsHeld(t *testing.T) {
	p := charged()
	p.mark = newMark
	made := settled(t, p, "14.0", "11.50")
	require.Equal(t, []string{"sale.order.line unlink", "sale.order unlink"}, rpc.Map(made[2:], func(c rpc.Call) string { return c.Model + " " + c.Method }),
		"a new one leaves nothing behind")
	require.Equal(t, erp.Parked, p.Refused.Status)
	require.Equal(t, "totals_differ", p.Refused.Code)
	for _, sum := range []string{"11.5 EUR", "2 tax", "12 EUR", "a difference of 0.5"} {
		require.Contains(t, p.Refused.Reason, sum)
	}
	require.Empty(t, p.Outcome().ID)

	p = charged()
	p.snapshot = &Snapshot{}
	require.Len(t, settled(t, p, "14.0", "11.50"), 2, "one that was there keeps its mark, which has it landed again the next time")
	require.Equal(t, "totals_differ", p.Refused.Code)
}

func TestFollowingTheStore(t *testing.T) {
	order := erp.Order{Total: dec("10"), Currency: "EUR", Warehouse: "1"}
	same, err := salecycle.Amounts(&order)
	require.NoError(t, err)
	invoiced := []Invoice{{State: "posted", Kind: "out_invoice"}}
	shipped := []stock.Picking{{State: "done", Kind: "outgoing"}}
	here := rpc.Link{ID: 1}
	for name, c := range map[string]struct {
		snapshot  Snapshot
		cancelled bool
		stage     erp.OrderStage
		code      string
		header    bool
		replace   bool
	}{
		"a quotation that is the same":         {Snapshot{orderRow: orderRow{State: "draft", Amounts: rpc.Text(same), Warehouse: here}}, false, erp.Quotation, "", true, false},
		"a quotation that changed":             {Snapshot{orderRow: orderRow{State: "sent", Amounts: "x", Warehouse: here}}, false, erp.Quotation, "", true, true},
		"another warehouse":                    {Snapshot{orderRow: orderRow{State: "sale", Amounts: rpc.Text(same)}}, false, erp.Confirmed, "", true, true},
		"invoiced and the same":                {Snapshot{orderRow: orderRow{State: "sale", Amounts: rpc.Text(same), Warehouse: here}, invoices: invoiced}, false, erp.Confirmed, "", false, false},
		"invoiced and changed":                 {Snapshot{orderRow: orderRow{State: "done", Amounts: "x", Warehouse: here}, invoices: invoiced}, false, "", "order_locked", false, false},
		"shipped and changed":                  {Snapshot{orderRow: orderRow{State: "sale", Amounts: "x", Warehouse: here}, pickings: shipped}, false, "", "order_locked", false, false},
		"cancelled when invoiced":              {Snapshot{orderRow: orderRow{State: "sale", Amounts: rpc.Text(same), Warehouse: here}, invoices: invoiced}, true, "", "cancel_needs_person", false, false},
		"cancelled in time":                    {Snapshot{orderRow: orderRow{State: "sale", Amounts: rpc.Text(same), Warehouse: here}}, true, erp.Cancelled, "", true, false},
		"taken back":                           {Snapshot{orderRow: orderRow{State: "cancel", Amounts: rpc.Text(same), Warehouse: here, Cancelled: true}}, false, erp.Quotation, "", true, false},
		"what a person cancelled stays so":     {Snapshot{orderRow: orderRow{State: "cancel", Amounts: rpc.Text(same), Warehouse: here}}, false, erp.Cancelled, "", true, false},
		"a draft invoice does not lock it yet": {Snapshot{orderRow: orderRow{State: "sale", Amounts: "x", Warehouse: here}, invoices: []Invoice{{State: "draft", Kind: "out_invoice"}}}, false, erp.Confirmed, "", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(order)
			p.amounts, p.snapshot = same, &c.snapshot
			p.Record.Cancelled = c.cancelled
			r := p.follow()
			if c.code != "" {
				require.Equal(t, c.code, r.Code)
				return
			}
			require.Nil(t, r)
			require.Equal(t, []any{c.stage, c.header, c.replace}, []any{p.Stage, p.Header, p.Replace})
		})
	}
}

func TestGoodsACountLeftOutAreOpened(t *testing.T) {
	paid := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	line := func(quantity, aside string) erp.OrderLine {
		return erp.OrderLine{Kind: erp.ProductLine, Product: teaKey, Quantity: dec(quantity), SetAside: dec(aside)}
	}
	held := func(aside string) []lineRow {
		return []lineRow{{Product: rpc.Link{ID: 31}, Quantity: rpc.Amount{Decimal: dec("2")}, Aside: rpc.Amount{Decimal: dec(aside)}}}
	}
	for name, c := range map[string]struct {
		lines  []erp.OrderLine
		before []lineRow
		stage  erp.OrderStage
		want   string
	}{
		"set aside":               {[]erp.OrderLine{line("2", "2")}, nil, erp.Quotation, "2"},
		"not set aside":           {[]erp.OrderLine{line("2", "0")}, nil, erp.Quotation, ""},
		"two lines":               {[]erp.OrderLine{line("2", "2"), line("1", "1")}, nil, erp.Quotation, "3"},
		"a line more":             {[]erp.OrderLine{line("2", "2"), line("1", "1")}, held("2"), erp.Quotation, "1"},
		"a line less":             {[]erp.OrderLine{line("1", "1")}, held("2"), erp.Quotation, ""},
		"the same":                {[]erp.OrderLine{line("2", "2")}, held("2"), erp.Quotation, ""},
		"cancelled keeps nothing": {[]erp.OrderLine{line("2", "2")}, nil, erp.Cancelled, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(erp.Order{Lines: c.lines, Date: paid.Add(-time.Hour), PaidAt: paid})
			p.Stage, p.lines = c.stage, c.before
			if c.before != nil {
				p.snapshot = &Snapshot{orderRow: orderRow{State: "draft"}}
			}
			got := p.openings(tea())
			if c.want == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Equal(t, []any{int64(31), c.want}, []any{got[0].Product, got[0].Quantity.String()})
		})
	}
}

func TestAmountsFinerThanTheCurrencyAreParked(t *testing.T) {
	for name, c := range map[string]struct {
		line, tax, total string
		parked           bool
	}{
		"in coins":                              {"20", "4", "24", false},
		"finer than the currency":               {"0.00123456", "0.0002", "0.00143456", true},
		"a coin apart from its lines":           {"20", "4", "24.004", false},
		"lines that only add up when rounded":   {"20.004", "4.0004", "24", false},
		"lines that are fine where they add up": {"19.995", "4.005", "24", false},
	} {
		t.Run(name, func(t *testing.T) {
			refused := tea().tooFine(&erp.Order{Currency: "EUR", Total: dec(c.total), Lines: []erp.OrderLine{{Total: dec(c.line)}},
				Taxes: []erp.OrderTax{{Amount: dec(c.tax)}}})
			require.Equal(t, c.parked, refused != nil)
			if refused != nil {
				require.Equal(t, "odd_total", refused.Outcome(orderKey).Code)
			}
		})
	}
}
