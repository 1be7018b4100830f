package process

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// tieToParent has the kernel send the child an interrupt when this program dies, even by SIGKILL: PostgreSQL and
// Temporal both take it as "shut down in good order". A command that asks for another signal gets that.
func tieToParent(cmd *exec.Cmd) {
	attributes := Attributes(cmd)
	if attributes.Pdeathsig == 0 {
		attributes.Pdeathsig = syscall.SIGINT
	}
}

// CommandLine returns the arguments of a running process, "" when there is none (or only a zombie of it).
func CommandLine(pid int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	if err != nil {
		return ""
	}
	return strings.ReplaceAll(string(text), "\x00", " ")
}
