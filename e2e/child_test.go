package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stopLimit is longer than a worker may take to finish the pages in hand, on a machine with other work to do.
const stopLimit = 3 * time.Minute

// child is one running process of the program. Its log goes to a file, which is shown when the test fails.
type child struct {
	t    testing.TB
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when it has ended
}

// start starts the program. It is ended with the test at the latest.
func start(t testing.TB, env []string, args ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(shared.binary, args...), done: make(chan struct{})}
	c.log = filepath.Join(t.TempDir(), args[0]+".log")
	file, err := os.Create(c.log)
	require.NoError(t, err)
	c.cmd.Env = append(os.Environ(), env...)
	c.cmd.Stdout, c.cmd.Stderr = file, file
	dieWithParent(c.cmd)
	started := make(chan error)
	go c.run(started, file)
	require.NoError(t, <-started)
	t.Cleanup(func() {
		c.stop()
		if t.Failed() {
			t.Logf("end of the log of tandem %s:\n%s", strings.Join(args, " "), c.tail(40))
		}
	})
	return c
}

// run keeps its thread until the child has ended: that is whose death the kernel would tell the child.
func (c *child) run(started chan<- error, log *os.File) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer log.Close()
	err := c.cmd.Start()
	started <- err
	if err == nil {
		_ = c.cmd.Wait() // how it ended is in ProcessState
		close(c.done)
	}
}

// stop asks the process to end, as an operator would, and makes sure that it has.
func (c *child) stop() {
	c.signal(os.Interrupt)
	select {
	case <-c.done:
	case <-time.After(stopLimit):
		c.t.Errorf("tandem did not stop within %s", stopLimit)
		c.kill()
	}
}

// signal sends a signal. It fails when the process has ended, which done says as well.
func (c *child) signal(s os.Signal) { _ = c.cmd.Process.Signal(s) }

// kill ends the process without giving it a chance to finish anything.
func (c *child) kill() {
	c.signal(syscall.SIGKILL)
	<-c.done
}

// logLine waits for a line of the log with this message and gives its fields.
func (c *child) logLine(message string) map[string]any {
	c.t.Helper()
	var found map[string]any
	eventually(c.t, "the log line "+message, func() bool {
		select {
		case <-c.done:
			require.Failf(c.t, "the process ended", "%s before %q:\n%s", c.cmd.ProcessState, message, c.tail(40))
		default:
		}
		found = findLine(c.read(), message)
		return found != nil
	})
	return found
}

func findLine(log []byte, message string) map[string]any {
	for line := range bytes.Lines(log) {
		var fields map[string]any
		if json.Unmarshal(line, &fields) == nil && fields["msg"] == message {
			return fields
		}
	}
	return nil
}

func (c *child) read() []byte {
	log, err := os.ReadFile(c.log)
	require.NoError(c.t, err)
	return log
}

// tail gives the last lines of the log that are not about requests to the API, of which tests make hundreds.
func (c *child) tail(lines int) string {
	var all []string
	for line := range strings.Lines(string(c.read())) {
		if !strings.Contains(line, `"msg":"request"`) {
			all = append(all, line)
		}
	}
	return strings.Join(all[max(0, len(all)-lines):], "")
}

// eventually waits until ok, and fails the test when that takes longer than anything does on a machine whose cores are all
// busy with other work.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	eventuallyWithin(t, runLimit, what, ok)
}

// eventuallyWithin is eventually for what may take longer. It asks ever more rarely, so that a benchmark measures what it waits
// for rather than the asking.
func eventuallyWithin(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(min(max(50*time.Millisecond, time.Since(began)/100), time.Second)) {
		require.Less(t, time.Since(began), limit, "waited for %s", what)
	}
}
