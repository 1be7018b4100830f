package report

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/fault"
)

// defaultDays is how long activity goes back when a request does not say it.
const defaultDays = 30

// ActivityRequest asks for what was queued.
type ActivityRequest struct {
	By        Dimension // a period
	From, To  time.Time // the first and the last day, as midnight UTC; zero is thirty days and today
	Instances []string
	Entities  []string
}

// Activity is what was queued over time, and what there is now.
type Activity struct {
	Periods []Period // all of them, in their order
	Queued  []Queued // by period, instance and entity
	Now     []Standing
}

// Queued counts the queue jobs that were made in a period, by what has become of them.
type Queued struct {
	Period    string
	Instance  string
	Entity    string
	Direction string
	States    map[string]int // waiting, in_progress, done, parked, failed
}

// Standing counts the records of an entity in an instance.
type Standing struct {
	Instance       string `db:"instance"`
	Entity         string `db:"entity"`
	Synchronised   int    `db:"synchronised"`   // links of which both sides agree
	Unsynchronised int    `db:"unsynchronised"` // links of which one side was changed since
	Waiting        int    `db:"waiting"`        // jobs that wait or are under way
	Parked         int    `db:"parked"`
	Failed         int    `db:"failed"`
}

// ReadActivity counts what was queued, and what there is now. today is the moment of the request.
func ReadActivity(ctx context.Context, db Reader, zones []Zone, request ActivityRequest, today time.Time) (Activity, error) {
	if !request.By.IsPeriod() {
		return Activity{}, fault.Field("by", "%q is not a valid period: take one of %s", request.By, joined(Dimensions[:5]))
	}
	request.complete(zones, today)
	if request.Entities == nil {
		request.Entities = []string{} // PostgreSQL tells no list from an empty one
	}
	filter := Filter{From: request.From, To: request.To, Instances: request.Instances}
	if err := filter.check(); err != nil {
		return Activity{}, err
	}
	activity := Activity{Queued: []Queued{}, Now: []Standing{}}
	err := db.ReadOnly(ctx, "counting what was queued", timeLimit, func(tx *sqlx.Tx) error {
		s, err := spanOf(ctx, tx, zones, Request{Filter: filter, Dimensions: []Dimension{request.By}})
		if err != nil || s.empty() {
			return err
		}
		activity.Periods = s.periods
		// What is counted is read within 50 ms by one process; to start others for it may take twice as long.
		if _, err = tx.ExecContext(ctx, `SET LOCAL max_parallel_workers_per_gather = 0`); err != nil {
			return err
		}
		if activity.Queued, err = readQueued(ctx, tx, s, request); err != nil {
			return err
		}
		return readStanding(ctx, tx, s, request, &activity.Now)
	})
	return activity, tooSlow(err)
}

// complete fills in the days that a request does not say: until the last day that has begun anywhere.
func (r *ActivityRequest) complete(zones []Zone, today time.Time) {
	if r.To.IsZero() {
		for _, z := range zones {
			if day := dayOf(today, z.Location); day.After(r.To) {
				r.To = day
			}
		}
	}
	if r.From.IsZero() {
		r.From = r.To.AddDate(0, 0, 1-defaultDays)
	}
}

// queuedRow counts the jobs of a period that are alike.
type queuedRow struct {
	Period    int    `db:"period"`
	Instance  string `db:"instance"`
	Entity    string `db:"entity"`
	Direction string `db:"direction"`
	State     string `db:"state"`
	Count     int    `db:"count"`
}

func (r queuedRow) compare(o queuedRow) int {
	return cmp.Or(cmp.Compare(r.Period, o.Period), cmp.Compare(r.Instance, o.Instance), cmp.Compare(r.Entity, o.Entity),
		cmp.Compare(r.Direction, o.Direction), cmp.Compare(r.State, o.State))
}

// readQueued counts jobs. One that a newer result of the same record took the place of is left out.
func readQueued(ctx context.Context, tx *sqlx.Tx, s span, r ActivityRequest) ([]Queued, error) {
	encoded, err := s.encoded()
	if err != nil {
		return nil, err
	}
	var rows []queuedRow
	err = tx.SelectContext(ctx, &rows, `
		SELECT width_bucket(j.created_at, z.starts) AS period, j.instance, j.entity, j.direction, j.state, count(*) AS count
		FROM tandem.queue_jobs j
		JOIN jsonb_to_recordset($1::jsonb) AS z(instance text, since timestamptz, until timestamptz, starts timestamptz[])
		  ON z.instance = j.instance AND j.created_at >= z.since AND j.created_at < z.until
		WHERE j.created_at >= $2 AND (cardinality($3::text[]) = 0 OR j.entity = ANY ($3)) AND j.outcome <> 'superseded'
		GROUP BY 1, 2, 3, 4, 5 LIMIT $4`,
		encoded, s.since(), pq.Array(r.Entities), 5*MaxCells+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > 5*MaxCells {
		return nil, fault.Field("by", "that is more than %d figures: choose a shorter range, longer periods, or single instances and entities", MaxCells)
	}
	slices.SortFunc(rows, queuedRow.compare) // the database would sort the jobs before it counts them
	queued := []Queued{}
	for _, row := range rows {
		q := Queued{Period: s.nameOf(strconv.Itoa(row.Period)), Instance: row.Instance, Entity: row.Entity, Direction: row.Direction}
		if n := len(queued); n == 0 || !queued[n-1].sameAs(q) {
			q.States = map[string]int{}
			queued = append(queued, q)
		}
		queued[len(queued)-1].States[row.State] = row.Count
	}
	return queued, nil
}

func (q Queued) sameAs(o Queued) bool {
	return q.Period == o.Period && q.Instance == o.Instance && q.Entity == o.Entity && q.Direction == o.Direction
}

// since is when the span begins first.
func (s span) since() time.Time {
	first := *s.instances[0].Since
	for _, in := range s.instances {
		if in.Since.Before(first) {
			first = *in.Since
		}
	}
	return first
}

// readStanding counts what there is now: links by their state, and jobs that are not done.
func readStanding(ctx context.Context, tx *sqlx.Tx, s span, r ActivityRequest, into *[]Standing) error {
	instances := make([]string, len(s.instances))
	for i, in := range s.instances {
		instances[i] = in.Instance
	}
	return tx.SelectContext(ctx, into, `
		WITH links AS (
		  SELECT instance, entity, count(*) FILTER (WHERE state = 'synchronised') AS synchronised,
		    count(*) FILTER (WHERE state = 'unsynchronised') AS unsynchronised
		  FROM tandem.links WHERE instance = ANY ($1) GROUP BY instance, entity
		), jobs AS (
		  SELECT instance, entity, count(*) FILTER (WHERE state IN ('waiting', 'in_progress')) AS waiting,
		    count(*) FILTER (WHERE state = 'parked') AS parked, count(*) FILTER (WHERE state = 'failed') AS failed
		  FROM tandem.queue_jobs WHERE instance = ANY ($1) AND state <> 'done' GROUP BY instance, entity
		)
		SELECT instance, entity, coalesce(synchronised, 0) AS synchronised, coalesce(unsynchronised, 0) AS unsynchronised,
		  coalesce(waiting, 0) AS waiting, coalesce(parked, 0) AS parked, coalesce(failed, 0) AS failed
		FROM links FULL JOIN jobs USING (instance, entity)
		WHERE cardinality($2::text[]) = 0 OR entity = ANY ($2) ORDER BY instance, entity`, pq.Array(instances), pq.Array(r.Entities))
}
