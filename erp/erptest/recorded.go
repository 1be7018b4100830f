package erptest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// recordedOrders are the replies of real stores that are one order with all its decimals, seen from the packages of backends.
var recordedOrders = filepath.Join("..", "..", "woo", "testdata", "woocommerce-*", "*.json")

// recordedOrder is what a real WooCommerce said of an order's money.
type recordedOrder struct {
	Key      string          `json:"order_key"`
	Currency string          `json:"currency"`
	Included bool            `json:"prices_include_tax"`
	Total    decimal.Decimal `json:"total"`
	TaxLines []struct {
		Rate     int             `json:"rate_id"`
		Percent  decimal.Decimal `json:"rate_percent"`
		Compound bool            `json:"compound"`
		Goods    decimal.Decimal `json:"tax_total"`
		Shipping decimal.Decimal `json:"shipping_tax_total"`
	} `json:"tax_lines"`
	Goods    []recordedLine `json:"line_items"`
	Shipping []recordedLine `json:"shipping_lines"`
	Fees     []recordedLine `json:"fee_lines"`
}

type recordedLine struct {
	Quantity *decimal.Decimal `json:"quantity"`
	Total    decimal.Decimal  `json:"total"`
	Taxes    []struct {
		Rate  int    `json:"id"`
		Total string `json:"total"`
	} `json:"taxes"`
}

// moneyRecorded lands every recorded order: what real stores calculated, in every way they can be set to round, is booked with
// their totals and their tax per rate, on orders and on invoices, and with no line more.
func moneyRecorded(s *store) {
	orders := s.recorded()
	require.Greater(s.t, len(orders), 115)
	rates := map[erp.Key]erp.Tax{}
	for _, o := range orders {
		for _, t := range o.Taxes {
			rates[t.Tax] = rateOf(t)
		}
	}
	for _, rate := range rates {
		require.NoError(s.t, allLanded(s.UpsertTaxes(s.t.Context(), []erp.Tax{rate})))
	}
	buyers := make([]erp.Partner, len(orders)) // one for each: some ERPs make the invoices of one customer one after the other
	for i := range orders {
		buyers[i] = s.customer(1000 + i)
		orders[i].Partner, orders[i].InvoiceAddress, orders[i].DeliveryAddress = buyers[i].Key, erp.Key{}, erp.Key{}
	}
	require.NoError(s.t, allLanded(s.UpsertPartners(s.t.Context(), buyers)))
	s.lands(erp.Created, orders...)
	s.requireCharged(orders)
	s.eachAtOnce(orders, func(o erp.Order) error {
		if _, err := s.ConfirmOrder(s.t.Context(), o.Key); err != nil {
			return err
		}
		progress, err := s.InvoiceOrder(s.t.Context(), o.Key, erp.InvoiceRequest{Date: o.Date})
		if err == nil && !progress.Due.Equal(o.Total) {
			err = fmt.Errorf("the invoice is of %s, the order of %s", progress.Due, o.Total)
		}
		return err
	})
	s.requireCharged(orders)
	s.balances()
}

// requireCharged compares what the ERP has with what the store charged.
func (s *store) requireCharged(orders []erp.Order) {
	s.t.Helper()
	keys := make([]erp.Key, len(orders))
	for i, o := range orders {
		keys[i] = o.Key
	}
	figures, err := s.OrderFigures(s.t.Context(), keys)
	require.NoError(s.t, err)
	for i, o := range orders {
		require.Equal(s.t, o.Total.String(), figures[i].Total.String(), "%s: total", o.Number)
		for _, t := range o.Taxes {
			require.Equal(s.t, t.Amount.String(), amountOf(figures[i], t.Tax), "%s: %s", o.Number, t.Tax)
		}
	}
}

// eachAtOnce does something to all orders, some at the same time, and requires that it is done.
func (s *store) eachAtOnce(orders []erp.Order, do func(erp.Order) error) {
	s.t.Helper()
	var wg sync.WaitGroup
	failures := make([]error, len(orders))
	for i, o := range orders {
		wg.Go(func() {
			for range 4 { // a step that an ERP had no time for is tried again
				if failures[i] = do(o); !fault.Retryable(failures[i]) {
					return
				}
			}
		})
	}
	wg.Wait()
	for i, err := range failures {
		require.NoError(s.t, err, orders[i].Number)
	}
}

