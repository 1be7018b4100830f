package report_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
)

// fillFigures makes what reports add up of the sales that are there, as the migration does.
func fillFigures(t testing.TB, raw *sqlx.DB) {
	t.Helper()
	_, err := raw.Exec(`TRUNCATE tandem.sale_figures, tandem.line_figures, tandem.sale_groups, tandem.sale_items, tandem.tax_rates`)
	require.NoError(t, err)
	migration, err := os.ReadFile("../schema/tandem/0070_figures.sql")
	require.NoError(t, err)
	_, inserts, _ := strings.Cut(string(migration), "\nINSERT INTO")
	inserts, _, _ = strings.Cut(inserts, "\nCREATE INDEX")
	_, err = raw.Exec("INSERT INTO" + inserts)
	require.NoError(t, err)
	migration, err = os.ReadFile("../schema/tandem/0075_category_orders.sql")
	require.NoError(t, err)
	_, update, _ := strings.Cut(string(migration), "\nUPDATE")
	update, _, _ = strings.Cut(update, "\n-- ")
	_, err = raw.Exec("UPDATE" + update)
	require.NoError(t, err)
}

// figuresOf lists what reports add up, with what its numbers stand for.
func figuresOf(t testing.TB, raw *sqlx.DB) []string {
	t.Helper()
	var rows []string
	require.NoError(t, raw.Select(&rows, `
		SELECT concat_ws(' ', s.woo_id, f.at, g.instance, g.currency, g.kind, g.status, g.gateway, g.country, r.label, r.rate, f.tax, sum(f.sales) OVER w,
		  sum(f.units) OVER w, sum(f.goods) OVER w, sum(f.shipping) OVER w, sum(f.fees) OVER w, sum(f.credit) OVER w, sum(f.discount) OVER w)
		FROM tandem.sale_figures f JOIN tandem.sales s ON s.id = f.sale JOIN tandem.sale_groups g ON g.id = f.sale_group
		LEFT JOIN tandem.tax_rates r ON r.id = f.tax_rate WINDOW w AS (PARTITION BY f.sale)
		UNION ALL
		SELECT concat_ws(' ', s.woo_id, f.at, g.instance, g.currency, g.kind, g.status, g.gateway, g.country, i.kind, i.product, i.variant, r.label, r.rate,
		  f.tax, sum(f.leads) OVER w, count(*) FILTER (WHERE f.repeats_category) OVER (PARTITION BY f.sale), sum(f.units) OVER w, sum(f.net) OVER w, sum(f.discount) OVER w)
		FROM tandem.line_figures f JOIN tandem.sales s ON s.id = f.sale JOIN tandem.sale_groups g ON g.id = f.sale_group
		JOIN tandem.sale_items i ON i.id = f.sale_item LEFT JOIN tandem.tax_rates r ON r.id = f.tax_rate WINDOW w AS (PARTITION BY f.sale, f.sale_item)
		ORDER BY 1`))
	return rows
}

// requireFigures makes sure that imports kept what reports add up just as it follows from the sales.
func requireFigures(t *testing.T, s *shop) {
	kept := figuresOf(t, s.raw)
	require.NotEmpty(t, kept)
	fillFigures(t, s.raw)
	require.Equal(t, figuresOf(t, s.raw), kept)
}
