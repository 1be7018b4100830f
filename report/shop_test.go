package report_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/open"
	"tandem/flow"
	"tandem/instance"
	"tandem/report"
	"tandem/schema/schematest"
	"tandem/woo"
	"tandem/woo/wootest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

// shop is a simulated store whose records land in a real ledger, and what Tandem keeps of that.
type shop struct {
	t     *testing.T
	ec    mapping.Context
	db    *db.DB
	raw   *sqlx.DB // the same database
	store *wootest.Server
}

func openShop(t *testing.T, o wootest.Options) *shop {
	t.Helper()
	s := &shop{t: t, store: wootest.Start(t, o)}
	s.db, s.raw = openDB(t)
	client, err := woo.New(woo.Config{
		URL: s.store.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret,
		Budget: budget.New(budget.Options{Rate: 2000, MaxRate: 5000, Concurrency: 8}),
	})
	require.NoError(t, err)
	backend := ledger.Open(s.raw)
	t.Cleanup(func() { require.NoError(t, backend.Close()) })
	s.ec = entitytest.Demo()
	s.ec.Store, s.ec.Backend, s.ec.Progress = client, backend, s.db
	s.ec.Instance.Config.General.Currencies = []string{"USD", "GBP"}
	s.ec.Instance.Config.Order.Statuses = nil
	s.ec.Instance.State, s.ec.Instance.Backend, s.ec.Instance.StoreURL = instance.Active, "ledger", s.store.URL
	s.ec.Instance.Config.Order.SalesTeam, s.ec.Instance.Config.Order.Salesperson = "website", "admin"
	_, err = s.db.CreateInstance(t.Context(), s.ec.Instance, instance.Credentials{ConsumerKey: "ck", ConsumerSecret: "cs"})
	require.NoError(t, err)
	return s
}

