//go:build odoo

package odoo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// dozens is an order that a person makes in Odoo: two dozens of the mugs at 780.00 a dozen, tax included, and shipping for 6.00.
func (s story) dozens(t *testing.T, b *Backend) erp.Order {
	t.Helper()
	ids, err := b.Lookup(t.Context(), []erp.Key{s.partner.Key, s.tax.Key})
	require.NoError(t, err)
	variants, err := b.records.IDsOf(t.Context(), "product.product", []erp.Key{s.product.Key}, record.ExternalName)
	require.NoError(t, err)
	services, err := b.sales.ServiceProducts(t.Context())
	require.NoError(t, err)
	line := func(product int64, values map[string]any) []any {
		values["product_id"], values["name"] = product, "Line"
		values[rpc.LineTaxes.For(b.rpc.Release)] = []any{[]any{6, 0, []int64{rpc.ParseID(ids[1])}}}
		return []any{0, 0, values}
	}
	orders, err := b.rpc.Create(t.Context(), "sale.order", []map[string]any{{
		"partner_id": rpc.ParseID(ids[0]), "warehouse_id": rpc.ParseID(s.order.Warehouse), "pricelist_id": s.priceList(t, b), "order_line": []any{
			line(variants[s.product.Key], map[string]any{"product_uom_qty": 2, "price_unit": 780, rpc.LineUnits.For(b.rpc.Release): unitNamed(t, b, "dozen")}),
			line(services["service_shipping"], map[string]any{"product_uom_qty": 1, "price_unit": 6}),
		},
	}})
	require.NoError(t, err)
	id := rpc.FormatID(orders[0])
	held, err := b.ReadOrders(t.Context(), s.order.Key.Instance, []string{id})
	require.NoError(t, err)
	return held[0].Record
}

// unitNamed finds a unit of measure that comes with Odoo.
func unitNamed(t *testing.T, b *Backend, name string) int64 {
	t.Helper()
	rows, err := rpc.Search[record.Bound](t.Context(), b.rpc, "ir.model.data", []any{rpc.Where("module", "=", "uom"), rpc.Where("name", "=", "product_uom_"+name)}, "res_id")
	require.NoError(t, err)
	require.Len(t, rows, 1)
	return rows[0].ResID
}

// keptByStore adopts an order as one that the store made of it, with all goods set aside, and gives it as the store has it.
func (s story) keptByStore(t *testing.T, b *Backend, made erp.Order, id string) erp.Order {
	t.Helper()
	own, pending := erp.PendingID(made.Key)
	require.True(t, pending)
	made.Key = erp.Key{Instance: s.order.Key.Instance, Entity: "order", ID: id}
	made.Number, made.StoreStatus, made.Warehouse, made.InvoiceAddress, made.DeliveryAddress = "#"+id, "pending", s.order.Warehouse, erp.Key{}, erp.Key{}
	for i := range made.Lines {
		made.Lines[i].ID = id + rpc.FormatID(int64(i))
	}
	made.Lines[0].SetAside = made.Lines[0].Quantity
	again(t, func() (any, error) {
		return nil, b.AdoptOrders(t.Context(), []erp.Adoption[erp.Order]{{ID: own, Record: made}})
	})
	return made
}

func (s story) free(t *testing.T, b *Backend) []string {
	t.Helper()
	quantities, err := b.Quantities(t.Context(), s.order.Warehouse, []erp.Key{s.product.Key})
	require.NoError(t, err)
	return []string{quantities[0].OnHand.String(), quantities[0].Reserved.String()}
}

// What a person sells by the dozen is so many pieces for the store: exported, set aside, edited there, shipped, and given back on either side.
// That holds too where Odoo is told to move goods in the unit of the order.
func TestDozensAreTwelvePieces(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		for name, propagate := range map[string]string{"moved in pieces": "0", "moved in dozens": "1"} {
			t.Run(name, func(t *testing.T) {
				b, sale := opened(t, settings)
				b.setParameter(t, "stock.propagate_uom", propagate)
				defer b.setParameter(t, "stock.propagate_uom", "0")
				again(t, func() (erp.Progress, error) { return stepsOf(b).CancelOrder(t.Context(), sale.order.Key) })
				sale.stock.Free, sale.stock.CountedAt = dec("60"), sale.stock.CountedAt.AddDate(0, 0, 1)
				again(t, func() ([]erp.Outcome, error) { return b.SetStock(t.Context(), []erp.StockCount{sale.stock}) })
				require.Equal(t, []string{"60", "0"}, sale.free(t, b))
				t.Run("edited in the store", func(t *testing.T) { sale.requireDozensEdited(t, b) })
				t.Run("sold", func(t *testing.T) { sale.requireDozensSold(t, b) })
			})
		}
	})
}

// setParameter sets what administrators set among the system parameters.
func (b *Backend) setParameter(t *testing.T, key, value string) {
	t.Helper()
	rows, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "ir.config_parameter", []any{rpc.Where("key", "=", key)}, "id")
	if err == nil && len(rows) > 0 {
		err = b.rpc.Write(t.Context(), "ir.config_parameter", []int64{rows[0].ID}, map[string]any{"value": value})
	} else if err == nil {
		_, err = b.rpc.Create(t.Context(), "ir.config_parameter", []map[string]any{{"key": key, "value": value}})
	}
	require.NoError(t, err)
}

