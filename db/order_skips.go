package db

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// OrderSkip is a step that a person left out of an order's run.
type OrderSkip struct {
	Step      string
	Reason    string    // as the person wrote it
	SkippedBy string    `db:"skipped_by"`
	At        time.Time // UTC
}

// NoteOrderSkips keeps why steps of a run are skipped, with a log line that says who did, and takes what was tried of them off the
// record: they are not waited for any more.
func (d *DB) NoteOrderSkips(ctx context.Context, run OrderRun, steps []string, reason, by string) error {
	return d.tx(ctx, "noting the skipped step", func(tx *sqlx.Tx) error {
		const of = `(SELECT id FROM tandem.order_runs WHERE instance = $1 AND woo_id = $2)`
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tandem.order_skips (run, step, reason, skipped_by) SELECT `+of+`, s, $4, $5 FROM unnest($3::text[]) AS s
			ON CONFLICT (run, step) DO UPDATE SET reason = excluded.reason, skipped_by = excluded.skipped_by, at = now()`,
			run.Instance, run.WooID, pq.Array(steps), reason, by)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM tandem.order_steps WHERE run = `+of+` AND name = ANY ($3)`, run.Instance, run.WooID, pq.Array(steps))
		if err != nil {
			return err
		}
		for _, step := range steps {
			line := OrderStepRecord{Instance: run.Instance, WooID: run.WooID, Step: step, State: "skipped", Code: "skipped", Reason: "skipped by " + by}
			if err := logOrder(ctx, tx, line); err != nil {
				return err
			}
		}
		return nil
	})
}

// OrderSkips gives the steps that were skipped of an order, in order of time.
func (d *DB) OrderSkips(ctx context.Context, instance, wooID string) ([]OrderSkip, error) {
	skips := []OrderSkip{}
	err := d.pool.SelectContext(ctx, &skips, `
		SELECT s.step, s.reason, s.skipped_by, s.at FROM tandem.order_skips s JOIN tandem.order_runs o ON o.id = s.run
		WHERE o.instance = $1 AND o.woo_id = $2 ORDER BY s.at, s.step`, instance, wooID)
	for i := range skips {
		skips[i].At = skips[i].At.UTC()
	}
	return skips, classify(err, "reading the skipped steps")
}
