package entity

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/woo"
	"tandem/woo/wootest"
)

// connect opens a simulated store as the instance's.
func connect(t *testing.T, o wootest.Options) (mapping.Context, *wootest.Server) {
	t.Helper()
	store := wootest.Start(t, o)
	client, err := woo.New(woo.Config{
		URL: store.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret,
		Budget: budget.New(budget.Options{Rate: 2000, MaxRate: 5000, Concurrency: 8}),
	})
	require.NoError(t, err)
	ec := entitytest.Demo()
	ec.Store, ec.Backend = client, &entitytest.Ledger{}
	ec.Instance.Config.General.Currencies = []string{"USD", "GBP"}
	ec.Instance.Config.Order.Statuses = nil
	return ec, store
}

// pull reads the entity of a name to its end and lands it.
func pull(t *testing.T, ec mapping.Context, name string, f flow.Filter, from flow.Cursor) (pages []flow.Page, results []flow.Outcome) {
	t.Helper()
	e, err := Get(flow.Import, name)
	require.NoError(t, err)
	return entitytest.Pull(t, ec, e, f, from)
}

// TestImportDemoStore reads everything a full store has and compares with what the store itself counts.
func TestImportDemoStore(t *testing.T) {
	ec, store := connect(t, wootest.Demo())
	ec.Instance.Config.Product.ImportImages = true
	ec.Instance.Config.Order.ImportNotes = true
	stub := &entitytest.Ledger{}
	ec.Backend = stub
	for _, e := range List(flow.Import) {
		_, results := pull(t, ec, e.Name(), flow.Filter{Kind: flow.All}, nil)
		for _, r := range results {
			require.Equal(t, erp.Created, r.Status, "%s: %s", r.Key, r.Reason)
		}
	}
	require.Equal(t, store.Count("products"), len(stub.Products))
	require.Equal(t, store.Count("customers"), count(stub.Partners, func(p erp.Partner) bool { return !p.KeepExisting }))
	require.Equal(t, store.Count("coupons"), len(stub.Coupons))

	totals, counts := map[string]decimal.Decimal{}, map[string]int{}
	for _, o := range stub.Orders {
		entitytest.RequireConserved(t, o)
		require.NotEqual(t, erp.RoundingLine, o.Lines[len(o.Lines)-1].Kind, "%s needs no rounding", o.Key)
		totals[o.Currency] = totals[o.Currency].Add(o.Total)
		counts[o.Currency]++
	}
	require.Len(t, totals, 3)
	for currency, want := range store.OrderTotals() {
		require.Equal(t, want.Count, counts[currency], currency)
		entitytest.RequireAmount(t, want.Total.String(), totals[currency], currency)
	}
	stock := store.Stock()
	require.NotEmpty(t, stub.Counts)
	for _, c := range stub.Counts {
		id, err := strconv.Atoi(c.Key.ID)
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(stock[id]), c.Free.String(), "stock of %d", id)
		delete(stock, id)
	}
	require.Empty(t, stock, "every figure of the store is counted")
	requireImages(t, stub.Products)
	requireNotes(t, stub.Orders)
}

func count[E any](list []E, holds func(E) bool) int {
	n := 0
	for _, e := range list {
		if holds(e) {
			n++
		}
	}
	return n
}

func requireImages(t *testing.T, products []erp.Product) {
	t.Helper()
	images := 0
	for _, p := range products {
		for _, image := range p.Images {
			images++
			require.Regexp(t, "^sha256:[0-9a-f]{64}$", image.Digest)
			require.Positive(t, image.Size)
		}
	}
	require.Positive(t, images)
}

func requireNotes(t *testing.T, orders []erp.Order) {
	t.Helper()
	require.Positive(t, count(orders, func(o erp.Order) bool { return len(o.Notes) > 0 }))
}

func small() wootest.Options {
	return wootest.Options{Seed: 3, Products: 30, Variable: 6, Customers: 5, Orders: 250, Currencies: []string{"EUR"}}
}

func TestPullGoesOnAtItsCursor(t *testing.T) {
	ec, store := connect(t, small())
	pages, results := pull(t, ec, "order", flow.Filter{Kind: flow.All}, nil)
	require.Greater(t, len(pages), 2)
	require.Equal(t, store.Count("orders"), len(results))
	_, rest := pull(t, ec, "order", flow.Filter{Kind: flow.All}, pages[0].Next)
	require.Len(t, rest, len(results)-len(pages[0].Records))
	require.Equal(t, results[len(pages[0].Records)].Key, rest[0].Key)
	require.GreaterOrEqual(t, pages[0].Total, len(results), "the store counts drafts too")
	require.False(t, pages[0].StoreTime.IsZero())
}

func TestPullByStatus(t *testing.T) {
	ec, _ := connect(t, small())
	ec.Instance.Config.Order.Statuses = []string{"completed"}
	pages, _ := pull(t, ec, "order", flow.Filter{Kind: flow.All}, nil)
	for _, page := range pages {
		for _, r := range page.Records {
			require.Equal(t, "completed", r.Status)
		}
	}
	require.NotEmpty(t, pages[0].Records)
}

