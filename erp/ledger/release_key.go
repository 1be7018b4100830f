package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

// Release takes a key off the record it names. The key of a simple product is taken off product and variant.
func (l *Ledger) Release(ctx context.Context, key erp.Key) error {
	if r := landing.CheckKey(key); r != nil {
		return fault.Field("key", "%s", r.Reason)
	}
	home, ok := homes[key.Entity]
	if !ok {
		return fault.Field("key", "the ledger keeps no %q", key.Entity)
	}
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockKeys(ctx, tx, home.model, []erp.Key{key}); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM ledger.external_ids WHERE instance = $1 AND entity = $2 AND ext_id = $3`,
			key.Instance, key.Entity, key.ID)
		return classify(err)
	})
}
