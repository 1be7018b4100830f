//go:build odoo

package odoo

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// A store that sells in a company of its own may have all that another store has: the same SKUs, barcodes, coupons, names,
// customers and order numbers.
func TestTwoStoresInTwoCompanies(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		sale := newStory(t, b)
		settings.Company = rpc.FormatID(addBooks(t, b, "Company "+sale.order.Number))
		second, err := Open(t.Context(), settings)
		require.NoError(t, err)
		other := newStory(t, second)
		other.like(sale)

		name := sale.order.Key.Instance
		sale.landAll(t, name)
		sale.keepMug(t)
		other.landAll(t, name)
		for _, s := range []story{sale, other} {
			s.landAgain(t, name)
			s.sell(t)
		}

		found := stoodAs(t, second, other.order.Key)
		of := []any{rpc.Where("company_id", "=", rpc.ParseID(settings.Company))}
		readBack(t, second, "account.move", append(of, rpc.Where("id", "=", found.Invoices[0])), "id")
		readBack(t, second, "account.payment", append(of, rpc.Where(rpc.MemoFields.For(b.rpc.Release), "=", other.order.TransactionID)), "id")
	})
}

// A store that is sent to another company finds what belongs to the former one, and says so: it could book its orders twice.
func TestAStoreThatMovesToAnotherCompany(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		settings.Company = rpc.FormatID(addBooks(t, b, "Company "+sale.order.Number))
		second, err := Open(t.Context(), settings)
		require.NoError(t, err)
		options, err := second.Options(t.Context())
		require.NoError(t, err)
		moved := storyIn(sale.order.Key.Instance, options)
		land := func() []erp.Outcome {
			taxes := again(t, func() ([]erp.Outcome, error) { return second.UpsertTaxes(t.Context(), []erp.Tax{moved.tax}) })
			return append(taxes, again(t, func() ([]erp.Outcome, error) { return second.UpsertOrders(t.Context(), []erp.Order{moved.order}) })...)
		}

		outcomes := land()
		require.Equal(t, "other_company", outcomes[0].Code)
		require.Contains(t, outcomes[0].Reason, "tandem.tax_")
		require.Equal(t, []any{"unknown_tax", []erp.Key{moved.tax.Key}}, []any{outcomes[1].Code, outcomes[1].Waits})
		require.NoError(t, second.records.Unbind(t.Context(), []string{record.ExternalName(moved.tax.Key)}))
		outcomes = land()
		require.Equal(t, []any{erp.Created, "other_company"}, []any{outcomes[0].Status, outcomes[1].Code}, "%v", outcomes)
	})
}

// like gives a story the content of another store's.
func (s *story) like(o story) {
	s.product.SKU, s.partner.Email = o.product.SKU, o.partner.Email
	s.order.Number, s.order.TransactionID = o.order.Number, o.order.TransactionID
}

// landAll lands what a store has under names that other stores may have too.
func (s story) landAll(t *testing.T, name string) {
	t.Helper()
	for _, step := range s.content(t, name) {
		for _, outcome := range again(t, step) {
			require.True(t, outcome.Landed(), "%v", outcome)
		}
	}
}

// landAgain lands it when nothing is new.
func (s story) landAgain(t *testing.T, name string) {
	t.Helper()
	for _, step := range s.content(t, name) {
		for _, outcome := range again(t, step) {
			require.Equal(t, erp.Unchanged, outcome.Status, "%v", outcome)
		}
	}
}

// keepMug has a person give the mug with a price to the company alone: others see neither it nor its barcode.
func (s story) keepMug(t *testing.T) {
	t.Helper()
	ids, err := s.Lookup(t.Context(), []erp.Key{s.ninth("product")})
	require.NoError(t, err)
	require.NoError(t, s.rpc.Write(t.Context(), "product.template", []int64{rpc.ParseID(ids[0])}, map[string]any{"company_id": s.rpc.Company()}))
}

// content is something of every kind of record, in an order in which all that a record names has landed.
func (s story) content(t *testing.T, name string) []func() ([]erp.Outcome, error) {
	s.product.Barcode = name
	mug, terms, list := s.classified(name)
	coupon := erp.Coupon{Key: s.ninth("coupon"), Code: name, Kind: "percent", Amount: dec("10"), Status: "publish"}
	guest := erp.Partner{Key: s.ninth("guest"), Name: "Bea Ray", Email: "bea@" + name + ".example"}
	return []func() ([]erp.Outcome, error){
		func() ([]erp.Outcome, error) { return s.UpsertTerms(t.Context(), terms) },
		func() ([]erp.Outcome, error) { return s.UpsertTaxes(t.Context(), []erp.Tax{s.tax}) },
		func() ([]erp.Outcome, error) { return s.UpsertPriceLists(t.Context(), []erp.PriceList{list}) },
		func() ([]erp.Outcome, error) {
			return s.UpsertProducts(t.Context(), []erp.Product{s.product, s.inSizes("S", "L"), mug})
		},
		func() ([]erp.Outcome, error) { return s.UpsertCoupons(t.Context(), []erp.Coupon{coupon}) },
		func() ([]erp.Outcome, error) { return s.UpsertPartners(t.Context(), []erp.Partner{s.partner, guest}) },
		func() ([]erp.Outcome, error) { return s.SetStock(t.Context(), []erp.StockCount{s.stock}) },
		func() ([]erp.Outcome, error) { return s.UpsertOrders(t.Context(), []erp.Order{s.order}) },
	}
}

