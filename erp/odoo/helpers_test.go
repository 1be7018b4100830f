package odoo

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/erp/salebatch"
)

func at(t *testing.T, version string) rpc.Release {
	t.Helper()
	r, err := rpc.ParseRelease(version)
	require.NoError(t, err)
	return r
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// stepsOf takes single orders through steps of an Odoo, as at work.
func stepsOf(b *Backend) *salebatch.Batcher { return salebatch.New(b) }

func TestABatchOutlivesACallToOdoo(t *testing.T) {
	require.Greater(t, salebatch.Timeout, rpc.CallTimeout)
}
