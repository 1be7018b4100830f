package e2e

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/woo/wootest"
)

// soldOrders are the demo store's orders that are processing or completed.
const soldOrders = 400

// TestImportWholeStore imports a store with everything in it, compares both sides to the cent, and imports it again.
func TestImportWholeStore(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Demo())
	requireVariety(t, store)
	x := serve(t)
	x.connect(store.URL)

	op := x.importAll(everything)
	require.Equal(t, map[string]int{"done": soldOrders}, x.salesMoved())
	t.Run("counts", func(t *testing.T) { requireCounts(t, x, store, op) })
	t.Run("orders", func(t *testing.T) { requireOrders(t, x, store.orders()) })
	t.Run("stock", func(t *testing.T) { requireStock(t, x, store.stock()) })
	t.Run("books", func(t *testing.T) { requireBooks(t, x) })
	t.Run("price lists", func(t *testing.T) { requirePriceLists(t, x, store.prices()) })
	t.Run("refunds", func(t *testing.T) { requireRefunds(t, x, store) })
	t.Run("report", func(t *testing.T) { requireReport(t, x, store.orders()) })
	t.Run("again", func(t *testing.T) { requireUnchanged(t, x) })
}

// requireVariety makes sure that the store is worth importing.
func requireVariety(t *testing.T, store *shop) {
	t.Helper()
	kinds := map[string]int{}
	products := store.products()
	for _, p := range products {
		kinds[p.Type]++
	}
	require.GreaterOrEqual(t, len(products), 300)
	require.Equal(t, 60, kinds["variable"])
	require.Positive(t, kinds["grouped"]*kinds["external"])
	require.Len(t, store.customers(), 200)

	orders := store.orders()
	require.Len(t, orders, 500)
	statuses, currencies, rates, seen := map[string]int{}, map[string]int{}, map[int]bool{}, map[string]int{}
	for _, o := range orders {
		statuses[o.Status]++
		currencies[o.Currency]++
		for _, line := range o.Taxes {
			rates[line.Rate] = rates[line.Rate] || !line.Tax.IsZero()
		}
		seen["coupon"] += len(o.Coupons)
		for _, fee := range o.Fees {
			seen["fee "+strconv.Itoa(fee.Total.Sign())]++
		}
		if o.Customer == 0 {
			seen["guest"]++
		}
	}
	require.Len(t, statuses, 8, "%v", statuses)
	require.Equal(t, soldOrders, statuses["processing"]+statuses["completed"])
	require.Len(t, currencies, 3, "%v", currencies)
	require.GreaterOrEqual(t, len(rates), 2)
	for _, what := range []string{"coupon", "fee 1", "fee -1", "guest"} {
		require.Positive(t, seen[what], what)
	}
}

// requireCounts compares the number of records of every entity.
func requireCounts(t *testing.T, x *tandem, store *shop, op gen.Operation) {
	want := map[string]int{
		"product": len(store.products()), "customer": len(store.customers()), "order": len(store.orders()),
		"category": len(list[shopProduct](store, "products/categories", nil)), "coupon": len(list[shopProduct](store, "coupons", nil)),
		"tax": len(list[shopProduct](store, "taxes", nil)), "attribute": len(read[[]shopProduct](store, "products/attributes")),
		"tag": len(list[shopProduct](store, "products/tags", nil)), "brand": len(list[shopProduct](store, "products/brands", nil)),
	}
	totals, err := x.backend.Totals(t.Context(), instanceID)
	require.NoError(t, err)
	for entity, n := range want {
		p := progressOf(op, entity)
		require.Equal(t, n, p.Created, "%s created: %+v", entity, p)
		require.Equal(t, n, totals.Records[entity], "%s in the ledger", entity)
	}
	for _, p := range op.Progress {
		if p.Entity == "refund" {
			continue // they wait for the sale workflows of their orders
		}
		require.Equal(t, p.Total, p.Read, p.Entity)
		require.Zero(t, p.Parked+p.Failed, p.Entity)
	}
	var imported []string
	for _, e := range get[gen.EntityList](x, "/entities").Items {
		if e.Filters[0].Accepted {
			imported = append(imported, e.Name)
		}
	}
	require.Len(t, op.Progress, len(imported))
}