// recorded gives the recorded orders as the mapping gives them: in whole coins of their currency.
func (s *store) recorded() []erp.Order {
	s.t.Helper()
	files, err := filepath.Glob(recordedOrders)
	require.NoError(s.t, err)
	var orders []erp.Order
	for _, file := range files {
		var reply struct {
			Request  struct{ Path, Query string }
			Response struct{ Body json.RawMessage }
		}
		raw, err := os.ReadFile(file)
		require.NoError(s.t, err)
		var o recordedOrder
		if json.Unmarshal(raw, &reply) != nil || json.Unmarshal(reply.Response.Body, &o) != nil || o.Key == "" || o.TaxLines == nil ||
			!strings.Contains(reply.Request.Path+reply.Request.Query, "dp=6") {
			continue
		}
		order := s.ofRecord(1000+len(orders), o)
		order.Number = strings.TrimSuffix(filepath.Base(file), ".json") + "-" + s.instance
		orders = append(orders, order)
	}
	return orders
}

// recordedDecimals are those of the currencies that are not like euros.
var recordedDecimals = map[string]int32{"JPY": 0, "KWD": 3}

func (s *store) ofRecord(id int, o recordedOrder) erp.Order {
	order := s.order(id)
	scale, known := recordedDecimals[o.Currency]
	if !known {
		scale = 2
	}
	order.Currency, order.PriceList = o.Currency, erp.Key{}
	keys := map[int]erp.Key{}
	var raw []decimal.Decimal
	for _, t := range o.TaxLines {
		kind := fmt.Sprint(t.Rate, "-", t.Percent, "-", t.Compound, "-", o.Included)
		keys[t.Rate] = erp.Key{Instance: s.instance, Entity: "tax", ID: kind}
		order.Taxes = append(order.Taxes, erp.OrderTax{Tax: keys[t.Rate], Label: kind, Rate: t.Percent})
		raw = append(raw, t.Goods.Add(t.Shipping))
	}
	for i, amount := range shared(s, raw, scale) {
		order.Taxes[i].Amount, order.Tax = amount, order.Tax.Add(amount)
	}
	order.Total = o.Total
	order.Untaxed = o.Total.Sub(order.Tax)
	order.Lines = s.linesOf(o, keys)
	nets := make([]decimal.Decimal, len(order.Lines))
	for i, line := range order.Lines {
		nets[i] = line.Total
	}
	parts, ok := erp.ShareCoins(nets, order.Untaxed, scale)
	require.True(s.t, ok, "%v do not come to %s", nets, order.Untaxed)
	for i := range parts {
		order.Lines[i].Total = parts[i]
	}
	return order
}

// shared rounds the taxes of an order so that they come to their rounded sum.
func shared(s *store, raw []decimal.Decimal, scale int32) []decimal.Decimal {
	sum := decimal.Zero
	for _, amount := range raw {
		sum = sum.Add(amount)
	}
	parts, ok := erp.ShareCoins(raw, sum.Round(scale), scale)
	require.True(s.t, ok)
	return parts
}

func (s *store) linesOf(o recordedOrder, keys map[int]erp.Key) []erp.OrderLine {
	var lines []erp.OrderLine
	for _, part := range []struct {
		kind  erp.LineKind
		lines []recordedLine
	}{{erp.ProductLine, o.Goods}, {erp.ShippingLine, o.Shipping}, {erp.FeeLine, o.Fees}} {
		for _, l := range part.lines {
			line := s.charge(part.kind, l.Total.String())
			if part.kind == erp.ProductLine {
				line = s.goods(course, l.Quantity.String(), l.Total.String())
			}
			line.ID = fmt.Sprint(len(lines) + 1)
			for _, t := range l.Taxes {
				if amount, err := decimal.NewFromString(t.Total); err == nil {
					line.Taxes = append(line.Taxes, erp.LineTax{Tax: keys[t.Rate], Amount: amount})
				}
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// rateOf gives the rate that a tax of a recorded order is of.
func rateOf(t erp.OrderTax) erp.Tax {
	parts := strings.Split(t.Tax.ID, "-")
	rate := erp.Tax{Key: t.Tax, Name: "Tax " + t.Tax.ID, Rate: t.Rate, Country: "FR", Class: "standard",
		Compound: parts[2] == "true", PriceInclude: parts[3] == "true", Shipping: true, Priority: 1}
	if rate.Compound {
		rate.Priority = 2
	}
	return rate
}
