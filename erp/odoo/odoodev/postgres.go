package odoodev

import (
	"context"
	"io"
	"path/filepath"
	"strings"

	"tandem/fault"
)

// dataFolder is where the root keeps its PostgreSQL cluster.
const dataFolder = "/var/lib/tandem/postgres"

// clusterScript makes the cluster unless it is there, with a role for Odoo that may make databases. It runs as root in
// the root, with the folder of the server programs as $0, and may be interrupted at any point.
const clusterScript = `
test ! -d "$1" || exit 0
rm -rf "$1.new"
install -d -o postgres -g postgres "$(dirname "$1")" /run/postgresql
cd /
setpriv --reuid=postgres --regid=postgres --init-groups sh -ec '
	"$0/initdb" --pgdata "$1.new" --encoding UTF8 --locale C.UTF-8 --auth peer
	echo "CREATE ROLE odoo LOGIN CREATEDB" | "$0/postgres" --single -D "$1.new" postgres' "$0" "$1"
mv "$1.new" "$1"`

// postgresSettings: the server is reached through a socket inside the root only, where users are who they say they are.
// What a power failure would cost can be made again, so nothing waits for the disk.
var postgresSettings = []string{
	"listen_addresses=", "unix_socket_directories=/run/postgresql", "max_connections=300",
	"fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"shared_buffers=256MB", "max_wal_size=2GB", "jit=off", "timezone=UTC", "log_timezone=UTC",
}

// startPostgres starts the server of the root, after making its cluster when it is missing.
func (o *Odoo) startPostgres(ctx context.Context) error {
	inside := o.place.root()
	programs, err := inside.postgresPrograms()
	if err != nil {
		return err
	}
	making, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	var said strings.Builder
	if err := run(inside.command(making, "root", "sh", "-ec", clusterScript, programs, dataFolder), &said); err != nil {
		return fault.Wrap(fault.Internal, err, "cannot make a PostgreSQL cluster (%v): %s", err, said.String())
	}
	args := []string{programs + "/postgres", "-D", dataFolder}
	for _, setting := range postgresSettings {
		args = append(args, "-c", setting)
	}
	server := inside.command(context.Background(), "postgres", args...)
	o.postgres, err = start(ctx, "PostgreSQL", server, o.place.log("-postgres"), func(ctx context.Context) error {
		return run(inside.command(ctx, "postgres", "pg_isready", "--quiet"), io.Discard)
	})
	return err
}

// postgresPrograms gives the folder of the server programs, as seen inside the root.
func (r root) postgresPrograms() (string, error) {
	found, _ := filepath.Glob(r.path("/usr/lib/postgresql/*/bin")) // the only error is a malformed pattern
	if len(found) != 1 {
		return "", fault.New(fault.Internal, "%s has %d versions of PostgreSQL instead of one: remove it so that it is made again",
			r.dir, len(found))
	}
	return strings.TrimPrefix(found[0], r.dir), nil
}