func TestPullIDs(t *testing.T) {
	ec, _ := connect(t, small())
	all, _ := pull(t, ec, "product", flow.Filter{Kind: flow.All}, nil)
	first, last := all[0].Records[0].ID, all[0].Records[20].ID
	pages, results := pull(t, ec, "product", flow.Filter{Kind: flow.IDs, IDs: []string{last, "999999", first, last}}, nil)
	require.Len(t, pages, 1)
	require.Equal(t, []string{"999999"}, entitytest.MissingIDs(pages[0].Missing))
	require.Equal(t, 3, pages[0].Total)
	require.Equal(t, []string{first, last}, []string{results[0].Key.ID, results[1].Key.ID})

	done, _ := pull(t, ec, "product", flow.Filter{Kind: flow.IDs, IDs: []string{first}}, pages[0].Next)
	require.Empty(t, done[0].Records, "all of it lies before the cursor")
}

func TestPullIDsOfShortLists(t *testing.T) {
	ec, _ := connect(t, small())
	for _, name := range []string{"payment_gateway", "tax", "tax_class", "shipping_zone", "attribute"} {
		all, _ := pull(t, ec, name, flow.Filter{Kind: flow.All}, nil)
		require.NotEmpty(t, all[0].Records, name)
		id := all[0].Records[0].ID
		pages, _ := pull(t, ec, name, flow.Filter{Kind: flow.IDs, IDs: []string{id, "77777", id}}, nil)
		require.Len(t, pages[0].Records, 1, name)
		require.Equal(t, []string{"77777"}, entitytest.MissingIDs(pages[len(pages)-1].Missing), name)
	}
}

func TestPullChangesAndRange(t *testing.T) {
	ec, store := connect(t, small())
	later := time.Now().UTC().Add(-time.Minute)
	pages, _ := pull(t, ec, "order", flow.Filter{Kind: flow.Changes, From: later}, nil)
	require.Empty(t, pages[0].Records, "nothing has changed yet")

	all, _ := pull(t, ec, "order", flow.Filter{Kind: flow.All}, nil)
	id, err := strconv.ParseInt(all[0].Records[7].ID, 10, 64)
	require.NoError(t, err)
	_, err = ec.Store.Orders.Update(context.Background(), woo.ID(id), woo.Fields{"transaction_id": "tx_9"})
	require.NoError(t, err)
	pages, results := pull(t, ec, "order", flow.Filter{Kind: flow.Changes, From: later}, nil)
	require.Len(t, results, 1)
	require.Equal(t, all[0].Records[7].ID, pages[0].Records[0].ID)

	orders := ec.Backend.(*entitytest.Ledger).Orders
	from, to := orders[10].Date, orders[20].Date
	want := count(orders[:store.Count("orders")], func(o erp.Order) bool { return !o.Date.Before(from) && o.Date.Before(to) })
	_, results = pull(t, ec, "order", flow.Filter{Kind: flow.Range, From: from, To: to}, nil)
	require.Len(t, results, want)
	require.Equal(t, orders[10].Key, results[0].Key, "the beginning is part of the range")
}

func TestPullRefusesAFilter(t *testing.T) {
	scan := flow.Scan{Filter: flow.Filter{Kind: flow.Range, From: time.Now()}}
	customer, err := Get(flow.Import, "customer")
	require.NoError(t, err)
	err = customer.Run(context.Background(), entitytest.Demo(), scan, &flowtest.Recorder{})
	require.True(t, fault.Is(err, fault.Invalid))
}

func TestFewestRequests(t *testing.T) {
	ec, _ := connect(t, small())
	before := ec.Store.Requests()
	pull(t, ec, "product", flow.Filter{Kind: flow.All}, nil)
	require.EqualValues(t, 1+6, ec.Store.Requests()-before, "one page and one list per variable product")
	before = ec.Store.Requests()
	_, results := pull(t, ec, "order", flow.Filter{Kind: flow.All}, nil)
	require.EqualValues(t, (len(results)+102)/100, ec.Store.Requests()-before)
}

func TestUnreachableStoreEndsThePull(t *testing.T) {
	client, err := woo.New(woo.Config{URL: "http://127.0.0.1:9", ConsumerKey: "ck", ConsumerSecret: "cs", Tries: 1})
	require.NoError(t, err)
	ec := entitytest.Demo()
	ec.Store = client
	for _, name := range []string{"order", "tax_class", "shipping_zone", "tax"} {
		e, err := Get(flow.Import, name)
		require.NoError(t, err)
		err = e.Run(context.Background(), ec, flow.Scan{Filter: flow.Filter{Kind: flow.All}}, &flowtest.Recorder{})
		require.True(t, fault.Is(err, fault.Unavailable), name)
	}
}

func TestFilterKindsOfEveryEntity(t *testing.T) {
	for _, e := range List(flow.Import) {
		require.NoError(t, e.Accepts(flow.Filter{Kind: flow.All}))
		require.NoError(t, e.Accepts(flow.Filter{Kind: flow.Changes}))
		dated := slices.Contains([]string{"product", "coupon", "order", "refund"}, e.Name())
		require.Equal(t, dated, e.Accepts(flow.Filter{Kind: flow.Range, From: time.Unix(1, 0)}) == nil, e.Name())
	}
}

func TestNeeds(t *testing.T) {
	require.Equal(t, map[string][]string{
		"order": {"product", "tax"}, "product": {"category"},
	}, Needs(flow.Import, []string{"order", "product", "tax", "tag", "brand", "category"}))
}
