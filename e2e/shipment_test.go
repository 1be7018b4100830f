package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
)

// TestShipmentsReachTheStore ships an order of the store in two parts on the command line, and finds two fulfillments in the store, each
// once: replies that are lost make no second one. Another tracking number follows.
func TestShipmentsReachTheStore(t *testing.T) {
	t.Parallel()
	options := wootest.Sized(20, 5, 0)
	options.Fulfillments = true
	store := openShop(t, options)
	x := serve(t)
	x.connect(store.URL)
	require.Equal(t, "fulfillments,note", get[gen.Instance](x, "/instances/"+instanceID).Store.Tracking, "it is probed at connect")
	x.importAll(everything)
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)

	schedule := gen.NewSchedule{Instance: instanceID, Kind: "tracking_push", EverySeconds: 3600}
	require.ErrorContains(t, x.api.Post(t.Context(), "/schedules", schedule, nil), "export.tracking", "nothing is written into a store before a person allows it")
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{"export": map[string]bool{"tracking": true}}}, nil))
	pushes := post[gen.Schedule](x, "/schedules", schedule)
	op := x.runSchedule(pushes, 1)
	require.Equal(t, []any{"done", 0}, []any{string(op.State), progressOf(op, "shipment").Read}, "what was shipped before is not told")

	order, sold := x.sellUnshipped(store)
	first := made[gen.LedgerDelivery](x, "ledger", "deliveries", "ship", order.ID, "--line", order.Lines[0].ID+":1", "--carrier", "DHL",
		"--tracking-number", "JD1", "--tracking-url", "https://dhl.example/JD1")
	require.Equal(t, []string{"done", "1"}, []string{string(first.State), first.Lines[0].Quantity})
	rest := made[gen.LedgerDelivery](x, "ledger", "deliveries", "ship", order.ID, "--carrier", "DHL", "--tracking-number", "JD2")

	store.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{
		{Route: "orders/#/fulfillments", Method: "POST", Times: 2, Body: []byte(`{`)}, // done, but the reply is lost
	}})
	runs := 1
	eventually(t, "both parts to be told", func() bool {
		runs++
		op = x.runSchedule(pushes, runs)
		require.Equal(t, "done", string(op.State), op.Error)
		return len(store.fulfillments(sold)) == 2
	})
	require.Equal(t, []string{"JD1", "JD2"}, trackingNumbers(store.fulfillments(sold)))
	require.Equal(t, "on-hold", store.orderStatus(sold), "the status is not touched")

	tracked := made[gen.LedgerDelivery](x, "ledger", "deliveries", "track", rest.ID, "--carrier", "DHL", "--tracking-number", "JD3")
	require.Equal(t, "JD3", tracked.TrackingNumber)
	eventually(t, "the other number to be told", func() bool {
		runs++
		x.runSchedule(pushes, runs)
		numbers := trackingNumbers(store.fulfillments(sold))
		return len(numbers) == 2 && numbers[1] == "JD3"
	})
	again := progressOf(x.export(flow.Filter{Kind: flow.IDs, IDs: []string{first.ID, rest.ID}}, "shipment"), "shipment")
	require.Equal(t, []int{2, 2}, []int{again.Read, again.Unchanged}, "%+v", again)

	links := get[gen.LinkPage](x, "/links?entity=shipment").Items
	require.Len(t, links, 2)
	require.Contains(t, []string{links[0].WooID, links[1].WooID}, sold+"/"+first.ID)
	jobs := get[gen.JobPage](x, "/jobs?entity=shipment").Items
	require.NotEmpty(t, jobs)
	require.Equal(t, []string{"export", "done"}, []string{string(jobs[0].Direction), string(jobs[0].State)})
}

// sellUnshipped sells three pieces in the store, with a status that no sale workflow takes up, and gives the ledger's order, confirmed, and
// the store's id.
func (x *tandem) sellUnshipped(store *shop) (gen.LedgerOrder, string) {
	x.t.Helper()
	var sold shopOrder
	store.write(http.MethodPost, "orders", map[string]any{
		"status": "on-hold", "line_items": []map[string]int{{"product_id": store.oneManaged(), "quantity": 3}},
		"billing": map[string]string{"first_name": "Ada", "email": "ada@example.com", "country": "FR"},
	}, &sold)
	id := strconv.Itoa(sold.ID)
	x.importAll(everything, "order")
	link := get[gen.LinkPage](x, "/links?entity=order&woo_id="+id).Items[0]
	return made[gen.LedgerOrder](x, "ledger", "orders", "validate", link.ERPID), id
}

// fulfillment is what the store says was sent of an order.
type fulfillment struct {
	Meta []shopMeta `json:"meta_data"`
}

func (s *shop) fulfillments(order string) []fulfillment {
	s.t.Helper()
	return list[fulfillment](s, "orders/"+order+"/fulfillments", nil)
}

func trackingNumbers(sent []fulfillment) []string {
	var numbers []string
	for _, f := range sent {
		for _, m := range f.Meta {
			if m.Key == "_tracking_number" {
				numbers = append(numbers, fmt.Sprint(m.Value))
			}
		}
	}
	return numbers
}
