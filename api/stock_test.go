package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

func TestAStockFigureIsExplained(t *testing.T) {
	h := newHarness(t)
	h.active()
	e := decode[gen.StockExplanation](h.call("GET", "/instances/demo/stock/4012", nil).is(http.StatusOK))
	require.Equal(t, []string{"17", "10", "2", "7"}, []string{e.ERPID, e.Figure, e.KeptBack, e.Quantity})
	require.Equal(t, []string{"WH", "10"}, []string{e.Warehouses[0].Warehouse, e.Warehouses[0].Free})
	require.Equal(t, "1310", e.Orders[0].WooID)
	h.call("GET", "/instances/demo/stock/4013", nil).problem(http.StatusNotFound)
	h.call("GET", "/instances/none/stock/4012", nil).problem(http.StatusNotFound)
	h.call("GET", "/instances/demo/stock/x", nil).fields(http.StatusUnprocessableEntity, "woo_id")
}
