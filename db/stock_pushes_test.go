package db

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// pairs collects what is found, as "store ERP".
func pairs(list *[]string) func(wooID, erpID string) {
	return func(wooID, erpID string) { *list = append(*list, wooID+" "+erpID) }
}

// copies collects what is found, as "id copy".
func copies(list *[]string) func(wooID string, raw json.RawMessage) {
	return func(wooID string, raw json.RawMessage) { *list = append(*list, wooID+" "+string(raw)) }
}

func TestLinksInOrderAndByID(t *testing.T) {
	d := newDB(t)
	landPage(t, d, newOperation(t, d, "product"), "product", Created, "1", "2", "3", "4")
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.links SET store_state = 'trashed' WHERE woo_id = '3'`)
	require.NoError(t, err)

	var all, rest, some []string
	require.NoError(t, d.LinkedAfter(t.Context(), "demo", "product", "", 2, pairs(&all)))
	require.Equal(t, []string{"1 erp-1", "2 erp-2"}, all)
	require.NoError(t, d.LinkedAfter(t.Context(), "demo", "product", "2", 9, pairs(&rest)))
	require.Equal(t, []string{"4 erp-4"}, rest, "the store has 3 no more")
	require.NoError(t, d.Linked(t.Context(), "demo", "product", []string{"2", "9"}, []string{"erp-3", "erp-2"}, pairs(&some)))
	require.ElementsMatch(t, []string{"2 erp-2", "3 erp-3"}, some)
}

func TestOrdersThatHaveNotLanded(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	landPage(t, d, op, "order", Created, "1", "2")
	landPage(t, d, op, "order", Parked, "3")
	landPage(t, d, op, "product", Parked, "4")
	startPage(t, d, op, "order", "5")
	_, err := d.pool.ExecContext(t.Context(), `DELETE FROM tandem.raw_records WHERE woo_id = '5'`)
	require.NoError(t, err)

	var toLand []string
	require.NoError(t, d.OrdersToLand(t.Context(), "demo", copies(&toLand)))
	require.Equal(t, []string{`3 {"id":3}`, "5 "}, toLand)

	later := newOperation(t, d, "order")
	changed := startPage(t, d, later, "order")
	changed.Started = beginPage(t, d, PageStart{Operation: later, Instance: "demo", Entity: "order", ByID: true,
		Records: []flow.Record{{ID: "2", Raw: []byte(`{"id":2,"status":"completed"}`)}}})
	var landed []string
	require.NoError(t, d.LandedOrders(t.Context(), "demo", []string{"1", "2", "3"}, copies(&landed)))
	require.ElementsMatch(t, []string{`1 {"id":1}`, "2 "}, landed, "of 2 a newer copy was read since")
}

func TestStockPushesAreNoted(t *testing.T) {
	d := newDB(t)
	require.NoError(t, d.NoteStockPushes(t.Context(), "demo", []string{"1", "2", "1", "3"}, []string{"5", "4", "6", "0"}, []string{"1", "0", "2.5", "3"}))
	require.NoError(t, d.NoteStockPushes(t.Context(), "demo", []string{"3"}, []string{"3"}, []string{"0"}))
	require.NoError(t, d.NoteStockPushes(t.Context(), "other", []string{"1"}, []string{"1"}, []string{"1"}))
	var kept []string
	require.NoError(t, d.StockKeptBack(t.Context(), "demo", func(id, quantity string) { kept = append(kept, fmt.Sprint(id, " ", quantity)) }))
	require.Equal(t, []string{"1 2.5"}, kept)
}