// requireOrders compares order by order: the total, the tax of each rate, and how far it got.
func requireOrders(t *testing.T, x *tandem, orders []shopOrder) {
	keys := make([]erp.Key, len(orders))
	for i, o := range orders {
		keys[i] = erp.Key{Instance: instanceID, Entity: "order", ID: strconv.Itoa(o.ID)}
	}
	figures, err := x.backend.OrderFigures(t.Context(), keys)
	require.NoError(t, err)
	for i, o := range orders {
		landed := figures[i]
		require.NotEmpty(t, landed.ID, "order %d is missing", o.ID)
		require.Equal(t, o.Currency, landed.Currency, "order %d", o.ID)
		require.Equal(t, o.Total.StringFixed(2), landed.Total.StringFixed(2), "total of order %d", o.ID)
		require.Equal(t, o.Tax.StringFixed(2), landed.Tax.StringFixed(2), "tax of order %d", o.ID)
		require.Equal(t, o.taxes(), landedTaxes(landed.Taxes), "taxes of order %d", o.ID)
		state := landed.State
		require.Equal(t, o.sold(), state.Shipped && state.Paid && state.Invoiced, "order %d is %s in the store: %+v", o.ID, o.Status, state)
		require.Equal(t, o.sold(), state.Shipped || state.Paid || state.Invoiced, "order %d is %s in the store: %+v", o.ID, o.Status, state)
		require.Equal(t, o.Status == "cancelled", state.Stage == erp.Cancelled, "order %d is %s in the store", o.ID, o.Status)
	}
}

func landedTaxes(taxes []erp.OrderTax) map[string]string {
	texts := map[string]string{}
	for _, tax := range taxes {
		if !tax.Amount.IsZero() {
			number, _, _ := strings.Cut(tax.Tax.ID, "@")
			texts[number] = tax.Amount.StringFixed(2)
		}
	}
	return texts
}

// requireStock compares what is free to use with what the store offers.
func requireStock(t *testing.T, x *tandem, stock map[string]int) {
	require.Greater(t, len(stock), 50, "the store counts too little to prove anything")
	var keys []erp.Key
	for id := range stock {
		keys = append(keys, erp.Key{Instance: instanceID, Entity: "product", ID: id})
	}
	warehouse := get[gen.Instance](x, "/instances/"+instanceID).Config.General.Warehouse
	figures, err := x.backend.Quantities(t.Context(), warehouse, keys)
	require.NoError(t, err)
	for i, f := range figures {
		require.Equal(t, strconv.Itoa(stock[keys[i].ID]), f.Free().String(), "stock of %s: %+v", keys[i].ID, f)
	}
}

// requireBooks checks the double entry, as a whole and invoice by invoice, and the numbering.
func requireBooks(t *testing.T, x *tandem) {
	totals, err := x.backend.Totals(t.Context(), instanceID)
	require.NoError(t, err)
	require.Equal(t, []int{soldOrders, soldOrders, soldOrders}, []int{totals.Invoiced, totals.Paid, totals.Shipped})
	require.Len(t, totals.Postings, 3)
	for _, p := range totals.Postings {
		require.True(t, p.Debit.IsPositive() && p.Debit.Equal(p.Credit), "postings in %s: %s and %s", p.Currency, p.Debit, p.Credit)
	}
	require.Zero(t, x.number(`
		SELECT count(*)
		FROM ledger.journal_entries e
		JOIN ledger.orders o ON o.id = e.order_id
		CROSS JOIN LATERAL (
		  SELECT sum(debit) AS debit, sum(credit) AS credit, sum(debit - credit) FILTER (WHERE a.kind = 'receivable') AS owed
		  FROM ledger.postings p JOIN ledger.accounts a ON a.id = p.account_id WHERE p.entry_id = e.id) s
		WHERE e.kind = 'invoice' AND (s.debit = s.credit AND s.owed = e.amount AND e.amount = o.total) IS NOT TRUE`),
		"invoices whose postings do not balance or do not add up to the order")
	requireGapless(t, x)
}

