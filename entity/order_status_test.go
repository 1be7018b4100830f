package entity

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/entity/sales"
	"tandem/erp"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/instance"
	"tandem/woo"
	"tandem/woo/wootest"
)

// orderBook is an ERP that knows where orders stand, and what was noted of them.
type orderBook struct {
	*entitytest.Ledger
	states   map[string]erp.OrderState // by the store's id; the ERP's is the same with "9" before
	noted    map[string]string
	finished map[string]bool
}

func (b *orderBook) OrderFigures(_ context.Context, orders []erp.Key) ([]erp.OrderFigures, error) {
	figures := make([]erp.OrderFigures, len(orders))
	for i, key := range orders {
		figures[i].Key = key
		if state, ok := b.states[key.ID]; ok {
			figures[i].ID, figures[i].State = "9"+key.ID, state
		}
	}
	return figures, nil
}

func (b *orderBook) OpenOrders(_ context.Context, _, after string, limit int, found func(wooID, erpID, noted string)) error {
	for _, id := range slices.Sorted(maps.Keys(b.states)) {
		if limit > 0 && id > after && !b.finished[id] {
			limit--
			found(id, "9"+id, b.noted[id])
		}
	}
	return nil
}

func (b *orderBook) OrdersInERP(_ context.Context, _ string, erpIDs []string, found func(wooID, erpID, noted string)) error {
	for _, id := range erpIDs {
		if _, ok := b.states[id[1:]]; ok {
			found(id[1:], id, b.noted[id[1:]])
		}
	}
	return nil
}

func (b *orderBook) NoteOrderStates(_ context.Context, _ string, wooIDs, states []string, finished []bool) error {
	for i, id := range wooIDs {
		b.noted[id], b.finished[id] = states[i], finished[i]
	}
	return nil
}

// bookOf connects a store with orders of chosen statuses to an ERP in which they are confirmed.
func bookOf(t *testing.T, statuses ...string) (mapping.Context, *orderBook, *wootest.Server, []string) {
	t.Helper()
	ec, store := connect(t, wootest.Options{Seed: 3, Products: 5, Customers: 3, Orders: len(statuses), CustomStatuses: []string{"packed"}})
	book := &orderBook{Ledger: &entitytest.Ledger{}, states: map[string]erp.OrderState{}, noted: map[string]string{}, finished: map[string]bool{}}
	ec.Backend, ec.States = book, book
	page, err := ec.Store.Orders.List(t.Context(), woo.ListOptions{PerPage: 100, OrderBy: "id", Order: "asc"})
	require.NoError(t, err)
	page.Records = slices.DeleteFunc(page.Records, func(o woo.Order) bool { return o.Status == woo.OrderCheckoutDraft })
	var ids []string
	for i, o := range page.Records {
		_, err := ec.Store.Orders.Update(t.Context(), o.ID, woo.Fields{"status": statuses[i]})
		require.NoError(t, err)
		ids = append(ids, o.ID.String())
		book.states[o.ID.String()] = erp.OrderState{Stage: erp.Confirmed}
	}
	return ec, book, store, ids
}

func statusOf(t *testing.T, ec mapping.Context, id string) string {
	t.Helper()
	number, err := strconv.Atoi(id)
	require.NoError(t, err)
	o, err := ec.Store.Orders.Get(t.Context(), woo.ID(number))
	require.NoError(t, err)
	return o.Status
}

func pushStatuses(t *testing.T, ec mapping.Context, f flow.Filter, from flow.Cursor) *flowtest.Recorder {
	t.Helper()
	var r flowtest.Recorder
	require.NoError(t, sales.OrderStatuses.Run(t.Context(), ec, flow.Scan{Filter: f, From: from}, &r))
	return &r
}

var changes = flow.Filter{Kind: flow.Changes}

// lastCursor is where the scan for changes after this one goes on.
func lastCursor(r *flowtest.Recorder) flow.Cursor { return r.Pages[len(r.Pages)-1].Next }

