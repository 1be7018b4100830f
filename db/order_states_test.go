package db

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOrderStates(t *testing.T) {
	d := newDB(t)
	for i := range 5 {
		_, err := d.SetLink(t.Context(), Link{Instance: "demo", Entity: "order", WooID: fmt.Sprint(10 + i), ERPID: fmt.Sprint(90 + i)})
		require.NoError(t, err)
	}
	for _, other := range []Link{{Instance: "other", Entity: "order", WooID: "10", ERPID: "90"}, {Instance: "demo", Entity: "product", WooID: "9", ERPID: "90"}} {
		_, err := d.SetLink(t.Context(), other)
		require.NoError(t, err)
	}
	require.NoError(t, d.NoteOrderStates(t.Context(), "demo", []string{"11", "12", "11"}, []string{"old", "confirmed, shipped: completed", "confirmed: "}, []bool{true, true, false}))

	open := func(after string, limit int) (list []string) {
		require.NoError(t, d.OpenOrders(t.Context(), "demo", after, limit, func(wooID, erpID, noted string) {
			list = append(list, wooID+" "+erpID+" "+noted)
		}))
		return list
	}
	require.Equal(t, []string{"10 90 ", "11 91 confirmed: ", "13 93 "}, open("", 3), "12 is finished")
	require.Equal(t, []string{"14 94 "}, open("13", 3))
	require.Empty(t, open("14", 3))

	var asked []string
	require.NoError(t, d.OrdersInERP(t.Context(), "demo", []string{"92", "90", "7"}, func(wooID, erpID, noted string) {
		asked = append(asked, wooID+" "+erpID+" "+noted)
	}))
	require.Equal(t, []string{"10 90 ", "12 92 confirmed, shipped: completed"}, asked)

	require.NoError(t, d.NoteOrderStates(t.Context(), "demo", []string{"12"}, []string{"confirmed: "}, []bool{false}))
	require.Len(t, open("", 10), 5, "an order can become unfinished again")
}
