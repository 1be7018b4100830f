package exporttest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// own gives the ledger's own key of what the store has.
func (p *pair) own(entity string, id int) erp.Key {
	p.t.Helper()
	ids, err := p.ec.Backend.Lookup(context.Background(), []erp.Key{{Instance: p.ec.Instance.ID, Entity: entity, ID: strconv.Itoa(id)}})
	require.NoError(p.t, err)
	require.NotEmpty(p.t, ids[0], "%s %d", entity, id)
	return erp.OwnKey(entity, ids[0])
}

// quote makes a quotation by hand: three mugs at 20.005 less 6, a shirt, shipping and a fee that is not taxed, for an address in Paris.
func (b *buying) quote() erp.Version[erp.SaleOrder] {
	b.t.Helper()
	desk, err := erp.Desks.Of(b.ec.Backend)
	require.NoError(b.t, err)
	customer := b.own("customer", b.customer)
	buyer, err := desk.Partners().Get(b.t.Context(), erp.OwnID(customer))
	require.NoError(b.t, err)
	paris := buyer.Record
	paris.Addresses = append(paris.Addresses, erp.Address{
		Kind: erp.InvoiceAddress, Name: "Ada Lovelace", Street: "1 Road", City: "Paris", Zip: "75001", Country: "FR",
	}, erp.Address{Kind: erp.DeliveryAddress, Street: "2 Road", City: "Lyon", Zip: "69001", Country: "FR"})
	buyer, err = desk.Partners().Update(b.t.Context(), buyer, paris)
	require.NoError(b.t, err)
	made := buyer.Record.Addresses[len(buyer.Record.Addresses)-2:]
	paid, shipped := made[0].Key, made[1].Key

	var vat string
	require.NoError(b.t, b.books.Get(&vat, `SELECT id::text FROM ledger.taxes WHERE country = 'FR' AND rate = 20 AND class = 'standard' LIMIT 1`))
	taxed := []erp.LineTax{{Tax: erp.OwnKey("tax", vat)}}
	mug := b.own("product", b.mug)
	mug.ID = erp.OwnKey("product", erp.OwnID(mug)).ID
	var o erp.SaleOrder
	o.Date, o.Currency, o.Partner, o.InvoiceAddress, o.DeliveryAddress, o.CustomerNote = time.Now().UTC(), "EUR", customer, paid, shipped, "Ring twice"
	o.Lines = []erp.OrderLine{
		{Kind: erp.ProductLine, Product: mug, Quantity: decimal.NewFromInt(3), Discount: decimal.NewFromInt(6), Total: decimal.RequireFromString("54.015"), Taxes: taxed},
		{Kind: erp.ProductLine, Product: b.own("product", b.shirt), Quantity: decimal.NewFromInt(1), Total: decimal.RequireFromString("35.50"), Taxes: taxed},
		{Kind: erp.ShippingLine, Description: "Parcel", Quantity: decimal.NewFromInt(1), Total: decimal.RequireFromString("4.90"), Taxes: taxed},
		{Kind: erp.FeeLine, Description: "Gift wrap", Quantity: decimal.NewFromInt(1), Total: decimal.RequireFromString("2.50")},
	}
	quotation, err := desk.Orders().Create(b.t.Context(), "request-"+strconv.FormatInt(time.Now().UnixNano(), 10), o)
	require.NoError(b.t, err)
	return quotation
}

// shippedTo is where an order of the store goes, and to whom.
func shippedTo(order map[string]any) []any {
	to, _ := order["shipping"].(map[string]any)
	return []any{to["city"], to["first_name"], to["last_name"]}
}

func TestAQuotationMadeByHandReachesTheStore(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	b.ec.Instance.Config.Export.OrderStatus = "processing"
	quote := b.quote()
	require.Equal(t, "115.80", quote.Record.Total.StringFixed(2))

	made := b.run(flow.Export, "order", quote.ID)[quote.ID]
	require.Equal(t, flow.Created, made.Status, "%s: %s", made.Code, made.Reason)
	order := b.stored("orders", made)
	require.Equal(t, []any{"115.80", "18.88", "Ring twice", "Paris"},
		[]any{order["total"], order["total_tax"], order["customer_note"], order["billing"].(map[string]any)["city"]})
	account := b.ask(http.MethodGet, fmt.Sprintf("customers/%d", b.customer), nil)
	require.NotEmpty(t, account["first_name"])
	require.Equal(t, []any{"Lyon", account["first_name"], account["last_name"]}, shippedTo(order), "an address without a name is the customer's own")
	back := b.run(flow.Import, "order", made.Key.ID)[made.Key.ID]
	require.Equal(t, []any{flow.Unchanged, quote.ID}, []any{back.Status, back.ID}, "no echo: %s: %s", back.Code, back.Reason)

	desk, err := erp.Desks.Of(b.ec.Backend)
	require.NoError(t, err)
	now, err := desk.Orders().Get(t.Context(), quote.ID)
	require.NoError(t, err)
	require.Equal(t, []any{quote.Record.Number, "demo"}, []any{now.Record.Number, now.Record.Store}, "the ledger's number stays")
	confirmed := b.ec.Backend.ConfirmOrders(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: erp.OwnKey("order", quote.ID)}})
	require.NoError(t, confirmed[0].Err)
	require.Equal(t, erp.Confirmed, confirmed[0].Stage)
}
