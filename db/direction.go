package db

import (
	"cmp"

	"github.com/lib/pq"

	"tandem/flow"
)

// orImport gives the direction of what does not say one.
func orImport(d flow.Direction) flow.Direction { return cmp.Or(d, flow.Import) }

// jobIdentity says by which columns the jobs of a direction are told apart: an import's by the store's id of their record, an
// export's by the ERP's.
type jobIdentity struct {
	id     string // the column with the source's id
	unique string // what ON CONFLICT names
}

func identityOf(d flow.Direction) jobIdentity {
	if d == flow.Export {
		return jobIdentity{id: "erp_id", unique: `(instance, entity, erp_id, operation) WHERE direction = 'export'`}
	}
	return jobIdentity{id: "woo_id", unique: `(instance, entity, woo_id, operation)`}
}

// openJobs is the condition, with its parameters from $2 on, that finds the open jobs of the records that these jobs are of. Each direction has
// an index for it alone, which IS TRUE leaves as the only one that fits: before PostgreSQL has counted the rows of a large import, it
// believes that nothing is open, and would read all that is.
func (p PageResult) openJobs(jobs []finishedJob) (condition string, args []any) {
	ids := collect(jobs, func(j finishedJob) string { return j.Record })
	if p.Direction == flow.Export {
		return `erp_id = ANY ($2) AND instance || '/' || entity = $3 AND (direction = 'export' AND state IN ('waiting', 'failed', 'parked')) IS TRUE`,
			[]any{pq.Array(ids), p.Instance + "/" + p.Entity}
	}
	keys := collect(ids, func(id string) string { return flow.Key{Instance: p.Instance, Entity: p.Entity, ID: id}.String() })
	return `key = ANY ($2) AND (direction = 'import' AND state IN ('waiting', 'failed', 'parked')) IS TRUE`, []any{pq.Array(keys)}
}

// pair is a record's ids in the store and in the ERP, of which one may be unknown.
type pair struct{ WooID, ERPID string }

// pairOf gives the ids of a result: the source's own, and what the other side calls the record.
func pairOf(d flow.Direction, r flow.Result) pair {
	if d == flow.Export {
		return pair{WooID: r.Outcome.Key.ID, ERPID: r.Record.ID}
	}
	return pair{WooID: r.Record.ID, ERPID: r.Outcome.ID}
}
