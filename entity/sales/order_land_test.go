package sales

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo"
)

// numbered is a small order of a guest with the given id.
func numbered(id woo.ID, email string) orderRecord {
	o := priceOf("10", "10")
	o.ID, o.Billing = id, woo.Address{FirstName: "A", LastName: "B", Address1: "1 Rue", City: "Paris", Email: email}
	return orderRecord{Order: o}
}

func TestLandOrders(t *testing.T) {
	stub := &entitytest.Ledger{}
	ec := entitytest.Demo()
	ec.Backend = stub
	refused := numbered(2, "b@example.com")
	refused.Currency = "GBP"
	page := entitytest.PageOf(Orders, numbered(1, "a@example.com"), refused, numbered(3, "A@example.com"))
	results, err := entitytest.Land(context.Background(), ec, Orders, page)
	require.NoError(t, err)
	require.Equal(t, []string{"price lists 6", "orders 2", "partners 1", "orders 2"}, stub.Calls)
	require.Len(t, results, 3)
	require.Equal(t, erp.Created, results[0].Status)
	require.Equal(t, []string{"contact created", "order created"}, results[0].Steps)
	require.Equal(t, erp.Parked, results[1].Status)
	require.Equal(t, "unknown_currency", results[1].Code)
	require.Equal(t, entitytest.Key("order", "2"), results[1].Key)
	require.Equal(t, entitytest.Key("order", "3"), results[2].Key)
	require.Len(t, stub.Partners[0].Addresses, 2, "the same guest, who wrote the address in two ways")
	require.Equal(t, stub.Partners[0].Key, stub.Orders[1].Partner)

	_, err = Orders.Land(context.Background(), ec, page)
	require.NoError(t, err)
	require.Equal(t, []string{"orders 2"}, stub.Calls[4:], "price lists are made once per pull, customers once")
}

// Orders of new customers wait until those have landed, and are then written together with the others.
func TestOrdersOfAPageAreWrittenTogether(t *testing.T) {
	stub := &entitytest.Ledger{}
	ec := entitytest.Demo()
	ec.Backend = stub
	known := entitytest.PageOf(Orders, numbered(1, "a@example.com"))
	_, err := entitytest.Land(t.Context(), ec, Orders, known)
	require.NoError(t, err)
	stub.BindPartners()
	stub.Calls = nil

	page := entitytest.PageOf(Orders, numbered(1, "a@example.com"), numbered(2, "b@example.com"), numbered(3, "a@example.com"))
	results, err := Orders.Land(t.Context(), ec, page)
	require.NoError(t, err)
	require.Equal(t, []string{"orders 1", "partners 1", "orders 3"}, stub.Calls)
	for _, r := range results {
		require.Equal(t, erp.Created, r.Status)
	}
}

// A customer whom the ERP knew a moment ago, but whom it lacks when the order lands, lands again.
func TestOrderOfACustomerWhoWasTakenOutMeanwhile(t *testing.T) {
	stub := &entitytest.Ledger{}
	ec := entitytest.Demo()
	ec.Backend = stub
	page := entitytest.PageOf(Orders, numbered(1, "a@example.com"))
	_, err := entitytest.Land(t.Context(), ec, Orders, page)
	require.NoError(t, err)
	stub.BindPartners()
	stub.Calls, stub.Partners = nil, nil

	results, err := Orders.Land(t.Context(), ec, page)
	require.NoError(t, err)
	require.Equal(t, []string{"orders 1", "partners 1", "orders 1"}, stub.Calls)
	require.Equal(t, erp.Created, results[0].Status)
}

func TestOrderOfRefusedCustomer(t *testing.T) {
	first := numbered(1, "")
	wait := entitytest.Key("customer", "7")
	stub := &entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{
		entitytest.Key("guest", "order-1"): {Status: erp.Parked, Code: "unknown_partner", Reason: "merge them", Waits: []erp.Key{wait}},
	}}
	ec := entitytest.Demo()
	ec.Backend = stub
	results, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, first, numbered(2, "")))
	require.NoError(t, err)
	require.Equal(t, erp.Outcome{
		Key: entitytest.Key("order", "1"), Status: erp.Parked, Code: "unknown_partner",
		Reason: "the order's customer was refused: merge them", Waits: []erp.Key{wait},
	}, results[0])
	require.Nil(t, results[0].Plan)
	require.Equal(t, erp.Created, results[1].Status, "one bad customer stops no other order")
	require.Len(t, stub.Orders, 1)
}