// requireRefunds books the refunds of what was sold: those of an order that is a quotation wait, since nothing was sold.
func requireRefunds(t *testing.T, x *tandem, store *shop) {
	p := progressOf(x.importAll(everything, "refund"), "refund")
	require.Equal(t, store.Count("refunds"), p.Created+p.Unchanged+p.Parked, "%+v", p)
	require.Positive(t, p.Created+p.Unchanged)
	for _, job := range get[gen.JobPage](x, "/jobs?limit=100&entity=refund&state=parked&instance="+instanceID).Items {
		require.Equal(t, "order_not_confirmed", job.Code)
	}
	totals, err := x.backend.Totals(t.Context(), instanceID)
	require.NoError(t, err)
	require.Equal(t, p.Created+p.Unchanged, totals.Records["refund"])
	require.Zero(t, x.number(`
		SELECT count(*) FROM ledger.refunds r
		CROSS JOIN LATERAL (
		  SELECT sum(debit) AS debit, sum(credit) AS credit, sum(debit) FILTER (WHERE a.kind = 'tax_refund') AS tax
		  FROM ledger.postings p JOIN ledger.accounts a ON a.id = p.account_id WHERE p.entry_id = r.entry_id) s
		WHERE (s.debit = s.credit AND s.credit = r.total AND coalesce(s.tax, 0) = r.tax) IS NOT TRUE`),
		"credit notes whose postings do not balance or do not add up to the refund")
}

// requireGapless checks that invoice numbers run from one upwards within each journal and year.
func requireGapless(t *testing.T, x *tandem) {
	t.Helper()
	require.Positive(t, x.number(`SELECT count(*) FROM ledger.journal_entries WHERE kind = 'invoice'`))
	require.Zero(t, x.number(`
		WITH numbered AS (
		  SELECT substring(number FROM '^(.*?)\d+$') AS series, substring(number FROM '\d+$')::bigint AS n
		  FROM ledger.journal_entries WHERE kind = 'invoice')
		SELECT count(*) FROM (
		  SELECT series FROM numbered GROUP BY series HAVING min(n) <> 1 OR max(n) <> count(*) OR count(DISTINCT n) <> count(*)) gaps`),
		"invoice numbers have gaps")
}

// requirePriceLists checks that the lists of the store's currency exist and hold the store's prices, and no others.
func requirePriceLists(t *testing.T, x *tandem, want map[string]string) {
	var lists []string
	for _, l := range get[gen.PriceListList](x, "/instances/"+instanceID+"/price-lists").Items {
		lists = append(lists, l.Key)
	}
	require.Subset(t, lists, []string{instanceID + "/price_list/regular-EUR", instanceID + "/price_list/sale-EUR"})
	var rows []struct{ ID, Kind, Amount string }
	require.NoError(t, x.database.SelectContext(t.Context(), &rows, `
		SELECT e.ext_id AS id, l.kind, round(p.amount, 2)::text AS amount
		FROM ledger.prices p
		JOIN ledger.price_lists l ON l.id = p.price_list_id AND l.currency = 'EUR'
		JOIN ledger.external_ids e ON e.record_id = p.variant_id AND e.model = 'variant'`))
	landed := map[string]string{}
	for _, row := range rows {
		landed[row.Kind+" "+row.ID] = row.Amount
	}
	require.Greater(t, len(want), 400, "the store has too few prices to prove anything")
	require.Equal(t, want, landed)
}

// requireUnchanged imports the same store once more: nothing may be written to the ledger.
func requireUnchanged(t *testing.T, x *tandem) {
	x.stop()
	before := ledgerWrites(x)
	require.Positive(t, before)
	x.serve()
	requireNothingNew(t, x.importAll(everything))
	require.Equal(t, map[string]int{"done": soldOrders}, x.salesMoved())
	x.stop()
	require.Equal(t, before, ledgerWrites(x), "rows written to the ledger")
}

// requireNothingNew checks that an import changed nothing. Refunds of orders that are quotations still wait.
func requireNothingNew(t *testing.T, op gen.Operation) {
	t.Helper()
	for _, p := range op.Progress {
		require.Positive(t, p.Read, p.Entity)
		require.Equal(t, p.Read, p.Unchanged+p.Parked, "%s: %+v", p.Entity, p)
		require.True(t, p.Parked == 0 || p.Entity == "refund", "%s: %+v", p.Entity, p)
	}
}

// ledgerWrites counts all rows ever written to the ledger. The sessions of the program must have ended: they report their
// figures then, and with a delay otherwise.
func ledgerWrites(x *tandem) int {
	x.t.Helper()
	eventually(x.t, "the sessions of the program to end", func() bool {
		return x.number(`
			SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> $1`, applicationName) == 0
	})
	return x.number(`
		SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE schemaname = 'ledger'`)
}
