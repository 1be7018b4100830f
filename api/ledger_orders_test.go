package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
)

// quotation makes a customer, a product with five in stock and a tax of 20 %, and gives a quotation of three pieces and shipping.
func (h *harness) quotation() map[string]any {
	h.t.Helper()
	h.exec(`INSERT INTO ledger.taxes (id, name, rate, country, state, postcodes, cities, class, priority, compound, shipping, price_include)
		VALUES (7, 'VAT', 20, '', '', '{}', '{}', 'standard', 1, false, true, false)`)
	product := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", phone()).is(http.StatusCreated))
	h.call("POST", "/ledger/stock-counts", map[string]any{"counts": []any{map[string]any{"product": product.ID, "on_hand": "5"}}}).is(http.StatusNoContent)
	ada := decode[gen.LedgerPartner](h.call("POST", "/ledger/partners", map[string]any{
		"name": "Ada", "addresses": []any{map[string]any{"kind": "invoice", "city": "London"}},
	}).is(http.StatusCreated))
	return map[string]any{
		"partner": ada.ID, "currency": "EUR", "invoice_address": ada.Addresses[0].ID, "note": "Ring twice",
		"lines": []any{
			map[string]any{"product": product.ID, "quantity": "3", "unit_price": "3.333", "discount": "0.5", "taxes": []string{"7"}},
			map[string]any{"kind": "shipping", "description": "Parcel", "unit_price": "4.90", "taxes": []string{"7"}},
		},
	}
}

// walkLedgerOrders takes a quotation through every step.
func walkLedgerOrders(h *harness) {
	at := h.call("POST", "/ledger/orders", h.quotation()).is(http.StatusCreated).location()
	h.call("GET", at, nil).is(http.StatusOK)
	h.call("GET", "/ledger/orders?search=S0&limit=1", nil).is(http.StatusOK)
	h.call("PATCH", at, map[string]any{"note": "Ring once"}).is(http.StatusOK)
	for _, step := range []string{"validate", "invoice"} {
		h.call("POST", at+"/"+step, nil).is(http.StatusOK)
	}
	sold := decode[gen.LedgerOrder](h.call("GET", at, nil).is(http.StatusOK))
	walkLedgerDeliveries(h, sold.ID, sold.Lines[0].ID)
	h.call("POST", at+"/pay", map[string]any{"journal": "BNK1"}).is(http.StatusOK)
	shipped := decode[gen.LedgerOrder](h.call("POST", at+"/ship", nil).is(http.StatusOK))
	walkCreditNotes(h, shipped.ID)
}

func TestAQuotationIsChangedAndSold(t *testing.T) {
	h := newHarness(t)
	made := h.call("POST", "/ledger/orders", h.quotation()).is(http.StatusCreated)
	at, order := made.location(), decode[gen.LedgerOrder](made)
	require.Equal(t, []string{"S00001", "quotation", "14.4", "2.88", "17.28", "3.333", "0.5", "9.5", "Mobile phone"}, []string{
		order.Number, string(order.Stage), order.Untaxed, order.Tax, order.Total, order.Lines[0].UnitPrice, order.Lines[0].Discount, order.Lines[0].Total,
		order.Lines[0].Description})
	read := h.call("GET", at, nil).is(http.StatusOK)
	same := decode[gen.LedgerOrder](h.call("PATCH", at, read.Body.String()).is(http.StatusOK))
	require.Equal(t, order, same, "what is sent back as it was read changes nothing")

	lines := append([]gen.LedgerOrderLine{}, order.Lines...)
	lines[1].Quantity = "2"
	now := decode[gen.LedgerOrder](h.call("PATCH", at, map[string]any{"lines": lines, "note": nil}, "If-Match", read.Header().Get("ETag")).is(http.StatusOK))
	require.Equal(t, []string{"23.16", "", order.Lines[1].ID}, []string{now.Total, now.Note, now.Lines[1].ID})
	h.call("PATCH", at, map[string]any{"note": "Late"}, "If-Match", read.Header().Get("ETag")).problem(http.StatusPreconditionFailed)

	h.call("POST", at+"/invoice", nil).problem(http.StatusConflict)
	h.call("POST", at+"/validate", map[string]any{"journal": "BNK1", "partial": true}).fields(http.StatusUnprocessableEntity, "journal", "partial")
	for range 2 {
		require.Equal(t, "confirmed", string(decode[gen.LedgerOrder](h.call("POST", at+"/validate", nil).is(http.StatusOK)).Stage))
	}
	require.Contains(t, h.call("PATCH", at, map[string]any{"note": "Late"}).problem(http.StatusConflict).Detail, "only a quotation can be changed")
	invoiced := decode[gen.LedgerOrder](h.call("POST", at+"/invoice", map[string]any{"date": "2026-03-10T00:00:00Z"}).is(http.StatusOK))
	require.Equal(t, []string{"INV/2026/00001", "23.16"}, []string{invoiced.Invoice.Number, invoiced.Invoice.Due})
	h.call("POST", at+"/pay", nil).fields(http.StatusUnprocessableEntity, "journal")
	paid := decode[gen.LedgerOrder](h.call("POST", at+"/pay", map[string]any{"journal": "BNK1"}).is(http.StatusOK))
	require.True(t, paid.Paid)
	shipped := decode[gen.LedgerOrder](h.call("POST", at+"/ship", nil).is(http.StatusOK))
	require.True(t, shipped.Shipped)
	h.call("POST", at+"/cancel", nil).problem(http.StatusConflict)
	h.call("POST", "/ledger/orders/4711/validate", nil).problem(http.StatusNotFound)
	h.call("POST", at+"/think", nil).fields(http.StatusUnprocessableEntity, "step")
}

