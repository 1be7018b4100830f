package record

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/fault"
)

// loader is a store in an Odoo that refuses the records named in bad.
func loader(bad ...string) (*Store, *rpctest.Calls) {
	c := rpctest.Loads(bad...)
	return New(&rpc.Client{Caller: c}, "", nil), c
}

func people(names ...string) []*Record {
	return rpc.Map(names, func(name string) *Record {
		return &Record{Name: "customer_demo_" + name, Cells: []rpc.Cell{rpc.TextCell("name", name)}}
	})
}

func TestGoodRecordsAreLoadedWithOneCall(t *testing.T) {
	b, c := loader()

	results, err := b.Load(t.Context(), "res.partner", people("ann", "ben"))

	require.NoError(t, err)
	require.Equal(t, []Loaded{{ID: 100}, {ID: 101}}, results)
	require.Len(t, c.Made, 1)
	require.Equal(t, []string{"id", "name"}, c.Made[0].Args["fields"])
	require.Equal(t, [][]string{{"tandem.customer_demo_ann", "ann"}, {"tandem.customer_demo_ben", "ben"}}, c.Made[0].Args["data"])
	require.Equal(t, false, c.Made[0].Context["active_test"], "archived records are found")
	require.Equal(t, true, c.Made[0].Context["tracking_disable"])
}

func TestABadRecordStopsNoOther(t *testing.T) {
	b, c := loader("bad")

	results, err := b.Load(t.Context(), "res.partner", people("ann", "ben", "bad", "cid", "dan"))

	require.NoError(t, err)
	require.NotNil(t, results[2].Refused)
	require.Equal(t, "odoo_refused", results[2].Refused.Code)
	require.Contains(t, results[2].Refused.Reason, "res.partner.name")
	require.NotContains(t, results[2].Refused.Reason, "Jane")
	for _, i := range []int{0, 1, 3, 4} {
		require.NotZero(t, results[i].ID, i)
	}
	require.Len(t, c.Made, 4, "all, the two that were blamed, the rest")
}

func TestWhenNobodyIsBlamedTheBatchIsHalved(t *testing.T) {
	c := &rpctest.Calls{Answer: func(made rpc.Call) (any, error) {
		rows := made.Args["data"].([][]string)
		if slices.ContainsFunc(rows, func(row []string) bool { return row[1] == "bad" }) {
			return nil, fault.New(fault.Invalid, "raised")
		}
		return map[string]any{"ids": make([]int64, len(rows)), "messages": []any{}}, nil
	}}
	results, err := New(&rpc.Client{Caller: c}, "", nil).Load(t.Context(), "res.partner", people("a", "b", "bad", "d"))
	require.NoError(t, err)
	require.NotNil(t, results[2].Refused)
	require.Nil(t, results[3].Refused)
	require.Len(t, c.Made, 5, "4, 2, 2, 1, 1")
}

func TestALostRaceToldAsAMessageIsTriedAgain(t *testing.T) {
	c := &rpctest.Calls{Answer: func(rpc.Call) (any, error) {
		return map[string]any{"ids": false, "messages": []any{map[string]any{"type": "error", "record": 0,
			"message": "could not serialize access due to concurrent update"}}}, nil
	}}
	_, err := New(&rpc.Client{Caller: c}, "", nil).Load(t.Context(), "res.partner", people("ann"))
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.Len(t, c.Made, 1)
}

func TestRecordsWithOtherColumnsGoIntoAnotherSheet(t *testing.T) {
	b, c := loader()
	records := people("ann", "ben", "cid")
	records[1].Cells = append(records[1].Cells, rpc.TextCell("x_loyalty", "gold"))

	results, err := b.Load(t.Context(), "res.partner", records)

	require.NoError(t, err)
	require.Equal(t, []Loaded{{ID: 100}, {ID: 100}, {ID: 101}}, results)
	require.Len(t, c.Made, 2)
	require.Equal(t, []string{"id", "name", "x_loyalty"}, c.Made[1].Args["fields"])
}

func TestManyRecordsGoInChunks(t *testing.T) {
	b, c := loader()
	results, err := b.Load(t.Context(), "res.partner", people(strings.Split(strings.Repeat("x,", 2*loadSize), ",")...))
	require.NoError(t, err)
	require.Len(t, results, 2*loadSize+1)
	require.Len(t, c.Made, 3)
}

func TestLinesBecomeRowsBelowTheirRecord(t *testing.T) {
	columns, rows := sheet([]*Record{
		{Name: "order_demo_1", Cells: []rpc.Cell{rpc.TextCell("name", "W1")}, Lines: [][]rpc.Cell{{rpc.TextCell("order_line/name", "a")}, {rpc.TextCell("order_line/name", "b")}}},
		{Name: "order_demo_2", Cells: []rpc.Cell{rpc.TextCell("name", "W2")}},
	})
	require.Equal(t, []string{"id", "name", "order_line/name"}, columns)
	require.Equal(t, [][]string{
		{"tandem.order_demo_1", "W1", "a"},
		{"", "", "b"},
		{"tandem.order_demo_2", "W2", ""},
	}, rows)
}

func TestABatchTooLargeForAProxyIsHalved(t *testing.T) {
	b, c := loader()
	answer := c.Answer
	c.Answer = func(made rpc.Call) (any, error) {
		if len(made.Args["data"].([][]string)) > 2 {
			return nil, &fault.Error{Kind: fault.Invalid, Code: rpc.CodeTooLarge, Message: "a proxy refuses requests of this size"}
		}
		return answer(made)
	}
	results, err := b.Load(t.Context(), "res.partner", people("a", "b", "c", "d", "e"))
	require.NoError(t, err)
	for _, r := range results {
		require.Nil(t, r.Refused)
	}
	require.Len(t, c.Made, 5)
}
