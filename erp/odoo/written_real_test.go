//go:build odoo

package odoo

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// anyRow is a record with whatever was read of it.
type anyRow map[string]any

func (r anyRow) RowID() int64 { return 0 } // never paged

// readBack reads fields of the one record a domain finds.
func readBack(t *testing.T, b *Backend, model string, domain []any, fields ...string) anyRow {
	t.Helper()
	rows, err := rpc.Search[anyRow](t.Context(), b.rpc, model, domain, fields...)
	require.NoError(t, err)
	require.Len(t, rows, 1, model)
	return rows[0]
}

// opened opens the Odoo under test and lands a story in it.
func opened(t *testing.T, s Settings) (*Backend, story) {
	t.Helper()
	b, err := Open(t.Context(), s)
	require.NoError(t, err)
	sale := newStory(t, b)
	sale.land(t)
	return b, sale
}

func number(t *testing.T, v any) string {
	t.Helper()
	s, ok := v.(interface{ String() string })
	require.True(t, ok, "%v is a number", v)
	return dec(s.String()).Round(2).String()
}

func TestWhatIsWrittenWhere(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		order := sale.order.Key
		_, err := stepsOf(b).ConfirmOrder(t.Context(), order)
		require.NoError(t, err)
		_, err = stepsOf(b).InvoiceOrder(t.Context(), order, erp.InvoiceRequest{Date: sale.order.Date})
		require.NoError(t, err)
		_, err = stepsOf(b).PayOrder(t.Context(), order, sale.payment)
		require.NoError(t, err)

		mine := []any{rpc.Where("client_order_ref", "=", sale.order.Number)}
		read := readBack(t, b, "sale.order", mine, "name", "date_order", "amount_total", "amount_tax", "reference")
		require.Equal(t, sale.order.Number, read["name"])
		require.Equal(t, "2026-03-10 12:00:00", read["date_order"], "confirming does not make it today's")
		require.Equal(t, "130", number(t, read["amount_total"]))
		require.Equal(t, "21.67", number(t, read["amount_tax"]))
		require.Equal(t, sale.order.TransactionID, read["reference"])

		mug := readBack(t, b, "sale.order.line", []any{rpc.Where("order_id.client_order_ref", "=", sale.order.Number),
			rpc.Where("price_unit", ">", 0)}, "price_unit", "product_uom_qty")
		require.Equal(t, "65", number(t, mug["price_unit"]), "the price as it is in the store, with its tax")

		found := stoodAs(t, b, order)
		invoice := readBack(t, b, "account.move", []any{rpc.Where("id", "=", found.Invoices[0])}, "invoice_date", "date")
		require.Equal(t, []any{"2026-03-10", "2026-03-10"}, []any{invoice["invoice_date"], invoice["date"]})
		readBack(t, b, "account.payment", []any{rpc.Where(rpc.MemoFields.For(b.rpc.Release), "=", sale.order.TransactionID)}, "id")
	})
}

// inSizes is another product, which has the story's mug in several sizes.
func (s story) inSizes(sizes ...string) erp.Product {
	mugs := s.product
	mugs.Key.ID, mugs.Kind, mugs.SKU, mugs.Variants = "2", erp.Variable, "", nil
	mugs.Attributes = []erp.ProductAttribute{{Name: "Size", Variation: true, Values: sizes}}
	for _, size := range sizes {
		key := mugs.Key
		key.ID = size
		mugs.Variants = append(mugs.Variants, erp.Variant{Key: key, Active: true, Options: []erp.Option{{Attribute: "Size", Value: size}}})
	}
	return mugs
}

func TestProductsHaveASalesPrice(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		list := erp.PriceList{Key: sale.product.Key, Kind: erp.Regular, Currency: "EUR", Name: "Regular " + sale.product.Key.Instance}
		list.Key.Entity, list.Key.ID = "price_list", "regular-EUR"
		_, err := b.UpsertPriceLists(t.Context(), []erp.PriceList{list})
		require.NoError(t, err)
		mug, priced := sale.product, func(amount string) []erp.Price { return []erp.Price{{List: list.Key, Amount: dec(amount)}} }
		mug.Variants = []erp.Variant{{Key: mug.Key, Active: true, TrackStock: true, Prices: priced("65.5")}}
		mugs := sale.inSizes("S", "L")
		mugs.Variants[0].Prices, mugs.Variants[1].Prices = priced("7.25"), priced("9")
		for _, outcome := range again(t, func() ([]erp.Outcome, error) { return b.UpsertProducts(t.Context(), []erp.Product{mug, mugs}) }) {
			require.True(t, outcome.Landed(), "%v", outcome)
		}
		ids, err := b.records.IDsOf(t.Context(), "product.template", []erp.Key{mug.Key, mugs.Key}, record.TemplateName)
		require.NoError(t, err)
		for key, want := range map[erp.Key]string{mug.Key: "65.5", mugs.Key: "7.25"} {
			require.Equal(t, want, number(t, readBack(t, b, "product.template", []any{rpc.Where("id", "=", ids[key])}, "list_price")["list_price"]))
		}
	})
}

