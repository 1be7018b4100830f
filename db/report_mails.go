package db

import (
	"context"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
)

// States of a mail and of its deliveries.
const (
	MailSending = "sending"
	MailWaiting = "waiting" // of a delivery
	MailSent    = "sent"
	MailFailed  = "failed" // of a mail: some recipient was not reached
)

// ReportMail is a report or a notice that is sent, to each recipient once.
type ReportMail struct {
	ID         int64
	Instance   string
	Period     string // of a report, as reports name it; of a notice what it is about
	State      string
	Subject    string // of a notice; a report is written when it is sent
	Body       string
	CreatedAt  time.Time
	EndedAt    *time.Time // nil while it is sent
	Deliveries []ReportDelivery
}

// ReportDelivery is what became of a mail for one recipient.
type ReportDelivery struct {
	ID        int64
	Mail      int64
	Recipient string
	Round     int // grows when a person has it sent again
	State     string
	Attempts  int
	Answer    string // what the server said last, or why it was not asked
	UpdatedAt time.Time
}

const (
	reportMailColumns     = `id, instance, period, state, subject, body, created_at AS createdat, ended_at AS endedat`
	reportDeliveryColumns = `id, mail, recipient, round, state, attempts, answer, updated_at AS updatedat`
)

// BeginReportMail makes sure that there is a row for a mail and each recipient, and gives the deliveries that are left to do. With again, those
// that were sent are sent once more by this run, and no more than that however often it is begun.
func (d *DB) BeginReportMail(ctx context.Context, m ReportMail, recipients []string, run string, again bool) (id int64, left []int64, err error) {
	err = d.tx(ctx, "beginning a report", func(tx *sqlx.Tx) error {
		var former struct {
			Run   string
			New   bool
			Ended bool
		}
		err := tx.GetContext(ctx, &former, `
			INSERT INTO tandem.report_mails (instance, period, state, run, subject, body) VALUES ($1, $2, 'sending', $3, $4, $5)
			ON CONFLICT (instance, period) DO UPDATE SET instance = excluded.instance RETURNING run, xmax = 0 AS new, ended_at IS NOT NULL AS ended`,
			m.Instance, m.Period, run, m.Subject, m.Body)
		if err != nil {
			return err
		}
		err = tx.GetContext(ctx, &id, `
			UPDATE tandem.report_mails SET state = 'sending', run = $3, ended_at = NULL WHERE instance = $1 AND period = $2 RETURNING id`,
			m.Instance, m.Period, run)
		if err != nil {
			return err
		}
		for _, statement := range []struct {
			needed bool
			text   string
		}{
			{again && !former.New && (former.Ended || former.Run != run), `
				UPDATE tandem.report_deliveries SET state = 'waiting', attempts = 0, answer = '', round = round + 1
				WHERE mail = $1 AND state = 'sent' AND recipient = ANY ($2)`},
			{true, `DELETE FROM tandem.report_deliveries WHERE mail = $1 AND state <> 'sent' AND NOT recipient = ANY ($2)`},
			{true, `INSERT INTO tandem.report_deliveries (mail, recipient) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`},
			{true, `UPDATE tandem.report_deliveries SET state = 'waiting' WHERE mail = $1 AND state = 'failed' AND recipient = ANY ($2)`},
		} {
			if !statement.needed {
				continue
			}
			if _, err := tx.ExecContext(ctx, statement.text, id, pq.Array(recipients)); err != nil {
				return err
			}
		}
		return tx.SelectContext(ctx, &left, `SELECT id FROM tandem.report_deliveries WHERE mail = $1 AND state <> 'sent' ORDER BY id`, id)
	})
	return id, left, err
}

