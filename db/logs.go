package db

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
	"tandem/flow"
)

// Log is one attempt at a record, or at a step of an order.
type Log struct {
	ID         int64
	JobID      int64  // 0 for a step of an order
	Operation  string // empty for a step of an order
	Instance   string
	Entity     string
	Direction  flow.Direction
	WooID      string   // empty for an export of a record that the store does not have
	ERPID      string   // of an export
	Status     string   // Created, Updated, Unchanged, Parked or Failed
	Before     string   // content digest, or the order's state, before
	After      string   // and afterwards
	Steps      []string // what was done along the way
	Duration   time.Duration
	ErrorKind  string // fault.Kind, for Parked and Failed
	Code       string
	Message    string
	WorkflowID string // Temporal run
	RunID      string
	At         time.Time
}

// LogFilter picks logs; zero fields match all.
type LogFilter struct {
	Instance  string
	Entity    string
	Status    string
	WooID     string
	Operation string
	From      time.Time // inclusive
	To        time.Time // exclusive
}

// logRow is a log with the columns PostgreSQL gives in its own form.
type logRow struct {
	Log
	JobID     *int64
	Operation *string
	Steps     pq.StringArray
}

func (r logRow) log() Log {
	log := r.Log
	log.Steps, log.At = r.Steps, log.At.UTC()
	if r.JobID != nil {
		log.JobID = *r.JobID
	}
	if r.Operation != nil {
		log.Operation = *r.Operation
	}
	return log
}

// logFilter is for lists and charts; its parameters are those args gives.
const logFilter = `($1 = '' OR instance = $1) AND ($2 = '' OR entity = $2) AND ($3 = '' OR status = $3)
	AND ($4 = '' OR woo_id = $4) AND ($5 = '' OR operation = nullif($5, '')::uuid)
	AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)`

func (f LogFilter) args(more ...any) []any {
	return append([]any{f.Instance, f.Entity, f.Status, f.WooID, f.Operation, null(f.From), null(f.To)}, more...)
}

// Logs lists logs, newest first, and gives the cursor of the rest.
func (d *DB) Logs(ctx context.Context, f LogFilter, p Page) ([]Log, string, error) {
	before, err := p.before()
	if err != nil {
		return nil, "", err
	}
	var rows []logRow
	err = d.pool.SelectContext(ctx, &rows, f.list(), f.args(before, p.size()+1)...)
	if err != nil {
		return nil, "", classify(err, "listing logs")
	}
	rows, next := cut(rows, p.size(), func(r logRow) string { return strconv.FormatInt(r.ID, 10) })
	return collect(rows, logRow.log), next, nil
}

// list gives the statement of a list. What the counts say there is none of is not looked for: a list of one kind or status is joined from
// those of each status of each kind of record, by index, and none goes on below the first line of the time that is asked for.
func (f LogFilter) list() string {
	const columns = `id, job AS jobid, operation, instance, entity, direction, woo_id AS wooid, erp_id AS erpid, status, before, after, steps,
		duration_us * 1000 AS duration, error_kind AS errorkind, code, message, workflow_id AS workflowid, run_id AS runid, at`
	const newest = ` AND id < $8 ORDER BY id DESC LIMIT $9`
	switch {
	case !f.counted():
		return `SELECT ` + columns + ` FROM tandem.logs WHERE ` + logFilter + newest
	case f.Instance == "" && f.Entity == "" && f.Status == "" && f.From.IsZero() && f.To.IsZero():
		return `SELECT ` + columns + ` FROM tandem.logs WHERE ` + logFilter + newest
	case f.Instance == "" && f.Entity == "" && f.Status == "":
		return `SELECT ` + columns + ` FROM tandem.logs WHERE ` + logFilter + `
			AND id >= (SELECT min(first_id) FROM tandem.log_counts WHERE ` + countedLogs + `)
			AND id <= (SELECT max(last_id) FROM tandem.log_counts WHERE ` + countedLogs + `)` + newest
	default:
		return `
			SELECT l.* FROM (
			  SELECT instance, entity, status, min(first_id) AS first_id, max(last_id) AS last_id FROM tandem.log_counts
			  WHERE ` + countedLogs + ` GROUP BY instance, entity, status
			) c, LATERAL (
			  SELECT ` + columns + ` FROM tandem.logs l
			  WHERE (l.instance, l.entity, l.status) = (c.instance, c.entity, c.status) AND l.id BETWEEN c.first_id AND c.last_id
			    AND $4 = '' AND $5 = '' AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)` + newest + `
			) l ORDER BY l.id DESC LIMIT $9`
	}
}

// logInput is one line to be written.
type logInput struct {
	Job       int64    `json:"job"`
	WooID     string   `json:"woo_id"`
	ERPID     string   `json:"erp_id"`
	Status    string   `json:"status"`
	Before    string   `json:"before"`
	After     string   `json:"after"`
	Steps     []string `json:"steps"`
	ErrorKind string   `json:"error_kind"`
	Code      string   `json:"code"`
	Message   string   `json:"message"`
}

// insertLogs writes one line for each of the page's results; a record that is yet to be read again has none.
func insertLogs(ctx context.Context, tx *sqlx.Tx, p PageResult, jobs []finishedJob) error {
	encoded, err := json.Marshal(p.logInputs(jobs))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.logs (operation, instance, entity, duration_us, workflow_id, run_id, direction,
		  job, woo_id, erp_id, status, before, after, steps, error_kind, code, message)
		SELECT $1, $2, $3, $4, $5, $6, $8, r.* FROM jsonb_to_recordset($7::jsonb) AS r(job bigint, woo_id text, erp_id text, status text,
		  before text, after text, steps text[], error_kind text, code text, message text)`,
		p.Operation, p.Instance, p.Entity, p.share().Microseconds(), p.WorkflowID, p.RunID, string(encoded), orImport(p.Direction))
	return err
}

func (p PageResult) logInputs(jobs []finishedJob) []logInput {
	jobIDs := make(map[string]int64, len(jobs))
	for _, job := range jobs {
		jobIDs[job.Record] = job.ID
	}
	results := slices.DeleteFunc(slices.Clone(p.Results), func(r flow.Result) bool { return r.Outcome.Status == "" })
	return collect(results, func(r flow.Result) logInput {
		o := r.Outcome
		ids := pairOf(p.Direction, r)
		if p.Direction != flow.Export {
			ids.ERPID = "" // links have it
		}
		line := logInput{
			Job: jobIDs[r.Record.ID], WooID: ids.WooID, ERPID: ids.ERPID, Status: string(o.Status), Before: o.Before, After: o.After,
			Steps: orEmpty(o.Steps), Code: o.Code, Message: o.Reason,
		}
		switch o.Status {
		case flow.Parked:
			line.ErrorKind = string(fault.Parked)
		case flow.Failed:
			line.ErrorKind = string(fault.Invalid)
		}
		return line
	})
}
