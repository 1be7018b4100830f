package odoodev

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"tandem/devstack/process"
)

// standInVariable names what this test program does instead of running tests, for tests about other processes.
const standInVariable = "ODOODEV_TEST_STAND_IN"

func TestMain(m *testing.M) {
	switch os.Getenv(standInVariable) {
	case "lock":
		holdLock(os.Getenv("LOCK"))
	case "fork":
		forkInNamespaces()
	default:
		os.Exit(m.Run())
	}
}

// holdLock is a program that runs Odoo: it says when it has the lock, and ends in good order.
func holdLock(path string) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	held, err := process.TryLock(path)
	fmt.Fprintln(os.Stdout, err)
	if err == nil {
		<-asked
		held.Release()
	}
}

// forkInNamespaces starts programs that would go on for long, says a line, and waits to be killed.
func forkInNamespaces() {
	cmd := hostCommand(context.Background(), "sh", "-c", "sleep 1000 & sleep 1000 & echo started; wait")
	fmt.Fprintln(os.Stdout, run(cmd, os.Stdout))
}
