package db

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
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
	sealed, err := lockCredentials(ctx, tx, id)
	if err != nil {
		return err
	}
	kept, err := d.openCredentials(id, sealed)
	if err != nil {
		kept = instance.Credentials{}
	}
	return d.storeCredentials(ctx, tx, id, change(kept))
}

// changeWebhookSecrets changes the secrets of an instance's webhooks. Credentials that do not open are left as they are: nobody
// enters those of the store and the ERP again because a webhook is made.
func (d *DB) changeWebhookSecrets(ctx context.Context, tx *sqlx.Tx, id string, change func(secrets map[string]string)) error {
	sealed, err := lockCredentials(ctx, tx, id)
	if err != nil {
		return err
	}
	cred, err := d.openCredentials(id, sealed)
	if err != nil {
		return err
	}
	if cred.Webhooks == nil {
		cred.Webhooks = map[string]string{}
	}
	change(cred.Webhooks)
	return d.storeCredentials(ctx, tx, id, cred)
}

// lockCredentials reads sealed credentials and keeps others from changing them.
func lockCredentials(ctx context.Context, tx *sqlx.Tx, id string) (sealed []byte, err error) {
	err = tx.GetContext(ctx, &sealed, `SELECT credentials FROM tandem.instances WHERE id = $1 FOR UPDATE`, id)
	return sealed, err
}

func (d *DB) storeCredentials(ctx context.Context, tx *sqlx.Tx, id string, cred instance.Credentials) error {
	sealed, err := d.sealCredentials(id, cred)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE tandem.instances SET credentials = $2, updated_at = now() WHERE id = $1`, id, sealed)
	return err
}

// Credentials opens an instance's credentials. Unavailable, with CodeWrongKey, when they were sealed with a key that is not given.
func (d *DB) Credentials(ctx context.Context, id string) (instance.Credentials, error) {
	return d.credentialsOver(ctx, d.pool, id)
}

func (d *DB) credentialsOver(ctx context.Context, pool *sqlx.DB, id string) (instance.Credentials, error) {
	var sealed []byte
	if err := pool.GetContext(ctx, &sealed, `SELECT credentials FROM tandem.instances WHERE id = $1`, id); err != nil {
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

// CheckKeys reports whether the secret keys open all that is sealed: Unauthorized, naming the instances, when they do not.
func (d *DB) CheckKeys(ctx context.Context) error {
	var closed []string
	err := d.eachSealed(ctx, d.pool, func(id string, sealed []byte) error {
		if _, err := d.keys.open(sealed, id); isWrongKey(err) {
			closed = append(closed, id)
		}
		return nil
	})
	if err != nil {
		return classify(err, "checking the secret key")
	}
	sealed, err := mailPassword(ctx, d.pool)
	if err == nil && sealed != nil {
		if _, err := d.keys.open(sealed, mailOwner); isWrongKey(err) {
			closed = append(closed, "the mail server")
		}
	}
	if err != nil || len(closed) == 0 {
		return classify(err, "checking the secret key")
	}
	return fault.New(fault.Unauthorized,
		"TANDEM_SECRET_KEY does not open the keys of %s: start with the key they were sealed with, in front of the new one; where it is lost, `tandem rekey --forget` drops them, to be entered again",
		listed(closed))
}

// Rekey seals everything with the first secret key again, in one transaction, and says how many of instances and mail settings had another. With
// forget, what no key opens is dropped, to be entered again; without it, that is refused and nothing changes.
func (d *DB) Rekey(ctx context.Context, forget bool) (resealed, forgotten int, err error) {
	err = d.tx(ctx, "sealing the credentials again", func(tx *sqlx.Tx) error {
		if resealed, forgotten, err = d.rekeyMail(ctx, tx, forget); err != nil {
			return err
		}
		return d.eachSealed(ctx, tx, func(id string, sealed []byte) error {
			if d.keys.sealedByFirst(sealed) {
				return nil
			}
			cred, err := d.openCredentials(id, sealed)
			if isWrongKey(err) && forget {
				forgotten++
				cred, err = instance.Credentials{}, nil
			}
			if err != nil {
				return err
			}
			resealed++
			if sealed, err = d.sealCredentials(id, cred); err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, `UPDATE tandem.instances SET credentials = $2, updated_at = now() WHERE id = $1`, id, sealed)
			return err
		})
	})
	return resealed, forgotten, err
}

// eachSealed hands over every instance's sealed credentials, locked when q is a transaction.
func (d *DB) eachSealed(ctx context.Context, q sqlx.QueryerContext, do func(id string, sealed []byte) error) error {
	var rows []struct {
		ID          string
		Credentials []byte
	}
	query := `SELECT id, credentials FROM tandem.instances ORDER BY id`
	if _, locking := q.(*sqlx.Tx); locking {
		query += ` FOR UPDATE`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, query); err != nil {
		return err
	}
	for _, row := range rows {
		if err := do(row.ID, row.Credentials); err != nil {
			return err
		}
	}
	return nil
}

// maxListed is how many instances a message names.
const maxListed = 5

// listed names some instances.
func listed(ids []string) string {
	if len(ids) > maxListed {
		return strings.Join(ids[:maxListed], ", ") + fmt.Sprintf(" and %d more", len(ids)-maxListed)
	}
	return strings.Join(ids, ", ")
}
