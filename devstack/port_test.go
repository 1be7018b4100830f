package devstack

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// listen takes a port for the rest of the test.
func listen(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", loopback+":0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().(*net.TCPAddr).Port
}

// TestListenKeepsThePreferredPort tries ports until one stays free long enough: others on this machine take ports, too.
func TestListenKeepsThePreferredPort(t *testing.T) {
	eventually(t, "a preferred port to be free", func() bool {
		want, err := FreePort(0)
		require.NoError(t, err)
		require.Positive(t, want)
		got, err := Listen(want)
		require.NoError(t, err)
		defer got.Close()
		return want == got.Addr().(*net.TCPAddr).Port
	})
}

func TestListenPassesOverABusyPort(t *testing.T) {
	busy := listen(t)

	got, err := Listen(busy)

	require.NoError(t, err)
	defer got.Close()
	require.Greater(t, got.Addr().(*net.TCPAddr).Port, busy)
}

func TestReportPort(t *testing.T) {
	var report lines
	reportPort("PostgreSQL", 0, 5432, report.add)
	reportPort("PostgreSQL", 5432, 5432, report.add)
	require.Empty(t, report.text(), "it got what it wanted")
	reportPort("PostgreSQL", 5432, 5433, report.add)
	require.Equal(t, "Port 5432 is busy: PostgreSQL takes 5433", report.text())
}

// TestPortTakenBetweenChoiceAndUse starts programs that say what servers say when somebody was faster.
func TestPortTakenBetweenChoiceAndUse(t *testing.T) {
	taken := "echo 'could not bind IPv4 address: Address already in use' >&2; exit 1"
	for name, test := range map[string]struct {
		scripts []string // one for each start
		chosen  int
		ok      bool
	}{
		"once":           {[]string{taken, "sleep 60"}, 2, true},
		"always":         {[]string{taken, taken, taken, taken, taken}, portChoices, false},
		"another reason": {[]string{"echo no space left >&2; exit 1"}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			chosen := 0
			err := startOnFreePorts(func() error { chosen++; return nil }, func() error {
				child := startShell(t, test.scripts[chosen-1])
				if strings.HasPrefix(test.scripts[chosen-1], "echo") {
					<-child.Done()
				}
				return child.WaitReady(testContext(t), always)
			})
			require.Equal(t, test.ok, err == nil, "%v", err)
			require.Equal(t, test.chosen, chosen)
		})
	}
}

func TestListenRefusesWhatIsNotAPort(t *testing.T) {
	for _, port := range []int{-1, 65536} {
		_, err := Listen(port)
		require.True(t, fault.Is(err, fault.Invalid), "port %d: %v", port, err)
	}
}

func TestListenGivesUpAtTheLastPort(t *testing.T) {
	listener, err := net.Listen("tcp", loopback+":65535")
	if err == nil {
		t.Cleanup(func() { listener.Close() })
	} // else somebody else has it, which is as good
	_, err = Listen(65535)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
}

func TestFreePortsDiffer(t *testing.T) {
	want, err := FreePort(0)
	require.NoError(t, err)

	ports, err := freePorts(want, want)

	require.NoError(t, err)
	require.NotEqual(t, ports[0], ports[1])
}
