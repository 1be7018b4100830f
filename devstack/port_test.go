package devstack

import (
	"net"
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

func TestFreePortKeepsThePreferredOne(t *testing.T) {
	want, err := FreePort(0)
	require.NoError(t, err)
	require.Positive(t, want)

	got, err := FreePort(want)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestFreePortPassesOverABusyOne(t *testing.T) {
	busy := listen(t)
	var report lines

	got, err := choosePort("PostgreSQL", busy, report.add)

	require.NoError(t, err)
	require.Greater(t, got, busy)
	require.Contains(t, report.text(), "is busy: PostgreSQL takes")
}

func TestChoosePortSaysNothingWhenAnyWillDo(t *testing.T) {
	var report lines
	_, err := choosePort("PostgreSQL", 0, report.add)
	require.NoError(t, err)
	require.Empty(t, report.text())
}

func TestFreePortRefusesWhatIsNoPort(t *testing.T) {
	for _, port := range []int{-1, 65536} {
		_, err := FreePort(port)
		require.True(t, fault.Is(err, fault.Invalid), "port %d: %v", port, err)
	}
}

func TestFreePortGivesUpAtTheLastPort(t *testing.T) {
	listener, err := net.Listen("tcp", loopback+":65535")
	if err == nil {
		t.Cleanup(func() { listener.Close() })
	} // else somebody else has it, which is as good
	_, err = FreePort(65535)
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
}

func TestFreePortsDiffer(t *testing.T) {
	want, err := FreePort(0)
	require.NoError(t, err)

	ports, err := freePorts(want, want)

	require.NoError(t, err)
	require.NotEqual(t, ports[0], ports[1])
}
