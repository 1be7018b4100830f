package api_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"tandem/api"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/workflows"
)

// stubRuns notes what Temporal was asked, and answers with err.
type stubRuns struct {
	mu    sync.Mutex
	calls []string
	plans []*workflows.SaleOrderPlan // that retries came with
	err   error
}

var _ api.Runs = (*stubRuns)(nil)

func (s *stubRuns) note(call string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
	return s.err
}

func (s *stubRuns) StartOperation(_ context.Context, in workflows.OperationInput) error {
	return s.note("start " + in.ID)
}
func (s *stubRuns) PauseOperation(_ context.Context, id string) error  { return s.note("pause " + id) }
func (s *stubRuns) ResumeOperation(_ context.Context, id string) error { return s.note("resume " + id) }
func (s *stubRuns) CancelOperation(_ context.Context, id string) error { return s.note("cancel " + id) }
func (s *stubRuns) PauseOrder(_ context.Context, in, id string) error {
	return s.note("pause " + in + "/" + id)
}
func (s *stubRuns) ResumeOrder(_ context.Context, in, id string) error {
	return s.note("resume " + in + "/" + id)
}
func (s *stubRuns) CancelOrder(_ context.Context, in, id string) error {
	return s.note("cancel " + in + "/" + id)
}
func (s *stubRuns) TellWebhooks(_ context.Context, in string) error {
	return s.note("tell webhooks of " + in)
}
func (s *stubRuns) StartReport(_ context.Context, in workflows.ReportInput) error {
	return s.note("send " + in.Instance + " " + in.Period + " " + strconv.FormatBool(in.Again))
}
func (s *stubRuns) Ready(context.Context) error { return s.err }

func (s *stubRuns) RetryOrder(_ context.Context, in, id string, r workflows.RetryRequest) error {
	s.mu.Lock()
	s.plans = append(s.plans, r.Plan)
	s.mu.Unlock()
	return s.note("retry " + in + "/" + id + " from " + string(r.Step))
}

// stubSchedules notes what Temporal's schedules were made, and answers with err.
type stubSchedules struct {
	applied            []db.Schedule
	triggered, deleted []string
	next               time.Time
	err                error
}

func (s *stubSchedules) Apply(_ context.Context, row db.Schedule) error {
	s.applied = append(s.applied, row)
	return s.err
}

func (s *stubSchedules) Trigger(_ context.Context, row db.Schedule) error {
	s.triggered = append(s.triggered, row.ID)
	return s.err
}

func (s *stubSchedules) NextRun(context.Context, db.Schedule) (time.Time, error) {
	return s.next, s.err
}

func (s *stubSchedules) Delete(_ context.Context, row db.Schedule) error {
	s.deleted = append(s.deleted, row.ID)
	return s.err
}

// stubStore is a store that knows one pair of keys, or answers with err.
type stubStore struct {
	currencies string // of its orders
	err        error
	find       func(ctx context.Context, in instance.Instance, text string) ([]entity.StoreRecord, error) // nil finds nothing

	mu    sync.Mutex
	asked []string // what was looked for, after the instance
}

func (s *stubStore) FindInStore(ctx context.Context, in instance.Instance, text string) ([]entity.StoreRecord, error) {
	s.mu.Lock()
	s.asked = append(s.asked, in.ID+" "+text)
	s.mu.Unlock()
	if s.find == nil {
		return nil, s.err
	}
	return s.find(ctx, in, text)
}

// askedFor gives what was looked for, and forgets it.
func (s *stubStore) askedFor() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func (s *stubStore) Probe(_ context.Context, in instance.Instance, keys instance.Credentials) (instance.StoreInfo, error) {
	switch {
	case s.err != nil:
		return instance.StoreInfo{}, s.err
	case keys.ConsumerKey != consumerKey || keys.ConsumerSecret != consumerSecret || in.StoreURL != "https://shop.example.com":
		return instance.StoreInfo{}, fault.New(fault.Unauthorized, "the store refuses the keys")
	}
	return instance.StoreInfo{WooCommerce: "10.0.2", Currency: "EUR", Decimals: 2, OrderCurrencies: s.currencies}, nil
}

func (s *stubStore) CheckAuthorization(context.Context, instance.Instance) error { return s.err }

func (b *stubBackend) Release(_ context.Context, key erp.Key) error {
	b.released = append(b.released, key.String())
	return b.err
}

// stubBackend is an ERP that offers one of each thing. What it does not implement is the ledger's; an Odoo's panics.
type stubBackend struct {
	erp.Backend
	erp.Desk
	records map[string]string // ids by key
	figures map[string]erp.OrderFigures
	prices  []erp.ListedPrice // of the one list there is
	journal string            // id of the bank journal
	err     error
	panics  bool

	released []string // keys
}

func newStubBackend() *stubBackend {
	return &stubBackend{journal: "1", records: map[string]string{}, figures: map[string]erp.OrderFigures{}}
}

// stubBackends gives the ledger, and one Odoo to whoever has its address.
type stubBackends struct{ ledger, odoo *stubBackend }

func (b stubBackends) Backend(_ context.Context, in instance.Instance) (erp.Backend, error) {
	switch {
	case in.Backend == "ledger":
		return b.ledger, nil
	case in.ERPConnection["url"] != odooURL:
		return nil, fault.Field("url", "there is no Odoo under this address")
	default:
		return b.odoo, nil
	}
}

