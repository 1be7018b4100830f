//go:build odoo

package odoo

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// Prepare adds the custom fields that the conformance suite fills. What else a store needs of Odoo, such as currencies and
// precise prices, is for a person to set up: see docs/odoo.md. It may be run again.
func Prepare(t *testing.T, s Settings) {
	t.Helper()
	b, err := Open(t.Context(), s)
	require.NoError(t, err)
	require.NoError(t, addCustomFields(t.Context(), b))
	_, err = b.prepared(t.Context()) // Odoo 14 trips over calls that run while fields are added
	require.NoError(t, err)
	require.NoError(t, b.Close())
}

func addCustomFields(ctx context.Context, b *Backend) error {
	for name, model := range map[string]string{
		"x_gift": "sale.order", "x_origin": "product.template", "x_season": "product.template", "x_loyalty": "res.partner",
	} {
		there, err := search[row](ctx, b, "ir.model.fields", []any{term("model", "=", model), term("name", "=", name)}, "id")
		if err != nil {
			return err
		}
		models, err := search[row](ctx, b, "ir.model", []any{term("model", "=", model)}, "id")
		if err != nil {
			return err
		}
		if len(there) > 0 {
			continue
		}
		_, err = b.create(ctx, "ir.model.fields", []map[string]any{{"model_id": models[0].ID, "name": name, "ttype": "char",
			"field_description": name, "state": "manual"}})
		if err != nil {
			return err
		}
	}
	return nil
}
