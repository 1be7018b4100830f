package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Progress is how far one entity of one instance is within an operation. The counters count each record once, by its
// latest outcome, however often pages were repeated after a crash.
type Progress struct {
	Operation  string
	Instance   string
	Entity     string
	State      string // one of the Operation… states
	Total      int    // records the store announced; 0 when it did not say
	Read       int
	Created    int
	Updated    int
	Unchanged  int
	Parked     int
	Failed     int
	Requests   int64     // requests made to the store
	StartedAt  time.Time // zero before it ran
	FinishedAt time.Time // zero before it ended
	Error      string
	ErrorKind  string // the error's fault.Kind
}

// progressRow is a progress with the columns that may be NULL.
type progressRow struct {
	Progress
	StartedAt  sql.NullTime `db:"started_at"`
	FinishedAt sql.NullTime `db:"finished_at"`
}

// addProgress reads the progress of the given operations in one go, in the order their entities were asked for.
func (d *DB) addProgress(ctx context.Context, operations []Operation) error {
	place := make(map[string]int, len(operations))
	for i, o := range operations {
		place[o.ID] = i
	}
	var rows []progressRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT p.operation, p.instance, p.entity, p.state, p.total, p.read, p.created, p.updated, p.unchanged, p.parked,
		  p.failed, p.requests, p.error, p.error_kind AS errorkind, p.started_at, p.finished_at
		FROM tandem.operation_progress p JOIN tandem.operations o ON o.id = p.operation
		WHERE p.operation = ANY ($1::uuid[])
		ORDER BY array_position(o.instances, p.instance), array_position(o.entities, p.entity)`,
		pq.Array(keysOf(place)))
	for _, row := range rows {
		row.Progress.StartedAt, row.Progress.FinishedAt = utc(row.StartedAt), utc(row.FinishedAt)
		o := &operations[place[row.Operation]]
		o.Progress = append(o.Progress, row.Progress)
	}
	return err
}

// StartProgress says that an entity of an instance is being worked on. It may be called again after a crash: the first
// start is kept, an earlier end is forgotten.
func (d *DB) StartProgress(ctx context.Context, operation, instance, entity string) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.operation_progress AS p (operation, instance, entity, state, started_at)
		VALUES ($1, $2, $3, 'running', now())
		ON CONFLICT (operation, instance, entity) DO UPDATE SET state = 'running', error = '', error_kind = '',
		  started_at = coalesce(p.started_at, now()), finished_at = NULL`, operation, instance, entity)
	return classify(err, "starting the progress")
}

// FinishProgress moves a progress to a state; OperationPaused keeps it unfinished. NotFound when it was never started.
func (d *DB) FinishProgress(ctx context.Context, operation, instance, entity, state, errKind, message string) error {
	const doing = "finishing the progress"
	result, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.operation_progress SET state = $4, error_kind = $5, error = $6,
		  finished_at = CASE WHEN $7 THEN coalesce(finished_at, now()) END
		WHERE operation = $1 AND instance = $2 AND entity = $3`,
		operation, instance, entity, state, errKind, message, ended(state))
	return oneRow(result, err, doing)
}

// SyncCursor gives the cursor FinishPage stored last; nil when no page was finished.
func (d *DB) SyncCursor(ctx context.Context, operation, instance, entity string) (json.RawMessage, error) {
	var cursor *string
	err := d.pool.GetContext(ctx, &cursor, `
		SELECT cursor FROM tandem.operation_progress WHERE operation = $1 AND instance = $2 AND entity = $3`,
		operation, instance, entity)
	if errors.Is(err, sql.ErrNoRows) || err == nil && cursor == nil {
		return nil, nil
	}
	if err != nil {
		return nil, classify(err, "reading the cursor")
	}
	return json.RawMessage(*cursor), nil
}

// countedJob says which outcome a job's progress counts now, and which it counted until now ("" for none).
type countedJob struct {
	Instance string `db:"instance"`
	Entity   string `db:"entity"`
	Before   string `db:"counted_before"`
	Now      string `db:"counted"`
}

// place names a progress within its operation.
type place struct{ Instance, Entity string }

// addCounts moves the counters of an operation by what became of its jobs: up for the new outcome, down for the one
// counted before.
func addCounts(ctx context.Context, tx *sqlx.Tx, operation string, jobs []countedJob) error {
	deltas := map[place]Progress{}
	for _, job := range jobs {
		at := place{job.Instance, job.Entity}
		deltas[at] = count(deltas[at], job)
	}
	for at, delta := range deltas {
		_, err := tx.ExecContext(ctx, `
			UPDATE tandem.operation_progress SET read = read + $4, created = created + $5, updated = updated + $6,
			  unchanged = unchanged + $7, parked = parked + $8, failed = failed + $9
			WHERE operation = $1 AND instance = $2 AND entity = $3`, operation, at.Instance, at.Entity,
			delta.Read, delta.Created, delta.Updated, delta.Unchanged, delta.Parked, delta.Failed)
		if err != nil {
			return err
		}
	}
	return nil
}

// count adds one job to the counters.
func count(p Progress, job countedJob) Progress {
	if job.Before == "" {
		p.Read++
	}
	add := func(outcome string, n int) {
		switch outcome {
		case Created:
			p.Created += n
		case Updated:
			p.Updated += n
		case Unchanged:
			p.Unchanged += n
		case Parked:
			p.Parked += n
		case Failed:
			p.Failed += n
		}
	}
	add(job.Before, -1)
	add(job.Now, 1)
	return p
}