// ninth is the key of the ninth record of a kind.
func (s story) ninth(entity string) erp.Key {
	return erp.Key{Instance: s.product.Key.Instance, Entity: entity, ID: "9"}
}

// classified is a mug with a price and in all kinds of terms, along with those.
func (s story) classified(name string) (erp.Product, []erp.Term, erp.PriceList) {
	terms := []erp.Term{
		{Key: s.ninth("category"), Kind: erp.Category, Name: name, Active: true},
		{Key: s.ninth("tag"), Kind: erp.Tag, Name: name, Active: true},
		{Key: s.ninth("brand"), Kind: erp.Brand, Name: name + " brand", Active: true},
		{Key: s.ninth("shipping_class"), Kind: erp.ShippingClass, Name: name, Code: name, Active: true},
	}
	list := erp.PriceList{Key: s.ninth("price_list"), Kind: erp.Regular, Currency: "EUR", Name: name}
	mug := s.product
	mug.Key, mug.Barcode, mug.Categories, mug.Tags = s.ninth("product"), name+"-9", []erp.Key{terms[0].Key}, []erp.Key{terms[1].Key}
	mug.Variants = []erp.Variant{{Key: mug.Key, Active: true, TrackStock: true, Prices: []erp.Price{{List: list.Key, Amount: dec("65")}}}}
	return mug, terms, list
}

// sell moves the order of a story through all steps, and has goods of it come back.
func (s story) sell(t *testing.T) {
	t.Helper()
	for _, step := range []act{s.confirm, s.invoice, s.pay, s.ship, s.count("9")} {
		again(t, func() (string, error) { return step(t.Context(), s.Backend) })
	}
	state := stoodAs(t, s.Backend, s.order.Key).State()
	require.Equal(t, []any{true, true, "130"}, []any{state.Paid, state.Shipped, state.Total.String()})
	stock, err := s.Quantities(t.Context(), s.stock.Warehouse, []erp.Key{s.product.Key})
	require.NoError(t, err)
	require.Equal(t, "9", stock[0].Free().String())
}

// addBooks makes a company that keeps books in euros as docs/odoo.md says.
func addBooks(t *testing.T, b *Backend, name string) int64 {
	t.Helper()
	company := addCompany(t, b, name)
	settings := b.settings
	settings.Company = rpc.FormatID(company)
	own, err := Open(t.Context(), settings)
	require.NoError(t, err)
	_, err = own.Probe(t.Context()) // chooses the company
	require.NoError(t, err)
	giveWarehouse(t, own, name, company)
	own.loadChart(t, company)
	rows, err := rpc.Search[rpc.Row](t.Context(), own.rpc, "res.currency", []any{rpc.Where("name", "=", "EUR")}, "id")
	require.NoError(t, err)
	require.NoError(t, own.rpc.Write(t.Context(), "res.company", []int64{company},
		map[string]any{"currency_id": rows[0].ID, "tax_calculation_rounding_method": "round_per_line"}))
	own.nameOutstanding(t, company)
	return company
}

// loadChart gives a company the chart of accounts that any country may use.
func (b *Backend) loadChart(t *testing.T, company int64) {
	t.Helper()
	var ids []int64
	args := map[string]any{"template_code": "generic_coa", "company": company}
	if b.rpc.Release.Major < 17 { // templates were records
		rows, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "account.chart.template", nil, "id")
		require.NoError(t, err)
		ids, args = rpc.Map(rows[:1], rpc.Row.RowID), nil
	}
	require.NoError(t, b.rpc.Run(t.Context(), "account.chart.template", "try_loading", ids, args, nil))
}

// nameOutstanding names an account for payments that are on their way, where Odoo posts none without.
func (b *Backend) nameOutstanding(t *testing.T, company int64) {
	t.Helper()
	if !rpc.PostsOutstanding.For(b.rpc.Release) {
		return
	}
	accounts, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "account.account", []any{rpc.Where("account_type", "=", "asset_current"),
		rpc.Where("reconcile", "=", true), rpc.In("company_ids", []int64{company})}, "id")
	require.NoError(t, err)
	lines, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "account.payment.method.line", []any{rpc.Where("payment_type", "=", "inbound"),
		rpc.Where("payment_account_id", "=", false), rpc.Where("journal_id.company_id", "=", company)}, "id")
	require.NoError(t, err)
	require.NoError(t, b.rpc.Write(t.Context(), "account.payment.method.line", rpc.Map(lines, rpc.Row.RowID),
		map[string]any{"payment_account_id": slices.Min(rpc.Map(accounts, rpc.Row.RowID))}))
}
