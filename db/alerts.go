package db

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
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

// AlertCause is what is wrong with an instance.
type AlertCause struct {
	Message string
	Again   bool // people are told again though the alert lasts
}

// NoticeText says what a notice of an alert says.
type NoticeText func(a Alert) (period, subject, body string)

// TrackAlerts compares what is wrong with an instance, by cause, with what was told. What is new begins, and what is not there any more is over;
// in the same transaction a notice of each is made for its recipients. It gives the periods of these notices.
func (d *DB) TrackAlerts(ctx context.Context, instance string, causes map[string]AlertCause, recipients []string, text NoticeText) (notices []string, err error) {
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
func changeAlerts(ctx context.Context, tx *sqlx.Tx, instance string, causes map[string]AlertCause) (changed []Alert, err error) {
	const columns = `id, instance, cause, message, since, over_at AS overat`
	var open []Alert
	err = tx.SelectContext(ctx, &open, `SELECT `+columns+` FROM tandem.alerts WHERE instance = $1 AND over_at IS NULL ORDER BY id`, instance)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, a := range open {
		cause, lasts := causes[a.Cause]
		if lasts && !cause.Again {
			known[a.Cause] = true
			continue
		}
		if err := tx.GetContext(ctx, &a, `UPDATE tandem.alerts SET over_at = now() WHERE id = $1 RETURNING `+columns, a.ID); err != nil {
			return nil, err
		}
		if !lasts {
			changed = append(changed, a)
		}
	}
	for _, cause := range slices.Sorted(maps.Keys(causes)) {
		if known[cause] {
			continue
		}
		var a Alert
		err := tx.GetContext(ctx, &a, `INSERT INTO tandem.alerts (instance, cause, message) VALUES ($1, $2, $3) RETURNING `+columns, instance, cause, causes[cause].Message)
		if err != nil {
			return nil, err
		}
		changed = append(changed, a)
	}
	return changed, nil
}

// LastAlert gives the newest alert of a cause, open or over; NotFound when there was none.
func (d *DB) LastAlert(ctx context.Context, instance, cause string) (a Alert, err error) {
	err = d.pool.GetContext(ctx, &a, `
		SELECT id, instance, cause, message, since, over_at AS overat FROM tandem.alerts
		WHERE instance = $1 AND cause = $2 ORDER BY id DESC LIMIT 1`, instance, cause)
	return a, named(classify(err, "reading the last alert"), fault.NotFound, "there was no alert of %s about %s", instance, cause)
}

// CountProblems counts the parked and failed jobs of an instance that were made after a time.
func (d *DB) CountProblems(ctx context.Context, instance string, after time.Time) (count int, err error) {
	err = d.pool.GetContext(ctx, &count, `
		SELECT count(*) FROM tandem.queue_jobs WHERE instance = $1 AND state <> 'done' AND state IN ('parked', 'failed') AND created_at > $2`,
		instance, after.UTC())
	return count, classify(err, "counting parked and failed jobs")
}

// UnstartedNotices gives the notices that no workflow has begun to send.
func (d *DB) UnstartedNotices(ctx context.Context) ([]ReportMail, error) {
	var list []ReportMail
	err := d.pool.SelectContext(ctx, &list, `
		SELECT `+reportMailColumns+` FROM tandem.report_mails WHERE run = '' AND state = 'sending' ORDER BY id LIMIT 100`)
	return list, classify(err, "listing notices")
}
