//go:build !linux

package e2e

import (
	"os/exec"
)

// dieWithParent needs Linux; elsewhere a killed test run leaves its processes behind.
func dieWithParent(*exec.Cmd) {}
