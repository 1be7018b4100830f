package db

import (
	"context"

	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"
)

// Gauge is one figure of how things stand, with the labels it is kept apart by.
type Gauge struct {
	Labels pq.StringArray
	Value  float64
}

// Names of the gauges, and what their labels are.
const (
	GaugeLinks        = "links"         // instance, entity: linked records
	GaugeJobs         = "jobs"          // instance, state: queue jobs that are not done
	GaugeOrderRuns    = "order_runs"    // instance, state
	GaugeOrderRunAge  = "order_run_age" // instance, state: seconds since the one that stood still longest moved
	GaugeOperations   = "operations"    // state: those that have not ended
	GaugeOperationAge = "operation_age" // state: seconds since the oldest of them was asked for
	GaugeLastImport   = "last_import"   // instance, entity: Unix time of the last complete import
	GaugeSchedule     = "schedule"      // instance, kind: 1 when it is active
	GaugeERPProblem   = "erp_problem"   // instance: 1 while the ERP has one
	GaugeJobFailures  = "job_failures"  // job: failures in a row of a periodic job
	GaugeJobSucceeded = "job_succeeded" // job: Unix time of its last success
	GaugeWaiting      = "waiting"       // instance, entity, kind: seconds for which an import has not got on
	gaugesAtOnce      = 4
)

var gaugeQueries = map[string]string{
	GaugeLinks: `SELECT ARRAY[instance, entity] AS labels, count(*) AS value FROM tandem.links GROUP BY instance, entity`,
	GaugeJobs: `SELECT ARRAY[instance, state] AS labels, count(*) AS value FROM tandem.queue_jobs WHERE state <> 'done'
		GROUP BY instance, state`,
	GaugeOrderRuns: `SELECT ARRAY[instance, state] AS labels, count(*) AS value FROM tandem.order_runs GROUP BY instance, state`,
	GaugeOrderRunAge: `SELECT ARRAY[instance, state] AS labels, extract(epoch FROM now() - min(updated_at)) AS value
		FROM tandem.order_runs WHERE state IN ('due', 'running', 'blocked', 'paused') GROUP BY instance, state`,
	GaugeOperations: `SELECT ARRAY[state] AS labels, count(*) AS value FROM tandem.operations
		WHERE ` + unfinished + ` GROUP BY state`,
	GaugeOperationAge: `SELECT ARRAY[state] AS labels, extract(epoch FROM now() - min(created_at)) AS value FROM tandem.operations
		WHERE ` + unfinished + ` GROUP BY state`,
	GaugeLastImport: `SELECT ARRAY[i.id, p.entity] AS labels, extract(epoch FROM max(p.finished_at)) AS value
		FROM tandem.instances i JOIN tandem.operation_progress p ON p.instance = i.id AND p.state = 'done'
		GROUP BY i.id, p.entity`,
	GaugeSchedule: `SELECT ARRAY[instance, kind] AS labels, active::integer AS value FROM tandem.schedules`,
	GaugeERPProblem: `SELECT ARRAY[id] AS labels, (coalesce(erp ->> 'problem', '') <> '')::integer AS value FROM tandem.instances
		WHERE state <> 'draft'`,
	GaugeJobFailures: `SELECT ARRAY[name] AS labels, failures AS value FROM tandem.periodic_jobs`,
	GaugeJobSucceeded: `SELECT ARRAY[name] AS labels, extract(epoch FROM succeeded_at) AS value FROM tandem.periodic_jobs
		WHERE succeeded_at IS NOT NULL`,
	GaugeWaiting: `SELECT ARRAY[instance, entity, waiting->>'kind'] AS labels,
		extract(epoch FROM now() - min((waiting->>'since')::timestamptz)) AS value
		FROM tandem.operation_progress WHERE state = 'running' AND waiting IS NOT NULL GROUP BY 1`,
}

// Gauges reads all gauges, by their names: one statement each for all instances, some at the same time. What could be read in
// time is returned along with the first error.
func (d *DB) Gauges(ctx context.Context) (map[string][]Gauge, error) {
	rows := make(map[string]*[]Gauge, len(gaugeQueries))
	var group errgroup.Group
	group.SetLimit(gaugesAtOnce)
	for name, query := range gaugeQueries {
		into := &[]Gauge{}
		rows[name] = into
		group.Go(func() error { return d.pool.SelectContext(ctx, into, query) })
	}
	err := group.Wait()
	gauges := make(map[string][]Gauge, len(rows))
	for name, found := range rows {
		gauges[name] = *found
	}
	return gauges, classify(err, "reading the figures")
}
