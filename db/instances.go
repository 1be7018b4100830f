package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tandem/fault"
	"tandem/instance"
)

const instanceColumns = `id, name, store_url, state, connection, backend, erp_connection, config, store, erp, version, created_at,
	updated_at, connected_at`

// instanceRow is an instance as the table holds it.
type instanceRow struct {
	ID          string          `db:"id"`
	Name        string          `db:"name"`
	StoreURL    string          `db:"store_url"`
	State       string          `db:"state"`
	Connection  json.RawMessage `db:"connection"`
	Backend     string          `db:"backend"`
	Reach       json.RawMessage `db:"erp_connection"`
	Config      json.RawMessage `db:"config"`
	Store       json.RawMessage `db:"store"`
	ERP         json.RawMessage `db:"erp"`
	Version     int             `db:"version"`
	CreatedAt   time.Time       `db:"created_at"`
	UpdatedAt   time.Time       `db:"updated_at"`
	ConnectedAt sql.NullTime    `db:"connected_at"`
}

// newInstanceRow encodes the parts of an instance that are kept as JSON.
func newInstanceRow(in instance.Instance) (instanceRow, error) {
	connection, err1 := json.Marshal(in.Connection)
	config, err2 := json.Marshal(in.Config)
	store, err3 := json.Marshal(in.Store)
	backend, err4 := json.Marshal(in.ERP)
	reach, err5 := json.Marshal(in.ERPConnection.OrEmpty())
	return instanceRow{
		ID: in.ID, Name: in.Name, StoreURL: in.StoreURL, State: string(in.State), Connection: connection, Backend: in.Backend,
		Reach: reach, Config: config, Store: store, ERP: backend, Version: in.Version, ConnectedAt: null(in.ConnectedAt),
	}, errors.Join(err1, err2, err3, err4, err5)
}

func (r instanceRow) instance() (instance.Instance, error) {
	in := instance.Instance{
		ID: r.ID, Name: r.Name, StoreURL: r.StoreURL, State: instance.State(r.State), Backend: r.Backend,
		Version: r.Version, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), ConnectedAt: utc(r.ConnectedAt),
	}
	return in, errors.Join(json.Unmarshal(r.Connection, &in.Connection), json.Unmarshal(r.Config, &in.Config),
		json.Unmarshal(r.Store, &in.Store), json.Unmarshal(r.ERP, &in.ERP), json.Unmarshal(r.Reach, &in.ERPConnection))
}

// CreateInstance stores a new instance and its credentials, sealed. Conflict when the id exists.
func (d *DB) CreateInstance(ctx context.Context, in instance.Instance, cred instance.Credentials) (instance.Instance, error) {
	const doing = "creating the instance"
	row, err := newInstanceRow(in)
	if err != nil {
		return instance.Instance{}, classify(err, doing)
	}
	sealed, err := d.sealCredentials(in.ID, cred)
	if err != nil {
		return instance.Instance{}, err
	}
	var stored instanceRow
	err = d.pool.GetContext(ctx, &stored, `
		INSERT INTO tandem.instances (id, name, store_url, state, connection, backend, erp_connection, config, store, erp,
		  connected_at, credentials)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING `+instanceColumns,
		row.ID, row.Name, row.StoreURL, row.State, string(row.Connection), row.Backend, string(row.Reach), string(row.Config),
		string(row.Store), string(row.ERP), row.ConnectedAt, sealed)
	if err != nil {
		return instance.Instance{}, named(classify(err, doing), fault.Conflict, "there is an instance %q already: choose another id", in.ID)
	}
	out, err := stored.instance()
	return out, classify(err, doing)
}

// Instance gives one instance; NotFound when there is none.
func (d *DB) Instance(ctx context.Context, id string) (instance.Instance, error) {
	const doing = "reading the instance"
	var row instanceRow
	err := d.pool.GetContext(ctx, &row, `SELECT `+instanceColumns+` FROM tandem.instances WHERE id = $1`, id)
	if err != nil {
		return instance.Instance{}, named(classify(err, doing), fault.NotFound, "there is no instance %q", id)
	}
	out, err := row.instance()
	return out, classify(err, doing)
}

// Instances lists all instances, ordered by id.
func (d *DB) Instances(ctx context.Context) ([]instance.Instance, error) {
	const doing = "listing instances"
	var rows []instanceRow
	err := d.pool.SelectContext(ctx, &rows, `SELECT `+instanceColumns+` FROM tandem.instances ORDER BY id`)
	if err != nil {
		return nil, classify(err, doing)
	}
	out := make([]instance.Instance, len(rows))
	for i, row := range rows {
		if out[i], err = row.instance(); err != nil {
			return nil, classify(err, doing)
		}
	}
	return out, nil
}
