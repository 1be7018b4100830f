package rpc

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func releaseAt(t *testing.T, version string) Release {
	t.Helper()
	r, err := ParseRelease(version)
	require.NoError(t, err)
	return r
}

func TestVersionsAreRead(t *testing.T) {
	for version, major := range map[string]int{"14.0": 14, "17.0+e": 17, "saas~18.2": 18, "19.0": 19, "19.0-20260101": 19, "21.0": 21} {
		require.Equal(t, major, releaseAt(t, version).Major, version)
	}
	for _, version := range []string{"13.0", "", "master"} {
		_, err := ParseRelease(version)
		require.Equal(t, fault.Unsupported, fault.KindOf(err), version)
	}
	require.False(t, releaseAt(t, "19.0").IsNewerThanTried())
	require.True(t, releaseAt(t, "20.0").IsNewerThanTried())
}
