package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/fault"
)

// reference is a record that another one names, and the field that does.
type reference struct {
	field string
	key   erp.Key
	place place
}

// place is where records are kept and under which model they have keys.
type place struct{ table, model string }

// bindOwn gives records the own keys by which a person names them, so that they land as those of stores do. It is fault.Invalid, for
// each field that names one, when there is no such record.
func bindOwn(ctx context.Context, tx *sqlx.Tx, references []reference) error {
	byTable := map[string][]reference{}
	for _, r := range references {
		if erp.OwnID(r.key) != "" {
			byTable[r.place.table] = append(byTable[r.place.table], r)
		}
	}
	var problems []error
	for _, table := range slices.Sorted(maps.Keys(byTable)) {
		missing, err := bindIn(ctx, tx, byTable[table])
		if err != nil {
			return err
		}
		problems = append(problems, missing...)
	}
	return errors.Join(problems...)
}

const bindOwnKeys = `
WITH named AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY n (entity, ext_id, id, place)
), known AS (
    SELECT DISTINCT ON (n.place) n.place, n.entity, n.ext_id, t.id FROM named n JOIN ledger.%s t ON %s
), bound AS (
    INSERT INTO ledger.external_ids AS e (instance, entity, ext_id, model, record_id)
    SELECT DISTINCT $4, entity, ext_id, $5, id FROM known ORDER BY entity, ext_id
    ON CONFLICT (instance, entity, ext_id, model) DO UPDATE SET record_id = EXCLUDED.record_id WHERE e.record_id <> EXCLUDED.record_id
)
SELECT place FROM known`

// namedBy says which row, t, an own key, n, names in the tables in which that is not just the one with its id. A product that is
// sold as it is names what is sold too.
var namedBy = map[string]string{
	"terms": `t.id = n.id AND t.kind = n.entity`,
	"variants": `t.id = n.id AND n.ext_id = 'erp/' || t.product_id || '/' || t.id
		OR t.product_id = n.id AND n.ext_id = 'erp/' || n.id
			AND EXISTS (SELECT FROM ledger.products p WHERE p.id = t.product_id AND p.kind <> 'variable')
		ORDER BY n.place, t.active DESC, t.id`,
}

// missing says that there is no such record.
func (r reference) missing() error {
	text := "there is no " + strings.ReplaceAll(r.key.Entity, "_", " ") + " " + erp.OwnID(r.key) + " in the ledger"
	if r.place == variantPlace {
		text += ", or it has variants, which are named like 12/34"
	}
	return fault.Field(r.field, "%s", text)
}

func bindIn(ctx context.Context, tx *sqlx.Tx, named []reference) (missing []error, err error) {
	entities, extIDs := make([]string, len(named)), make([]string, len(named))
	ids := make([]int64, len(named))
	for i, r := range named {
		entities[i], extIDs[i] = r.key.Entity, r.key.ID
		if ids[i], err = ledgerID(erp.OwnID(r.key)); err != nil {
			ids[i] = 0 // which no record has
		}
	}
	at := named[0].place
	condition, special := namedBy[at.table]
	if !special {
		condition = `t.id = n.id`
	}
	var places []int
	err = tx.SelectContext(ctx, &places, fmt.Sprintf(bindOwnKeys, at.table, condition),
		pq.Array(entities), pq.Array(extIDs), pq.Array(ids), erp.OwnInstance, at.model)
	if err != nil {
		return nil, classify(err)
	}
	for i, r := range named {
		if !slices.Contains(places, i+1) {
			missing = append(missing, r.missing())
		}
	}
	return missing, nil
}
