package db

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
	"tandem/flow"
)

// FinishPage stores what became of a page in one transaction: jobs, logs, links, what reports count, counters, cursor, order runs, and the
// jobs that waited for what landed. When it fails nothing is stored, and the page is repeated from StartPage; repeating
// it counts no record twice. Unavailable when its start was lost: it has to be read again.
//
// It is refused, with CodeSuperseded or CodeEnded, when the attempt no longer counts. Its records may then have been landed
// over newer ones: those are marked to be read and landed again.
func (d *DB) FinishPage(ctx context.Context, p PageResult) error {
	p.Results = latest(append(slices.Clone(p.Results), collect(p.Started.Older, olderCopy)...), recordID)
	p.again = make(map[string]bool, len(p.Started.Older))
	for _, id := range p.Started.Older {
		p.again[id] = true
	}
	err := d.tx(ctx, "finishing the page", func(tx *sqlx.Tx) error {
		if err := checkLease(ctx, tx, p.Operation, p.Instance, p.Entity, p.Epoch); err != nil {
			return err
		}
		if err := markOverwritten(ctx, tx, p); err != nil {
			return err
		}
		for _, step := range []func(context.Context, *sqlx.Tx, PageResult) error{
			lockWaits, upsertLinks, keepFacts, markGone, markStoreChanged, markUndecided, seedOrderRuns, finishJobs, follow, noteLanding,
		} {
			if err := step(ctx, tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && refused(err) {
		return errors.Join(err, d.distrust(ctx, p))
	}
	return err
}

// jobInput is what finishing a job needs of a record's result.
type jobInput struct {
	ID     string   `json:"id"` // the source's
	WooID  string   `json:"woo_id"`
	ERPID  string   `json:"erp_id"`
	State  string   `json:"state"`
	Status string   `json:"status"`
	Code   string   `json:"code"`
	Reason string   `json:"reason"`
	Waits  []string `json:"waits"`

	Differences []flow.Difference `json:"differences"`
	Subject     string            `json:"subject"`
}

// finishedJob is a job as finishing left it.
type finishedJob struct {
	countedJob
	ID        int64  `db:"id"`
	Record    string `db:"record"` // the source's id of it
	Unstarted bool   `db:"unstarted"`
}

// finishJobs moves the page's jobs, writes their logs, and wakes and closes what depends on them.
func finishJobs(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	if len(p.Results) == 0 {
		return nil
	}
	jobs, err := moveJobs(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := insertLogs(ctx, tx, p, jobs); err != nil {
		return err
	}
	if err := supersede(ctx, tx, p, jobs); err != nil {
		return err
	}
	if err := wakeAndWait(ctx, tx, p, jobs); err != nil {
		return err
	}
	return addCounts(ctx, tx, p.Operation, collect(jobs, func(j finishedJob) countedJob { return j.countedJob }))
}

// moveJobs writes the outcomes into the jobs. ON CONFLICT finds them by their unique key whatever the planner believes;
// a job that had to be inserted was never started.
func moveJobs(ctx context.Context, tx *sqlx.Tx, p PageResult) ([]finishedJob, error) {
	encoded, err := json.Marshal(collect(p.Results, p.jobInput))
	if err != nil {
		return nil, err
	}
	by := identityOf(p.Direction)
	var jobs []finishedJob
	err = tx.SelectContext(ctx, &jobs, `
		INSERT INTO tandem.queue_jobs AS j
		  (operation, instance, entity, direction, woo_id, erp_id, state, outcome, counted, code, reason, waits, duration_us, attempts,
		   differences, subject)
		SELECT $1, $2, $3, $6, nullif(r.woo_id, ''), nullif(r.erp_id, ''), r.state, r.status, r.status, r.code, r.reason, r.waits, $5, 1, r.differences, r.subject
		FROM jsonb_to_recordset($4::jsonb) AS r(id text, woo_id text, erp_id text, state text, status text, code text, reason text, waits text[],
		  differences jsonb, subject text)
		ORDER BY r.id
		ON CONFLICT `+by.unique+` DO UPDATE SET state = excluded.state, outcome = excluded.outcome,
		  woo_id = coalesce(excluded.woo_id, j.woo_id), erp_id = coalesce(excluded.erp_id, j.erp_id),
		  counted_before = j.counted, counted = excluded.counted, code = excluded.code, reason = excluded.reason,
		  differences = excluded.differences, subject = excluded.subject,
		  waits = excluded.waits, duration_us = excluded.duration_us, updated_at = now(),
		  woken_at = CASE WHEN excluded.state = 'waiting' THEN now() ELSE j.woken_at END
		RETURNING id, instance, entity, `+by.id+` AS record, counted_before, counted, xmax = 0 AS unstarted`,
		p.Operation, p.Instance, p.Entity, string(encoded), p.share().Microseconds(), orImport(p.Direction))
	for _, job := range jobs {
		if job.Unstarted {
			return nil, fault.New(fault.Unavailable, "the rows of this page were not saved, probably because the database was restored or crashed: the page is read again")
		}
	}
	return jobs, err
}

func (p PageResult) jobInput(r flow.Result) jobInput {
	o, ids := r.Outcome, pairOf(p.Direction, r)
	return jobInput{
		ID: r.Record.ID, WooID: ids.WooID, ERPID: ids.ERPID, State: p.jobState(r), Status: string(o.Status), Code: o.Code, Reason: o.Reason, Waits: keyTexts(o.Waits),
		Differences: o.Differences, Subject: o.Subject,
	}
}

// recordID gives the id of the record a result is of.
func recordID(r flow.Result) string { return r.Record.ID }

// keyTexts gives keys as the database keeps them.
func keyTexts(keys []flow.Key) []string { return orEmpty(collect(keys, flow.Key.String)) }

// supersede closes older jobs of the same records that are still open: a record's newest result is the one that counts.
func supersede(ctx context.Context, tx *sqlx.Tx, p PageResult, jobs []finishedJob) error {
	ids := collect(jobs, func(j finishedJob) int64 { return j.ID })
	condition, args := p.openJobs(jobs)
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.queue_jobs SET state = 'done', outcome = 'superseded', differences = NULL, updated_at = now()
		WHERE `+condition+` AND id <> ALL ($1)`,
		append([]any{pq.Array(ids)}, args...)...)
	return err
}

// noteLanding notes that a page landed just now: nothing is waited for any more.
func noteLanding(ctx context.Context, tx *sqlx.Tx, p PageResult) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE tandem.operation_progress SET requests = requests + $4, pages = pages + 1, landed_at = now(), waiting = NULL,
		  cursor = $5::jsonb
		WHERE operation = $1 AND instance = $2 AND entity = $3`, p.Operation, p.Instance, p.Entity, p.Requests, jsonOrNull(p.Next))
	return err
}

// share is one record's part of the page's duration.
func (p PageResult) share() time.Duration {
	if len(p.Results) == 0 {
		return 0
	}
	return p.Duration / time.Duration(len(p.Results))
}

// jobState is where a result leaves its job.
func (p PageResult) jobState(r flow.Result) string {
	if p.again[r.Record.ID] {
		return JobWaiting
	}
	switch r.Outcome.Status {
	case flow.Parked:
		return JobParked
	case flow.Failed:
		return JobFailed
	default:
		return JobDone
	}
}
