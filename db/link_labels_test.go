package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// labelsOf gives what the records of links are called, by the store's ids.
func labelsOf(t *testing.T, d *DB, f LinkFilter) map[string]string {
	t.Helper()
	links, _, err := d.Links(t.Context(), f, Page{})
	require.NoError(t, err)
	labels := map[string]string{}
	for _, l := range links {
		labels[l.WooID] = l.Label
		one, err := d.Link(t.Context(), l.Instance, l.Entity, l.WooID)
		require.NoError(t, err)
		require.Equal(t, l, one, "one by one as in the list")
	}
	return labels
}

func TestLinksAreLabelled(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "product", "customer")
	land := func(entity string, records ...flow.Record) {
		t.Helper()
		start := PageStart{Operation: op, Instance: "demo", Entity: entity}
		page := PageResult{Operation: op, Instance: "demo", Entity: entity}
		for _, r := range records {
			r.Raw = []byte(`{}`)
			start.Records = append(start.Records, r)
			page.Results = append(page.Results, flow.Result{Record: r, Outcome: flow.Outcome{Status: flow.Created, ID: "erp-" + r.ID, Key: keys(page.key(r.ID))[0]}})
		}
		page.Started = beginPage(t, d, start)
		require.NoError(t, d.FinishPage(t.Context(), page))
	}
	land("product", flow.Record{ID: "1", Label: "Desk lamp · LAMP-1", Names: []string{"LAMP-1"}}, flow.Record{ID: "2"})
	land("customer", flow.Record{ID: "7", Names: []string{"Ann@example.com"}})
	require.Equal(t, map[string]string{"1": "Desk lamp · LAMP-1", "2": "", "7": "ann@example.com"}, labelsOf(t, d, LinkFilter{}))
	require.Zero(t, number(t, d, `SELECT count(*) FROM tandem.links WHERE label LIKE '%@%'`), "the link itself holds no personal data")
	found, err := d.FindRecords(t.Context(), []RecordName{{Name: "lamp-1"}}, nil, 5)
	require.NoError(t, err)
	require.Equal(t, "Desk lamp · LAMP-1", found[0].Label)

	land("product", flow.Record{ID: "1"})
	require.Equal(t, "Desk lamp · LAMP-1", labelsOf(t, d, LinkFilter{Entity: "product"})["1"], "who does not say what it is called takes nothing away")
	land("product", flow.Record{ID: "1", Label: "Floor lamp"})
	require.Equal(t, "Floor lamp", labelsOf(t, d, LinkFilter{Entity: "product"})["1"])

	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.links SET label = ''; DELETE FROM tandem.raw_records WHERE woo_id = '7'`)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"1": "lamp-1", "2": "", "7": ""}, labelsOf(t, d, LinkFilter{}), "what a record is found by, for as long as its copy is kept")
}

// Names must cost a page the same, however many records there are.
func TestLabelsAreReadByKey(t *testing.T) {
	d := newDB(t)
	d.pool.SetMaxOpenConns(1) // one session counts all
	op := newOperation(t, d, "order")
	fill(t, d, op, 20_000)
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.raw_records SET names = ARRAY['r-' || woo_id]`)
	require.NoError(t, err)
	_, err = d.pool.ExecContext(t.Context(), `ANALYZE tandem.raw_records, tandem.links`) // as autovacuum does
	require.NoError(t, err)
	for name, filter := range map[string]LinkFilter{
		"all": {}, "of an entity": {Instance: "demo", Entity: "order"}, "in a state": {Instance: "demo", Entity: "order", State: Synchronised},
	} {
		t.Run(name, func(t *testing.T) {
			before := rowsRead(t, d)
			links, _, err := d.Links(t.Context(), filter, Page{})
			require.NoError(t, err)
			require.Len(t, links, 50)
			require.Equal(t, "r-"+links[0].WooID, links[0].Label)
			require.Less(t, rowsRead(t, d)-before, 1_000)
		})
	}
}

// BenchmarkLinks reads a page of a hundred thousand links, half of which have no label of their own.
func BenchmarkLinks(b *testing.B) {
	d := newDB(b)
	for _, query := range []string{
		`INSERT INTO tandem.links (instance, entity, woo_id, woo_type, label, erp_id, state, digest)
		 SELECT 'demo', CASE n % 2 WHEN 0 THEN 'customer' ELSE 'product' END, n::text, '', CASE n % 2 WHEN 0 THEN '' ELSE 'Product ' || n END, n::text,
		   CASE n % 100 WHEN 0 THEN 'unsynchronised' ELSE 'synchronised' END, '' FROM generate_series(1, 100000) n`,
		`INSERT INTO tandem.raw_records (instance, entity, woo_id, digest, raw, type, status, names)
		 SELECT 'demo', 'customer', n::text, '', convert_to(repeat(md5(n::text), 100), 'UTF8'), '', '', ARRAY['p' || n || '@example.com'] FROM generate_series(2, 100000, 2) n`,
		`ANALYZE tandem.links, tandem.raw_records`,
	} {
		_, err := d.pool.ExecContext(b.Context(), query)
		require.NoError(b, err)
	}
	for name, filter := range map[string]LinkFilter{
		"all": {}, "customers": {Instance: "demo", Entity: "customer"}, "unsynchronised": {Instance: "demo", Entity: "customer", State: Unsynchronised},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				links, _, err := d.Links(b.Context(), filter, Page{})
				require.NoError(b, err)
				require.Len(b, links, 50)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/page")
		})
	}
}
