package db

import (
	"context"
)

// Counters sum up an instance for its card.
type Counters struct {
	Links     map[string]int // linked records by entity
	Jobs      map[string]int // queue jobs that are not done, by state
	OrderRuns map[string]int // orders a sale workflow moves or moved, by state
}

// Counters counts an instance's records. Jobs that are done are left out: the links tell what came of them.
func (d *DB) Counters(ctx context.Context, instance string) (Counters, error) {
	var c Counters
	var err error
	c.Links, err = d.counts(ctx, "counting links",
		`SELECT entity AS name, count(*) FROM tandem.links WHERE instance = $1 GROUP BY entity`, instance)
	if err != nil {
		return Counters{}, err
	}
	c.Jobs, err = d.counts(ctx, "counting queue jobs",
		`SELECT state AS name, count(*) FROM tandem.queue_jobs WHERE instance = $1 AND state <> 'done' GROUP BY state`, instance)
	if err != nil {
		return Counters{}, err
	}
	c.OrderRuns, err = d.OrderRunCounts(ctx, instance)
	return c, err
}

// counts runs a query that gives names and counts.
func (d *DB) counts(ctx context.Context, doing, query string, args ...any) (map[string]int, error) {
	var rows []struct {
		Name  string
		Count int
	}
	if err := d.pool.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, classify(err, doing)
	}
	counts := make(map[string]int, len(rows))
	for _, row := range rows {
		counts[row.Name] = row.Count
	}
	return counts, nil
}
