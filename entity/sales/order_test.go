package sales

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

func TestMapRecordedOrder(t *testing.T) {
	recorded := entitytest.RecordedOrder(t, "order_guest_get_dp6")
	note := woo.OrderNote{ID: 3, DateCreated: entitytest.SomeTime, Note: "Packed", CustomerNote: true}
	ec := entitytest.WithMeta(instance.MetaOrder, "_vat_number", "x_vat", "text")
	o, _, err := mapTestOrder(ec, orderRecord{Order: recorded, notes: []woo.OrderNote{note}})
	require.NoError(t, err)
	o.Lines, o.Taxes = nil, nil // see their own tests
	entitytest.RequireAmount(t, "151.44", o.Total)
	require.Equal(t, erp.Order{
		Key: entitytest.Key("order", "4024"), Number: "D-4024", Date: time.Date(2026, 11, 23, 3, 15, 5, 0, time.UTC), Currency: "EUR",
		PriceList: entitytest.Key("price_list", "regular-EUR"), Warehouse: "WH", SalesTeam: "web", Salesperson: "sales", PaymentTerm: "immediate",
		Untaxed: o.Untaxed, Tax: o.Tax, Total: o.Total, StoreStatus: "processing",
		Gateway: "bacs", GatewayTitle: "Direct bank transfer", PaidAt: time.Date(2026, 11, 23, 3, 15, 5, 0, time.UTC),
		CustomerNote: "Leave at door", Coupons: []string{"ten03698"}, Fields: map[string]string{"x_vat": "FR123"},
		Notes: []erp.Note{vatNotes(ec, recorded)[0], {ID: "3", At: entitytest.SomeTime.Time, Text: "Packed", Customer: true}}, RoundingLimit: decimal.New(3, -2), // of six lines
		ChangedAt: time.Date(2026, 11, 23, 3, 15, 5, 0, time.UTC),
	}, o)
}

func TestMapRecordedCustomerOrder(t *testing.T) {
	o, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: entitytest.RecordedOrder(t, "order_customer_create")})
	require.NoError(t, err)
	require.Equal(t, "USD", o.Currency)
	require.Equal(t, "tx_123", o.TransactionID)
	require.Equal(t, entitytest.Key("price_list", "regular-USD"), o.PriceList)
	require.Empty(t, o.Taxes)
	require.False(t, o.Cancelled)
}

func TestCancelledOrder(t *testing.T) {
	in := priceOf("10", "10")
	in.Status, in.Number = "cancelled", "W-1001"
	o, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: in})
	require.NoError(t, err)
	require.True(t, o.Cancelled)
	require.Equal(t, "D-W-1001", o.Number)
}

func TestOrderNumberFallsBackToID(t *testing.T) {
	require.Equal(t, "D-7", orderNumber("D-", woo.Order{ID: 7}))
}

func TestOddOrders(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(*woo.Order)
		kind  fault.Kind
		code  string
	}{
		{"no currency", func(o *woo.Order) { o.Currency = "" }, fault.Invalid, "missing_currency"},
		{"other currency", func(o *woo.Order) { o.Currency = "GBP" }, fault.Parked, "unknown_currency"},
		{"no date", func(o *woo.Order) { o.DateCreated = woo.Time{} }, fault.Invalid, "missing_date"},
		{"no total", func(o *woo.Order) { o.Total = woo.Decimal{} }, fault.Invalid, "missing_total"},
		{"negative total", func(o *woo.Order) { o.Total = entitytest.Some("-1") }, fault.Parked, "negative_total"},
		{"no status", func(o *woo.Order) { o.Status = "" }, fault.Invalid, "missing_status"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := priceOf("10", "10")
			test.spoil(&o)
			_, _, err := mapTestOrder(entitytest.Demo(), orderRecord{Order: o})
			entitytest.RequireRefusal(t, err, test.kind, test.code)
		})
	}
}

func TestMetaOfTheWrongTypeFailsTheOrder(t *testing.T) {
	o := priceOf("10", "10")
	o.MetaData = []woo.Meta{entitytest.Meta("_level", `"gold"`)}
	_, err := planOrder(entitytest.WithMeta(instance.MetaOrder, "_level", "x_level", "integer"), orderRecord{Order: o})
	entitytest.RequireRefusal(t, err, fault.Invalid, "meta_conversion")
}

func TestOrderWithoutDateOfCreation(t *testing.T) {
	o := woo.Order{DateModified: entitytest.SomeTime}
	require.Equal(t, entitytest.SomeTime.Time, orderDate(o))
}