func TestLandFailsAsAWhole(t *testing.T) {
	for _, call := range []string{"price lists", "partners", "orders"} {
		t.Log(call)
		stub := &entitytest.Ledger{Failing: call, Err: fault.New(fault.Unavailable, "gone")}
		ec := entitytest.Demo()
		ec.Backend = stub
		_, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, numbered(1, "")))
		require.True(t, fault.Is(err, fault.Unavailable), call)
	}
}

func TestRefusedPriceListFailsThePage(t *testing.T) {
	ec := entitytest.Demo()
	ec.Backend = &entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{
		entitytest.Key("price_list", "sale-USD"): {Status: erp.Failed, Reason: "USD is not active"},
	}}
	_, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, numbered(1, "")))
	require.ErrorContains(t, err, "sale-USD: USD is not active")
}

func TestChooseWorkflow(t *testing.T) {
	standard := instance.SaleWorkflow{ID: "default"}
	rules := []instance.WorkflowRule{
		{Match: "processing", Workflow: "default"}, {Match: "refunded", Workflow: "default"}, {Match: "packed", Workflow: "default"},
		{Match: "bacs", Workflow: "default"}, {Match: "on-hold", Workflow: "gone"},
	}
	for _, test := range []struct {
		name, through, status, gateway string
		runs, tells                    bool
	}{
		{"by status", instance.ThroughStatus, "processing", "cod", true, false},
		{"by custom status", instance.ThroughStatus, "packed", "cod", true, false},
		{"no rule for the status", instance.ThroughStatus, "completed", "bacs", false, false},
		{"a rule names the ended status", instance.ThroughStatus, "refunded", "bacs", true, false},
		{"cancelled", instance.ThroughStatus, "cancelled", "bacs", false, false},
		{"by gateway", instance.ThroughGateway, "on-hold", "bacs", true, false},
		{"no rule for the gateway", instance.ThroughGateway, "processing", "cod", false, false},
		{"ended, by gateway", instance.ThroughGateway, "refunded", "bacs", false, false},
		{"cancelled, by gateway", instance.ThroughGateway, "cancelled", "bacs", false, false},
		{"failed, by gateway", instance.ThroughGateway, "failed", "bacs", false, false},
		{"the rule's workflow was deleted", instance.ThroughStatus, "on-hold", "bacs", false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			ec := entitytest.Demo()
			ec.Instance.Store.Timezone = "UTC-10:00"
			ec.Workflows = []instance.SaleWorkflow{{ID: "other"}, standard}
			ec.Instance.Config.Order.ImportThrough, ec.Instance.Config.Order.Workflows = test.through, rules
			run, why := chooseWorkflow(ec, woo.Order{
				Status: test.status, PaymentMethod: test.gateway, DateCreated: entitytest.SomeTime, DatePaid: entitytest.SomeTime,
			})
			require.Equal(t, test.tells, why != "")
			if !test.runs {
				require.Nil(t, run)
				return
			}
			day := time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC)
			want := instance.PlanSale(standard, day, day)
			require.Equal(t, &want, run, "the day it was in the shop")
		})
	}
}

func TestUnchangedOrderStillAsksForItsWorkflow(t *testing.T) {
	ec := entitytest.Demo()
	ec.Workflows = []instance.SaleWorkflow{{ID: "default", ValidateOrder: true}}
	ec.Instance.Config.Order.Workflows = []instance.WorkflowRule{{Match: "processing", Workflow: "default"}}
	ec.Backend = &entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{
		entitytest.Key("order", "1"): {Status: erp.Unchanged}, entitytest.Key("order", "2"): {Status: erp.Parked, Code: "unknown_product"},
	}}
	results, err := entitytest.Land(context.Background(), ec, Orders, entitytest.PageOf(Orders, numbered(1, ""), numbered(2, "")))
	require.NoError(t, err)
	require.NotNil(t, results[0].Plan)
	require.Nil(t, results[1].Plan, "what did not land is not moved on")
}
