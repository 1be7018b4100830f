package odoo

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

func at(t *testing.T, version string) rpc.Release {
	t.Helper()
	r, err := rpc.ParseRelease(version)
	require.NoError(t, err)
	return r
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
