//go:build odoo

package odoo

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

func (s story) priceList(t *testing.T, b *Backend) int64 {
	t.Helper()
	list, err := s.listOfOrder(t.Context(), b)
	require.NoError(t, err)
	return list
}

// quotation is an order that a person makes in Odoo: two mugs at 65.00 less 10 % and a discount of 5.00, with 20 % of tax in the prices, below a
// heading, and shipping.
func (s story) quotation(t *testing.T, b *Backend, warehouse string) int64 {
	t.Helper()
	ids, err := b.Lookup(t.Context(), []erp.Key{s.partner.Key, s.partner.Addresses[0].Key, s.tax.Key, s.product.Key})
	require.NoError(t, err)
	variants, err := b.records.IDsOf(t.Context(), "product.product", []erp.Key{s.product.Key}, record.ExternalName)
	require.NoError(t, err)
	services, err := b.sales.ServiceProducts(t.Context())
	require.NoError(t, err)
	discount, err := b.rpc.Create(t.Context(), "product.product", []map[string]any{{"name": "Discount", "type": "service"}})
	require.NoError(t, err)
	taxes := rpc.LineTaxes.For(b.rpc.Release)
	line := func(sequence int, product int64, quantity, price float64) []any {
		return []any{0, 0, map[string]any{"sequence": sequence, "product_id": product, "name": "Line", "product_uom_qty": quantity, "price_unit": price,
			taxes: []any{[]any{6, 0, []int64{rpc.ParseID(ids[2])}}}}}
	}
	mugs := line(2, variants[s.product.Key], 2, 65)
	mugs[2].(map[string]any)["discount"] = 10
	orders, err := b.rpc.Create(t.Context(), "sale.order", []map[string]any{{
		"partner_id": rpc.ParseID(ids[0]), "partner_invoice_id": rpc.ParseID(ids[0]), "partner_shipping_id": rpc.ParseID(ids[1]),
		"warehouse_id": rpc.ParseID(warehouse), "pricelist_id": s.priceList(t, b), "client_order_ref": "PO 7", "note": "Terms", "order_line": []any{
			[]any{0, 0, map[string]any{"sequence": 1, "display_type": "line_section", "name": "Kitchen"}},
			mugs, line(3, services["service_shipping"], 1, 6), line(4, discount[0], 1, -5),
		},
	}})
	require.NoError(t, err)
	return orders[0]
}

// An order that a person makes in Odoo is read as a store takes it, adopted once though every first reply is lost, and keeps what the person gave
// it when the store's order moves on.
func TestOrdersOfPeopleAreExportedOnce(t *testing.T) {
	records(t, func(t *testing.T, s Settings) {
		honest, sale := opened(t, s)
		instance := sale.order.Key.Instance
		order := sale.quotation(t, honest, sale.order.Warehouse)
		id := rpc.FormatID(order)
		held, err := honest.ReadOrders(t.Context(), instance, []string{id, "987654321", "nonsense"})
		require.NoError(t, err)
		require.Len(t, held, 1)
		got := held[0].Record
		require.Equal(t, []any{erp.PendingKey(instance, "order", id), sale.partner.Key, erp.Quotation, "", "EUR"},
			[]any{got.Key, got.Partner, held[0].Stage, held[0].Of, got.Currency})
		require.Equal(t, []any{sale.partner.Addresses[0].Key, "1 Main Street"}, []any{got.DeliveryAddress, held[0].Delivery.Street})
		require.Empty(t, got.CustomerNote, "terms are no note of the customer's")
		var lines [][]any
		for _, line := range got.Lines {
			require.Len(t, line.Taxes, 1)
			require.Equal(t, sale.tax.Key, line.Taxes[0].Tax)
			lines = append(lines, []any{line.Kind, line.Product, line.Quantity.String(), line.Total.String(), line.Discount.String(), line.Taxes[0].Amount.String()})
		}
		require.Equal(t, [][]any{
			{erp.ProductLine, sale.product.Key, "2", "97.5", "10.83", "19.5"},
			{erp.ShippingLine, erp.Key{}, "1", "5", "0", "1"},
			{erp.FeeLine, erp.Key{}, "1", "-4.17", "0", "-0.83"},
		}, lines)
		require.Equal(t, []string{"98.33", "19.67", "118"}, []string{got.Untaxed.String(), got.Tax.String(), got.Total.String()})

		stored := got
		stored.Key, stored.Number, stored.StoreStatus, stored.Warehouse = erp.Key{Instance: instance, Entity: "order", ID: "77"}, "#77", "pending", sale.order.Warehouse
		stored.InvoiceAddress = stored.DeliveryAddress
		stored.Lines[0].SetAside = dec("2")
		for i := range stored.Lines {
			stored.Lines[i].ID = "7" + rpc.FormatID(int64(i))
		}
		transport := &forgetful{RoundTripper: http.DefaultTransport}
		s.HTTP = &http.Client{Transport: transport, Timeout: time.Minute}
		b, err := Open(t.Context(), s)
		require.NoError(t, err)
		again(t, func() (any, error) {
			return nil, b.AdoptOrders(t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: stored}})
		})
		require.GreaterOrEqual(t, transport.lost.Load(), int64(3))
		outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertOrders(t.Context(), []erp.Order{stored}) })[0]
		require.Equal(t, []any{erp.Unchanged, id}, []any{outcome.Status, outcome.ID}, outcome.Reason)
		require.Equal(t, 2, count(t, honest, "sale.order", rpc.Where("partner_id", "=", partnerOf(t, honest, order))))
		again(t, func() (erp.Progress, error) { return stepsOf(honest).ConfirmOrder(t.Context(), stored.Key) })
		lineFigures, err := honest.OrderLines(t.Context(), []erp.Key{stored.Key})
		require.NoError(t, err)
		require.Len(t, lineFigures[0], 3)
		require.Equal(t, "70", lineFigures[0][0].ID)

		stored.StoreStatus = "processing"
		outcome = again(t, func() ([]erp.Outcome, error) { return b.UpsertOrders(t.Context(), []erp.Order{stored}) })[0]
		require.Equal(t, []any{erp.Updated, id}, []any{outcome.Status, outcome.ID}, outcome.Reason)
		read := readBack(t, honest, "sale.order", []any{rpc.Where("id", "=", order)}, "name", "client_order_ref", "state", "note")
		require.Equal(t, []any{got.Number, "PO 7", "sale"}, []any{read["name"], read["client_order_ref"], read["state"]})
		require.Contains(t, read["note"], "Terms")
		figures, err := honest.OrderFigures(t.Context(), []erp.Key{stored.Key})
		require.NoError(t, err)
		require.Equal(t, []string{"118", "19.67"}, []string{figures[0].Total.String(), figures[0].Taxes[0].Amount.String()})

		taken := stored
		taken.Key.ID = "78"
		err = honest.AdoptOrders(t.Context(), []erp.Adoption[erp.Order]{{ID: id, Record: taken}})
		require.Equal(t, fault.Conflict, fault.KindOf(err))
	})
}

func partnerOf(t *testing.T, b *Backend, order int64) int64 {
	t.Helper()
	type row struct {
		rpc.Row
		Partner rpc.Link `json:"partner_id"`
	}
	rows, err := rpc.SearchByID[row](t.Context(), b.rpc, "sale.order", []int64{order}, "partner_id")
	require.NoError(t, err)
	return rows[order].Partner.ID
}