// odooURL is the address of the one Odoo there is.
const odooURL = "https://acme.odoo.com"

func (b *stubBackend) Probe(context.Context) (erp.Info, error) {
	return erp.Info{Name: "Stub", Version: "1.0", Company: "One", CompanyID: "1", Warnings: []string{"no lots: install stock"}}, b.err
}

func (b *stubBackend) Options(context.Context) (erp.Options, error) {
	one := []erp.Choice{{ID: "1", Name: "One"}}
	return erp.Options{
		Companies: one, Warehouses: one, PaymentTerms: one, SalesTeams: one, Salespeople: one, Accounts: one,
		Currencies:     []erp.Choice{{ID: "EUR", Code: "EUR", Name: "Euro", Currency: "EUR"}, {ID: "USD", Code: "USD", Name: "Dollar", Currency: "USD"}},
		Taxes:          one,
		Journals:       []erp.Choice{{ID: b.journal, Code: "BNK1", Name: "Bank", Kind: "bank"}, {ID: "2", Code: "SAL", Name: "Sales", Kind: "sale"}},
		PaymentMethods: []erp.Choice{{ID: "manual", Name: "Manual"}},
		PriceLists:     []erp.Choice{{ID: "71", Name: "Demo Regular EUR", Currency: "EUR"}},
	}, b.err
}

func (b *stubBackend) Lookup(_ context.Context, keys []erp.Key) ([]string, error) {
	if b.panics {
		panic("out of order")
	}
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = b.records[key.String()]
	}
	return ids, b.err
}

// Prices gives the list regular-EUR; its cursors are the places prices have.
func (b *stubBackend) Prices(_ context.Context, list erp.Key, after string, limit int) ([]erp.ListedPrice, string, error) {
	if list.String() != "demo/price_list/regular-EUR" {
		return nil, "", fault.New(fault.NotFound, "there is no such price list")
	}
	from, _ := strconv.Atoi(after) // 0 is the first page
	to := min(from+limit, len(b.prices))
	if to == len(b.prices) {
		return b.prices[from:], "", b.err
	}
	return b.prices[from:to], strconv.Itoa(to), b.err
}

// Adopt knows the records with the ids 4711 and 4712.
func (b *stubBackend) Adopt(_ context.Context, key erp.Key, id string) error {
	if !slices.Contains([]string{"4711", "4712"}, id) {
		return fault.New(fault.NotFound, "there is no such record")
	}
	b.records[key.String()] = id
	return b.err
}

func (b *stubBackend) OrderLines(_ context.Context, keys []erp.Key) ([][]erp.LineFigures, error) {
	return make([][]erp.LineFigures, len(keys)), b.err
}

func (b *stubBackend) OrderFigures(_ context.Context, keys []erp.Key) ([]erp.OrderFigures, error) {
	figures := make([]erp.OrderFigures, len(keys))
	for i, key := range keys {
		figures[i] = b.figures[key.String()]
	}
	return figures, b.err
}

// sampleFigures is an order of 119.88 EUR, half of whose way is done.
func sampleFigures() erp.OrderFigures {
	return erp.OrderFigures{
		ID: "9", Currency: "EUR", Total: decimal.RequireFromString("119.88"), Tax: decimal.RequireFromString("19.98"),
		Taxes: []erp.OrderTax{{Label: "VAT", Rate: decimal.NewFromInt(20), Amount: decimal.RequireFromString("19.98")}},
		State: erp.OrderState{ID: "9", Stage: erp.Confirmed, Invoiced: true, PartlyShipped: true, InvoiceNumber: "INV/2026/00001", Due: decimal.RequireFromString("119.88")},
	}
}

// stubPlanner has a price of every product written.
type stubPlanner struct{}

func (stubPlanner) Plan(_ context.Context, asked mapping.PlanRequest) ([]mapping.Planned, error) {
	var plan []mapping.Planned
	for _, id := range asked.IDs {
		planned := mapping.Planned{ERPID: id, Action: mapping.PlanUpdate, Differences: []flow.Difference{{Field: "Regular price", ERP: "2", Store: "1"}}}
		if asked.Direction == flow.Import {
			planned = mapping.Planned{WooID: id, ERPID: "51", Action: mapping.PlanUnchanged, Kept: planned.Differences}
		}
		plan = append(plan, planned)
	}
	return plan, nil
}

// stubStock explains one product.
type stubStock struct{}

func (stubStock) ExplainStock(_ context.Context, _, id string) (entity.StockExplanation, error) {
	if id != "4012" {
		return entity.StockExplanation{}, fault.New(fault.NotFound, "%s is not linked", id)
	}
	return entity.StockExplanation{
		ID: id, ERPID: "17", Tracked: true, Field: "free", Figure: decimal.NewFromInt(10), KeptBack: decimal.NewFromInt(2), Buffer: 1,
		Quantity: decimal.NewFromInt(7), Places: []entity.StockPlace{{Warehouse: "WH", Quantities: erp.Quantities{OnHand: decimal.NewFromInt(10)}}},
		Orders: []entity.StockOrder{{ID: "1310", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Quantity: decimal.NewFromInt(2)}},
	}, nil
}
