package db

import (
	"context"
	"database/sql"
	"encoding/json"
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
	ErrorKind  string   // the error's fault.Kind
	Waiting    *Waiting // nil unless it is being retried
}

// progressRow is a progress with the columns that may be NULL.
type progressRow struct {
	Progress
	StartedAt  sql.NullTime `db:"started_at"`
	FinishedAt sql.NullTime `db:"finished_at"`
	Waiting    []byte       `db:"waiting"`
}

func (r progressRow) progress() (Progress, error) {
	p := r.Progress
	p.StartedAt, p.FinishedAt = utc(r.StartedAt), utc(r.FinishedAt)
	if r.Waiting == nil || p.State != OperationRunning {
		return p, nil
	}
	p.Waiting = &Waiting{}
	return p, json.Unmarshal(r.Waiting, p.Waiting)
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
		  p.failed, p.requests, p.error, p.error_kind AS errorkind, p.started_at, p.finished_at, p.waiting
		FROM tandem.operation_progress p JOIN tandem.operations o ON o.id = p.operation
		WHERE p.operation = ANY ($1::uuid[])
		ORDER BY array_position(o.instances, p.instance), array_position(o.entities, p.entity)`,
		pq.Array(keysOf(place)))
	if err != nil {
		return err
	}
	for _, row := range rows {
		p, err := row.progress()
		if err != nil {
			return err
		}
		o := &operations[place[row.Operation]]
		o.Progress = append(o.Progress, p)
	}
	return nil
}

// FinishProgress moves a progress to a state; OperationPaused keeps it unfinished. NotFound when it was never started.
func (d *DB) FinishProgress(ctx context.Context, operation, instance, entity, state, errKind, message string) error {
	const doing = "finishing the progress"
	result, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.operation_progress SET state = $4, error_kind = $5, error = $6, waiting = NULL,
		  finished_at = CASE WHEN $7 THEN coalesce(finished_at, now()) END
		WHERE operation = $1 AND instance = $2 AND entity = $3`,
		operation, instance, entity, state, errKind, message, ended(state))
	return oneRow(result, err, doing)
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
	switch {
	case job.Before == "" && job.Now != "":
		p.Read++
	case job.Before != "" && job.Now == "":
		p.Read--
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
