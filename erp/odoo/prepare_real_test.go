//go:build odoo

package odoo

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/rpc"
)

var preparing sync.Once

// Prepare adds the custom fields that the conformance suite fills, once. What else a store needs of Odoo, such as currencies and
// precise prices, is for a person to set up: see docs/odoo.md.
func Prepare(t *testing.T, s Settings) {
	t.Helper()
	preparing.Do(func() {
		b, err := Open(t.Context(), s)
		require.NoError(t, err)
		require.NoError(t, addCustomFields(t.Context(), b))
		_, err = b.records.Prepared(t.Context()) // Odoo 14 trips over calls that run while fields are added
		require.NoError(t, err)
		require.NoError(t, b.Close())
	})
}

// protocols runs a test over every protocol of the Odoo under test.
func protocols(t *testing.T, run func(t *testing.T, s Settings)) {
	t.Helper()
	r := ReadReal(t)
	Prepare(t, r.Settings(JSONRPC))
	for _, protocol := range r.Protocols() {
		t.Run(string(protocol), func(t *testing.T) { run(t, r.Settings(protocol)) })
	}
}

// records runs a test of what becomes of records, which does not depend on the protocol: where Odoo has two, CI leaves out
// the older one by the name that is given here. See SKIP_ON_19 in odoo.mk.
func records(t *testing.T, run func(t *testing.T, s Settings)) {
	t.Helper()
	t.Run("records", func(t *testing.T) { protocols(t, run) })
}

func addCustomFields(ctx context.Context, b *Backend) error {
	for name, model := range map[string]string{
		"x_gift": "sale.order", "x_origin": "product.template", "x_season": "product.template", "x_loyalty": "res.partner",
	} {
		there, err := rpc.Search[rpc.Row](ctx, b.rpc, "ir.model.fields", []any{rpc.Where("model", "=", model), rpc.Where("name", "=", name)}, "id")
		if err != nil {
			return err
		}
		models, err := rpc.Search[rpc.Row](ctx, b.rpc, "ir.model", []any{rpc.Where("model", "=", model)}, "id")
		if err != nil {
			return err
		}
		if len(there) > 0 {
			continue
		}
		_, err = b.rpc.Create(ctx, "ir.model.fields", []map[string]any{{"model_id": models[0].ID, "name": name, "ttype": "char",
			"field_description": name, "state": "manual"}})
		if err != nil {
			return err
		}
	}
	return nil
}
