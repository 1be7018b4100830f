//go:build odoo

package e2e

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/woo/wootest"
)

// TestOrdersMadeInOdoo takes orders that a person made in a real Odoo through all that follows on their export.
func TestOrdersMadeInOdoo(t *testing.T) {
	options := wootest.Sized(8, 3, 0)
	options.Fulfillments = true
	store := openShop(t, options)
	x := serve(t)
	access := odooDatabase(t)
	x.connectOdoo(store.URL, access)
	x.importAll(everything)
	x.allowExports()
	followMadeOrders(x, store, newOdooOffice(x, store, clerk{t, access})).life(t)
}

// odooOffice works in Odoo.
type odooOffice struct {
	clerk
	buyer, product int
}

func newOdooOffice(x *tandem, store *shop, odoo clerk) odooOffice {
	category := odoo.find("product.category", []any{"x_tandem", "!=", false})[0]
	goods := map[string]any{"name": "Mug by hand", "default_code": "HAND-1", "list_price": 20, "sale_ok": true, "categ_id": category, "invoice_policy": "order"}
	switch {
	case odoo.version() >= 18:
		goods["type"], goods["is_storable"] = "consu", true
	case odoo.version() >= 15:
		goods["detailed_type"] = "product"
	default:
		goods["type"] = "product"
	}
	template := odoo.create("product.template", goods)
	product := int(odoo.find("product.product", []any{"product_tmpl_id", "=", template})[0].(float64))
	odoo.count(product, 50)
	x.exportStocked(store, strconv.Itoa(template))
	france := odoo.find("res.country", []any{"code", "=", "FR"})[0]
	buyer := odoo.create("res.partner", map[string]any{"name": "Ada Lovelace", "email": "ada@hand.example", "street": "1 Road", "city": "Paris", "zip": "75001",
		"country_id": france, "customer_rank": 1})
	x.exportRecord("customer", strconv.Itoa(buyer), 1, 0)
	return odooOffice{odoo, buyer, product}
}

func (c clerk) version() int {
	version, err := strconv.Atoi(c.at.Version)
	require.NoError(c.t, err)
	return version
}

// count enters how much of a product is on hand.
func (c clerk) count(product, quantity int) {
	c.t.Helper()
	type warehouse struct {
		Stock []any `json:"lot_stock_id"`
	}
	stock := fields[warehouse](c, "stock.warehouse", c.find("stock.warehouse")[0], "lot_stock_id").Stock[0]
	field := "inventory_quantity"
	if c.version() >= 15 {
		field = "inventory_quantity_auto_apply"
	}
	values := map[string]any{"product_id": product, "location_id": stock, field: quantity}
	require.NoError(c.t, c.at.Execute(c.t.Context(), nil, "stock.quant", "create", []any{values}, map[string]any{"context": map[string]any{"inventory_mode": true}}))
}

// fields reads some fields of one record.
func fields[T any](c clerk, model string, id any, names ...any) T {
	c.t.Helper()
	var rows []T
	require.NoError(c.t, c.at.Execute(c.t.Context(), &rows, model, "read", []any{[]any{id}, names}, nil))
	require.Len(c.t, rows, 1)
	return rows[0]
}

// press does what a button of a record does.
func (c clerk) press(model, button string, id any) {
	c.t.Helper()
	var answer any
	require.NoError(c.t, c.at.Execute(c.t.Context(), &answer, model, button, []any{[]any{id}}, nil))
}

func (o odooOffice) id(order string) int {
	id, err := strconv.Atoi(order)
	require.NoError(o.t, err)
	return id
}

func (o odooOffice) quote() string {
	order := o.clerk.quote(o.buyer, o.product)
	return strconv.Itoa(order)
}

func (o odooOffice) confirm(order string) { o.press("sale.order", "action_confirm", o.id(order)) }

func (o odooOffice) ship(order, number string) {
	o.t.Helper()
	picking := o.find("stock.picking", []any{"sale_id", "=", o.id(order)})[0]
	o.press("stock.picking", "action_assign", picking)
	done := map[string]any{"quantity": 3, "picked": true}
	if o.version() < 17 {
		done = map[string]any{"quantity_done": 3}
	}
	o.write("stock.move", o.find("stock.move", []any{"picking_id", "=", picking})[0], done)
	o.write("stock.picking", picking, map[string]any{"carrier_tracking_ref": number})
	o.press("stock.picking", "button_validate", picking)
	type state struct{ State string }
	require.Equal(o.t, "done", fields[state](o.clerk, "stock.picking", picking, "state").State)
}

func (o odooOffice) invoice(order string) {
	o.t.Helper()
	context := map[string]any{"context": map[string]any{"active_model": "sale.order", "active_ids": []any{o.id(order)}, "active_id": o.id(order)}}
	values := map[string]any{"advance_payment_method": "delivered"}
	if o.version() >= 16 {
		values["sale_order_ids"] = []any{[]any{6, 0, []any{o.id(order)}}}
	}
	var wizard, answer any
	require.NoError(o.t, o.at.Execute(o.t.Context(), &wizard, "sale.advance.payment.inv", "create", []any{values}, context))
	require.NoError(o.t, o.at.Execute(o.t.Context(), &answer, "sale.advance.payment.inv", "create_invoices", []any{[]any{wizard}}, context))
	o.press("account.move", "action_post", o.invoiceOf(order))
}

func (o odooOffice) invoiceOf(order string) any {
	type invoiced struct {
		Invoices []any `json:"invoice_ids"`
	}
	invoices := fields[invoiced](o.clerk, "sale.order", o.id(order), "invoice_ids").Invoices
	require.Len(o.t, invoices, 1)
	return invoices[0]
}

func (o odooOffice) giveBack(order string) string {
	return fmt.Sprintf("%.0f", o.reverse(o.invoiceOf(order)))
}

func (o odooOffice) look(order string) []string {
	o.t.Helper()
	type shown struct {
		Name, State string
		Total       float64 `json:"amount_total"`
	}
	found := fields[shown](o.clerk, "sale.order", o.id(order), "name", "state", "amount_total")
	stage := map[string]string{"draft": "quotation", "sent": "quotation", "sale": "confirmed", "done": "confirmed", "cancel": "cancelled"}[found.State]
	return []string{found.Name, stage, fmt.Sprintf("%.2f", found.Total)}
}
