package sales

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/instance"
	"tandem/woo"
)

func TestTheRuleThatKeepsAnOrderOut(t *testing.T) {
	at := func(day string) woo.Time {
		placed, err := time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		return woo.Time{Time: placed}
	}
	children := func(o *instance.Order) { o.SubOrders = instance.SubOrdersParents }
	for name, tt := range map[string]struct {
		order  woo.Order
		config func(*instance.Order)
		state  mapping.StoreRecordState
		code   string
		field  string
		says   string
	}{
		"none":             {order: woo.Order{Status: "processing"}, state: mapping.NotImported, code: "not_imported", says: "import it now by its id"},
		"status":           {order: woo.Order{Status: "pending"}, state: mapping.Filtered, code: "order_status", field: "config.order.statuses", says: "its status is pending, and imported are orders that are processing, completed:"},
		"any status":       {order: woo.Order{Status: "pending"}, config: func(o *instance.Order) { o.Statuses = nil }, state: mapping.NotImported, code: "not_imported"},
		"before":           {order: woo.Order{Status: "processing", DateCreated: at("2025-12-31")}, state: mapping.BeforeCutOff, code: "cut_off", field: "config.order.cut_off", says: "it was placed on 2025-12-31, before the cut-off 2026-01-01:"},
		"on the day":       {order: woo.Order{Status: "processing", DateCreated: at("2026-01-01")}, state: mapping.NotImported, code: "not_imported"},
		"a cart":           {order: woo.Order{Status: woo.OrderCheckoutDraft}, state: mapping.Filtered, code: "cart"},
		"in the trash":     {order: woo.Order{Status: woo.OrderTrash}, state: mapping.Filtered, code: "in_store_trash"},
		"a payment":        {order: woo.Order{Status: "processing", CreatedVia: woo.CreatedByDeposits, ParentID: 5}, state: mapping.Filtered, code: "payment_of_order", says: "order 5"},
		"a part":           {order: woo.Order{Status: "processing", ParentID: 5}, config: children, state: mapping.Filtered, code: "sub_order", field: "config.order.sub_orders", says: "part of order 5"},
		"a part to decide": {order: woo.Order{Status: "processing", ParentID: 5}, state: mapping.NotImported, code: "not_imported"},
	} {
		t.Run(name, func(t *testing.T) {
			ec := entitytest.Demo()
			ec.Instance.Config.Order.Statuses, ec.Instance.Config.Order.CutOff = []string{"processing", "completed"}, "2026-01-01"
			if tt.config != nil {
				tt.config(&ec.Instance.Config.Order)
			}
			if tt.order.DateCreated.IsZero() {
				tt.order.DateCreated = at("2026-06-01")
			}
			found, err := ruleFor(ec, tt.order)
			require.NoError(t, err)
			require.Equal(t, [3]string{string(tt.state), tt.code, tt.field}, [3]string{string(found.State), found.Code, found.Field})
			require.Contains(t, found.Reason, tt.says)
		})
	}
}

func TestNamesOfOrders(t *testing.T) {
	o := woo.Order{ID: 9, Number: "R-9", Billing: woo.Address{Email: "ann@example.com"}}
	require.Equal(t, []string{"R-9", "ann@example.com", ""}, describeOrder(orderRecord{Order: o}).Names)
	require.NoError(t, json.Unmarshal([]byte(`[{"id": 1, "key": "_tandem_erp_number", "value": "S00012"}]`), &o.MetaData))
	require.Equal(t, "S00012", describeOrder(orderRecord{Order: o}).Names[2], "it was made in the ERP")
}