// requireDozensEdited has the store sell one piece more than two dozens, of a quotation and of an order.
func (s story) requireDozensEdited(t *testing.T, b *Backend) {
	made := s.dozens(t, b)
	require.Equal(t, []string{"24", "1300", "1566"}, []string{made.Lines[0].Quantity.String(), made.Lines[0].Total.String(), made.Total.String()})
	stored := s.keptByStore(t, b, made, "81")
	outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertOrders(t.Context(), []erp.Order{stored}) })[0]
	require.Equal(t, erp.Unchanged, outcome.Status, outcome.Reason)
	require.Equal(t, []string{"60", "24"}, s.free(t, b), "of a quotation what the store has set aside is kept")
	for i, quantity := range []string{"25", "26"} {
		edited := stored
		edited.Lines = append([]erp.OrderLine{}, stored.Lines...)
		line := &edited.Lines[0]
		line.Quantity, line.SetAside, line.Total = dec(quantity), dec(quantity), dec(quantity).Mul(dec("50"))
		line.Taxes = []erp.LineTax{{Tax: s.tax.Key, Amount: dec(quantity).Mul(dec("10"))}}
		edited.Untaxed, edited.Tax = line.Total.Add(dec("5")), line.Taxes[0].Amount.Add(dec("1"))
		edited.Total = edited.Untaxed.Add(edited.Tax)
		edited.Taxes = []erp.OrderTax{{Tax: s.tax.Key, Label: "VAT", Rate: dec("20"), Amount: edited.Tax}}
		outcome = again(t, func() ([]erp.Outcome, error) { return b.UpsertOrders(t.Context(), []erp.Order{edited}) })[0]
		require.Equal(t, erp.Updated, outcome.Status, "%s %s", outcome.Code, outcome.Reason)
		lines, err := b.OrderLines(t.Context(), []erp.Key{stored.Key})
		require.NoError(t, err)
		require.Equal(t, []string{quantity, line.Total.String()}, []string{lines[0][0].Quantity.String(), lines[0][0].Total.String()})
		require.Equal(t, []string{"60", quantity}, s.free(t, b))
		figures, err := b.OrderFigures(t.Context(), []erp.Key{stored.Key})
		require.NoError(t, err)
		require.Equal(t, edited.Total.String(), figures[0].Total.String())
		if i == 0 {
			again(t, func() (erp.Progress, error) { return stepsOf(b).ConfirmOrder(t.Context(), stored.Key) })
			require.Equal(t, []string{"60", quantity}, s.free(t, b))
		}
	}
	again(t, func() (erp.Progress, error) { return stepsOf(b).CancelOrder(t.Context(), stored.Key) })
	require.Equal(t, []string{"60", "0"}, s.free(t, b))
}

// requireDozensSold sells two dozens, of which eighteen pieces are there at first, and has one dozen given back in the store and the rest in Odoo.
func (s story) requireDozensSold(t *testing.T, b *Backend) {
	stored := s.keptByStore(t, b, s.dozens(t, b), "82")
	s.stock.Free, s.stock.CountedAt = dec("18"), s.stock.CountedAt.AddDate(0, 0, 2)
	again(t, func() (erp.Progress, error) { return stepsOf(b).ConfirmOrder(t.Context(), stored.Key) })
	require.Equal(t, []string{"60", "24"}, s.free(t, b), "what is ordered is set aside once")
	lines, err := b.OrderLines(t.Context(), []erp.Key{stored.Key})
	require.NoError(t, err)
	require.Equal(t, "24", lines[0][0].Quantity.String())
	again(t, func() (erp.Progress, error) {
		return stepsOf(b).InvoiceOrder(t.Context(), stored.Key, erp.InvoiceRequest{Date: s.order.Date})
	})
	again(t, func() (erp.Progress, error) { return stepsOf(b).ShipOrder(t.Context(), stored.Key, erp.ShipRequest{}) })
	require.Equal(t, []string{"36", "0"}, s.free(t, b))
	shipped, err := b.ShipmentsOf(t.Context(), []erp.Key{stored.Key})
	require.NoError(t, err)
	require.Len(t, shipped, 1)
	require.Equal(t, []erp.ShipmentLine{{Line: stored.Lines[0].ID, Quantity: shipped[0].Lines[0].Quantity}}, shipped[0].Lines)
	require.Equal(t, "24", shipped[0].Lines[0].Quantity.String())

	mugs := stored.Lines[0]
	mugs.Quantity, mugs.Total, mugs.Taxes = dec("12"), dec("650"), []erp.LineTax{{Tax: s.tax.Key, Amount: dec("130")}}
	refund := erp.Refund{Key: erp.Key{Instance: stored.Key.Instance, Entity: "refund", ID: "82/1"}, Order: stored.Key, Number: "82/1", Date: s.order.Date, Currency: "EUR",
		Lines: []erp.RefundLine{{OrderLine: mugs, Of: mugs.ID, PutBack: dec("12")}}, Taxes: []erp.OrderTax{{Tax: s.tax.Key, Rate: dec("20"), Amount: dec("130")}},
		Untaxed: dec("650"), Tax: dec("130"), Total: dec("780")}
	outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertRefunds(t.Context(), []erp.Refund{refund}) })[0]
	require.Equal(t, erp.Created, outcome.Status, "%s %s", outcome.Code, outcome.Reason)
	require.Equal(t, []string{"48", "0"}, s.free(t, b), "a dozen came back")

	note := b.reverseByHand(t, rpc.ParseID(stoodAs(t, b, stored.Key).State().InvoiceID))
	require.NoError(t, b.rpc.Run(t.Context(), "account.move", "action_post", []int64{note}, nil, nil))
	held, err := b.ReadRefunds(t.Context(), stored.Key.Instance, []string{rpc.FormatID(note)})
	require.NoError(t, err)
	require.Len(t, held, 1)
	given := held[0].Record.Lines[0]
	require.Equal(t, []string{mugs.ID, "24", "1300"}, []string{given.Of, given.Quantity.String(), given.Total.String()})
}
