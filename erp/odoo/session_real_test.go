//go:build odoo

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// What Odoo refuses must not look like an outage, which would be tried again for ever: 14 and 15 tell the difference only
// within a session when they serve several databases, as the Odoo of these tests does.
func TestRefusalsAreNoOutages(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		err = b.run(t.Context(), "res.partner", "write", []int64{999999999}, map[string]any{"vals": map[string]any{"name": "x"}}, nil)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
	})
}
