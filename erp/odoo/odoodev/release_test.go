package odoodev

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestFindRelease(t *testing.T) {
	for _, version := range Versions() {
		found, err := findRelease(version)
		require.NoError(t, err)
		require.Equal(t, "odoo-"+version, found.packageName())
	}
	for _, version := range []string{"", "16", "19.0"} {
		_, err := findRelease(version)
		require.True(t, fault.Is(err, fault.Invalid), version)
		require.ErrorContains(t, err, "14, 19")
	}
}

func TestReleaseModules(t *testing.T) {
	tests := []struct {
		version  string
		has, not []string
	}{
		{"14", []string{"sale_stock", "delivery", "sale_coupon", "l10n_generic_coa"}, []string{"loyalty"}},
		{"19", []string{"sale_stock", "delivery", "loyalty", "sale_loyalty"}, []string{"sale_coupon", "l10n_generic_coa"}},
	}
	for _, test := range tests {
		found, err := findRelease(test.version)
		require.NoError(t, err)
		require.Subset(t, found.modules, test.has, test.version)
		for _, module := range test.not {
			require.NotContains(t, found.modules, module, test.version)
		}
	}
}

func TestReleaseAptFiles(t *testing.T) {
	tests := []struct{ version, sources, preferences string }{
		{"14", "deb http://mirror/debian bullseye main\n", ""},
		{"19", "deb http://mirror/debian trixie main\ndeb [check-valid-until=no] http://mirror/debian unstable main\n",
			"Package: *\nPin: release a=unstable\nPin-Priority: 100\n"},
	}
	for _, test := range tests {
		found, err := findRelease(test.version)
		require.NoError(t, err)
		require.Equal(t, test.sources, found.sources("http://mirror/debian"))
		require.Equal(t, test.preferences, found.preferences())
	}
}

func TestRecipeFollowsModules(t *testing.T) {
	found, err := findRelease("19")
	require.NoError(t, err)
	before := found.recipe()
	require.Equal(t, before, found.recipe())
	found.modules = append(slices.Clone(found.modules), "mrp")
	require.NotEqual(t, before, found.recipe())
}

func TestServerArgs(t *testing.T) {
	tests := []struct{ version, evented string }{
		{"14", "--longpolling-port=9002"},
		{"19", "--gevent-port=9002"},
	}
	for _, test := range tests {
		found, err := findRelease(test.version)
		require.NoError(t, err)
		args := found.serverArgs(9001, 9002, 3)
		require.Equal(t, "odoo", args[0])
		require.Subset(t, args, []string{"--http-interface=127.0.0.1", "--http-port=9001", test.evented, "--workers=3",
			"--max-cron-threads=0"})
	}
}