func TestWhatIsWrongWithAQuotationIsNamed(t *testing.T) {
	h := newHarness(t)
	sound := h.quotation()
	line := func(fields map[string]any) []any { return []any{fields} }
	for name, c := range map[string]struct {
		change map[string]any
		fields []string
	}{
		"no customer":       {map[string]any{"partner": "4711"}, []string{"partner"}},
		"another's address": {map[string]any{"delivery_address": "4711"}, []string{"delivery_address"}},
		"no lines":          {map[string]any{"lines": []any{}}, []string{"lines"}},
		"no currency":       {map[string]any{"currency": "XXX"}, []string{"currency"}},
		"no product":        {map[string]any{"lines": line(map[string]any{"unit_price": "1"})}, []string{"lines[0].product"}},
		"no price":          {map[string]any{"lines": line(map[string]any{"kind": "fee", "description": "Wrap"})}, []string{"lines[0].unit_price"}},
		"a fee of goods": {map[string]any{"lines": line(map[string]any{"kind": "fee", "product": "1", "unit_price": "1"})},
			[]string{"lines[0].product", "lines[0].description"}},
		"dear shipping":   {map[string]any{"lines": line(map[string]any{"kind": "shipping", "description": "Post", "unit_price": "-1"})}, []string{"lines[0].unit_price"}},
		"a gift card":     {map[string]any{"lines": line(map[string]any{"kind": "credit", "description": "Card", "unit_price": "-1"})}, []string{"lines[0].kind"}},
		"no pieces":       {map[string]any{"lines": line(map[string]any{"product": "1", "quantity": "0", "unit_price": "1"})}, []string{"lines[0].quantity"}},
		"too cheap":       {map[string]any{"lines": line(map[string]any{"product": "1", "unit_price": "1", "discount": "2"})}, []string{"lines[0].discount"}},
		"a line of none":  {map[string]any{"lines": line(map[string]any{"id": "9", "product": "1", "unit_price": "1"})}, []string{"lines[0].id"}},
		"no tax":          {map[string]any{"lines": line(map[string]any{"product": "1", "unit_price": "1", "taxes": []string{"4711"}})}, []string{"lines[0].taxes[0]"}},
		"a price":         {map[string]any{"lines": line(map[string]any{"product": "1", "unit_price": "59,95"})}, []string{"lines[0].unit_price"}},
		"no payment term": {map[string]any{"payment_term": "NEVER"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[string]any{}
			for key, value := range sound {
				body[key] = value
			}
			for key, value := range c.change {
				body[key] = value
			}
			h.in(t).call("POST", "/ledger/orders", body).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
	require.Empty(t, decode[gen.LedgerOrderPage](h.call("GET", "/ledger/orders", nil).is(http.StatusOK)).Items)
}
