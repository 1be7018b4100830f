package e2e

import (
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo/wootest"
)

// instanceID is the one store connection of an installation.
const instanceID = "shop"

// runLimit bounds one import, or the sale workflows after it, with faults and other tests running beside it.
const runLimit = 10 * time.Minute

// connect makes, connects, configures and activates the instance of a store.
func (x *tandem) connect(storeURL string) gen.Instance {
	x.t.Helper()
	return x.connectAs(instanceID, storeURL)
}

// connectAs makes an instance of a store and activates it.
func (x *tandem) connectAs(id, storeURL string) gen.Instance {
	x.t.Helper()
	post[gen.Instance](x, "/instances", gen.NewInstance{
		ID: id, Name: "Shop " + id, StoreURL: storeURL,
		ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret,
	})
	return x.activate(id)
}

// activate connects, configures and activates an instance.
func (x *tandem) activate(id string) gen.Instance {
	x.t.Helper()
	connected := post[gen.Instance](x, "/instances/"+id+"/connect", nil)
	x.payByBank(id)
	config := x.configuration(connected)
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+id, map[string]any{"config": config}, nil))
	return post[gen.Instance](x, "/instances/"+id+"/activate", nil)
}

// payByBank makes the default sale workflow register payments too.
func (x *tandem) payByBank(id string) {
	x.t.Helper()
	w := instance.DefaultSaleWorkflow()
	w.PaymentMethod = "manual"
	for _, journal := range get[gen.Options](x, "/instances/"+id+"/options").Journals {
		if journal.Kind == "bank" {
			w.PaymentJournal = journal.ID
		}
	}
	require.NoError(x.t, x.api.Put(x.t.Context(), "/sale-workflows/"+w.ID, w, nil))
}

// configuration is a complete one: every status comes in, and what was paid for goes through the default sale workflow.
func (x *tandem) configuration(in gen.Instance) instance.Config {
	x.t.Helper()
	options := get[gen.Options](x, "/instances/"+in.ID+"/options")
	c := in.Config
	c.General = instance.General{
		Company: options.Companies[0].ID, Warehouse: options.Warehouses[0].ID, Currency: in.Store.Currency,
		MultiCurrency: true, Currencies: []string{"USD", "GBP"},
	}
	c.Payment.Term = options.PaymentTerms[0].ID
	c.Order.Prefix = "WOO/"
	c.Order.Statuses = []string{"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "packed"}
	c.Order.SalesTeam, c.Order.Salesperson = options.SalesTeams[0].ID, options.Salespeople[0].ID
	c.Order.Workflows = []instance.WorkflowRule{
		{Match: "processing", Workflow: instance.DefaultWorkflowID}, {Match: "completed", Workflow: instance.DefaultWorkflowID},
	}
	c.Webhook.Topics = []string{"order.created"}
	return c
}

var everything = flow.Filter{Kind: flow.All}

// begin asks for an import of some entities, or of all when none is named.
func (x *tandem) begin(filter flow.Filter, entities ...string) gen.Operation {
	x.t.Helper()
	return post[gen.Operation](x, "/operations", gen.NewOperation{Instances: []string{instanceID}, Entities: entities, Filter: filter})
}

// importAll imports and waits for the end, which must be a good one.
func (x *tandem) importAll(filter flow.Filter, entities ...string) gen.Operation {
	x.t.Helper()
	op := x.ended(x.begin(filter, entities...).ID)
	require.Equal(x.t, "done", string(op.State), "the import failed: %s", op.Error)
	return op
}

// ended waits for the end of an operation. An API that does not answer for a while is asked again.
func (x *tandem) ended(id string) gen.Operation {
	x.t.Helper()
	return x.operation(id, "its end", func(op gen.Operation) bool {
		return op.State == "done" || op.State == "failed" || op.State == "cancelled"
	})
}

// operation waits until an operation is as wanted.
func (x *tandem) operation(id, what string, wanted func(gen.Operation) bool) gen.Operation {
	x.t.Helper()
	var op gen.Operation
	eventually(x.t, "operation "+id+": "+what, func() bool {
		op = gen.Operation{}
		return x.api.Get(x.t.Context(), "/operations/"+id, nil, &op) == nil && wanted(op)
	})
	return op
}

// salesMoved waits until no sale workflow moves any more, nor a refund that waited for one, and gives their number by state.
func (x *tandem) salesMoved() map[string]int {
	x.t.Helper()
	states := x.salesEnded()
	x.refundsBooked()
	return states
}

// salesEnded waits until no sale workflow moves any more, and gives their number by state.
func (x *tandem) salesEnded() map[string]int {
	x.t.Helper()
	var counted gen.OrderCounts
	eventually(x.t, "the sale workflows", func() bool {
		counted = gen.OrderCounts{}
		err := x.api.Get(x.t.Context(), "/orders/counts", map[string][]string{"instance": {instanceID}}, &counted)
		return err == nil && counted.States["due"]+counted.States["running"] == 0
	})
	return counted.States
}

// refundsBooked waits until no refund waits any more for an order whose sale workflow is over.
func (x *tandem) refundsBooked() {
	x.t.Helper()
	eventually(x.t, "the refunds of orders that were sold", func() bool {
		return x.number(`SELECT count(*) FROM tandem.queue_jobs j
		  WHERE j.entity = 'refund' AND (j.state IN ('waiting', 'in_progress') OR j.state = 'parked' AND j.code = 'order_in_progress' AND EXISTS (
		    SELECT FROM tandem.order_runs r WHERE r.instance = j.instance AND r.woo_id = split_part(j.woo_id, '/', 1) AND r.state IN ('done', 'cancelled')))`) == 0
	})
}

// order waits until a sale workflow is in a state.
func (x *tandem) order(wooID, state string) gen.Order {
	x.t.Helper()
	var o gen.Order
	eventually(x.t, "order "+wooID+" to be "+state, func() bool {
		o = gen.Order{}
		err := x.api.Get(x.t.Context(), "/orders/"+instanceID+"/"+wooID, nil, &o)
		// An ERP that is busy may not give the amounts in time; those of an order that is done are there once it does.
		return err == nil && string(o.State) == state && (state != "done" || o.Figures != nil)
	})
	return o
}

// retried has a blocked order look again until it is done. It does so of its own accord too, and refuses a retry while it runs.
func (x *tandem) retried(wooID string) gen.Order {
	x.t.Helper()
	at := "/orders/" + instanceID + "/" + wooID
	eventually(x.t, "order "+wooID+" to look again", func() bool {
		var o gen.Order
		if x.api.Get(x.t.Context(), at, nil, &o) == nil && o.State == "blocked" {
			_ = x.api.Post(x.t.Context(), at+"/retry", nil, nil)
		}
		return o.State == "done"
	})
	return x.order(wooID, "done")
}

// progressOf finds an entity's progress in an operation.
func progressOf(op gen.Operation, entity string) gen.Progress {
	for _, p := range op.Progress {
		if p.Entity == entity {
			return p
		}
	}
	return gen.Progress{}
}
