package schematest

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"tandem/devstack"
)

// cluster is a private PostgreSQL server in a temporary folder.
type cluster struct {
	server *devstack.Postgres
	dir    string
}

func startCluster(ctx context.Context) (*cluster, error) {
	dir, err := os.MkdirTemp("", "schematest-")
	if err != nil {
		return nil, err
	}
	// Started by root, the server runs as another user, who must be able to enter the folder.
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the data folder inside is private
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	server, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{Folder: dir})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	c := &cluster{server: server, dir: dir}
	if err := hurry(ctx, server.DSN()); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// hurry gives up durability for speed: the data does not outlive the tests.
func hurry(ctx context.Context, address string) error {
	db, err := sql.Open("postgres", address)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		`ALTER SYSTEM SET fsync = off`,
		`ALTER SYSTEM SET full_page_writes = off`,
		`ALTER SYSTEM SET synchronous_commit = off`,
		`SELECT pg_reload_conf()`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return errors.Join(err, db.Close())
		}
	}
	return db.Close()
}

func (c *cluster) stop() error {
	return errors.Join(c.server.Stop(), os.RemoveAll(c.dir))
}
