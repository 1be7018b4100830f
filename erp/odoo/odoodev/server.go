package odoodev

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"tandem/devstack"
)

// odooData is the folder in the root where the files of the databases are.
const odooData = "/var/lib/odoo"

// filestore is the folder with a database's files, as seen inside the root.
func filestore(database string) string { return odooData + "/filestore/" + database }

// startServer starts Odoo without a database of its own, so that it serves all there are, and fills in Access.
func (o *Odoo) startServer(ctx context.Context, options Options, report func(string)) error {
	port, err := devstack.FreePort(options.Port)
	if err != nil {
		return err
	}
	if options.Port != 0 && port != options.Port {
		report(fmt.Sprintf("Port %d is busy: Odoo takes %d", options.Port, port))
	}
	evented, err := devstack.FreePort(port + 1)
	if err != nil {
		return err
	}
	cmd := o.place.root().command(context.Background(), "odoo",
		o.place.release.serverArgs(port, evented, options.Workers)...)
	o.access = newAccess(options.Version, "http://"+net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	o.server, err = start(ctx, "Odoo "+options.Version, cmd, o.place.log(""), o.access.ping)
	return err
}

// serverArgs gives the command line. Scheduled jobs would change records at moments no test expects, so none run. The
// time limits only keep a call from being cut that a busy machine makes slow.
func (r release) serverArgs(port, evented, workers int) []string {
	return []string{
		"odoo", "--http-interface=127.0.0.1", "--http-port=" + strconv.Itoa(port), r.eventedPort + "=" + strconv.Itoa(evented),
		"--workers=" + strconv.Itoa(workers), "--max-cron-threads=0", "--data-dir=" + odooData,
		"--limit-time-cpu=600", "--limit-time-real=600",
	}
}
