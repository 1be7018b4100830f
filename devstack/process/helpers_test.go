package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// parentMarker turns the test binary into a program that starts one child and then waits to be killed.
const parentMarker = "PROCESS_TEST_PARENT"

func TestMain(m *testing.M) {
	if folder := os.Getenv(parentMarker); folder != "" {
		beParent(folder)
	}
	os.Exit(m.Run())
}

// beParent starts a child, prints its id and never returns.
func beParent(folder string) {
	log, err := OpenLog(filepath.Join(folder, "child.log"))
	if err != nil {
		panic(err)
	}
	child, err := Start("child", exec.Command("sleep", "60"), log)
	if err != nil {
		panic(err)
	}
	fmt.Println(child.PID())
	select {}
}

// waitLimit is far beyond what anything here takes on a machine whose cores are all busy with other work.
const waitLimit = 3 * time.Minute

// eventually waits until ok, and fails the test when that takes too long.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, waitLimit, 10*time.Millisecond, what)
}

// testContext ends long before the test binary's own limit.
func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	t.Cleanup(cancel)
	return ctx
}