// ReportDelivery gives a delivery with its mail; NotFound when there is none.
func (d *DB) ReportDelivery(ctx context.Context, id int64) (m ReportMail, delivery ReportDelivery, err error) {
	err = d.pool.GetContext(ctx, &delivery, `SELECT `+reportDeliveryColumns+` FROM tandem.report_deliveries WHERE id = $1`, id)
	if err == nil {
		err = d.pool.GetContext(ctx, &m, `SELECT `+reportMailColumns+` FROM tandem.report_mails WHERE id = $1`, delivery.Mail)
	}
	return m, delivery, classify(err, "reading a delivery")
}

// RecordReportDelivery notes what became of an attempt. One that was sent stays so.
func (d *DB) RecordReportDelivery(ctx context.Context, id int64, state string, attempts int, answer string) error {
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.report_deliveries SET state = $2, attempts = $3, answer = $4, updated_at = now() WHERE id = $1 AND state <> 'sent'`,
		id, state, attempts, answer)
	return classify(err, "recording a delivery")
}

// EndReportMail notes that a mail is as far as it gets, and says how many recipients were reached and how many were not.
func (d *DB) EndReportMail(ctx context.Context, id int64) (sent, failed int, err error) {
	err = d.tx(ctx, "ending a report", func(tx *sqlx.Tx) error {
		err := tx.QueryRowxContext(ctx, `
			SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state <> 'sent') FROM tandem.report_deliveries WHERE mail = $1`, id).
			Scan(&sent, &failed)
		if err != nil {
			return err
		}
		state := MailSent
		if failed > 0 || sent == 0 {
			state = MailFailed
		}
		_, err = tx.ExecContext(ctx, `UPDATE tandem.report_mails SET state = $2, ended_at = now() WHERE id = $1`, id, state)
		return err
	})
	return sent, failed, err
}

// ReportMails lists mails with their deliveries, of one instance or of all, newest first.
func (d *DB) ReportMails(ctx context.Context, instance string, page Page) (list []ReportMail, next string, err error) {
	before, err := page.before()
	if err != nil {
		return nil, "", err
	}
	err = d.pool.SelectContext(ctx, &list, `
		SELECT `+reportMailColumns+` FROM tandem.report_mails
		WHERE ($1 = '' OR instance = $1) AND id < $2 ORDER BY id DESC LIMIT $3`, instance, before, page.size()+1)
	if err != nil {
		return nil, "", classify(err, "listing reports that were sent")
	}
	list, next = cut(list, page.size(), func(m ReportMail) string { return strconv.FormatInt(m.ID, 10) })
	ids := make([]int64, len(list))
	places := map[int64]int{}
	for i := range list {
		ids[i], places[list[i].ID] = list[i].ID, i
		list[i].CreatedAt = list[i].CreatedAt.UTC()
		list[i].Deliveries = []ReportDelivery{}
	}
	var deliveries []ReportDelivery
	err = d.pool.SelectContext(ctx, &deliveries, `SELECT `+reportDeliveryColumns+` FROM tandem.report_deliveries WHERE mail = ANY ($1) ORDER BY id`, pq.Array(ids))
	for _, one := range deliveries {
		one.UpdatedAt = one.UpdatedAt.UTC()
		m := &list[places[one.Mail]]
		m.Deliveries = append(m.Deliveries, one)
	}
	return list, next, classify(err, "listing deliveries")
}

// ReportPeriods gives which of some periods an instance has mails of.
func (d *DB) ReportPeriods(ctx context.Context, instance string, periods []string) ([]string, error) {
	var known []string
	err := d.pool.SelectContext(ctx, &known, `
		SELECT period FROM tandem.report_mails WHERE instance = $1 AND period = ANY ($2)`, instance, pq.Array(periods))
	return known, classify(err, "reading which reports were sent")
}

// LastReportMail gives the newest mail of an instance, with its deliveries; NotFound when it has none.
func (d *DB) LastReportMail(ctx context.Context, instance string) (ReportMail, error) {
	list, _, err := d.ReportMails(ctx, instance, Page{Limit: 1})
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "no mail of %s was sent", instance)
	}
	if err != nil {
		return ReportMail{}, err
	}
	return list[0], nil
}