func TestOrderStatusesFollowTheERP(t *testing.T) {
	ec, book, _, ids := bookOf(t, "processing", "processing", "processing")
	book.states[ids[2]] = erp.OrderState{Stage: erp.Confirmed, Invoiced: true, Paid: true, Shipped: true, Deliveries: 1}

	first := pushStatuses(t, ec, changes, nil)
	require.Empty(t, first.Results, "what became of orders before is noted and not told")
	require.Equal(t, "processing", statusOf(t, ec, ids[2]))

	book.states[ids[0]] = erp.OrderState{Stage: erp.Confirmed, Shipped: true, Deliveries: 1}
	second := pushStatuses(t, ec, changes, lastCursor(first))
	require.Len(t, second.Results, 1)
	outcome := second.Results[0].Outcome
	require.Equal(t, flow.Updated, outcome.Status, outcome.Reason)
	require.Equal(t, []string{ids[0], "9" + ids[0], "processing", "completed"}, []string{outcome.Key.ID, outcome.ID, outcome.Before, outcome.After})
	require.Equal(t, "completed", statusOf(t, ec, ids[0]))
	require.Equal(t, "processing", statusOf(t, ec, ids[1]))

	third := pushStatuses(t, ec, changes, lastCursor(second))
	require.Empty(t, third.Results, "nothing is told twice")

	all := pushStatuses(t, ec, flow.Filter{Kind: flow.All}, nil)
	require.Equal(t, []flow.Status{flow.Unchanged}, statusesOf(all), "of those that are open, one has come to a status")
}

func statusesOf(r *flowtest.Recorder) (statuses []flow.Status) {
	for _, o := range r.Outcomes() {
		statuses = append(statuses, o.Status)
	}
	return statuses
}

func TestOrderStatusPushed(t *testing.T) {
	shipped := erp.OrderState{Stage: erp.Confirmed, Invoiced: true, Paid: true, Shipped: true, Deliveries: 1}
	for name, tt := range map[string]struct {
		status  string
		state   erp.OrderState
		updates []instance.StatusUpdate
		want    string // afterwards; empty: as before
		outcome flow.Status
		code    string
	}{
		"shipped":                             {status: "processing", state: shipped, want: "completed", outcome: flow.Updated},
		"on hold and shipped":                 {status: "on-hold", state: shipped, want: "completed", outcome: flow.Updated},
		"cancelled":                           {status: "processing", state: erp.OrderState{Stage: erp.Cancelled}, want: "cancelled", outcome: flow.Updated},
		"said already":                        {status: "completed", state: shipped, outcome: flow.Unchanged},
		"refunded in the store":               {status: "refunded", state: shipped, outcome: flow.Unchanged},
		"cancelled in the store":              {status: "cancelled", state: shipped, outcome: flow.Parked, code: "status_conflict"},
		"completed there, cancelled here":     {status: "completed", state: erp.OrderState{Stage: erp.Cancelled}, outcome: flow.Parked, code: "status_conflict"},
		"nothing to deliver, unpaid":          {status: "on-hold", state: erp.OrderState{Stage: erp.Confirmed, Shipped: true}},
		"nothing to deliver, paid":            {status: "processing", state: erp.OrderState{Stage: erp.Confirmed, Shipped: true, Paid: true}, want: "completed", outcome: flow.Updated},
		"a quotation":                         {status: "processing", state: erp.OrderState{Stage: erp.Quotation}},
		"a status of a plugin":                {status: "processing", state: erp.OrderState{Stage: erp.Confirmed, PartlyShipped: true}, updates: []instance.StatusUpdate{{When: "partly_shipped", Status: "packed"}}, want: "packed", outcome: flow.Updated},
		"a status the store does not have":    {status: "processing", state: shipped, updates: []instance.StatusUpdate{{When: "shipped", Status: "sent"}}, outcome: flow.Parked, code: "unknown_status"},
		"the furthest counts":                 {status: "on-hold", state: shipped, updates: []instance.StatusUpdate{{When: "paid", Status: "processing"}, {When: "shipped", Status: "completed"}}, want: "completed", outcome: flow.Updated},
		"the store is further":                {status: "completed", state: erp.OrderState{Stage: erp.Confirmed, Paid: true}, updates: []instance.StatusUpdate{{When: "paid", Status: "processing"}}, outcome: flow.Unchanged},
		"without an update for what happened": {status: "processing", state: shipped, updates: []instance.StatusUpdate{{When: "cancelled", Status: "cancelled"}}},
	} {
		t.Run(name, func(t *testing.T) {
			ec, book, _, ids := bookOf(t, tt.status)
			ec.Instance.Config.Order.StatusUpdates = tt.updates
			book.states[ids[0]] = tt.state
			r := pushStatuses(t, ec, flow.Filter{Kind: flow.All}, nil)
			require.Equal(t, cmp.Or(tt.want, tt.status), statusOf(t, ec, ids[0]))
			if tt.outcome == "" {
				require.Empty(t, r.Results)
				return
			}
			require.Len(t, r.Results, 1)
			require.Equal(t, []any{tt.outcome, tt.code}, []any{r.Results[0].Outcome.Status, r.Results[0].Outcome.Code}, r.Results[0].Outcome.Reason)

			again := pushStatuses(t, ec, changes, flow.Cursor(`{}`))
			require.Empty(t, again.Results, "it is told again only when it comes further")
		})
	}
}

