package devstack

import (
	_ "embed"
	"os"
	"os/exec"

	"tandem/devstack/process"
	"tandem/fault"
)

// createClusterDropIns is where Debian's pg_createcluster looks for further settings.
const createClusterDropIns = "/etc/postgresql-common/createcluster.d"

//go:embed install.sh
var installScript string

// installPostgres installs the package with apt, as root or through a sudo that asks no password. Without either, the
// error is fault.NotFound and says what to install by hand.
func installPostgres(folder, pkg string, report func(string)) error {
	var elevate []string
	if os.Geteuid() != 0 {
		elevate = []string{"sudo", "-n"}
	}
	if !canInstall(elevate) {
		return missingPostgres(pkg)
	}
	report("PostgreSQL is not installed: installing the package " + pkg + " with apt (once) …")
	return runInstall(folder, append(elevate, "sh", "-c", installScript, "install.sh", pkg, createClusterDropIns))
}

// canInstall reports whether apt is there and may be used.
func canInstall(elevate []string) bool {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return false
	}
	return len(elevate) == 0 || exec.Command(elevate[0], append(elevate[1:], "true")...).Run() == nil
}

// runInstall runs the script. No context and no Ctrl-C ends it: a half-done dpkg run costs more than the wait.
func runInstall(folder string, args []string) error {
	log, err := openLog(folder, "install")
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	process.SetGroup(cmd)
	if err := cmd.Run(); err != nil {
		return fault.Wrap(fault.Unavailable, err, "installing %s with apt failed (%v); %s", args[len(args)-2], err, log.Tail())
	}
	return nil
}

// missingPostgres says what to do on a machine where nothing can be installed from here.
func missingPostgres(pkg string) error {
	return fault.New(fault.NotFound, "the server programs (initdb, postgres) of PostgreSQL %d or newer are not installed and "+
		"cannot be installed from here: run `sudo apt-get install %s`, or put their folder into PATH, "+
		"or set DATABASE_URL to a running server", minPostgres, pkg)
}
