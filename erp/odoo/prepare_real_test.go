//go:build odoo

package odoo

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// Prepare makes of a fresh database one that a store as in the conformance suite can be connected to: a person would
// set this up by hand. It may be run again.
func Prepare(t *testing.T, s Settings) {
	t.Helper()
	b, err := Open(t.Context(), s)
	require.NoError(t, err)
	for _, step := range []func(context.Context, *Backend) error{
		activateCurrencies, raisePrecision, addCashJournal, addCustomFields, giveOutstandingAccounts,
	} {
		require.NoError(t, step(t.Context(), b))
	}
	require.NoError(t, b.Close())
}

func activateCurrencies(ctx context.Context, b *Backend) error {
	rows, err := search[row](ctx, b, "res.currency", []any{in("name", []string{"EUR", "USD", "GBP", "JPY", "KWD"})}, "id")
	if err != nil {
		return err
	}
	return b.write(ctx, "res.currency", mapped(rows, row.id), map[string]any{"active": true})
}

// raisePrecision lets goods be sold in thousandths and unit prices have six decimals.
func raisePrecision(ctx context.Context, b *Backend) error {
	rows, err := search[row](ctx, b, "decimal.precision",
		[]any{in("name", []string{"Product Price", "Product Unit", "Product Unit of Measure"})}, "id")
	if err != nil {
		return err
	}
	if err := b.write(ctx, "decimal.precision", mapped(rows, row.id), map[string]any{"digits": 6}); err != nil {
		return err
	}
	if b.release.major >= 19 {
		return nil // units round as the precision says
	}
	units, err := b.xmlID(ctx, "uom", "product_uom_unit")
	if err != nil {
		return err
	}
	return b.write(ctx, "uom.uom", []int64{units}, map[string]any{"rounding": 0.001})
}

func addCashJournal(ctx context.Context, b *Backend) error {
	rows, err := search[row](ctx, b, "account.journal", []any{term("type", "=", "cash")}, "id")
	if err != nil || len(rows) > 0 {
		return err
	}
	_, err = b.create(ctx, "account.journal", []map[string]any{{"name": "Cash", "code": "CSH9", "type": "cash"}})
	return err
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

// giveOutstandingAccounts lets payments post entries: from 18 on Odoo posts none for a journal without such accounts.
func giveOutstandingAccounts(ctx context.Context, b *Backend) error {
	if b.release.major < 18 {
		return nil
	}
	lines, err := search[row](ctx, b, "account.payment.method.line", []any{term("payment_type", "=", "inbound"),
		term("payment_account_id", "=", false)}, "id")
	if err != nil || len(lines) == 0 {
		return err
	}
	accounts, err := search[row](ctx, b, "account.account",
		[]any{term("account_type", "=", "asset_current"), term("reconcile", "=", true)}, "id")
	if err != nil {
		return err
	}
	return b.write(ctx, "account.payment.method.line", mapped(lines, row.id), map[string]any{"payment_account_id": accounts[0].ID})
}
