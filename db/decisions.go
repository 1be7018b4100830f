package db

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/flow"
)

// A later choice takes the place of an earlier one.
const (
	laterChoiceCounts = ` ON CONFLICT (instance, entity, woo_id) DO UPDATE SET choice = excluded.choice, decided_by = excluded.decided_by,
		decided_at = now()`
	laterChangeCounts = laterChoiceCounts + `, subject = excluded.subject`
)

// Decide notes what a person chose for the record of a job, or for the change of it that the job is about. A later choice takes the
// place of an earlier one.
func (d *DB) Decide(ctx context.Context, j Job, choice, by string) error {
	if j.Subject != "" {
		_, err := d.pool.ExecContext(ctx, `
			INSERT INTO tandem.change_decisions (instance, entity, woo_id, subject, choice, decided_by) VALUES ($1, $2, $3, $4, $5, $6)`+laterChangeCounts,
			j.Instance, j.Entity, j.WooID, j.Subject, choice, by)
		return classify(err, "noting the decision about a change")
	}
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.decisions (instance, entity, woo_id, choice, decided_by) VALUES ($1, $2, $3, $4, $5)`+laterChoiceCounts,
		j.Instance, j.Entity, j.WooID, choice, by)
	return classify(err, "noting the decision")
}

// CloseDecided closes a job, and those that are parked with its code for the same record in the other direction: another operation does
// what a person chose.
func (d *DB) CloseDecided(ctx context.Context, j Job) error {
	return d.closeParked(ctx, `j.instance = $1 AND j.code = $2 AND j.entity = $3 AND j.woo_id = $4`, j.Instance, j.Code, j.Entity, j.WooID)
}

// CloseAllDecided closes the jobs of an instance that are parked with a code and about which a person has decided: those that are about the
// same in the other direction.
func (d *DB) CloseAllDecided(ctx context.Context, instance, code string) error {
	return d.closeParked(ctx, `j.instance = $1 AND j.code = $2 AND EXISTS (SELECT FROM tandem.change_decisions c
		WHERE c.instance = j.instance AND c.entity = j.entity AND c.woo_id = j.woo_id AND c.subject = j.subject)`, instance, code)
}

func (d *DB) closeParked(ctx context.Context, which string, args ...any) error {
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.queue_jobs j SET state = 'done', outcome = 'superseded', differences = NULL, updated_at = now()
		WHERE j.state = 'parked' AND `+which, args...)
	return classify(err, "closing what was decided")
}

// DecideJobs notes what a person chose for the records of all picked jobs.
func (d *DB) DecideJobs(ctx context.Context, s JobSelection, choice, by string) error {
	return d.tx(ctx, "noting the decisions", func(tx *sqlx.Tx) error {
		for _, statement := range []string{`
			INSERT INTO tandem.change_decisions (instance, entity, woo_id, subject, choice, decided_by)
			SELECT j.instance, j.entity, j.woo_id, j.subject, $7, $8` + pick + ` AND j.subject <> '' AND j.woo_id <> ''` + laterChangeCounts, `
			INSERT INTO tandem.decisions (instance, entity, woo_id, choice, decided_by)
			SELECT j.instance, j.entity, j.woo_id, $7, $8` + pick + ` AND j.subject = '' AND j.woo_id <> ''` + laterChoiceCounts,
		} {
			if _, err := tx.ExecContext(ctx, statement, append(s.args(), choice, by)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Decisions returns what people chose for records of an entity, by their ids. Those about which nothing was decided are missing from
// the map.
func (d *DB) Decisions(ctx context.Context, instance, entity string, ids []string) (map[string]string, error) {
	var rows []struct {
		WooID  string `db:"woo_id"`
		Choice string
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id, choice FROM tandem.decisions WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)`,
		instance, entity, pq.Array(ids))
	choices := make(map[string]string, len(rows))
	for _, row := range rows {
		choices[row.WooID] = row.Choice
	}
	return choices, classify(err, "reading decisions")
}

// ChangeDecisions returns what people chose last about changes of records of an entity, by the ids of those records.
func (d *DB) ChangeDecisions(ctx context.Context, instance, entity string, ids []string) (map[string]flow.Decision, error) {
	var rows []struct {
		WooID string `db:"woo_id"`
		flow.Decision
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT woo_id, choice, subject FROM tandem.change_decisions WHERE instance = $1 AND entity = $2 AND woo_id = ANY ($3)`,
		instance, entity, pq.Array(ids))
	decisions := make(map[string]flow.Decision, len(rows))
	for _, row := range rows {
		decisions[row.WooID] = row.Decision
	}
	return decisions, classify(err, "reading decisions about changes")
}
