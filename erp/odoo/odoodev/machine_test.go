package odoodev

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFindMirror(t *testing.T) {
	tests := []struct{ name, targets, want string }{
		{"no apt", "", defaultMirror},
		{"a mirror", "Debian http://mirror.test/debian/\nDebian http://other.test/debian/\n", "http://mirror.test/debian"},
		{"security first", "Debian-Security http://s.test/debian-security/\nDebian https://m.test/d\n", "https://m.test/d"},
		{"another distribution", "Ubuntu http://u.test/ubuntu/\n", defaultMirror},
		{"no label known yet", " http://m.test/debian/\n", defaultMirror},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, findMirror(test.targets))
		})
	}
}

const aptConfig = `APT::Architecture "amd64";
Acquire "";
Acquire::Check-Valid-Until "false";
Acquire::http "";
Acquire::http::Proxy "http://proxy.test:3128";
Acquire::http::Proxy::intern.test "DIRECT";
Acquire::https::Proxy "http://secure.test:3128";
Acquire::GzipIndexes "true";
DPkg::Post-Invoke:: "rm -f /var/cache/apt/archives/*.deb";
`

func TestKeepSettings(t *testing.T) {
	kept := keepSettings(aptConfig)
	for _, line := range []string{
		`Acquire::Check-Valid-Until "false";`,
		`Acquire::http::Proxy "http://proxy.test:3128";`,
		`Acquire::http::Proxy::intern.test "DIRECT";`,
		`Acquire::https::Proxy "http://secure.test:3128";`,
		`APT::Install-Recommends "false";`,
	} {
		require.Contains(t, kept, line+"\n")
	}
	for _, text := range []string{"Architecture", "Gzip", "Post-Invoke"} {
		require.NotContains(t, kept, text)
	}
}

func TestFindProxy(t *testing.T) {
	require.Equal(t, "http://proxy.test:3128", findProxy(aptConfig))
	require.Empty(t, findProxy(`Acquire::https::Proxy "http://secure.test:3128";`+"\n"))
	require.Empty(t, findProxy(`Acquire::http::Proxy "";`+"\n"))
}
