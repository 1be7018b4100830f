//go:build odoo

package odoo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

func TestAnArchivedProductIsNotLandedTwice(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		ids, err := b.Lookup(t.Context(), []erp.Key{sale.product.Key})
		require.NoError(t, err)
		require.NoError(t, b.rpc.Write(t.Context(), "product.template", []int64{rpc.ParseID(ids[0])}, map[string]any{"active": false}))
		sale.product.Name = "Large mug"

		outcomes, err := b.UpsertProducts(t.Context(), []erp.Product{sale.product})

		require.NoError(t, err)
		require.Equal(t, []string{string(erp.Updated), ids[0]}, []string{string(outcomes[0].Status), outcomes[0].ID})
		mug := readBack(t, b, "product.template", []any{rpc.Where("default_code", "=", sale.product.SKU)}, "name")
		require.Equal(t, "Large mug", mug["name"])
	})
}

// customerMails counts what is on its way to the customer of a story, or was.
func customerMails(t *testing.T, sale story) int {
	t.Helper()
	ids, err := sale.Lookup(t.Context(), []erp.Key{sale.partner.Key})
	require.NoError(t, err)
	customer := rpc.ParseID(ids[0])
	count := 0
	for model, domain := range map[string][]any{
		"mail.mail":         {rpc.In("recipient_ids", []int64{customer})},
		"mail.notification": {rpc.Where("res_partner_id", "=", customer)},
	} {
		rows, err := rpc.Search[rpc.Row](t.Context(), sale.rpc, model, domain, "id")
		require.NoError(t, err)
		count += len(rows)
	}
	return count
}

func TestASaleSendsTheCustomerNoMail(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		order := sale.order.Key
		_, err := stepsOf(b).ConfirmOrder(t.Context(), order)
		require.NoError(t, err)
		_, err = stepsOf(b).InvoiceOrder(t.Context(), order, erp.InvoiceRequest{Date: sale.order.Date})
		require.NoError(t, err)
		_, err = stepsOf(b).PayOrder(t.Context(), order, sale.payment)
		require.NoError(t, err)
		_, err = stepsOf(b).ShipOrder(t.Context(), order, erp.ShipRequest{})
		require.NoError(t, err)
		require.Zero(t, customerMails(t, sale))
	})
}

func TestNotesAreWhatThePersonWrote(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		sale.order.CustomerNote = "Ring & wait <2 min"
		_, err := b.UpsertOrders(t.Context(), []erp.Order{sale.order})
		require.NoError(t, err)
		read := readBack(t, b, "sale.order", []any{rpc.Where("client_order_ref", "=", sale.order.Number)}, "note")
		want := "Ring & wait <2 min"
		if rpc.RichTexts.For(b.rpc.Release) {
			want = "<p>Ring &amp; wait &lt;2 min</p>"
		}
		require.Equal(t, want, read["note"])
	})
}

func TestNamesAreWrittenInTheLanguageThatIsSet(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, _ := opened(t, settings)
		installFrench(t, b)
		settings.Language = "fr-FR"
		french, sale := opened(t, settings)
		sale.product.Name = "Tasse"
		_, err := french.UpsertProducts(t.Context(), []erp.Product{sale.product})
		require.NoError(t, err)
		mug := readBack(t, french, "product.template", []any{rpc.Where("default_code", "=", sale.product.SKU)}, "name")
		require.Equal(t, "Tasse", mug["name"])
		mug = readBack(t, b, "product.template", []any{rpc.Where("default_code", "=", sale.product.SKU)}, "name")
		require.Equal(t, "Mug", mug["name"], "what was written first stands in the language of the database, too")
	})
}

func installFrench(t *testing.T, b *Backend) {
	t.Helper()
	rows, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "res.lang", []any{rpc.Where("code", "=", "fr_FR")}, "id")
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.NoError(t, b.rpc.Write(t.Context(), "res.lang", rpc.Map(rows, rpc.Row.RowID), map[string]any{"active": true}))
}

// addCompany makes a company that the user of the tests may work in, until the test ends.
func addCompany(t *testing.T, b *Backend, name string) int64 {
	t.Helper()
	ids, err := b.rpc.Create(t.Context(), "res.company", []map[string]any{{"name": name}})
	require.NoError(t, err)
	me, err := b.rpc.User(t.Context())
	require.NoError(t, err)
	allow := func(ctx context.Context, command int) error {
		return b.rpc.Write(ctx, "res.users", []int64{me}, map[string]any{"company_ids": []any{[]any{command, ids[0]}}})
	}
	require.NoError(t, allow(t.Context(), 4))
	t.Cleanup(func() { require.NoError(t, allow(context.Background(), 3)) })
	return ids[0]
}

