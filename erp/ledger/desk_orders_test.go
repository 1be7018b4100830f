package ledger_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// own gives the own key of what a seller landed.
func (s *seller) own(entity string, n int) erp.Key {
	s.tb.Helper()
	ids, err := s.Lookup(s.tb.Context(), []erp.Key{benchKey(entity, n)})
	require.NoError(s.tb, err)
	require.NotEmpty(s.tb, ids[0])
	return erp.OwnKey(entity, ids[0])
}

// quotation is three pieces at 20 less 6, and shipping, both with 20 % tax: 54.00 + 4.90 + 11.78.
func (s *seller) quotation() erp.SaleOrder {
	s.tb.Helper()
	vat := []erp.LineTax{{Tax: s.own("tax", 0)}}
	var o erp.SaleOrder
	o.Date, o.Currency, o.Partner = saleDate, "EUR", s.own("customer", 0)
	o.InvoiceAddress, o.DeliveryAddress = s.own("address", 0), s.own("address", 1)
	o.Lines = []erp.OrderLine{
		{Kind: erp.ProductLine, Product: s.own("product", 0), Quantity: decimal.NewFromInt(3), UnitPrice: decimal.NewFromInt(18),
			Discount: decimal.NewFromInt(6), Total: decimal.NewFromInt(54), Taxes: vat},
		{Kind: erp.ShippingLine, Description: "Parcel", Quantity: decimal.NewFromInt(1), UnitPrice: decimal.New(49, -1), Total: decimal.New(49, -1), Taxes: vat},
	}
	return o
}

func TestAQuotationIsSoldByHand(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 2, 1)
	desk := s.Orders()
	made, err := desk.Create(t.Context(), "request-1", s.quotation())
	require.NoError(t, err)
	o := made.Record
	require.Equal(t, []any{"S00001", erp.Quotation, "58.9", "11.78", "70.68", "WH", "Product", ""},
		[]any{o.Number, o.State.Stage, o.Untaxed.String(), o.Tax.String(), o.Total.String(), o.Warehouse, o.Lines[0].Description, o.Store})
	require.Equal(t, []erp.Key{s.own("customer", 0), s.own("address", 0), s.own("product", 0), s.own("tax", 0)},
		[]erp.Key{o.Partner, o.InvoiceAddress, o.Lines[0].Product, o.Lines[0].Taxes[0].Tax}, "everything has own keys")
	again, err := desk.Create(t.Context(), "request-1", s.quotation())
	require.NoError(t, err)
	require.Equal(t, made, again, "the same request makes no second one")

	edited := o
	edited.CustomerNote = "Ring twice"
	edited.Lines = append([]erp.OrderLine{{Kind: erp.FeeLine, Description: "Gift wrap", Quantity: decimal.NewFromInt(1), Total: decimal.RequireFromString("2.505")}}, o.Lines...)
	now, err := desk.Update(t.Context(), made, edited)
	require.NoError(t, err)
	require.Equal(t, []any{"S00001", "Ring twice", "73.19", []string{"3", "1", "2"}},
		[]any{now.Record.Number, now.Record.CustomerNote, now.Record.Total.String(), lineIDs(now.Record)})
	_, err = desk.Update(t.Context(), made, edited)
	require.Equal(t, erp.ChangedMeanwhile, fault.From(err).Code)

	key := erp.OwnKey("order", made.ID)
	_, err = s.InvoiceOrder(t.Context(), key, erp.InvoiceRequest{})
	require.Equal(t, fault.Conflict, fault.KindOf(err), "a quotation is not invoiced")
	s.confirm(key)
	current, err := desk.Get(t.Context(), made.ID)
	require.NoError(t, err)
	_, err = desk.Update(t.Context(), current, edited)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.ErrorContains(t, err, "only a quotation can be changed")
	_, err = desk.Update(t.Context(), now, edited)
	require.Equal(t, erp.ChangedMeanwhile, fault.From(err).Code, "a step is a change")

	require.Equal(t, "INV/2026/00001", s.invoice(key, saleDate).InvoiceNumber)
	s.pay(key)
	shipped, err := s.ShipOrder(t.Context(), key, erp.ShipRequest{})
	require.NoError(t, err)
	require.True(t, shipped.Paid && shipped.Shipped)
	_, err = s.CancelOrder(t.Context(), key)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.Equal(t, []string{"0"}, s.column(`SELECT trim_scale(sum(debit - credit))::text FROM ledger.postings`))
	require.Equal(t, []string{"73.19"}, s.column(`SELECT trim_scale(amount)::text FROM ledger.journal_entries WHERE kind = 'invoice'`))
	require.Equal(t, []string{"999997"}, s.column(`
		SELECT trim_scale(on_hand)::text FROM ledger.stock_quants q WHERE variant_id = (SELECT variant_id FROM ledger.order_lines WHERE variant_id IS NOT NULL)`))
}

