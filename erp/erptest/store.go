package erptest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// The products of a selling shop. Stock is kept of the mug and of both shirts.
const (
	mug     = 10
	shirt   = 20
	shirtS  = 21
	shirtM  = 22
	sticker = 30 // goods whose stock is not tracked
	course  = 40 // a service
)

// The other records its orders refer to.
const (
	standardRate = 1
	reducedRate  = 2
	regularList  = 1
	buyer        = 7
	billing      = 71
	shipping     = 72
)

// ordered is when orders are made unless a test says otherwise.
var ordered = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// store is a shop from which everything was landed that its orders refer to.
type store struct {
	shop
	t         *testing.T
	warehouse string
	options   erp.Options
	told      []erp.Key // products that were told to have moved
}

// selling makes a behaviour of one about orders.
func selling(run func(s *store)) func(*testing.T, shop) {
	return func(t *testing.T, s shop) { run(openStore(t, s)) }
}

func openStore(t *testing.T, s shop) *store {
	t.Helper()
	options, err := s.Options(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, options.Warehouses)
	require.NoError(t, s.stockUp(t.Context()))
	return &store{shop: s, t: t, options: options, warehouse: options.Warehouses[0].ID}
}

// stockUp lands what orders refer to.
func (s shop) stockUp(ctx context.Context) error {
	rates := []erp.Tax{s.tax(standardRate), s.tax(reducedRate)}
	rates[0].Rate = dec("20")
	services := s.product(course)
	services.Virtual, services.Variants[0].TrackStock = true, false
	untracked := s.product(sticker)
	untracked.Variants[0].TrackStock = false
	products := []erp.Product{s.product(mug), s.variable(shirt, shirtS, shirtM), untracked, services}
	customer := s.customer(buyer)
	customer.Addresses = []erp.Address{s.address(billing), s.address(shipping)}
	customer.Addresses[1].Kind = erp.DeliveryAddress
	return errors.Join(
		allLanded(s.UpsertTaxes(ctx, rates)),
		allLanded(s.UpsertPriceLists(ctx, []erp.PriceList{s.priceList(regularList)})),
		allLanded(s.UpsertProducts(ctx, products)),
		allLanded(s.UpsertPartners(ctx, []erp.Partner{customer})),
	)
}

func allLanded(outcomes []erp.Outcome, err error) error {
	for _, outcome := range outcomes {
		if !outcome.Landed() {
			err = errors.Join(err, fmt.Errorf("%s is %s: %s: %s", outcome.Key, outcome.Status, outcome.Code, outcome.Reason))
		}
	}
	return err
}

// lands lands orders and requires one status for each of them, in order.
func (s *store) lands(status erp.Status, orders ...erp.Order) []erp.Outcome {
	s.t.Helper()
	return land(s.t, s.shop, putOrders, orders, times(len(orders), status)...)
}

// refused lands an order, requires that it is not there, and gives the answer.
func (s *store) refused(order erp.Order, status erp.Status, code string) erp.Outcome {
	s.t.Helper()
	outcome := s.lands(status, order)[0]
	require.Equal(s.t, code, outcome.Code, outcome.Reason)
	return outcome
}

// count sets the free quantity of a product.
func (s *store) count(product int, free string, at time.Time) {
	s.t.Helper()
	require.NoError(s.t, allLanded(s.SetStock(s.t.Context(), []erp.StockCount{s.stockCount(product, free, at)})))
}

func (s *store) stockCount(product int, free string, at time.Time) erp.StockCount {
	return erp.StockCount{Key: s.key("product", product), Warehouse: s.warehouse, Free: dec(free), CountedAt: at}
}

func (s *store) quantities(product int) erp.Quantities {
	s.t.Helper()
	quantities, err := s.Quantities(s.t.Context(), s.warehouse, []erp.Key{s.key("product", product)})
	require.NoError(s.t, err)
	require.Len(s.t, quantities, 1)
	return quantities[0]
}

// holds requires the stock figures of a product.
func (s *store) holds(product int, onHand, reserved, free string) {
	s.t.Helper()
	q := s.quantities(product)
	require.Equal(s.t, []string{onHand, reserved, free},
		[]string{q.OnHand.String(), q.Reserved.String(), q.Free().String()}, "on hand, reserved, free of product %d", product)
	require.Equal(s.t, q.Reserved.String(), q.Outgoing.String(), "what is set aside is to be delivered")
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
