package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Mails are kept for 90 days at least, since a schedule that makes up for a missed day asks whether its report was sent.
func TestPruneMailsAndAlerts(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	for period, ended := range map[string]string{"2026-01-01": "100 days", "2026-03-01": "30 days"} {
		_, err := d.pool.ExecContext(t.Context(), `
			WITH mail AS (
			  INSERT INTO tandem.report_mails (instance, period, state, run, ended_at) VALUES ('demo', $1, 'sent', 'r', now() - $2::interval) RETURNING id
			) INSERT INTO tandem.report_deliveries (mail, recipient) SELECT id, 'a@shop.example' FROM mail`, period, ended)
		require.NoError(t, err)
	}
	for _, statement := range []string{
		`INSERT INTO tandem.report_mails (instance, period, state, run, created_at) VALUES ('demo', 'alert-1', 'sending', 'r', now() - interval '100 days')`,
		`INSERT INTO tandem.alerts (instance, cause, message, since, over_at) VALUES ('demo', 'erp', '', now() - interval '101 days', now() - interval '100 days')`,
		`INSERT INTO tandem.alerts (instance, cause, message, since) VALUES ('demo', 'erp', '', now() - interval '101 days')`,
	} {
		_, err := d.pool.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	const day = 24 * time.Hour
	gone, err := d.Prune(t.Context(), PrunePolicy{})
	require.NoError(t, err)
	require.Equal(t, Pruned{}, gone, "an empty policy keeps them for ever")
	gone, err = d.Prune(t.Context(), PrunePolicy{Jobs: 200 * day})
	require.NoError(t, err)
	require.Equal(t, Pruned{}, gone)
	gone, err = d.Prune(t.Context(), PrunePolicy{Jobs: day})
	require.NoError(t, err)
	require.Equal(t, Pruned{Mails: 1, Alerts: 1}, gone)
	require.Equal(t, []string{"2026-03-01", "alert-1"}, texts(t, d, `SELECT period FROM tandem.report_mails ORDER BY period`))
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.report_deliveries`))
}
