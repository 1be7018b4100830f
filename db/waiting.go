package db

import (
	"context"
	"encoding/json"
	"time"
)

// Waiting says why an entity's import does not get on at the moment, and when it is tried again.
type Waiting struct {
	Kind      string    `json:"kind"`    // fault.Kind
	Message   string    `json:"message"` // what happened
	Remedy    string    `json:"remedy"`  // what a person may do
	Attempt   int       `json:"attempt"` // how often it has failed, from 1
	NextTryAt time.Time `json:"next_try_at"`
	Since     time.Time `json:"since"` // of the first failure in a row
}

// SetWaiting notes why the attempt that began at started does not get on; a later one's note stays. It gives when the trouble
// began. What is landed next ends it.
func (d *DB) SetWaiting(ctx context.Context, a Attempt, w Waiting) (since time.Time, err error) {
	const doing = "noting what the import waits for"
	w.Since = time.Now().UTC()
	encoded, err := json.Marshal(w)
	if err != nil {
		return w.Since, classify(err, doing)
	}
	rows, err := d.pool.QueryxContext(ctx, `
		UPDATE tandem.operation_progress SET waiting = $5::jsonb ||
		  CASE WHEN waiting IS NULL THEN '{}' ELSE jsonb_build_object('since', waiting->'since') END
		WHERE operation = $1 AND instance = $2 AND entity = $3 AND attempt_at <= $4 AND state = 'running'
		RETURNING (waiting->>'since')::timestamptz`,
		a.Operation, a.Instance, a.Entity, a.Started.UTC(), string(encoded))
	if err != nil {
		return w.Since, classify(err, doing)
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&w.Since)
	}
	return w.Since.UTC(), classify(err, doing)
}
