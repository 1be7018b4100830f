package db

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"tandem/instance"
)

// SetCredentials replaces those of an instance's credentials that are given; empty ones stay, so that the store's keys and
// the ERP's are replaced one without the other. Former ones that do not open any more are dropped: entering credentials
// again is the way out of a lost key. The version stays: it guards the configuration.
func (d *DB) SetCredentials(ctx context.Context, id string, given instance.Credentials) error {
	const doing = "storing the credentials"
	return d.tx(ctx, doing, func(tx *sqlx.Tx) error {
		return d.changeCredentials(ctx, tx, id, given.Over)
	})
}

// changeCredentials replaces an instance's credentials by what change makes of them.
func (d *DB) changeCredentials(ctx context.Context, tx *sqlx.Tx, id string, change func(instance.Credentials) instance.Credentials) error {
	var sealed []byte
	err := tx.GetContext(ctx, &sealed, `SELECT credentials FROM tandem.instances WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return err
	}
	kept, err := d.openCredentials(id, sealed)
	if err != nil {
		kept = instance.Credentials{}
	}
	if sealed, err = d.sealCredentials(id, change(kept)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE tandem.instances SET credentials = $2, updated_at = now() WHERE id = $1`, id, sealed)
	return err
}

// Credentials opens an instance's credentials. Unauthorized when they were sealed with a key that is not given.
func (d *DB) Credentials(ctx context.Context, id string) (instance.Credentials, error) {
	var sealed []byte
	if err := d.pool.GetContext(ctx, &sealed, `SELECT credentials FROM tandem.instances WHERE id = $1`, id); err != nil {
		return instance.Credentials{}, classify(err, "reading the credentials")
	}
	return d.openCredentials(id, sealed)
}

func (d *DB) openCredentials(id string, sealed []byte) (instance.Credentials, error) {
	plain, err := d.keys.open(sealed, id)
	if err != nil {
		return instance.Credentials{}, err
	}
	var cred instance.Credentials
	return cred, classify(json.Unmarshal(plain, &cred), "reading the credentials")
}

func (d *DB) sealCredentials(id string, cred instance.Credentials) ([]byte, error) {
	plain, err := json.Marshal(cred)
	if err != nil {
		return nil, classify(err, "sealing the credentials")
	}
	return d.keys.seal(plain, id), nil
}
