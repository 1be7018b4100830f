//go:build odoo

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// What Odoo refuses must not look like an outage, which would be tried again for ever: 14 and 15 tell the difference only
// within a session when they serve several databases, as the Odoo of these tests does.
func TestRefusalsAreNoOutages(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		admin, err := b.records.XMLID(t.Context(), "base", "partner_admin")
		require.NoError(t, err)
		write := func(id int64, vals map[string]any) error {
			return b.rpc.Run(t.Context(), "res.partner", "write", []int64{id}, map[string]any{"vals": vals}, nil)
		}
		require.Equal(t, fault.Invalid, fault.KindOf(write(admin, map[string]any{"parent_id": admin})), "a contact cannot be its own parent")
		require.Equal(t, rpc.CodeGone, fault.From(write(999999999, map[string]any{"name": "x"})).Code)
	})
}
