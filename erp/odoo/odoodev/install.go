package odoodev

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"tandem/devstack/process"
	"tandem/fault"
)

// installer makes the root of one version.
type installer struct {
	release release
	machine machine
	root    root // a draft, renamed when all is in it
	log     io.Writer
}

// provideRoot installs Odoo and PostgreSQL into the root, once. It is made under another name first, so that an
// interrupted run leaves nothing that looks complete.
func (p place) provideRoot(ctx context.Context, report func(string)) error {
	if _, err := os.Stat(p.root().dir); err == nil {
		return nil
	}
	log, err := process.OpenLog(p.log("-install"))
	if err != nil {
		return internal(err)
	}
	defer log.Close()
	if err := provideDebootstrap(log, report); err != nil {
		return err
	}
	report("Installing Odoo " + p.release.version + " from Debian's packages (once, some minutes) …")
	i := installer{release: p.release, machine: readMachine(ctx), root: root{dir: p.root().dir + ".new"}, log: log}
	err = i.install(ctx)
	if ctx.Err() != nil {
		return fault.Wrap(fault.Internal, ctx.Err(), "the installation of Odoo %s was interrupted", p.release.version)
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "Odoo %s cannot be installed from %s (%v); see %s",
			p.release.version, i.machine.mirror, err, log.Path())
	}
	if err := os.Rename(i.root.dir, p.root().dir); err != nil {
		return fault.Wrap(fault.Internal, err, "cannot rename %s", i.root.dir)
	}
	return nil
}

// install does all steps again. The caller classifies the error, which is nearly always a package that is out of reach.
func (i installer) install(ctx context.Context) error {
	if err := os.RemoveAll(i.root.dir); err != nil {
		return err
	}
	if err := i.bootstrap(ctx); err != nil {
		return err
	}
	if err := i.configure(); err != nil {
		return err
	}
	return run(i.root.command(ctx, "root", "sh", "-ec", `apt-get -q update
		apt-get -q install -y "$0" postgresql
		apt-get clean
		rm -r /var/lib/apt/lists
		chown -R odoo:odoo /var/lib/odoo`, i.release.packageName()), i.log)
}

// bootstrap makes the smallest Debian of the suite that can install packages.
func (i installer) bootstrap(ctx context.Context) error {
	program, err := exec.LookPath("debootstrap")
	if err != nil {
		return err
	}
	cmd := hostCommand(ctx, program, "--variant=minbase", "--include=ca-certificates",
		i.release.suite, i.root.dir, i.machine.mirror)
	if i.machine.proxy != "" {
		cmd.Env = append(cmd.Env, "http_proxy="+i.machine.proxy)
	}
	return run(cmd, i.log)
}

// configure writes the files that say where packages come from and that none may start a service or make a cluster.
func (i installer) configure() error {
	files := map[string]string{
		"/etc/apt/sources.list":                     i.release.sources(i.machine.mirror),
		"/etc/apt/preferences.d/tandem":             i.release.preferences(),
		"/etc/apt/apt.conf.d/99tandem":              i.machine.settings,
		"/etc/postgresql-common/createcluster.conf": "create_main_cluster = false\n",
		"/usr/sbin/policy-rc.d":                     "#!/bin/sh\nexit 101\n",
	}
	for _, name := range []string{"/etc/resolv.conf", "/etc/hosts"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files[name] = string(text)
	}
	for name, text := range files {
		if err := i.write(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (i installer) write(name, text string) error {
	path := i.root.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	// The bit for running is for policy-rc.d and hurts none of the others.
	return os.WriteFile(path, []byte(text), 0o755)
}
