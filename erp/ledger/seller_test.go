package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/salebatch"
	"tandem/schema/schematest"
)

// seller is a ledger with everything landed that orders refer to.
type seller struct {
	*ledger.Ledger
	*salebatch.Batcher
	tb       testing.TB
	db       *sqlx.DB
	products int
	buyers   int
	orders   int // made so far
}

func newSeller(tb testing.TB, productCount, buyerCount int) *seller {
	tb.Helper()
	return newSellerIn(tb, schematest.New(tb), productCount, buyerCount)
}

// newSellerIn is newSeller in a database that the test knows by other means too.
func newSellerIn(tb testing.TB, db *sqlx.DB, productCount, buyerCount int) *seller {
	tb.Helper()
	books := ledger.Open(db)
	s := &seller{Ledger: books, Batcher: salebatch.New(books), tb: tb, db: db, products: productCount, buyers: buyerCount}
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	products := make([]erp.Product, productCount)
	counts := make([]erp.StockCount, productCount)
	for i := range products {
		key := benchKey("product", i)
		products[i] = erp.Product{Key: key, Kind: erp.Simple, Name: "Product", Status: "publish",
			Variants: []erp.Variant{{Key: key, Active: true, TrackStock: true}}}
		counts[i] = erp.StockCount{Key: key, Warehouse: "WH", Free: decimal.NewFromInt(1_000_000), CountedAt: saleDate.Add(-time.Hour)}
	}
	partners := make([]erp.Partner, buyerCount)
	for i := range partners {
		partners[i] = erp.Partner{Key: benchKey("customer", i), Name: "Buyer", Addresses: []erp.Address{
			{Key: benchKey("address", 2*i), Kind: erp.InvoiceAddress}, {Key: benchKey("address", 2*i+1), Kind: erp.DeliveryAddress}}}
	}
	taxes := []erp.Tax{{Key: benchKey("tax", 0), Name: "20 %", Rate: decimal.NewFromInt(20)},
		{Key: benchKey("tax", 1), Name: "2 %", Rate: decimal.NewFromInt(2)}}
	lists := []erp.PriceList{{Key: benchKey("price_list", 0), Name: "Regular", Kind: erp.Regular, Currency: "EUR"}}
	s.landed(s.UpsertProducts(tb.Context(), products))
	s.landed(s.SetStock(tb.Context(), counts))
	s.landed(s.UpsertPartners(tb.Context(), partners))
	s.landed(s.UpsertTaxes(tb.Context(), taxes))
	s.landed(s.UpsertPriceLists(tb.Context(), lists))
	return s
}

var saleDate = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// landed requires that a call landed its whole batch.
func (s *seller) landed(outcomes []erp.Outcome, err error) {
	s.tb.Helper()
	require.NoError(s.tb, err)
	for _, outcome := range outcomes {
		require.True(s.tb, outcome.Landed(), "%v", outcome)
	}
}

// batch makes new orders of three products and shipping, with one or two taxes per line.
func (s *seller) batch(size int) []erp.Order {
	batch := make([]erp.Order, size)
	for i := range batch {
		s.orders++
		buyer := s.orders % s.buyers
		order := erp.Order{Key: benchKey("order", s.orders), Number: fmt.Sprint("WEB-", s.orders), Date: saleDate, Currency: "EUR",
			Partner: benchKey("customer", buyer), InvoiceAddress: benchKey("address", 2*buyer), DeliveryAddress: benchKey("address", 2*buyer+1),
			PriceList: benchKey("price_list", 0), Warehouse: "WH", SalesTeam: "sales", Salesperson: "admin", PaymentTerm: "30_days",
			StoreStatus: "processing", Gateway: "bacs", GatewayTitle: "Direct bank transfer", PaidAt: saleDate}
		for j := range 4 {
			line := erp.OrderLine{ID: fmt.Sprint(j), Kind: erp.ShippingLine, Description: "Shipping", Quantity: decimal.NewFromInt(1),
				UnitPrice: decimal.New(500, -2), Total: decimal.New(500, -2),
				Taxes: []erp.LineTax{{Tax: benchKey("tax", 0), Amount: decimal.New(100, -2)}}}
			if j < 3 {
				line.Kind, line.Description = erp.ProductLine, "A product of some description"
				line.Product, line.SetAside = benchKey("product", (7*s.orders+31*j)%s.products), decimal.NewFromInt(1)
			}
			if j%2 == 0 {
				line.Taxes = append(line.Taxes, erp.LineTax{Tax: benchKey("tax", 1), Amount: decimal.New(10, -2)})
			}
			order.Lines = append(order.Lines, line)
		}
		order.Taxes = []erp.OrderTax{{Tax: benchKey("tax", 0), Label: "VAT", Rate: decimal.NewFromInt(20), Amount: decimal.New(400, -2)},
			{Tax: benchKey("tax", 1), Label: "City", Rate: decimal.NewFromInt(2), Amount: decimal.New(20, -2)}}
		order.Untaxed, order.Tax, order.Total = decimal.New(2000, -2), decimal.New(420, -2), decimal.New(2420, -2)
		batch[i] = order
	}
	return batch
}

// confirmed lands and confirms new orders.
func (s *seller) confirmed(count int) []erp.Key {
	s.tb.Helper()
	batch := s.batch(count)
	s.landed(s.UpsertOrders(s.tb.Context(), batch))
	keys := make([]erp.Key, count)
	for i, order := range batch {
		keys[i] = order.Key
		s.confirm(order.Key)
	}
	return keys
}

func (s *seller) confirm(order erp.Key) {
	s.tb.Helper()
	_, err := s.ConfirmOrder(s.tb.Context(), order)
	require.NoError(s.tb, err)
}

func (s *seller) invoice(order erp.Key, date time.Time) erp.OrderState {
	s.tb.Helper()
	state, err := s.InvoiceOrder(s.tb.Context(), order, erp.InvoiceRequest{Date: date})
	require.NoError(s.tb, err)
	return state.OrderState
}

func (s *seller) pay(order erp.Key) {
	s.tb.Helper()
	_, err := s.PayOrder(s.tb.Context(), order, erp.PaymentRequest{Journal: "BNK1", Method: "manual", Date: saleDate})
	require.NoError(s.tb, err)
}

func (s *seller) exec(statement string, args ...any) {
	s.tb.Helper()
	_, err := s.db.ExecContext(s.tb.Context(), statement, args...)
	require.NoError(s.tb, err)
}

// column gives the texts a query finds.
func (s *seller) column(query string, args ...any) []string {
	s.tb.Helper()
	var values []string
	require.NoError(s.tb, s.db.SelectContext(s.tb.Context(), &values, query, args...))
	return values
}
