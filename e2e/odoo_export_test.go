//go:build odoo

package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp/odoo/odoodev"
	"tandem/flow"
	"tandem/woo/wootest"
)

// clerk is somebody who works in Odoo.
type clerk struct {
	t  *testing.T
	at odoodev.Access
}

func (c clerk) find(model string, domain ...any) []any {
	c.t.Helper()
	var ids []any
	require.NoError(c.t, c.at.Execute(c.t.Context(), &ids, model, "search", []any{append([]any{}, domain...)}, map[string]any{"order": "id"}))
	require.NotEmpty(c.t, ids, model)
	return ids
}

func (c clerk) write(model string, id any, values map[string]any) {
	c.t.Helper()
	require.NoError(c.t, c.at.Execute(c.t.Context(), nil, model, "write", []any{[]any{id}, values}, nil))
}

func (c clerk) create(model string, values map[string]any) (id int) {
	c.t.Helper()
	require.NoError(c.t, c.at.Execute(c.t.Context(), &id, model, "create", []any{values}, nil))
	return id
}

// reverse does what a person does with "Credit Note" on an invoice and then "Confirm", and gives the credit note.
func (c clerk) reverse(invoice any) any {
	c.t.Helper()
	var moves []struct {
		Journal []any `json:"journal_id"`
	}
	require.NoError(c.t, c.at.Execute(c.t.Context(), &moves, "account.move", "read", []any{[]any{invoice}, []any{"journal_id"}}, nil))
	values, button := map[string]any{"reason": "Broken", "journal_id": moves[0].Journal[0]}, "refund_moves"
	if version, err := strconv.Atoi(c.at.Version); err != nil || version < 17 {
		values["refund_method"], button = "refund", "reverse_moves"
	}
	context := map[string]any{"context": map[string]any{"active_model": "account.move", "active_ids": []any{invoice}}}
	var wizard any
	require.NoError(c.t, c.at.Execute(c.t.Context(), &wizard, "account.move.reversal", "create", []any{values}, context))
	require.NoError(c.t, c.at.Execute(c.t.Context(), nil, "account.move.reversal", button, []any{[]any{wizard}}, context))
	note := c.find("account.move", []any{"reversed_entry_id", "=", invoice}, []any{"move_type", "=", "out_refund"})[0]
	require.NoError(c.t, c.at.Execute(c.t.Context(), nil, "account.move", "action_post", []any{[]any{note}}, nil))
	return note
}

// requireCreditNoteSent has a person give an order back in Odoo, and the store keep that as a refund, once and without moving money.
func requireCreditNoteSent(t *testing.T, x *tandem, store *shop, odoo clerk, sold []string) {
	type kept struct {
		ID     int
		Amount string
		Paid   bool `json:"refunded_payment"`
	}
	at := slices.IndexFunc(sold, func(id string) bool { return len(list[kept](store, "orders/"+id+"/refunds", nil)) == 0 })
	require.GreaterOrEqual(t, at, 0, "no order without refunds")
	invoice := odoo.find("account.move", []any{"name", "=", x.order(sold[at], "done").Figures.InvoiceNumber})[0]
	note := odoo.reverse(invoice)
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{"export": map[string]bool{"refunds": true}}}, nil))
	op := x.export(everything, "refund")
	require.Equal(t, []int{1, 1, 0, 0}, []int{op.Progress[0].Read, op.Progress[0].Created, op.Progress[0].Parked, op.Progress[0].Failed}, "%v", x.parked())
	refunds := list[kept](store, "orders/"+sold[at]+"/refunds", nil)
	require.Len(t, refunds, 1)
	require.False(t, refunds[0].Paid)
	id := fmt.Sprintf("%s/%d", sold[at], refunds[0].ID)
	require.Equal(t, fmt.Sprintf("%.0f", note), get[gen.LinkPage](x, "/links?entity=refund&woo_id="+id).Items[0].ERPID)

	require.Zero(t, x.export(everything, "refund").Progress[0].Read, "it is sent once")
	back := x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{id}}, "refund")
	require.Equal(t, 1, back.Progress[0].Unchanged, "no echo: %+v", back.Progress[0])
	figures := x.order(sold[at], "done").Figures
	require.Len(t, figures.Refunds, 1)
	require.Equal(t, figures.Total, figures.Refunds[0].Total)
}

