package catalog

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

var teaKey = erp.Key{Instance: "demo", Entity: "product", ID: "1"}

func newWriter(c *rpc.Client) *Writer { return New(record.New(c, "", nil), c) }

func at(t *testing.T, version string) rpc.Release {
	t.Helper()
	r, err := rpc.ParseRelease(version)
	require.NoError(t, err)
	return r
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// draftOf gives a draft of a record that Odoo may or may not have.
func draftOf[T any](rec *T, key erp.Key) *record.Draft[T] {
	return &record.Draft[T]{Draft: &landing.Draft[T]{Record: rec, Key: key}}
}
