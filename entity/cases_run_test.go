package entity_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/instance"
	"tandem/schema/schematest"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// caseRun is one case with the ledger it is imported into.
type caseRun struct {
	t     *testing.T
	ec    mapping.Context
	books *sqlx.DB
	first map[erp.Key]*flow.Outcome // what became of every record at the first import
}

func readCase(t *testing.T, file string) oddstore.State {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "cases", file+".json"))
	require.NoError(t, err)
	var odd struct {
		Store oddstore.State `json:"store"`
	}
	require.NoError(t, json.Unmarshal(raw, &odd))
	if more, ok := besides[file]; ok {
		odd.Store.Orders = append(odd.Store.Orders, plainOrders(more[0], more[1])...)
	}
	return odd.Store
}

// plainOrders are orders of 10.00 each, by guests.
func plainOrders(first, count int) []json.RawMessage {
	var orders []json.RawMessage
	for id := first; id < first+count; id++ {
		orders = append(orders, fmt.Appendf(nil, `{"id": %[1]d, "number": "%[1]d", "status": "processing", "currency": "EUR",
			"date_created_gmt": "2026-03-02T09:30:00", "date_modified_gmt": "2026-03-02T09:30:00", "total": "10.00", "total_tax": "0.00",
			"billing": {"last_name": "Guest%[1]d", "email": "guest%[1]d@shop.invalid", "country": "FR"},
			"line_items": [{"id": 1, "name": "Thing 101", "product_id": 101, "quantity": 1, "subtotal": "10.00", "total": "10.00"}]}`, id))
	}
	return orders
}

func startCase(t *testing.T, odd oddstore.State) *caseRun {
	t.Helper()
	var plain oddstore.State
	require.NoError(t, json.Unmarshal([]byte(plainStore), &plain))
	store := oddstore.Start(t, plain.Merge(odd))
	client, err := woo.New(woo.Config{URL: store.URL, ConsumerKey: "ck", ConsumerSecret: "cs",
		Budget: budget.New(budget.Options{Rate: 2000, MaxRate: 5000, Concurrency: 8})})
	require.NoError(t, err)
	config := instance.DefaultConfig()
	config.General = instance.General{Warehouse: "WH", Currency: "EUR"}
	config.Product.ImportImages = false
	config.Payment.Term, config.Order.SalesTeam, config.Order.Salesperson = "immediate", "website", "admin"
	books := schematest.New(t)
	backend := ledger.Open(books)
	t.Cleanup(func() { require.NoError(t, backend.Close()) })
	return &caseRun{t: t, books: books, ec: mapping.Context{
		Instance: instance.Instance{ID: "odd", Name: "Odd", Config: config, Connection: instance.DefaultConnection(),
			Store: instance.StoreInfo{Currency: "EUR", Decimals: 2}},
		Store: client, Backend: backend,
		Workflows: []instance.SaleWorkflow{{ID: "paid", ValidateOrder: true, CreateInvoice: true, RegisterPayment: true, PaymentJournal: "BNK"}},
	}}
}

// importAll reads and lands every entity, each after those it needs.
func (r *caseRun) importAll() map[erp.Key]*flow.Outcome {
	r.t.Helper()
	results := map[erp.Key]*flow.Outcome{}
	for _, e := range entity.List(flow.Import) {
		require.NoError(r.t, r.importOne(e, flow.Filter{Kind: flow.All}, results), e.Name())
	}
	return results
}

// importOne adds to the results what became of the records of one entity.
func (r *caseRun) importOne(e mapping.Entity, filter flow.Filter, results map[erp.Key]*flow.Outcome) error {
	var recorded flowtest.Recorder
	if err := e.Run(context.Background(), r.ec, flow.Scan{Filter: filter}, &recorded); err != nil {
		return err
	}
	for _, result := range recorded.Results {
		results[result.Outcome.Key] = &result.Outcome
	}
	return nil
}