// openDB opens a fresh database twice: as Tandem does, and to look into it.
func openDB(t testing.TB) (*db.DB, *sqlx.DB) {
	t.Helper()
	url := schematest.URL(t)
	d, err := db.Open(t.Context(), url, db.Options{SecretKeys: [][]byte{[]byte(strings.Repeat("k", 32))}, ERPs: open.Drivers()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	raw, err := sqlx.Open("postgres", url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	return d, raw
}

// recorder keeps what a run does in the database, as chunks do.
type recorder struct {
	*shop
	operation, entity string
	started           db.PageStarted
	outcomes          map[string]flow.Outcome
}

func (r *recorder) Start(ctx context.Context, page flow.Page) (older []string, err error) {
	r.started, err = r.db.StartPage(ctx, db.PageStart{
		Operation: r.operation, Instance: r.ec.Instance.ID, Entity: r.entity, Records: page.Records, Missing: page.Missing, ByID: true,
	})
	return r.started.Older, err
}

func (r *recorder) Finish(ctx context.Context, page flow.Page, results []flow.Result) (more bool, err error) {
	for _, result := range results {
		r.outcomes[result.Record.ID] = result.Outcome
	}
	return true, r.db.FinishPage(ctx, db.PageResult{
		Operation: r.operation, Instance: r.ec.Instance.ID, Entity: r.entity, Results: results, Started: r.started, Next: page.Next,
	})
}

// pull imports an entity, or some of its records, and gives the outcomes by the store's ids.
func (s *shop) pull(name string, ids ...string) map[string]flow.Outcome {
	s.t.Helper()
	e, err := entity.Get(flow.Import, name)
	require.NoError(s.t, err)
	filter := flow.Filter{Kind: flow.All}
	if len(ids) > 0 {
		filter = flow.Filter{Kind: flow.IDs, IDs: ids}
	}
	operation, _, err := s.db.CreateOperation(s.t.Context(), db.Operation{
		Kind: "import", Direction: "import", Instances: []string{s.ec.Instance.ID}, Entities: []string{name}, Trigger: "api",
	})
	require.NoError(s.t, err)
	r := &recorder{shop: s, operation: operation.ID, entity: name, outcomes: map[string]flow.Outcome{}}
	require.NoError(s.t, e.Run(s.t.Context(), s.ec, flow.Scan{Filter: filter}, r))
	return r.outcomes
}

// pullLanding imports, and requires that everything landed.
func (s *shop) pullLanding(name string, ids ...string) map[string]flow.Outcome {
	s.t.Helper()
	outcomes := s.pull(name, ids...)
	for id, o := range outcomes {
		require.True(s.t, o.Landed(), "%s %s: %s %s", name, id, o.Code, o.Reason)
	}
	return outcomes
}

// pullCatalogue imports all that orders need.
func (s *shop) pullCatalogue() {
	s.t.Helper()
	for _, e := range entity.List(flow.Import) {
		if e.Name() != mapping.OrderName && e.Name() != mapping.RefundName {
			s.pull(e.Name())
		}
	}
}

// invoice confirms and invoices orders, so that they are in the books.
func (s *shop) invoice(ids ...string) {
	s.t.Helper()
	var confirm []erp.Ask[erp.ConfirmRequest]
	var invoice []erp.Ask[erp.InvoiceRequest]
	for _, id := range ids {
		key := erp.Key{Instance: s.ec.Instance.ID, Entity: mapping.OrderName, ID: id}
		confirm = append(confirm, erp.Ask[erp.ConfirmRequest]{Order: key})
		invoice = append(invoice, erp.Ask[erp.InvoiceRequest]{Order: key})
	}
	for i, result := range s.ec.Backend.ConfirmOrders(s.t.Context(), confirm) {
		require.NoError(s.t, result.Err, ids[i])
	}
	for i, result := range s.ec.Backend.InvoiceOrders(s.t.Context(), invoice) {
		require.NoError(s.t, result.Err, ids[i])
	}
}

// sales reads a report.
func (s *shop) sales(request report.Request) report.Sales {
	s.t.Helper()
	return readSales(s.t, s.db, []report.Zone{{Instance: s.ec.Instance.ID, Location: time.UTC}}, request)
}

func readSales(t testing.TB, d *db.DB, zones []report.Zone, request report.Request) report.Sales {
	t.Helper()
	sales, err := report.ReadSales(t.Context(), d, zones, request)
	require.NoError(t, err)
	return sales
}

// total gives what was sold in all, in whatever status, by currency.
func (s *shop) total() map[string]report.Cell {
	s.t.Helper()
	cells := map[string]report.Cell{}
	for _, c := range s.sales(report.Request{Filter: report.Filter{Statuses: []string{report.AnyStatus}}}).Cells {
		cells[c.Currency] = c
	}
	return cells
}

// texts gives amounts as text, for comparisons.
func texts(amounts map[string]decimal.Decimal) map[string]string {
	out := map[string]string{}
	for key, amount := range amounts {
		if !amount.IsZero() {
			out[key] = amount.String()
		}
	}
	return out
}

// perRate sums taxes by percentage.
func perRate(taxes []report.TaxSum) map[string]decimal.Decimal {
	sums := map[string]decimal.Decimal{}
	for _, t := range taxes {
		sums[t.Rate.String()] = sums[t.Rate.String()].Add(t.Amount)
	}
	return sums
}

// sell makes a paid order of a French customer.
func (s *shop) sell(fields woo.Fields) woo.Order {
	s.t.Helper()
	all := woo.Fields{
		"status": "processing", "payment_method": "bacs",
		"billing": woo.Fields{"first_name": "A", "last_name": "B", "country": "FR", "email": "a@shop.example"},
	}
	for name, value := range fields {
		all[name] = value
	}
	o, err := s.ec.Store.Orders.Create(s.t.Context(), all)
	require.NoError(s.t, err)
	return o
}

// refund gives something back of an order, and gives the id of the refund.
func (s *shop) refund(o woo.Order, fields woo.Fields) string {
	s.t.Helper()
	fields["api_refund"] = false
	r, err := s.ec.Store.Refunds.Of(o.ID).Create(s.t.Context(), fields)
	require.NoError(s.t, err)
	return o.ID.String() + "/" + r.ID.String()
}

// products lists what there is to sell.
func (s *shop) products() []woo.Product {
	s.t.Helper()
	page, err := s.ec.Store.Products.List(s.t.Context(), woo.ListOptions{})
	require.NoError(s.t, err)
	return page.Records
}

// byProduct gives the cells of products by their keys, of orders in whatever status.
func (s *shop) byProduct() map[string]report.Cell {
	s.t.Helper()
	cells := map[string]report.Cell{}
	for _, c := range s.sales(report.Request{
		Filter: report.Filter{Statuses: []string{report.AnyStatus}}, Dimensions: []report.Dimension{report.Product},
	}).Cells {
		if !c.IsTotal() {
			cells[c.Keys[0].Value] = c
		}
	}
	return cells
}
