package db

import (
	"context"
	"time"

	"github.com/lib/pq"

	"tandem/fault"
)

// LogCount is how many logs of a status fall into a bucket of time.
type LogCount struct {
	At     time.Time // the bucket's start, UTC
	Status string
	Count  int
}

// countedLogs is the part of a filter that the counts of logs know, with the parameters that args gives. Of the hours it takes those that
// have any of the time asked for.
const countedLogs = `($1 = '' OR instance = $1) AND ($2 = '' OR entity = $2) AND ($3 = '' OR status = $3)
	AND ($6::timestamptz IS NULL OR hour > $6::timestamptz - interval '1 hour') AND ($7::timestamptz IS NULL OR hour < $7)`

// counted reports whether the counts of logs know all that the filter asks for.
func (f LogFilter) counted() bool { return f.WooID == "" && f.Operation == "" }

// LogChart counts logs per bucket and status, oldest first. A bucket is "hour", "day", "week" or "month" of UTC.
func (d *DB) LogChart(ctx context.Context, f LogFilter, bucket string) ([]LogCount, error) {
	switch bucket {
	case "hour", "day", "week", "month":
	default:
		return nil, fault.Field("bucket", "must be hour, day, week or month")
	}
	query, args := `SELECT date_trunc($8, at, 'UTC') AS at, status, count(*) AS count FROM tandem.logs
		WHERE `+logFilter+` GROUP BY 1, 2 ORDER BY 1, 2`, f.args(bucket)
	if f.counted() {
		since, until := f.cutHours()
		query, args = chartOfCounts, f.args(bucket, pq.Array(since), pq.Array(until))
	}
	counts := []LogCount{}
	err := d.pool.SelectContext(ctx, &counts, query, args...)
	for i := range counts {
		counts[i].At = counts[i].At.UTC()
	}
	return counts, classify(err, "counting logs")
}

// chartOfCounts adds up whole hours, and counts the lines of those of which only a part is asked for. Its last condition always holds:
// PostgreSQL wants to see each parameter.
const chartOfCounts = `
	WITH cut AS (
	  SELECT date_trunc('hour', since, 'UTC') AS hour, since, until FROM unnest($9::timestamptz[], $10::timestamptz[]) AS c(since, until)
	), lines AS (
	  SELECT hour, status, lines FROM tandem.log_counts WHERE ` + countedLogs + ` AND hour NOT IN (SELECT hour FROM cut)
	  UNION ALL
	  SELECT c.hour, c.status, l.lines FROM (
	    SELECT hour, since, until, instance, entity, status, min(first_id) AS first_id, max(last_id) AS last_id
	    FROM cut JOIN tandem.log_counts USING (hour) WHERE ` + countedLogs + ` GROUP BY 1, 2, 3, 4, 5, 6
	  ) c, LATERAL (
	    SELECT count(*) AS lines FROM tandem.logs l WHERE (l.instance, l.entity, l.status) = (c.instance, c.entity, c.status)
	      AND l.id BETWEEN c.first_id AND c.last_id AND l.at >= c.since AND l.at < c.until
	  ) l WHERE l.lines > 0
	)
	SELECT date_trunc($8, hour, 'UTC') AS at, status, sum(lines)::bigint AS count FROM lines
	WHERE $4 = '' AND $5 = '' GROUP BY 1, 2 ORDER BY 1, 2`

// cutHours gives the parts of hours that a filter begins and ends with, where these are not whole.
func (f LogFilter) cutHours() (since, until []time.Time) {
	since, until = []time.Time{}, []time.Time{}
	add := func(from, to time.Time) {
		since, until = append(since, from.UTC()), append(until, to.UTC())
	}
	first, last := f.From.Truncate(time.Hour), f.To.Truncate(time.Hour)
	fromCut, toCut := !f.From.IsZero() && !f.From.Equal(first), !f.To.IsZero() && !f.To.Equal(last)
	switch {
	case fromCut && !f.To.IsZero() && f.To.Before(first.Add(time.Hour)):
		add(f.From, f.To)
		return since, until
	case fromCut:
		add(f.From, first.Add(time.Hour))
	}
	if toCut {
		add(last, f.To)
	}
	return since, until
}
