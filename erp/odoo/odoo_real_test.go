//go:build odoo

package odoo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/erptest"
	"tandem/erp/odoo"
)

func TestConformance(t *testing.T) {
	real := odoo.ReadReal(t)
	odoo.Prepare(t, real.Settings(odoo.JSONRPC))
	for _, protocol := range real.Protocols() {
		t.Run(string(protocol), func(t *testing.T) {
			backend, err := odoo.Open(t.Context(), real.Settings(protocol))
			require.NoError(t, err)
			erptest.Run(t, func(*testing.T) erp.Backend { return kept{backend} })
			require.NoError(t, backend.Close())
		})
	}
}

// kept stays open from one behaviour to the next, as in a worker: what Tandem reads of an Odoo before its first call is
// read once.
type kept struct{ *odoo.Backend }

func (kept) Close() error { return nil }
