package schematest

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"syscall"

	"tandem/devstack"
)

const (
	// memory is where Linux keeps files in memory. A database there is made in a tenth of the time it takes on a disk,
	// which is most of the time of a small test.
	memory = "/dev/shm"
	// roomNeeded is for the clusters of a few packages that are tested at the same time, in bytes. Containers often have
	// 64 MiB only.
	roomNeeded = 1 << 30
)

// cluster is a private PostgreSQL server in a folder of its own, in memory where there is room.
type cluster struct {
	server *devstack.Postgres
	dir    string
}

func startCluster(ctx context.Context) (*cluster, error) {
	dir, err := makeFolder(memory, roomNeeded)
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

// makeFolder makes a new folder below the preferred one, or below the usual one for temporary files when that has less
// than so many bytes of room or cannot be written to.
func makeFolder(preferred string, room uint64) (string, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(preferred, &disk); err == nil && disk.Bavail*uint64(disk.Bsize) >= room {
		if dir, err := os.MkdirTemp(preferred, "schematest-"); err == nil {
			return dir, nil
		}
	}
	return os.MkdirTemp("", "schematest-")
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