// TestExportFromOdoo takes a store's records into a real Odoo and back: what nobody edited is not written, what a person edits or makes in
// Odoo makes both sides equal, and nothing comes back.
func TestExportFromOdoo(t *testing.T) {
	store := openShop(t, wootest.Sized(12, 6, 0))
	x := serve(t)
	access := odooDatabase(t)
	x.connectOdoo(store.URL, access)
	x.importAll(everything)
	x.allowExports()

	linked := map[string]int{}
	for _, p := range x.export(everything, exportedKinds...).Progress {
		require.Zero(t, p.Updated+p.Failed, "%s: %+v", p.Entity, p)
		linked[p.Entity] = p.Unchanged
	}
	require.Equal(t, 12, linked["product"])

	odoo := clerk{t, access}
	templates := odoo.find("product.template", []any{"x_tandem", "!=", false})
	odoo.write("product.template", templates[0], map[string]any{"name": "Renamed in Odoo"})
	names := odoo.find("ir.model.data", []any{"module", "=", "tandem"}, []any{"name", "=like", "price_%regular-EUR%"})
	var last []struct {
		Item int `json:"res_id"`
	}
	require.NoError(t, access.Execute(t.Context(), &last, "ir.model.data", "read", []any{names[len(names)-1:], []any{"res_id"}}, nil))
	odoo.write("product.pricelist.item", last[0].Item, map[string]any{"fixed_price": 987.65})
	category := odoo.find("product.category", []any{"x_tandem", "!=", false})[0]
	odoo.create("product.template", map[string]any{
		"name": "Made in Odoo", "default_code": "ODOO-1", "list_price": 12.5, "sale_ok": true, "categ_id": category,
	})

	op := x.export(changed, "product")
	require.Equal(t, []int{1, 2, 0}, []int{op.Progress[0].Created, op.Progress[0].Updated, op.Progress[0].Failed}, "%+v", op.Progress[0])
	products := list[map[string]any](store, "products", nil)
	made := products[slices.IndexFunc(products, func(p map[string]any) bool { return p["sku"] == "ODOO-1" })]
	require.Equal(t, []any{"Made in Odoo", "12.5", "draft"}, []any{made["name"], made["regular_price"], made["status"]})

	again := x.export(changed, "product").Progress[0]
	require.Zero(t, again.Created+again.Updated+again.Failed, "%+v", again)
	for _, p := range x.importAll(changed, exportedKinds...).Progress {
		require.Zero(t, p.Created+p.Updated, "what was written comes back as no change: %+v", p)
	}
	require.Zero(t, x.export(changed, "product").Progress[0].Updated, "no echo")
	requireQuotationExported(t, x, store, odoo)
}

// quote makes a quotation of three of a product and of a parcel, taxed at 20 %, for somebody in France.
func (c clerk) quote(partner, product int) int {
	c.t.Helper()
	taxes := "tax_id"
	if version, err := strconv.Atoi(c.at.Version); err == nil && version >= 19 {
		taxes = "tax_ids"
	}
	vat := c.find("account.tax", []any{"x_tandem", "!=", false}, []any{"name", "like", "@20-FR"})[0]
	parcel := c.create("product.product", map[string]any{"name": "Parcel", "type": "service", "sale_ok": false, "invoice_policy": "order"})
	line := func(product int, quantity, price float64) any {
		return []any{0, 0, map[string]any{"product_id": product, "product_uom_qty": quantity, "price_unit": price, "is_delivery": product == parcel,
			taxes: []any{[]any{6, 0, []any{vat}}}}}
	}
	euros := c.find("product.pricelist", []any{"currency_id.name", "=", "EUR"})[0]
	return c.create("sale.order", map[string]any{"partner_id": partner, "pricelist_id": euros, "client_order_ref": "PO 7", "order_line": []any{
		[]any{0, 0, map[string]any{"display_type": "line_section", "name": "Kitchen"}}, line(product, 3, 20), line(parcel, 1, 4.9),
	}})
}

// requireQuotationExported has a person quote in Odoo, and the store have the order, once and to the cent. It stays Odoo's, and its status follows.
func requireQuotationExported(t *testing.T, x *tandem, store *shop, odoo clerk) {
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{"export": map[string]bool{"orders": true}}}, nil))
	france := odoo.find("res.country", []any{"code", "=", "FR"})[0]
	buyer := odoo.create("res.partner", map[string]any{"name": "Ada Lovelace", "email": "ada@hand.example", "street": "1 Road", "city": "Paris", "zip": "75001",
		"country_id": france, "customer_rank": 1})
	product := int(odoo.find("product.product", []any{"default_code", "=", "ODOO-1"})[0].(float64))
	order := strconv.Itoa(odoo.quote(buyer, product))
	x.exportRecord("customer", strconv.Itoa(buyer), 1, 0)
	x.exportRecord("order", order, 1, 0)
	var kept []struct {
		Name  string
		Total float64 `json:"amount_total"`
		Tax   float64 `json:"amount_tax"`
		State string
	}
	id, err := strconv.Atoi(order)
	require.NoError(t, err)
	read := func() {
		require.NoError(t, odoo.at.Execute(t.Context(), &kept, "sale.order", "read", []any{[]any{id}, []any{"name", "amount_total", "amount_tax", "state"}}, nil))
	}
	read()
	name := kept[0].Name
	link := get[gen.LinkPage](x, "/links?entity=order&erp_id="+order).Items[0]
	require.Equal(t, []string{fmt.Sprintf("%.2f", kept[0].Total), fmt.Sprintf("%.2f", kept[0].Tax)}, store.amountsOf(link.WooID))
	x.exportRecord("order", order, 0, 0)
	back := x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{link.WooID}}, "order")
	require.Equal(t, 1, back.Progress[0].Unchanged, "no echo: %+v", back.Progress[0])

	x.allowStatusUpdates()
	pushes := post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "order_status_push", EverySeconds: 3600})
	x.runSchedule(pushes, 1)
	require.NoError(t, odoo.at.Execute(t.Context(), nil, "sale.order", "action_cancel", []any{[]any{id}}, map[string]any{"context": map[string]any{"disable_cancel_warning": true}}))
	op := x.runSchedule(pushes, 2)
	require.Equal(t, []int{1, 1}, []int{progressOf(op, "order_status").Read, progressOf(op, "order_status").Updated}, "%+v", op.Progress)
	require.Equal(t, "cancelled", store.orderStatus(link.WooID))
	back = x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{link.WooID}}, "order")
	require.Zero(t, back.Progress[0].Created+back.Progress[0].Failed+back.Progress[0].Parked, "%+v", back.Progress[0])
	read()
	require.Equal(t, []any{name, "cancel"}, []any{kept[0].Name, kept[0].State})
}
