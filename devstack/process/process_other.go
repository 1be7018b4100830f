//go:build !linux

package process

import (
	"os/exec"
	"strconv"
)

// tieToParent does nothing: only Linux tells a child that its parent died. The next start ends what was left behind.
func tieToParent(*exec.Cmd) {}

// CommandLine returns the arguments of a running process, "" when there is none.
func CommandLine(pid int) string {
	text, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return string(text)
}
