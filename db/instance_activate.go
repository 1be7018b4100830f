package db

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
	"tandem/instance"
)

// ActivateInstance is UpdateInstance for an instance that becomes active. Conflict when another instance imports the same
// store into the same ERP, or has done so, unless allowSameStore: each order would be booked twice.
func (d *DB) ActivateInstance(ctx context.Context, in instance.Instance, allowSameStore bool) (instance.Instance, error) {
	var after instance.Instance
	err := d.tx(ctx, "activating the instance", func(tx *sqlx.Tx) error {
		if !allowSameStore {
			if err := d.refuseSameStore(ctx, tx, in); err != nil {
				return err
			}
		}
		var err error
		after, err = d.changeInstance(ctx, tx, in, instance.Credentials{})
		return err
	})
	if err != nil {
		return instance.Instance{}, err
	}
	return after, nil
}

// refuseSameStore locks all instances, so that of two that are activated at the same time the later one sees the other.
func (d *DB) refuseSameStore(ctx context.Context, tx *sqlx.Tx, in instance.Instance) error {
	var rows []instanceRow
	err := tx.SelectContext(ctx, &rows, `SELECT `+instanceColumns+` FROM tandem.instances ORDER BY id FOR UPDATE`)
	if err != nil {
		return err
	}
	for _, row := range rows {
		other, err := row.instance()
		if err != nil {
			return err
		}
		if other.ID == in.ID || !other.SameStore(in) || !other.SameERP(in, d.erps) {
			continue
		}
		used, err := hasImported(ctx, tx, other)
		if err != nil {
			return err
		}
		if used {
			return sameStore(in, other)
		}
	}
	return nil
}

// hasImported reports whether an instance imports its store or has landed records of it.
func hasImported(ctx context.Context, tx *sqlx.Tx, in instance.Instance) (bool, error) {
	if in.State == instance.Active {
		return true, nil
	}
	var linked bool
	err := tx.GetContext(ctx, &linked, `SELECT EXISTS (SELECT FROM tandem.links WHERE instance = $1)`, in.ID)
	return linked, err
}

func sameStore(in, other instance.Instance) error {
	return fault.New(fault.Conflict, "the instance %q (%s) imports the store %s into the same ERP, so each order would be booked twice: "+
		"use %q instead of %q, or give one of them another store or ERP; to import the store twice on purpose, activate %q with "+
		"allow_same_store (--allow-same-store on the command line)",
		other.ID, other.State, in.StoreURL, other.ID, in.ID, in.ID)
}