// giveWarehouse makes a warehouse for a company that has none: older versions make one along with the company.
func giveWarehouse(t *testing.T, b *Backend, name string, company int64) {
	t.Helper()
	there, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "stock.warehouse", []any{rpc.Where("company_id", "=", company)}, "id")
	require.NoError(t, err)
	if len(there) == 0 {
		_, err = b.rpc.Create(t.Context(), "stock.warehouse", []map[string]any{{"name": name, "code": name[len(name)-4:], "company_id": company}})
		require.NoError(t, err)
	}
}

func TestRecordsGoToTheCompanyThatIsSet(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, own := opened(t, settings)
		name := "Second " + own.order.Number
		second := addCompany(t, b, name)

		info, err := b.Probe(t.Context())
		require.NoError(t, err)
		require.NotEqual(t, name, info.Company)
		require.Contains(t, info.Warnings[0], "none is chosen")

		others, err := b.Options(t.Context())
		require.NoError(t, err)

		settings.Company = rpc.FormatID(second)
		b, err = Open(t.Context(), settings)
		require.NoError(t, err)
		info, err = b.Probe(t.Context())
		require.NoError(t, err)
		require.Equal(t, name, info.Company)
		giveWarehouse(t, b, name, second)
		options, err := b.Options(t.Context())
		require.NoError(t, err)
		require.Len(t, options.Warehouses, 1)
		require.NotContains(t, others.Warehouses, options.Warehouses[0], "the company's own, not one of the other")
		require.Empty(t, options.Taxes)

		sale := newStory(t, b)
		sale.order.Lines, sale.order.Taxes = sale.order.Lines[1:], nil
		sale.order.Untaxed, sale.order.Tax, sale.order.Total = dec("0"), dec("0"), dec("0")
		outcomes, err := b.UpsertPartners(t.Context(), []erp.Partner{sale.partner})
		require.NoError(t, err)
		require.True(t, outcomes[0].Landed())
		outcomes, err = b.UpsertOrders(t.Context(), []erp.Order{sale.order})
		require.NoError(t, err)
		require.True(t, outcomes[0].Landed(), "%v", outcomes)
		readBack(t, b, "sale.order", []any{rpc.Where("client_order_ref", "=", sale.order.Number), rpc.Where("company_id", "=", second)}, "id")
	})
}

// lockOrders is the method that locks orders. An order of older versions that is locked may be changed all the same.
var lockOrders = rpc.Table[string]{{Major: 14, Value: ""}, {Major: 17, Value: "action_lock"}}

// Odoo lets nobody change an order that a person has locked.
func TestALockedOrderBlocksNoOther(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, sale := opened(t, settings)
		lock := lockOrders.For(b.rpc.Release)
		if lock == "" {
			return
		}
		batch := []erp.Order{sale.order, sale.order, sale.order}
		for i := range batch {
			batch[i].Key.ID, batch[i].Number = strconv.Itoa(i+1), fmt.Sprintf("%s-%d", sale.order.Number, i+1)
			batch[i].Lines = slices.Clone(sale.order.Lines)
		}
		land := func() []erp.Outcome {
			return again(t, func() ([]erp.Outcome, error) { return b.UpsertOrders(t.Context(), batch) })
		}
		for _, outcome := range land() {
			require.True(t, outcome.Landed(), "%v", outcome)
			again(t, func() (erp.Progress, error) { return stepsOf(b).ConfirmOrder(t.Context(), outcome.Key) })
		}
		locked := stoodAs(t, b, batch[1].Key)
		require.NoError(t, b.rpc.Run(t.Context(), "sale.order", lock, []int64{locked.ID}, nil, nil))
		for i := range batch {
			mugs(3)(&batch[i])
		}

		outcomes := land()

		require.Equal(t, []erp.Status{erp.Updated, erp.Failed, erp.Updated}, rpc.Map(outcomes, func(o erp.Outcome) erp.Status { return o.Status }))
		require.Equal(t, "odoo_refused", outcomes[1].Code)
		require.NoError(t, b.rpc.Run(t.Context(), "sale.order", "action_unlock", []int64{locked.ID}, nil, nil))
		for _, outcome := range land() {
			require.True(t, outcome.Landed(), "%v", outcome)
			state := stoodAs(t, b, outcome.Key).State()
			require.Equal(t, erp.Confirmed, state.Stage)
			require.Equal(t, "195", state.Total.String())
		}
	})
}
