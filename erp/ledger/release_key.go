package ledger

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/erp"
)

// Release takes a key off the record it names. The key of a simple product is taken off product and variant.
func (l *Ledger) Release(ctx context.Context, key erp.Key) error {
	return l.withKey(ctx, key, func(tx *sqlx.Tx, _ home) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM ledger.external_ids WHERE instance = $1 AND entity = $2 AND ext_id = $3`,
			key.Instance, key.Entity, key.ID)
		return classify(err)
	})
}
