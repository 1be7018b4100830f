package db

import (
	"context"
)

// Installation is the id of this database, made once with its schema.
func (d *DB) Installation(ctx context.Context) (string, error) {
	var id string
	err := d.pool.GetContext(ctx, &id, `SELECT id FROM tandem.installation`)
	return id, classify(err, "reading the installation's id")
}
