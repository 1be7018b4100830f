package sales

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// shelves is a store that counts a product and two variations.
const shelves = `{"products": [
	{"id": 1, "type": "simple", "status": "publish", "manage_stock": true, "stock_quantity": 7},
	{"id": 2, "type": "simple", "status": "publish", "manage_stock": true, "stock_quantity": 9},
	{"id": 5, "type": "variable", "status": "private", "variations": [51, 52]}
 ], "variations": {"5": [{"id": 51, "parent_id": 5, "status": "publish", "manage_stock": true, "stock_quantity": 4},
                         {"id": 52, "parent_id": 5, "status": "publish", "manage_stock": true, "stock_quantity": 3}]}}`

// shelved opens the store with an ERP that holds order 1, as the outcome says.
func shelved(t *testing.T, status erp.Status) (mapping.Context, *entitytest.Ledger) {
	t.Helper()
	var state oddstore.State
	require.NoError(t, json.Unmarshal([]byte(shelves), &state))
	ec := entitytest.OddStore(t, state)
	ec.Instance.Config.Stock.Import = true
	stub := &entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{entitytest.Key("order", "1"): {Key: entitytest.Key("order", "1"), ID: "1", Status: status, Code: "order_locked", After: "now"}}}
	ec.Backend, ec.Noted = stub, noted{order: "now", counted: refundDay}
	return ec, stub
}

var refundDay = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// noted is what imports before have noted: the digest of order 1, and until when products were read.
type noted struct {
	order   string
	counted time.Time
}

func (n noted) LinkDigests(_ context.Context, instance, entity string, ids []string) (map[string]string, error) {
	if instance != "demo" || entity != mapping.OrderName || !slices.Equal(ids, []string{"1"}) || n.order == "" {
		return nil, nil
	}
	return map[string]string{"1": n.order}, nil
}

func (n noted) Commons(context.Context, string, string, []string) (map[string]flow.Common, error) {
	return nil, nil
}

func (n noted) ERPDigests(context.Context, string, string, []string) (map[string]string, error) {
	return nil, nil
}

func (n noted) Watermark(_ context.Context, instance, entity string) (time.Time, error) {
	if instance != "demo" || entity != mapping.ProductName {
		return time.Time{}, nil
	}
	return n.counted, nil
}

// refunded is order 1 of two products and a variation, of which refunds put some back.
func refunded(changed time.Time, back ...string) orderRecord {
	record := sells(woo.LineItem{ProductID: 1}, woo.LineItem{ProductID: 5, VariationID: 51}, woo.LineItem{ProductID: 2})
	for i, quantity := range back {
		record.LineItems[i].MetaData = []woo.Meta{{Key: "_reduced_stock", Value: json.RawMessage(`0`)}, {Key: "_restock_refunded_items", Value: json.RawMessage(quantity)}}
	}
	record.DateModified, record.readAt = woo.NewTime(changed), changed.Add(24*time.Hour)
	return record
}

func notedAs(n mapping.Noted) func(*orderRecord, *mapping.Context) {
	return func(_ *orderRecord, ec *mapping.Context) { ec.Noted = n }
}

// ends gives the order a status, and its first line what the store keeps off the shelf for it.
func ends(status, taken string) func(*orderRecord, *mapping.Context) {
	return func(o *orderRecord, _ *mapping.Context) {
		o.Status = status
		o.LineItems[0].MetaData = []woo.Meta{{Key: "_reduced_stock", Value: json.RawMessage(taken)}}
	}
}

func TestWhatRefundsPutBackIsCounted(t *testing.T) {
	for name, c := range map[string]struct {
		status erp.Status
		back   []string
		spoil  func(*orderRecord, *mapping.Context)
		want   map[string]string // free by product
	}{
		"news":                       {erp.Updated, []string{"1", "1"}, nil, map[string]string{"1": "7", "51": "4"}},
		"of one line":                {erp.Updated, []string{"0", "2"}, nil, map[string]string{"51": "4"}},
		"none":                       {erp.Updated, nil, nil, nil},
		"the order waits":            {erp.Parked, []string{"1"}, nil, map[string]string{"1": "7"}},
		"noted":                      {erp.Unchanged, []string{"1"}, nil, nil},
		"a new order":                {erp.Created, []string{"1"}, nil, nil},
		"cut off, however long ago":  {erp.Unchanged, []string{"1"}, notedAs(noted{order: "before"}), map[string]string{"1": "7"}},
		"cut off when it was new":    {erp.Unchanged, []string{"1"}, notedAs(noted{}), map[string]string{"1": "7"}},
		"between count and order":    {erp.Created, []string{"1"}, notedAs(noted{counted: refundDay.Add(-time.Minute)}), map[string]string{"1": "7"}},
		"products were never read":   {erp.Created, []string{"1"}, notedAs(noted{}), map[string]string{"1": "7"}},
		"all is taken for noted":     {erp.Unchanged, []string{"1"}, notedAs(nil), nil},
		"ended, the goods kept":      {erp.Updated, nil, ends(woo.OrderRefunded, "2"), map[string]string{"1": "7"}},
		"ended, the goods put back":  {erp.Updated, nil, ends(woo.OrderCancelled, "0"), nil},
		"under way":                  {erp.Updated, nil, ends(woo.OrderProcessing, "2"), nil},
		"the product is gone":        {erp.Parked, []string{"1"}, func(o *orderRecord, _ *mapping.Context) { o.LineItems[0].ProductID = 0 }, nil},
		"the store no longer has it": {erp.Updated, []string{"1"}, func(o *orderRecord, _ *mapping.Context) { o.LineItems[0].ProductID = 77 }, nil},
		"stock is not imported":      {erp.Updated, []string{"1"}, func(_ *orderRecord, ec *mapping.Context) { ec.Instance.Config.Stock.Import = false }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ec, stub := shelved(t, c.status)
			record := refunded(refundDay, c.back...)
			if c.spoil != nil {
				c.spoil(&record, &ec)
			}
			results, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, record))
			require.NoError(t, err)
			require.Equal(t, c.status, results[0].Status)
			got := map[string]string{}
			for _, count := range stub.Counts {
				got[count.Key.ID] = count.Free.String()
				require.False(t, count.CountedAt.IsZero())
				require.Equal(t, ec.Instance.Config.General.Warehouse, count.Warehouse)
			}
			require.Equal(t, len(c.want), len(got))
			for id, free := range c.want {
				require.Equal(t, free, got[id], id)
				require.Contains(t, results[0].Steps, "stock of "+id+" created after "+reasonToCount(&orderAttempt{Record: record}))
			}
		})
	}
}

func TestARefundIsAChangeOfTheOrder(t *testing.T) {
	ec, _ := shelved(t, erp.Updated)
	for back, want := range map[string]string{"0": "0", "2": "2", "-1": "0"} {
		plan, err := planOrder(ec, refunded(time.Now(), back))
		require.NoError(t, err)
		require.Equal(t, want, plan.order.Lines[0].Restocked.String())
	}
}
