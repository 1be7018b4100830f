package ledger

import (
	"context"
	"hash/fnv"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

// held is what the ledger has under an external key.
type held struct {
	ID     int64
	Digest string // of the content the record was last given
}

// binding ties an external key to a record.
type binding struct {
	Instance string `json:"instance"`
	Entity   string `json:"entity"`
	ExtID    string `json:"ext_id"`
	Model    string `json:"model"`
	RecordID int64  `json:"record_id"`
	Digest   string `json:"digest"`
}

func bindingOf(key erp.Key, model string, id int64, digest string) binding {
	return binding{Instance: key.Instance, Entity: key.Entity, ExtID: key.ID, Model: model, RecordID: id, Digest: digest}
}

// lockNames makes transactions that share a name take turns until their end, whether or not a row exists yet for the
// name. Locks are taken in one order everywhere, so two batches cannot wait for each other; names that happen to share
// a hash wait without need, and nothing worse.
func lockNames(ctx context.Context, tx *sqlx.Tx, names []string) error {
	hashes := make([]int64, len(names))
	for i, name := range names {
		hash := fnv.New64a()
		hash.Write([]byte(name))
		hashes[i] = int64(hash.Sum64()) //nolint:gosec // any 64 bits serve
	}
	slices.Sort(hashes)
	_, err := tx.ExecContext(ctx, `SELECT count(pg_advisory_xact_lock(h)) FROM unnest($1::bigint[]) h`,
		pq.Array(slices.Compact(hashes)))
	return classify(err)
}

// lockKeys is lockNames for the external keys of one model.
func lockKeys(ctx context.Context, tx *sqlx.Tx, model string, keys []erp.Key) error {
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = model + "/" + key.String()
	}
	return lockNames(ctx, tx, names)
}

// boundKeys is a FROM item: the keys in the arrays $1, $2 and $3, as k with their place from 1, and what model $4 has
// under them, as e. OFFSET 0 makes PostgreSQL look up key by key. A plain join it would plan by guess while the table
// has no statistics, as in the first minutes of an import, and read all of the model for each batch.
const boundKeys = `
	unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY k (instance, entity, ext_id, place)
	CROSS JOIN LATERAL (
		SELECT e.record_id, e.digest
		FROM ledger.external_ids e
		WHERE e.instance = k.instance AND e.entity = k.entity AND e.ext_id = k.ext_id AND e.model = $4
		OFFSET 0
	) e `

// resolve finds the records of one model under external keys. Keys under which there is nothing are missing from the map. What no store
// has is found by the id in its pending key.
func resolve(ctx context.Context, q sqlx.QueryerContext, model string, keys []erp.Key) (map[erp.Key]held, error) {
	found := make(map[erp.Key]held, len(keys))
	if len(keys) == 0 {
		return found, nil
	}
	instances, entities, ids := columnsOfKeys(keys)
	var rows []struct {
		Instance string
		Entity   string
		ExtID    string `db:"ext_id"`
		RecordID int64  `db:"record_id"`
		Digest   string
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT k.instance, k.entity, k.ext_id, e.record_id, e.digest FROM `+boundKeys,
		pq.Array(instances), pq.Array(entities), pq.Array(ids), model)
	for _, row := range rows {
		found[erp.Key{Instance: row.Instance, Entity: row.Entity, ID: row.ExtID}] = held{ID: row.RecordID, Digest: row.Digest}
	}
	if err != nil || model != termPlace.model {
		return found, classify(err)
	}
	return found, resolvePending(ctx, q, keys, found)
}

// resolvePending finds the terms that pending keys name.
func resolvePending(ctx context.Context, q sqlx.QueryerContext, keys []erp.Key, found map[erp.Key]held) error {
	named := map[int64]erp.Key{}
	var ids []int64
	for _, key := range keys {
		if id, pending := erp.PendingID(key); pending && key.Instance != erp.OwnInstance {
			if number, err := ledgerID(id); err == nil {
				named[number], ids = key, append(ids, number)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		ID   int64
		Kind string
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT id, kind FROM ledger.terms WHERE id = ANY ($1)`, pq.Array(ids))
	for _, row := range rows {
		if key := named[row.ID]; key.Entity == row.Kind {
			found[key] = held{ID: row.ID}
		}
	}
	return classify(err)
}

// columnsOfKeys turns keys into one array per column.
func columnsOfKeys(keys []erp.Key) (instances, entities, ids []string) {
	for _, key := range keys {
		instances, entities, ids = append(instances, key.Instance), append(entities, key.Entity), append(ids, key.ID)
	}
	return instances, entities, ids
}

// bind ties keys to records, away from whatever they named before.
func bind(ctx context.Context, tx *sqlx.Tx, bindings []binding) error {
	return writeRows(ctx, tx, "external_ids", bindings, `ON CONFLICT (instance, entity, ext_id, model)
		DO UPDATE SET record_id = EXCLUDED.record_id, digest = EXCLUDED.digest`)
}

// stamp notes new content digests under all keys of the records.
func stamp(ctx context.Context, tx *sqlx.Tx, bindings []binding) error {
	if len(bindings) == 0 {
		return nil
	}
	array, err := encode(bindings)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE ledger.external_ids e SET digest = b.digest
		FROM json_populate_recordset(NULL::ledger.external_ids, $1) b
		WHERE e.model = b.model AND e.record_id = b.record_id AND e.digest <> b.digest`, array)
	return classify(err)
}
