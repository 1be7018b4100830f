package odoodev

import (
	"os/exec"
	"syscall"
)

// namespaces says whether isolate works here.
const namespaces = true

// isolate gives the command its own mounts and processes, which end with it, has it killed when this program dies, and
// keeps a Ctrl-C meant for this program from it.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:   syscall.CLONE_NEWPID,
		Unshareflags: syscall.CLONE_NEWNS, // unlike Cloneflags, it also keeps mounts from spreading outside
		Pdeathsig:    syscall.SIGKILL,
		Setpgid:      true,
	}
}
