package db

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Alert is something that is wrong with an instance, and was told to people.
type Alert struct {
	ID       int64
	Instance string
	Cause    string
	Message  string
	Since    time.Time
	OverAt   *time.Time // nil while it lasts
}

// NoticeText says what a notice of an alert says.
type NoticeText func(a Alert) (period, subject, body string)

// TrackAlerts compares what is wrong with an instance, by cause, with what was told. What is new begins, and what is not there any more is over;
// in the same transaction a notice of each is made for its recipients. It gives the periods of these notices.
func (d *DB) TrackAlerts(ctx context.Context, instance string, causes map[string]string, recipients []string, text NoticeText) (notices []string, err error) {
	err = d.tx(ctx, "tracking alerts", func(tx *sqlx.Tx) error {
		notices = nil
		if _, err := tx.ExecContext(ctx, `SELECT FROM tandem.instances WHERE id = $1 FOR UPDATE`, instance); err != nil {
			return err
		}
		changed, err := changeAlerts(ctx, tx, instance, causes)
		if err != nil {
			return err
		}
		for _, a := range changed {
			period, subject, body := text(a)
			_, err := tx.ExecContext(ctx, `
				WITH mail AS (
				  INSERT INTO tandem.report_mails (instance, period, state, run, subject, body) VALUES ($1, $2, 'sending', '', $3, $4) RETURNING id
				) INSERT INTO tandem.report_deliveries (mail, recipient) SELECT mail.id, unnest($5::text[]) FROM mail`,
				instance, period, subject, body, pq.Array(recipients))
			if err != nil {
				return err
			}
			notices = append(notices, period)
		}
		return nil
	})
	return notices, err
}

// changeAlerts gives what began and what is over.
func changeAlerts(ctx context.Context, tx *sqlx.Tx, instance string, causes map[string]string) (changed []Alert, err error) {
	const columns = `id, instance, cause, message, since, over_at AS overat`
	var open []Alert
	err = tx.SelectContext(ctx, &open, `SELECT `+columns+` FROM tandem.alerts WHERE instance = $1 AND over_at IS NULL ORDER BY id`, instance)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, a := range open {
		known[a.Cause] = true
		if _, lasts := causes[a.Cause]; lasts {
			continue
		}
		if err := tx.GetContext(ctx, &a, `UPDATE tandem.alerts SET over_at = now() WHERE id = $1 RETURNING `+columns, a.ID); err != nil {
			return nil, err
		}
		changed = append(changed, a)
	}
	for _, cause := range slices.Sorted(maps.Keys(causes)) {
		if known[cause] {
			continue
		}
		var a Alert
		err := tx.GetContext(ctx, &a, `INSERT INTO tandem.alerts (instance, cause, message) VALUES ($1, $2, $3) RETURNING `+columns, instance, cause, causes[cause])
		if err != nil {
			return nil, err
		}
		changed = append(changed, a)
	}
	return changed, nil
}

// UnstartedNotices gives the notices that no workflow has begun to send.
func (d *DB) UnstartedNotices(ctx context.Context) ([]ReportMail, error) {
	var list []ReportMail
	err := d.pool.SelectContext(ctx, &list, `
		SELECT `+reportMailColumns+` FROM tandem.report_mails WHERE run = '' AND state = 'sending' ORDER BY id LIMIT 100`)
	return list, classify(err, "listing notices")
}
