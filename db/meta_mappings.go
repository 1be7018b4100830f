package db

import (
	"context"

	"tandem/instance"
)

const metaMappingColumns = `id, instance, model, meta_key AS key, field, type, active`

// MetaMappings lists an instance's meta mappings, ordered by model and key.
func (d *DB) MetaMappings(ctx context.Context, instanceID string) ([]instance.MetaMapping, error) {
	mappings := []instance.MetaMapping{}
	err := d.pool.SelectContext(ctx, &mappings, `
		SELECT `+metaMappingColumns+` FROM tandem.meta_mappings WHERE instance = $1 ORDER BY model, meta_key, field`, instanceID)
	return mappings, classify(err, "listing meta mappings")
}

// MetaMapping gives one meta mapping; NotFound when there is none.
func (d *DB) MetaMapping(ctx context.Context, id string) (instance.MetaMapping, error) {
	var m instance.MetaMapping
	err := d.pool.GetContext(ctx, &m, `SELECT `+metaMappingColumns+` FROM tandem.meta_mappings WHERE id = $1`, id)
	return m, classify(err, "reading the meta mapping")
}

// CreateMetaMapping stores a new meta mapping under an ID it makes. Conflict when the instance has the same one already.
func (d *DB) CreateMetaMapping(ctx context.Context, m instance.MetaMapping) (instance.MetaMapping, error) {
	m.ID = newID()
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.meta_mappings (id, instance, model, meta_key, field, type, active)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, m.ID, m.Instance, string(m.Model), m.Key, m.Field, m.Type, m.Active)
	return m, classify(err, "creating the meta mapping")
}

// UpdateMetaMapping replaces all of a meta mapping but its instance; NotFound when there is none.
func (d *DB) UpdateMetaMapping(ctx context.Context, m instance.MetaMapping) (instance.MetaMapping, error) {
	var stored instance.MetaMapping
	err := d.pool.GetContext(ctx, &stored, `
		UPDATE tandem.meta_mappings SET model = $2, meta_key = $3, field = $4, type = $5, active = $6
		WHERE id = $1 RETURNING `+metaMappingColumns, m.ID, string(m.Model), m.Key, m.Field, m.Type, m.Active)
	return stored, classify(err, "changing the meta mapping")
}

// DeleteMetaMapping removes a meta mapping; NotFound when there is none.
func (d *DB) DeleteMetaMapping(ctx context.Context, id string) error {
	result, err := d.pool.ExecContext(ctx, `DELETE FROM tandem.meta_mappings WHERE id = $1`, id)
	return oneRow(result, err, "deleting the meta mapping")
}
