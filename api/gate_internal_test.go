package api

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFailuresAreCountedPerAddress(t *testing.T) {
	f := newFailures()
	for i := range failureBurst {
		require.True(t, f.note("192.0.2.1"), "failure %d", i)
	}
	require.False(t, f.note("192.0.2.1"))
	require.False(t, f.note("192.0.2.1"), "trying on gives nothing back")
	require.True(t, f.note("192.0.2.2"), "others are not punished")
}

// An attacker with a whole network must not fill the memory.
func TestFailuresOfManyAddressesAreForgotten(t *testing.T) {
	f := newFailures()
	for i := range 3 * failureAddresses {
		f.note(fmt.Sprintf("2001:db8::%x", i))
		require.LessOrEqual(t, len(f.byAddr), failureAddresses)
	}
}

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:80": true, "127.0.0.1": true, "127.8.8.8:1": true, "::1": true, "[::1]": true, "[::1]:80": true,
		"": false, ":80": false, "localhost.": false, "127.0.0.1.example.com": false, "0.0.0.0": false, "10.0.0.1": false, "[::2]:80": false,
		"[": false, "[]": false, "[]:1": false,
	} {
		require.Equal(t, want, loopback(host), host)
	}
}
