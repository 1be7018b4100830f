package odootest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// shop is an Odoo with an order of mugs at 12.00 with 20 % in the price.
type shop struct {
	client
	order, product any
}

func newShop(t *testing.T, c client, mugs int) shop {
	t.Helper()
	tax := c.make(t, "account.tax", map[string]any{"name": "VAT", "amount": 20, "price_include_override": "tax_included"})
	list := c.make(t, "product.pricelist", map[string]any{"name": "EUR", "currency_id": 1})
	product := c.make(t, "product.product", map[string]any{"name": "Mug", "type": "consu", "is_storable": true})
	order := c.make(t, "sale.order", map[string]any{"name": "W-1", "pricelist_id": list, "warehouse_id": 1, "order_line": []any{
		[]any{0, 0, map[string]any{"name": "Mug", "product_id": product, "product_uom_qty": mugs, "price_unit": 12, "tax_ids": []any{[]any{6, 0, []any{tax}}}}}}})
	return shop{c, order, product}
}

func (s shop) stock(t *testing.T, quantity int) {
	s.must(t, "stock.quant", "create", map[string]any{"context": map[string]any{"inventory_mode": true}, "vals_list": []any{
		map[string]any{"product_id": s.product, "location_id": 2, "inventory_quantity_auto_apply": quantity}}})
}

func (s shop) onOrder(t *testing.T, method string) {
	s.must(t, "sale.order", method, map[string]any{"ids": []any{s.order}})
}

// wizard fills a wizard in and presses its button.
func (s shop) wizard(t *testing.T, model, button, of string, id any, values map[string]any) string {
	t.Helper()
	env := map[string]any{"active_model": of, "active_ids": []any{id}}
	made := s.must(t, model, "create", map[string]any{"vals_list": []any{values}, "context": env}).([]any)
	a, err := s.call(model, button, map[string]any{"ids": made, "context": env})
	require.NoError(t, err)
	return a.raised
}

func TestAnOrderIsInvoicedAndPaidOnce(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		s := newShop(t, c, 2)
		require.Equal(t, 24.0, s.value(t, "sale.order", s.order, "amount_total"))
		require.Equal(t, 4.0, s.value(t, "sale.order", s.order, "amount_tax"))
		invoice := func() string {
			return s.wizard(t, "sale.advance.payment.inv", "create_invoices", "sale.order", s.order, map[string]any{"sale_order_ids": []any{[]any{6, 0, []any{s.order}}}})
		}
		require.Equal(t, "odoo.exceptions.UserError", invoice(), "a quotation is not invoiced")
		s.onOrder(t, "action_confirm")
		c.raises(t, "odoo.exceptions.UserError", "sale.order", "action_confirm", map[string]any{"ids": []any{s.order}})
		require.Empty(t, invoice())
		require.Equal(t, "odoo.exceptions.UserError", invoice(), "nothing is left to invoice")

		id := s.value(t, "sale.order", s.order, "invoice_ids").([]any)[0]
		pay := func() string {
			return s.wizard(t, "account.payment.register", "action_create_payments", "account.move", id, map[string]any{"journal_id": 1, "communication": "tx"})
		}
		require.Equal(t, "odoo.exceptions.UserError", pay(), "a draft is not paid")
		s.must(t, "account.move", "action_post", map[string]any{"ids": []any{id}})
		c.raises(t, "odoo.exceptions.UserError", "account.move", "action_post", map[string]any{"ids": []any{id}})
		require.Empty(t, pay())
		require.Equal(t, "odoo.exceptions.UserError", pay(), "nothing is left to pay")
		require.Equal(t, "paid", s.value(t, "account.move", id, "payment_state"))
		require.Equal(t, 1, s.Count("account.payment", []any{"memo", "=", "tx"}))
		require.Equal(t, 1, s.Count("account.partial.reconcile", []any{"debit_move_id.move_id", "=", id}))
	})
}

func TestInvoicesArePaidTogether(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		invoices := make([]any, 3)
		for i := range invoices {
			invoices[i] = c.make(t, "account.move", map[string]any{"move_type": "out_invoice", "currency_id": 1, "amount_residual": 24})
		}
		env := map[string]any{"active_model": "account.move", "active_ids": invoices}
		pay := func(values map[string]any) string {
			made := c.must(t, "account.payment.register", "create", map[string]any{"vals_list": []any{values}, "context": env})
			a, err := c.call("account.payment.register", "action_create_payments", map[string]any{"ids": made, "context": env})
			require.NoError(t, err)
			return a.raised
		}
		c.must(t, "account.move", "action_post", map[string]any{"ids": invoices[:2]})
		require.Equal(t, "odoo.exceptions.UserError", pay(map[string]any{}), "one is a draft")
		c.must(t, "account.move", "action_post", map[string]any{"ids": invoices[2:]})
		require.Equal(t, "builtins.ValueError", pay(map[string]any{"group_payment": true}))
		require.Empty(t, pay(map[string]any{"communication": "tx"}))
		require.Equal(t, 3, c.Count("account.payment", []any{"amount", "=", 24}))
		for _, invoice := range invoices {
			number := c.value(t, "account.move", invoice, "name")
			require.Equal(t, 1, c.Count("account.payment", []any{"memo", "=", number}, []any{"invoice_ids", "=", invoice}), "not the one memo")
		}
		require.Equal(t, "odoo.exceptions.UserError", pay(map[string]any{}), "all are paid")
	})
}

func TestGoodsAreDelivered(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		s := newShop(t, c, 3)
		s.stock(t, 5)
		s.stock(t, 2)
		require.Equal(t, 2.0, s.value(t, "product.product", s.product, "qty_available"))
		s.onOrder(t, "action_confirm")
		require.Equal(t, 3.0, s.value(t, "product.product", s.product, "outgoing_qty"))
		picking := s.value(t, "sale.order", s.order, "picking_ids").([]any)[0]
		validate := func() { s.must(t, "stock.picking", "button_validate", map[string]any{"ids": []any{picking}}) }
		move := s.value(t, "stock.picking", picking, "move_ids").([]any)[0]
		require.Equal(t, "partially_available", s.value(t, "stock.move", move, "state"))
		require.Equal(t, 2.0, s.value(t, "stock.move", move, "quantity"))

		validate() // nothing is picked: true is no proof
		require.Equal(t, "confirmed", s.value(t, "stock.picking", picking, "state"))
		s.must(t, "stock.move", "write", map[string]any{"ids": []any{move}, "vals": map[string]any{"quantity": 2, "picked": true}})
		validate()
		require.Equal(t, "done", s.value(t, "stock.picking", picking, "state"))
		require.Equal(t, 0.0, s.value(t, "product.product", s.product, "qty_available"))
		require.Equal(t, 1, s.Count("stock.picking", []any{"backorder_id", "=", picking}, []any{"state", "=", "confirmed"}))
		require.Equal(t, 1.0, s.value(t, "product.product", s.product, "outgoing_qty"))
	})
}

func TestAnOrderIsTakenBack(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		s := newShop(t, c, 1)
		s.onOrder(t, "action_confirm")
		c.raises(t, "odoo.exceptions.UserError", "sale.order", "unlink", map[string]any{"ids": []any{s.order}})
		s.onOrder(t, "action_cancel")
		require.Equal(t, 1, s.Count("stock.picking", []any{"state", "=", "cancel"}))
		s.onOrder(t, "action_draft")
		require.Equal(t, "draft", s.value(t, "sale.order", s.order, "state"))
		s.must(t, "sale.order", "unlink", map[string]any{"ids": []any{s.order}})
		require.Zero(t, s.Count("sale.order.line"))
	})
}