// The order keeps its lines, addresses and taxes: an order written back with them would have its taxes calculated again (N43, N44).
func TestAStatusPushWritesNothingElse(t *testing.T) {
	ec, book, _, ids := bookOf(t, "processing")
	number, err := strconv.Atoi(ids[0])
	require.NoError(t, err)
	before, err := ec.Store.Orders.Get(t.Context(), woo.ID(number))
	require.NoError(t, err)
	book.states[ids[0]] = erp.OrderState{Stage: erp.Confirmed, Shipped: true, Deliveries: 1}
	pushStatuses(t, ec, flow.Filter{Kind: flow.All}, nil)

	after, err := ec.Store.Orders.Get(t.Context(), woo.ID(number))
	require.NoError(t, err)
	require.Equal(t, "completed", after.Status)
	after.Status, after.DateModified, after.DateCompleted, after.Raw = before.Status, before.DateModified, before.DateCompleted, before.Raw
	require.Equal(t, before, after)
}

func TestOrderStatusesByID(t *testing.T) {
	ec, book, _, ids := bookOf(t, "processing", "processing")
	for _, id := range ids {
		book.states[id] = erp.OrderState{Stage: erp.Confirmed, Shipped: true, Deliveries: 1}
	}
	r := pushStatuses(t, ec, flow.Filter{Kind: flow.IDs, IDs: []string{"9" + ids[1], "8999999"}}, nil)
	require.Equal(t, []string{"8999999"}, r.MissingIDs())
	require.Equal(t, []flow.Status{flow.Updated}, statusesOf(r))
	require.Equal(t, "processing", statusOf(t, ec, ids[0]))
	require.Equal(t, "completed", statusOf(t, ec, ids[1]))
}

func TestAnOrderThatLeftTheERPIsToldOnce(t *testing.T) {
	ec, book, _, ids := bookOf(t, "processing")
	delete(book.states, ids[0])
	ec.States = &goneOrders{book, ids}
	r := pushStatuses(t, ec, changes, flow.Cursor(`{}`))
	require.Len(t, r.Results, 1)
	require.Equal(t, "not_in_erp", r.Results[0].Outcome.Code)
	require.True(t, book.finished[ids[0]])
	require.Equal(t, "processing", statusOf(t, ec, ids[0]))
}

// goneOrders are linked orders that the ERP does not have any more.
type goneOrders struct {
	*orderBook
	ids []string
}

func (g *goneOrders) OpenOrders(_ context.Context, _, _ string, _ int, found func(wooID, erpID, noted string)) error {
	for _, id := range g.ids {
		found(id, "9"+id, g.noted[id])
	}
	return nil
}

// A reply that is lost leaves the status written: it is found there, and ends the same.
func TestLostRepliesToAStatusPush(t *testing.T) {
	ec, book, store, ids := bookOf(t, "processing", "on-hold")
	for _, id := range ids {
		book.states[id] = erp.OrderState{Stage: erp.Confirmed, Shipped: true, Deliveries: 1}
	}
	store.SetFaults(wootest.Faults{Seed: 5, RateCut: 0.4})
	r := pushStatuses(t, ec, flow.Filter{Kind: flow.All}, nil)
	store.SetFaults(wootest.Faults{})
	require.Len(t, r.Results, 2)
	for i, id := range ids {
		require.True(t, r.Results[i].Outcome.Landed(), r.Results[i].Outcome.Reason)
		require.Equal(t, "completed", statusOf(t, ec, id))
	}
}

func TestThePagesOfAFirstScan(t *testing.T) {
	ec, book, _, _ := bookOf(t)
	for i := range 250 {
		book.states[strconv.Itoa(1000+i)] = erp.OrderState{Stage: erp.Confirmed, Shipped: true, Paid: true, Deliveries: 1}
	}
	r := pushStatuses(t, ec, changes, nil)
	require.Len(t, r.Pages, 3)
	require.Empty(t, r.Results)
	require.Len(t, book.finished, 250)

	again := pushStatuses(t, ec, changes, lastCursor(r))
	require.Empty(t, again.Results)
}
