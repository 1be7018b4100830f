//go:build !linux

package odoodev

import (
	"os/exec"
	"syscall"
)

// namespaces says whether isolate works here.
const namespaces = false

// isolate only makes the attributes; Start refuses before any command runs.
func isolate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{} }
