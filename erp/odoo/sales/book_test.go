package sales

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

func newBook(c *rpc.Client) *Book {
	records := record.New(c, "", nil)
	return New(records, c, stock.New(records, c, nil))
}

func at(t *testing.T, version string) rpc.Release {
	t.Helper()
	r, err := rpc.ParseRelease(version)
	require.NoError(t, err)
	return r
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
