package odoodev

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	"tandem/fault"
)

// enterScript runs inside the new namespaces: it gives the programs the mounts they expect, which nobody outside sees
// and which vanish with them.
const enterScript = `set -e; mount -t proc proc /proc; mount -t tmpfs tmpfs /dev/shm; exec "$@"`

// niceness keeps a machine usable while Odoo installs or is under load.
const niceness = "15"

// root is a folder with a Debian in it.
type root struct{ dir string }

// path gives where a file of the root is, seen from outside.
func (r root) path(name string) string { return filepath.Join(r.dir, name) }

// command makes a command that runs in the root as that user of the root. It is process 1 of a process namespace: when
// it ends, or this program does, the kernel kills all it started. Use run or startProcess on it, not its own methods.
func (r root) command(ctx context.Context, user string, args ...string) *exec.Cmd {
	// Changing the user clears the parent-death signal that isolate asks for; setpriv sets it again.
	cmd := hostCommand(ctx, append([]string{"setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups",
		"--pdeathsig=KILL"}, args...)...)
	cmd.SysProcAttr.Chroot = r.dir
	cmd.Env = append(environment(), "HOME=/tmp")
	return cmd
}

// hostCommand makes a command that runs on this machine, as root, with namespaces like those of root.command.
func hostCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", enterScript, "sh", "nice", "-n", niceness}, args...)...)
	cmd.Dir = "/"
	cmd.Env = environment()
	isolate(cmd)
	return cmd
}

// environment is the same on every machine but for the proxies, which apt and debootstrap cannot do without.
func environment() []string {
	env := []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"}
	for _, name := range []string{"http_proxy", "https_proxy", "no_proxy"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// run runs the command to its end with its output going to out. It holds on to its thread: the kernel takes the end of
// the thread that forked for the end of the parent.
func run(cmd *exec.Cmd, out io.Writer) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.Stderr = out
	if cmd.Stdout == nil {
		cmd.Stdout = out
	}
	return cmd.Run()
}

// checkRights finds out early whether namespaces can be made.
func checkRights(ctx context.Context) error {
	if !namespaces {
		return fault.New(fault.Unsupported, "a real Odoo can be started from Debian's packages on Linux only")
	}
	if os.Geteuid() != 0 {
		return fault.New(fault.Unauthorized,
			"starting a real Odoo from Debian's packages needs root (chroot and namespaces): run it as root or with sudo")
	}
	err := run(hostCommand(ctx, "true"), io.Discard)
	if errors.Is(err, syscall.EPERM) {
		return fault.Wrap(fault.Unauthorized, err,
			"this root may not make namespaces: give the container the capability SYS_ADMIN")
	}
	if err != nil {
		return fault.Wrap(fault.Unsupported, err, "cannot run programs in namespaces of their own: %v", err)
	}
	return nil
}
