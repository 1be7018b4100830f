package db

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
	"tandem/instance"
	"tandem/siteurl"
)

// UpdateInstance stores everything but the id and the credentials, and forgets what the change makes untrue: with another
// store or ERP, or when other orders are imported from now on, "changes" reads everything again. Keys of a server that is not
// asked any more are dropped. Conflict when somebody changed the instance since in.Version was read, NotFound when there
// is none.
func (d *DB) UpdateInstance(ctx context.Context, in instance.Instance) (instance.Instance, error) {
	return d.UpdateInstanceAndKeys(ctx, in, instance.Credentials{})
}

// UpdateInstanceAndKeys is UpdateInstance with new credentials, kept together with the change: an address never stands
// beside the keys of another one. Empty ones stay as SetCredentials says.
func (d *DB) UpdateInstanceAndKeys(ctx context.Context, in instance.Instance, given instance.Credentials) (instance.Instance, error) {
	var after instance.Instance
	err := d.tx(ctx, "changing the instance", func(tx *sqlx.Tx) error {
		var err error
		after, err = d.changeInstance(ctx, tx, in, given)
		return err
	})
	if err != nil {
		return instance.Instance{}, err
	}
	return after, nil
}

// changeInstance stores an instance that has not been changed meanwhile, with all that follows from the change.
func (d *DB) changeInstance(ctx context.Context, tx *sqlx.Tx, in instance.Instance, given instance.Credentials) (instance.Instance, error) {
	before, err := lockInstance(ctx, tx, in.ID)
	if err != nil {
		return instance.Instance{}, err
	}
	if before.Version != in.Version {
		return instance.Instance{}, fault.New(fault.Conflict, "the instance was changed by somebody else meanwhile: read it again, then change it")
	}
	after, err := storeInstance(ctx, tx, in)
	if err != nil {
		return instance.Instance{}, err
	}
	if err := d.followKeys(ctx, tx, before, after, given); err != nil {
		return instance.Instance{}, err
	}
	return after, d.forget(ctx, tx, before, after)
}

// followKeys drops the keys that may not be used after a change, and keeps the given ones. Without either, the credentials
// are not touched: a change of the configuration must not drop what a lost secret key cannot open.
func (d *DB) followKeys(ctx context.Context, tx *sqlx.Tx, before, after instance.Instance, given instance.Credentials) error {
	all := instance.Credentials{ConsumerKey: "x", ConsumerSecret: "x", ERPSecret: "x"}
	if given.IsZero() && before.KeysAfter(after, all, d.erps).Equal(all) {
		return nil
	}
	return d.changeCredentials(ctx, tx, after.ID, func(kept instance.Credentials) instance.Credentials {
		return given.Over(before.KeysAfter(after, kept, d.erps))
	})
}

// lockInstance reads an instance and keeps others from changing it.
func lockInstance(ctx context.Context, tx *sqlx.Tx, id string) (instance.Instance, error) {
	var row instanceRow
	err := tx.GetContext(ctx, &row, `SELECT `+instanceColumns+` FROM tandem.instances WHERE id = $1 FOR UPDATE`, id)
	if err != nil {
		return instance.Instance{}, err
	}
	return row.instance()
}

func storeInstance(ctx context.Context, tx *sqlx.Tx, in instance.Instance) (instance.Instance, error) {
	row, err := newInstanceRow(in)
	if err != nil {
		return instance.Instance{}, err
	}
	var stored instanceRow
	err = tx.GetContext(ctx, &stored, `
		UPDATE tandem.instances SET name = $2, store_url = $3, state = $4, connection = $5, backend = $6, erp_connection = $7,
		  config = $8, store = $9, erp = $10, connected_at = $11, version = version + 1, updated_at = now()
		WHERE id = $1 RETURNING `+instanceColumns,
		row.ID, row.Name, row.StoreURL, row.State, string(row.Connection), row.Backend, string(row.Reach), string(row.Config),
		string(row.Store), string(row.ERP), row.ConnectedAt)
	if err != nil {
		return instance.Instance{}, err
	}
	return stored.instance()
}

// SetERPInfo keeps what a look at the ERP found, unless the instance was changed since in.Version was read: it may be kept
// in step with another ERP now. The version stays: it guards the configuration. It reports whether the information was kept.
func (d *DB) SetERPInfo(ctx context.Context, in instance.Instance) (kept bool, err error) {
	const doing = "keeping what the ERP says of itself"
	info, err := json.Marshal(in.ERP)
	if err != nil {
		return false, classify(err, doing)
	}
	result, err := d.pool.ExecContext(ctx, `UPDATE tandem.instances SET erp = $3 WHERE id = $1 AND version = $2`,
		in.ID, in.Version, string(info))
	if err != nil {
		return false, classify(err, doing)
	}
	rows, err := result.RowsAffected()
	return rows > 0, classify(err, doing)
}

// forget drops what is not true any more of an instance that was changed. Sale workflows under way end in the ERP they
// began in, so their runs stay.
func (d *DB) forget(ctx context.Context, tx *sqlx.Tx, before, after instance.Instance) error {
	otherERP := !before.SameERP(after, d.erps)
	otherServer := siteurl.Origin(before.StoreURL) != siteurl.Origin(after.StoreURL)
	for _, drop := range []struct {
		due       bool
		statement string
	}{
		{otherERP || before.StoreURL != after.StoreURL, `DELETE FROM tandem.positions WHERE instance = $1`},
		{otherOrders(before.Config.Order, after.Config.Order), `DELETE FROM tandem.positions WHERE instance = $1 AND entity = 'order'`},
		{otherERP, `DELETE FROM tandem.links WHERE instance = $1`},
		{otherERP, `DELETE FROM tandem.sales WHERE instance = $1`},
		{otherERP, `DELETE FROM tandem.sold_products WHERE instance = $1`},
		{otherERP, `DELETE FROM tandem.link_checks WHERE instance = $1`},
		{otherServer, `DELETE FROM tandem.webhooks WHERE instance = $1`},
		{otherServer, `DELETE FROM tandem.inbox WHERE instance = $1 AND state = 'waiting'`},
		{otherERP || before.StoreURL != after.StoreURL, `DELETE FROM tandem.order_states WHERE instance = $1`},
		{otherERP || before.StoreURL != after.StoreURL, `DELETE FROM tandem.stock_pushes WHERE instance = $1`},
		{otherERP, `DELETE FROM tandem.order_runs WHERE instance = $1 AND state IN ('due', 'done', 'cancelled')`},
	} {
		if !drop.due {
			continue
		}
		if _, err := tx.ExecContext(ctx, drop.statement, after.ID); err != nil {
			return err
		}
	}
	return nil
}

// otherOrders reports whether orders that were passed over so far may be imported now.
func otherOrders(before, after instance.Order) bool {
	return before.CutOff != after.CutOff || before.ImportThrough != after.ImportThrough ||
		!slices.Equal(before.Statuses, after.Statuses)
}

// SetClockSkew keeps by how much the store's clock is ahead of ours; negative when it is behind. The version stays: it guards the
// configuration.
func (d *DB) SetClockSkew(ctx context.Context, id string, skew time.Duration) error {
	_, err := d.pool.ExecContext(ctx, `
		UPDATE tandem.instances SET store = jsonb_set(store, '{clock_skew_seconds}', to_jsonb($2::bigint))
		WHERE id = $1 AND coalesce((store->>'clock_skew_seconds')::bigint, 0) <> $2`, id, int64(skew.Seconds()))
	return classify(err, "keeping the difference of the clocks")
}