func TestImagesAreShown(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		mugs := sale.inSizes("S", "L")
		outcome := again(t, func() ([]erp.Outcome, error) { return b.UpsertProducts(t.Context(), []erp.Product{mugs}) })[0]
		require.True(t, outcome.Landed(), "%v", outcome)
		small, large := mugs.Variants[0].Key, mugs.Variants[1].Key
		_, err := b.UpsertImages(t.Context(), []erp.ShownImage{{Key: sale.product.Key, Image: dot(10)}, {Key: mugs.Key, Image: dot(20)},
			{Key: small, Image: dot(30)}, {Key: large}}, paint)
		require.NoError(t, err)
		for key, want := range map[erp.Key]*erp.Image{sale.product.Key: dot(10), small: dot(30), large: dot(20)} {
			ids, err := b.records.IDsOf(t.Context(), "product.product", []erp.Key{key}, record.ExternalName)
			require.NoError(t, err)
			bytes, err := paint(t.Context(), *want)
			require.NoError(t, err)
			read := readBack(t, b, "product.product", []any{rpc.Where("id", "=", ids[key])}, "image_1920")
			require.Equal(t, base64.StdEncoding.EncodeToString(bytes), read["image_1920"], key)
		}
	})
}

func TestTaxesArePostedToTheirAccounts(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		options, err := b.Options(t.Context())
		require.NoError(t, err)
		sale.tax.Account, sale.tax.RefundAccount = options.Accounts[0].ID, options.Accounts[1].ID

		outcomes, err := b.UpsertTaxes(t.Context(), []erp.Tax{sale.tax})

		require.NoError(t, err)
		require.Equal(t, erp.Updated, outcomes[0].Status)
		fields := rpc.TaxAccounts.For(b.rpc.Release)
		for field, account := range map[string]string{fields.Invoice: sale.tax.Account, fields.Refund: sale.tax.RefundAccount} {
			domain := []any{rpc.Where(field, "=", rpc.ParseID(outcomes[0].ID)), rpc.Where("repartition_type", "=", "tax"),
				rpc.Where("account_id", "=", rpc.ParseID(account))}
			readBack(t, b, "account.tax.repartition.line", domain, "id")
		}
	})
}

func TestArchivedRecordsAreFound(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		ids, err := b.Lookup(t.Context(), []erp.Key{sale.partner.Key})
		require.NoError(t, err)
		require.NoError(t, b.rpc.Write(t.Context(), "res.partner", []int64{rpc.ParseID(ids[0])}, map[string]any{"active": false}))
		sale.partner.Name = "Ann Moved"

		outcomes, err := b.UpsertPartners(t.Context(), []erp.Partner{sale.partner})

		require.NoError(t, err)
		require.Equal(t, []string{string(erp.Updated), ids[0]}, []string{string(outcomes[0].Status), outcomes[0].ID})
	})
}

func TestWhatAPersonDeletedIsMadeAgain(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		ids, err := b.Lookup(t.Context(), []erp.Key{sale.order.Key})
		require.NoError(t, err)
		require.NoError(t, b.rpc.Unlink(t.Context(), "sale.order", []int64{rpc.ParseID(ids[0])}))

		outcomes, err := b.UpsertOrders(t.Context(), []erp.Order{sale.order})

		require.NoError(t, err)
		require.Equal(t, erp.Created, outcomes[0].Status)
		require.NotEqual(t, ids[0], outcomes[0].ID)
	})
}

func TestAUserWithoutRightsIsToldWhichAreMissing(t *testing.T) {
	r := ReadReal(t)
	admin, err := Open(t.Context(), r.Settings(JSONRPC))
	require.NoError(t, err)
	login := newStory(t, admin).partner.Email
	_, err = admin.rpc.Create(t.Context(), "res.users", []map[string]any{{"name": "Bot", "login": login, "password": "secret-of-the-bot"}})
	require.NoError(t, err)
	settings := r.Settings(JSONRPC)
	settings.Login, settings.Secret = login, "secret-of-the-bot"
	bot, err := Open(t.Context(), settings)
	require.NoError(t, err)

	_, err = bot.Probe(t.Context())

	require.Equal(t, fault.Unauthorized, fault.KindOf(err))
	require.ErrorContains(t, err, "ir.model.fields")
	require.NotContains(t, err.Error(), "secret")
}

func TestAWrongKeyIsUnauthorized(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		settings.Secret = "no such key"
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		_, err = b.Probe(t.Context())
		require.Equal(t, fault.Unauthorized, fault.KindOf(err))
		require.False(t, fault.Retryable(err))
	})
}