func lineIDs(o erp.SaleOrder) []string {
	var ids []string
	for _, line := range o.Lines {
		ids = append(ids, line.ID)
	}
	return ids
}

func TestWhatAQuotationNamesIsChecked(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 2)
	desk := s.Orders()
	s.exec(`INSERT INTO ledger.price_lists (name, kind, currency) VALUES ('Dollars', 'regular', 'USD')`)
	dollars := s.column(`SELECT id::text FROM ledger.price_lists WHERE currency = 'USD'`)[0]
	for field, spoil := range map[string]func(*erp.SaleOrder){
		"partner":           func(o *erp.SaleOrder) { o.Partner = erp.OwnKey("customer", "4711") },
		"invoice_address":   func(o *erp.SaleOrder) { o.InvoiceAddress = s.own("address", 2) },
		"lines[0].product":  func(o *erp.SaleOrder) { o.Lines[0].Product = erp.OwnKey("product", "4711") },
		"lines[1].taxes[0]": func(o *erp.SaleOrder) { o.Lines[1].Taxes = []erp.LineTax{{Tax: erp.OwnKey("tax", "4711")}} },
		"currency":          func(o *erp.SaleOrder) { o.Currency = "XXX" },
		"price_list":        func(o *erp.SaleOrder) { o.PriceList = erp.OwnKey("price_list", dollars) },
		"warehouse":         func(o *erp.SaleOrder) { o.Warehouse = "NOWHERE" },
		"lines":             func(o *erp.SaleOrder) { o.Lines[0].Total = decimal.NewFromInt(-100) },
	} {
		t.Run(field, func(t *testing.T) {
			o := s.quotation()
			spoil(&o)
			_, err := desk.Create(t.Context(), "request-"+field, o)
			require.Equal(t, []any{fault.Invalid, field}, []any{fault.KindOf(err), fault.From(err).Field}, "%v", err)
		})
	}
	require.Equal(t, []string{"0"}, s.column(`SELECT count(*)::text FROM ledger.orders`))
}

// An order of a store follows the store. Its steps can be taken by hand all the same.
func TestAnOrderOfAStoreIsReadAndSold(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 3, 1)
	s.landed(s.UpsertOrders(t.Context(), s.batch(1)))
	page, err := s.Orders().Search(t.Context(), erp.RecordSearch{Text: "web-", Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Records, 1)
	found := page.Records[0]
	require.Equal(t, []any{benchKey("order", 1).Instance, "24.2", "30_days"}, []any{found.Record.Store, found.Record.Total.String(), found.Record.PaymentTerm})
	_, err = s.Orders().Update(t.Context(), found, found.Record)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	s.confirm(erp.OwnKey("order", found.ID))
	_, err = s.ConfirmOrder(t.Context(), erp.OwnKey("order", "4711"))
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

func TestAShipmentByHandNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	s.exec(`UPDATE ledger.stock_quants SET on_hand = 1`)
	made, err := s.Orders().Create(t.Context(), "request-1", s.quotation())
	require.NoError(t, err)
	key := erp.OwnKey("order", made.ID)
	s.confirm(key)
	_, err = s.ShipOrder(t.Context(), key, erp.ShipRequest{})
	require.Equal(t, "no_stock", fault.From(err).Code)
	require.ErrorContains(t, err, "product "+erp.OwnID(s.own("product", 0)))
}

// An order that was made by hand can be mapped to an order of a store, which it is once at most.
func TestAnOrderMadeByHandIsMappedOnce(t *testing.T) {
	t.Parallel()
	s := newSeller(t, 1, 1)
	made, err := s.Orders().Create(t.Context(), "request-1", s.quotation())
	require.NoError(t, err)
	require.NoError(t, s.Adopt(t.Context(), erp.Key{Instance: "demo", Entity: "order", ID: "7"}, made.ID))
	err = s.Adopt(t.Context(), erp.Key{Instance: "other", Entity: "order", ID: "8"}, made.ID)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
}
