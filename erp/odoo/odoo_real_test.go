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
			erptest.Run(t, func(t *testing.T) erp.Backend {
				backend, err := odoo.Open(t.Context(), real.Settings(protocol))
				require.NoError(t, err)
				return backend
			})
		})
	}
}
