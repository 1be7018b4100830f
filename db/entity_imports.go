package db

import (
	"context"
	"database/sql"
	"time"

	"github.com/lib/pq"
)

// EntityImport says how far an instance's records of an entity have come.
type EntityImport struct {
	Entity       string
	LastImportAt time.Time // when all that there was, or all that had changed, was last read to the end; zero when never
	SeenUntil    time.Time // the watermark; zero when there is none
}

// EntityImports returns for each of the given entities when it was last imported, and up to when it was read. Imports of single
// records or of a range do not count.
func (d *DB) EntityImports(ctx context.Context, instance string, entities []string) ([]EntityImport, error) {
	var rows []struct {
		Entity    string
		Ended     sql.NullTime
		SeenUntil sql.NullTime `db:"seen_until"`
	}
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT e.entity, done.ended, w.seen_until
		FROM unnest($2::text[]) WITH ORDINALITY e (entity, place)
		LEFT JOIN LATERAL (
		  SELECT p.finished_at AS ended FROM tandem.operation_progress p JOIN tandem.operations o ON o.id = p.operation
		  WHERE p.instance = $1 AND p.entity = e.entity AND p.direction = 'import' AND p.state = 'done' AND o.filter ->> 'kind' IN ('all', 'changes')
		  ORDER BY p.finished_at DESC LIMIT 1) done ON true
		LEFT JOIN tandem.positions w ON w.instance = $1 AND w.entity = e.entity AND w.direction = 'import'
		ORDER BY e.place`, instance, pq.Array(entities))
	imports := make([]EntityImport, len(rows))
	for i, r := range rows {
		imports[i] = EntityImport{Entity: r.Entity, LastImportAt: utc(r.Ended), SeenUntil: utc(r.SeenUntil)}
	}
	return imports, classify(err, "reading when entities were imported")
}