func TestOrderOptions(t *testing.T) {
	ec := entitytest.Demo()
	ec.Instance.Config.Order.Statuses = []string{"processing", "packed", "trash"}
	ec.Instance.Config.Order.CutOff = "2026-01-10"
	cutOff := time.Date(2026, 1, 9, 23, 59, 59, 0, time.UTC) // the store excludes the bound itself
	day := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		filter flow.Filter
		want   woo.ListOptions
	}{
		{"all", flow.Filter{Kind: flow.All}, woo.ListOptions{After: cutOff}},
		{"changes", flow.Filter{Kind: flow.Changes, From: day}, woo.ListOptions{After: cutOff, ModifiedAfter: day.Add(-2 * time.Minute)}},
		{"first changes", flow.Filter{Kind: flow.Changes}, woo.ListOptions{After: cutOff}},
		{"range", flow.Filter{Kind: flow.Range, From: day, To: day.AddDate(0, 0, 1)},
			woo.ListOptions{After: day.Add(-time.Second), Before: day.AddDate(0, 0, 1)}},
		{"range before the cut-off", flow.Filter{Kind: flow.Range, From: day.AddDate(-1, 0, 0), To: day},
			woo.ListOptions{After: cutOff, Before: day}},
		{"range without beginning", flow.Filter{Kind: flow.Range, To: day}, woo.ListOptions{After: cutOff, Before: day}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.want.Status = []string{"processing", "packed"}
			require.Equal(t, test.want, orderOptions(ec, test.filter))
		})
	}
}

func TestDescribeOrderKeepsWhatWasRead(t *testing.T) {
	recorded := entitytest.RecordedOrder(t, "order_guest_get_dp6")
	record := describeOrder(orderRecord{Order: recorded, notes: []woo.OrderNote{{Raw: json.RawMessage(`{"id":3}`)}}})
	require.Equal(t, "4024", record.ID)
	require.Equal(t, "processing", record.Status)
	require.Equal(t, string(recorded.Number), record.Label)
	require.Equal(t, recorded.DateModified.Time, record.Modified)
	var kept map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(record.Raw, &kept))
	require.Contains(t, kept, "is_editable", "a field we do not know")
	require.JSONEq(t, `[{"id":3}]`, string(kept["_notes"]))
}

func BenchmarkPlanOrder(b *testing.B) {
	ec, in := entitytest.Demo(), orderRecord{Order: entitytest.RecordedOrder(b, "order_guest_get_dp6")}
	for b.Loop() {
		if _, err := planOrder(ec, in); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDraftsAskedForByIDAreNoOrders(t *testing.T) {
	drafts := realOrders(entitytest.FixedSource(flow.Batch[woo.Order]{
		Records: []woo.Order{{ID: 1, Status: "checkout-draft"}, {ID: 2, Status: "packed"}, {ID: 3, Status: "trash"}},
	}))
	for b := range drafts(context.Background(), entitytest.Demo(), flow.Filter{Kind: flow.IDs}, nil) {
		require.Len(t, b.Records, 1)
		require.Equal(t, []string{"1", "3"}, entitytest.MissingIDs(b.Missing))
		require.Equal(t, "cart", b.Missing[0].Code)
		require.Contains(t, b.Missing[0].Reason, "once the customer orders")
		require.Equal(t, "not_in_store", b.Missing[1].Code)
	}
	for b := range drafts(context.Background(), entitytest.Demo(), flow.Filter{Kind: flow.All}, nil) {
		require.Len(t, b.Records, 1)
		require.Empty(t, b.Missing)
	}
}

// mapTestOrder maps an order as planOrder does.
func mapTestOrder(ec mapping.Context, o orderRecord) (erp.Order, []string, error) {
	return mapOrder(ec, o, taxesOf(ec, o.Order))
}

// testLines maps the lines of an order as mapOrder does.
func testLines(ec mapping.Context, o woo.Order) ([]erp.OrderLine, error) {
	return orderLines(ec, o, taxesOf(ec, o))
}

func TestCouponsOfOrdersAreUnescaped(t *testing.T) {
	order := priceOf("10", "10")
	order.CouponLines = []woo.CouponLine{{Code: "buy&amp;save"}}
	o, _, err := mapOrder(entitytest.Demo(), orderRecord{Order: order}, taxesOf(entitytest.Demo(), order))
	require.NoError(t, err)
	require.Equal(t, []string{"buy&save"}, o.Coupons)
}
