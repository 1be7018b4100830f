package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
)

// States of an operation and of its progress.
const (
	OperationWaiting   = "waiting"
	OperationRunning   = "running"
	OperationPaused    = "paused"
	OperationDone      = "done"
	OperationFailed    = "failed"
	OperationCancelled = "cancelled"
)

// Operation is one request to move records: instances × entities × filter. One workflow named after it runs it.
type Operation struct {
	ID          string // a UUID; CreateOperation makes one that sorts by time when it is empty
	Kind        string // "import"
	Direction   string
	Instances   []string
	Entities    []string
	Filter      json.RawMessage
	State       string // one of the Operation… states
	RequestedBy string // who asked, e.g. the name of an API token
	Trigger     string // api, cli, schedule, wake, process, webhook or webhook_gap
	Error       string
	ErrorKind   string // the error's fault.Kind
	CreatedAt   time.Time
	StartedAt   time.Time // zero before it ran
	PausedAt    time.Time // since when it is paused; zero while it is not
	FinishedAt  time.Time // zero before it ended
	Progress    []Progress
}

// OperationFilter picks operations; empty fields match all.
type OperationFilter struct {
	Instance string
	State    string
	Trigger  string
}

const operationColumns = `id, kind, direction, instances, entities, filter, state, requested_by, trigger, error, error_kind,
	created_at, started_at, paused_at, finished_at`

// operationRow is an operation as the table holds it.
type operationRow struct {
	ID          string          `db:"id"`
	Kind        string          `db:"kind"`
	Direction   string          `db:"direction"`
	Instances   pq.StringArray  `db:"instances"`
	Entities    pq.StringArray  `db:"entities"`
	Filter      json.RawMessage `db:"filter"`
	State       string          `db:"state"`
	RequestedBy string          `db:"requested_by"`
	Trigger     string          `db:"trigger"`
	Error       string          `db:"error"`
	ErrorKind   string          `db:"error_kind"`
	CreatedAt   time.Time       `db:"created_at"`
	StartedAt   sql.NullTime    `db:"started_at"`
	PausedAt    sql.NullTime    `db:"paused_at"`
	FinishedAt  sql.NullTime    `db:"finished_at"`
}

func (r operationRow) operation() Operation {
	return Operation{
		ID: r.ID, Kind: r.Kind, Direction: r.Direction, Instances: r.Instances, Entities: r.Entities, Filter: r.Filter,
		State: r.State, RequestedBy: r.RequestedBy, Trigger: r.Trigger, Error: r.Error, ErrorKind: r.ErrorKind,
		CreatedAt: r.CreatedAt.UTC(), StartedAt: utc(r.StartedAt), PausedAt: utc(r.PausedAt),
		FinishedAt: utc(r.FinishedAt),
	}
}

// CreateOperation stores a request together with an empty progress for every instance and entity. It is idempotent: when
// the id exists, the operation that has it is returned as it is, and created is false.
func (d *DB) CreateOperation(ctx context.Context, o Operation) (stored Operation, created bool, err error) {
	const doing = "creating the operation"
	if o.ID == "" {
		o.ID = newID()
	}
	if len(o.Filter) == 0 {
		o.Filter = json.RawMessage(`{}`)
	}
	if o.State == "" {
		o.State = OperationWaiting
	}
	err = d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		created, err = insertOperation(ctx, tx, o)
		return err
	})
	if err != nil {
		return Operation{}, false, err
	}
	stored, err = d.Operation(ctx, o.ID)
	return stored, created, err
}

func insertOperation(ctx context.Context, tx *sqlx.Tx, o Operation) (created bool, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO tandem.operations (id, kind, direction, instances, entities, filter, state, requested_by, trigger)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
		o.ID, o.Kind, o.Direction, pq.Array(orEmpty(o.Instances)), pq.Array(orEmpty(o.Entities)), string(o.Filter), o.State,
		o.RequestedBy, o.Trigger)
	if err != nil {
		return false, err
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return false, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO tandem.operation_progress (operation, instance, entity, direction, state)
		SELECT $1, i, e, coalesce(nullif($4, ''), 'import'), 'waiting' FROM unnest($2::text[]) i, unnest($3::text[]) e ON CONFLICT DO NOTHING`,
		o.ID, pq.Array(o.Instances), pq.Array(o.Entities), o.Direction)
	return true, err
}

// Operation gives an operation with its progress; NotFound when there is none.
func (d *DB) Operation(ctx context.Context, id string) (Operation, error) {
	const doing = "reading the operation"
	var row operationRow
	if err := d.pool.GetContext(ctx, &row, `SELECT `+operationColumns+` FROM tandem.operations WHERE id = $1`, id); err != nil {
		return Operation{}, named(classify(err, doing), fault.NotFound, "there is no operation %s", id)
	}
	operations := []Operation{row.operation()}
	err := d.addProgress(ctx, operations)
	return operations[0], classify(err, doing)
}

// Operations lists operations with their progress, newest first, and gives the cursor of the rest.
func (d *DB) Operations(ctx context.Context, f OperationFilter, p Page) ([]Operation, string, error) {
	const doing = "listing operations"
	at, id, err := p.beforeTime()
	if err != nil {
		return nil, "", err
	}
	var rows []operationRow
	err = d.pool.SelectContext(ctx, &rows, `
		SELECT `+operationColumns+` FROM tandem.operations
		WHERE ($1 = '' OR instances @> ARRAY[$1]) AND ($2 = '' OR state = $2) AND ($3 = '' OR trigger = $3)
		  AND (created_at, id) < ($4, $5::uuid)
		ORDER BY created_at DESC, id DESC LIMIT $6`, f.Instance, f.State, f.Trigger, at, id, p.size()+1)
	if err != nil {
		return nil, "", classify(err, doing)
	}
	rows, next := cut(rows, p.size(), func(r operationRow) string { return timeCursor(r.CreatedAt, r.ID) })
	operations := collect(rows, operationRow.operation)
	return operations, next, classify(d.addProgress(ctx, operations), doing)
}

// OperationsUnderWay lists the newest operations that have not ended, at most limit, and those with the given ids, whatever
// became of them.
func (d *DB) OperationsUnderWay(ctx context.Context, ids []string, limit int) ([]Operation, error) {
	const doing = "reading the operations under way"
	var rows []operationRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+operationColumns+` FROM tandem.operations WHERE id = ANY ($1::uuid[]) OR id IN (
		  SELECT id FROM tandem.operations WHERE `+unfinished+` ORDER BY created_at DESC, id DESC LIMIT $2)
		ORDER BY created_at DESC, id DESC`, pq.Array(orEmpty(ids)), limit)
	if err != nil {
		return nil, classify(err, doing)
	}
	operations := collect(rows, operationRow.operation)
	return operations, classify(d.addProgress(ctx, operations), doing)
}

// UnstartedOperations gives operations that have been waiting for longer than olderThan, oldest first, at most 100: the
// process that stored them may have died before it started their workflow.
func (d *DB) UnstartedOperations(ctx context.Context, olderThan time.Duration) ([]Operation, error) {
	var rows []operationRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+operationColumns+` FROM tandem.operations WHERE state = 'waiting' AND created_at < now() - $1 * interval '1 microsecond'
		ORDER BY created_at LIMIT 100`, olderThan.Microseconds())
	return collect(rows, operationRow.operation), classify(err, "listing operations that were not started")
}

// ended reports whether a state is final.
func ended(state string) bool {
	return state == OperationDone || state == OperationFailed || state == OperationCancelled
}

// newID makes a UUID that sorts by time (version 7).
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// timeCursor is the sort key of lists ordered by time and id.
func timeCursor(at time.Time, id string) string { return at.UTC().Format(time.RFC3339Nano) + " " + id }

// beforeTime decodes timeCursor. From the start is later than every time there is.
func (p Page) beforeTime() (at, id string, err error) {
	text, err := p.cursor()
	if err != nil || text == "" {
		return "infinity", uuid.Nil.String(), err
	}
	at, id, _ = strings.Cut(text, " ")
	when, badTime := time.Parse(time.RFC3339Nano, at)
	operation, badID := uuid.Parse(id)
	if badTime != nil || badID != nil || when.UTC().Year() < 1 { // PostgreSQL has no year 0, nor all forms that are read here
		return "", "", badCursor(fault.New(fault.Invalid, "not a time and an id"))
	}
	return when.UTC().Format(time.RFC3339Nano), operation.String(), nil
}
