package erptest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

var moneyTests = []test{
	{"odd fractions agree to the cent", selling(moneyFractions)},
	{"two rates stay apart", selling(moneyRates)},
	{"a negative fee", selling(moneyFee)},
	{"a rounding line", selling(moneyRounding)},
	{"a gift card pays a part", selling(moneyCredit)},
	{"an order of nothing is paid when invoiced", selling(moneyNothing)},
	{"a negative fee at several rates", selling(moneySpreadFee)},
	{"an order without lines", selling(moneyNoLines)},
	{"recorded orders have the store's tax per rate", selling(moneyRecorded)},
	{"a store that sells in whole units", selling(moneyUnits)},
	{"currencies stay apart", selling(moneyCurrencies)},
	{"figures come in order", selling(figuresInOrder)},
	{"totals count records", selling(totalsCount)},
	{"totals of a shop that landed nothing", totalsOfNothing},
	{"whatever the amounts, postings balance", selling(moneyProperty)},
}

// settle takes an order to the end of its cycle.
func (s *store) settle(order int) erp.OrderState {
	s.t.Helper()
	s.confirm(order)
	s.invoice(order)
	s.pay(order)
	return s.ship(order)
}

// books requires that what an order's invoice and payment posted balances and comes to the given sum per side.
func (s *store) books(currency, sum string) {
	s.t.Helper()
	for _, total := range s.totals().Postings {
		require.Equal(s.t, total.Debit.String(), total.Credit.String(), total.Currency)
		if total.Currency == currency {
			require.Equal(s.t, sum, total.Debit.String(), currency)
			return
		}
	}
	require.Fail(s.t, "no postings", currency)
}

// balances requires that postings balance in every currency. What each side comes to is the ERP's affair when amounts are
// negative: a discount may be posted on the other side or taken off.
func (s *store) balances() {
	s.t.Helper()
	totals := s.totals()
	require.NotEmpty(s.t, totals.Postings)
	for _, total := range totals.Postings {
		require.Equal(s.t, total.Debit.String(), total.Credit.String(), total.Currency)
	}
}

func moneyFractions(s *store) {
	order := s.order(1,
		s.taxed(s.goods(sticker, "2", "98.97"), standardRate, "19.794"),
		s.taxed(s.goods(sticker, "3", "3.11"), reducedRate, "0.171050"),
		s.taxed(s.goods(sticker, "7", "0.333333"), standardRate, "0.066667"),
		s.taxed(s.charge(erp.ShippingLine, "5"), standardRate, "1"))
	s.lands(erp.Created, order)
	require.True(s.t, s.settle(1).Paid)
	figures := s.figures(1)
	require.Equal(s.t, order.Total.String(), figures.Total.String())
	require.Equal(s.t, order.Tax.String(), figures.Tax.String())
	require.Equal(s.t, "20.86", amountOf(figures, order.Taxes[0].Tax))
	require.Equal(s.t, "0.17", amountOf(figures, order.Taxes[1].Tax))
	s.books("EUR", order.Total.Mul(dec("2")).String())
}

func amountOf(figures erp.OrderFigures, tax erp.Key) string {
	for _, t := range figures.Taxes {
		if t.Tax == tax {
			return t.Amount.String()
		}
	}
	return "none"
}

func moneyRates(s *store) {
	s.lands(erp.Created, s.order(1,
		s.taxed(s.taxed(s.goods(sticker, "1", "10"), standardRate, "2"), reducedRate, "0.55"),
		s.taxed(s.goods(sticker, "1", "10"), reducedRate, "0.55")))
	figures := s.figures(1)
	require.Len(s.t, figures.Taxes, 2)
	require.Equal(s.t, "2", amountOf(figures, s.key("tax", standardRate)))
	require.Equal(s.t, "1.1", amountOf(figures, s.key("tax", reducedRate)))
	require.Equal(s.t, "VAT", figures.Taxes[0].Label)
	require.Equal(s.t, "20", figures.Taxes[0].Rate.String())
}

func moneyFee(s *store) {
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(sticker, "1", "100"), standardRate, "20"),
		s.taxed(s.charge(erp.FeeLine, "-30"), standardRate, "-6")))
	require.True(s.t, s.settle(1).Paid)
	require.Equal(s.t, "84", s.figures(1).Total.String())
	require.Equal(s.t, "14", s.figures(1).Tax.String())
	s.balances()
}

// WooCommerce taxes a negative fee at the rates of the goods, each part of it at its own.
func moneySpreadFee(s *store) {
	fee := s.taxed(s.taxed(s.charge(erp.FeeLine, "-1"), standardRate, "-0.129354"), reducedRate, "-0.019428")
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(sticker, "1", "64.68"), standardRate, "12.936"),
		s.taxed(s.goods(sticker, "1", "35.32"), reducedRate, "1.9426"), fee))
	require.True(s.t, s.settle(1).Paid)
	figures := s.figures(1)
	require.Equal(s.t, "113.73", figures.Total.String())
	require.Equal(s.t, "14.73", figures.Tax.String())
	taxes := map[string]string{}
	for _, tax := range figures.Taxes {
		taxes[tax.Tax.ID] = tax.Amount.String()
	}
	require.Equal(s.t, map[string]string{"1": "12.81", "2": "1.92"}, taxes)
}

func moneyRounding(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(sticker, "3", "9.99"), s.charge(erp.RoundingLine, "0.01")),
		s.order(2, s.goods(sticker, "3", "10.01"), s.charge(erp.RoundingLine, "-0.01")))
	require.Equal(s.t, "10", s.invoice(s.confirmed(1)).Due.String())
	require.Equal(s.t, "10", s.invoice(s.confirmed(2)).Due.String())
	s.books("EUR", "20.01")
}

// A gift card is a payment: the sale and its tax stay what they are, and what is due is what the customer still owed.
func moneyCredit(s *store) {
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(sticker, "1", "100"), standardRate, "20"), s.charge(erp.CreditLine, "-50")))
	require.Equal(s.t, "70", s.invoice(s.confirmed(1)).Due.String())
	require.Equal(s.t, "70", s.figures(1).Total.String())
	require.Equal(s.t, "20", s.figures(1).Tax.String())
	require.True(s.t, s.pay(1).Paid)
	s.balances()
}

func (s *store) confirmed(order int) int {
	s.t.Helper()
	s.confirm(order)
	return order
}

func moneyNothing(s *store) {
	s.lands(erp.Created, s.order(1, s.taxed(s.goods(sticker, "1", "10"), standardRate, "2"),
		s.taxed(s.charge(erp.FeeLine, "-10"), standardRate, "-2")))
	s.confirm(1)
	state := s.invoice(1)
	require.True(s.t, state.Invoiced && state.Paid)
	require.Equal(s.t, state, s.pay(1))
	require.True(s.t, s.ship(1).Shipped)
	totals := s.totals()
	require.Equal(s.t, []int{1, 1, 1}, []int{totals.Invoiced, totals.Paid, totals.Shipped})
}

func moneyNoLines(s *store) {
	s.lands(erp.Created, s.order(1))
	require.True(s.t, s.settle(1).Shipped)
	require.Equal(s.t, "0", s.figures(1).Total.String())
}

// moneyUnits is of a store that sells in whole units of a currency that has cents.
func moneyUnits(s *store) {
	order := s.order(1, s.taxed(s.goods(sticker, "1", "99"), standardRate, "20.79"), s.taxed(s.goods(sticker, "1", "49"), standardRate, "10.29"))
	order.Taxes[0].Amount, order.Tax, order.Untaxed, order.Total = dec("31"), dec("31"), dec("148"), dec("179")
	order.Unit = dec("1")
	s.lands(erp.Created, order)
	require.True(s.t, s.settle(1).Paid)
	figures := s.figures(1)
	require.Equal(s.t, []string{"179", "31"}, []string{figures.Total.String(), figures.Tax.String()})
	s.books("EUR", "358")
}

func moneyCurrencies(s *store) {
	for id, o := range map[int]struct {
		currency, amount, tax string
		decimals              int32
	}{
		1: {"JPY", "1500", "300", 0},
		2: {"USD", "14.99", "2.998", 2},
		3: {"KWD", "14.999", "2.9998", 3},
	} {
		order := s.order(id, s.taxed(s.goods(sticker, "1", o.amount), standardRate, o.tax))
		order.Currency = o.currency
		s.lands(erp.Created, total(order, o.decimals))
		require.Equal(s.t, o.currency, s.settle(id).Currency)
	}
	s.books("JPY", "3600")
	s.books("USD", "35.98")
	s.books("KWD", "35.998")
	orders := s.totals().Orders
	require.Len(s.t, orders, 3)
	for i, want := range []string{"JPY 1 1800 300", "KWD 1 17.999 3", "USD 1 17.99 3"} {
		require.Equal(s.t, want, fmt.Sprint(orders[i].Currency, " ", orders[i].Count, " ", orders[i].Total, " ", orders[i].Tax))
	}
}

func figuresInOrder(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(sticker, "1", "1")), s.order(2, s.goods(sticker, "1", "2")))
	s.confirm(2)
	keys := []erp.Key{s.key("order", 2), s.key("order", 99), s.key("order", 1), s.key("order", 2)}
	figures, err := s.OrderFigures(s.t.Context(), keys)
	require.NoError(s.t, err)
	require.Len(s.t, figures, len(keys))
	for i, want := range []string{"2", "0", "1", "2"} {
		require.Equal(s.t, keys[i], figures[i].Key)
		require.Equal(s.t, want, figures[i].Total.String())
	}
	require.Empty(s.t, figures[1].ID)
	require.Equal(s.t, erp.Confirmed, figures[0].State.Stage)
	require.Equal(s.t, erp.Quotation, figures[2].State.Stage)
}

func totalsCount(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(course, "1", "1")), s.order(2, s.goods(sticker, "1", "2")), s.order(3, s.goods(mug, "1", "2")))
	s.settle(1)
	s.confirm(2)
	s.invoice(2)
	totals := s.totals()
	require.Equal(s.t, map[string]int{"tax": 2, "price_list": 1, "product": 4, "customer": 1, "address": 2, "order": 3}, totals.Records)
	require.Equal(s.t, []int{2, 1, 1}, []int{totals.Invoiced, totals.Paid, totals.Shipped})
	require.Len(s.t, totals.Orders, 1)
	require.Equal(s.t, 3, totals.Orders[0].Count)
	require.Equal(s.t, "5", totals.Orders[0].Total.String())
}

func moneyProperty(s *store) {
	random := rand.New(rand.NewPCG(1, 2))
	between := func(least, most int64, exponent int32) decimal.Decimal {
		return decimal.New(least+random.Int64N(most-least), exponent)
	}
	taxed := func(line erp.OrderLine) erp.OrderLine {
		standard, reduced := line.Total.Mul(dec("0.2")), line.Total.Mul(dec("0.055"))
		return s.taxed(s.taxed(line, standardRate, standard.String()), reducedRate, reduced.String())
	}
	sum := decimal.Zero
	for id := 1; id <= 25; id++ {
		fee := between(-1000, 1000, -2) // a negative one is a discount: smaller than the goods, or there is nothing to invoice
		lines := []erp.OrderLine{taxed(s.charge(erp.FeeLine, fee.String()))}
		for range 1 + random.IntN(4) {
			lines = append(lines, taxed(s.goods(sticker, "3", between(100_000, 2_000_000, -4).String())))
		}
		order := s.order(id, lines...)
		exact := decimal.Zero
		for _, line := range order.Lines {
			exact = exact.Add(line.Total)
		}
		rounding := s.charge(erp.RoundingLine, order.Untaxed.Sub(exact).String())
		rounding.ID = "rounding"
		order.Lines = append(order.Lines, rounding)
		order.RoundingLimit = dec("0.05") // an ERP that calculates taxes itself may round those of each line
		s.lands(erp.Created, order)
		require.Equal(s.t, order.Total.String(), s.invoice(s.confirmed(id)).Due.String())
		sum = sum.Add(order.Total)
	}
	require.Equal(s.t, sum.String(), s.totals().Orders[0].Total.String())
	s.balances()
}

func totalsOfNothing(t *testing.T, s shop) {
	totals, err := s.Totals(t.Context(), s.instance)
	require.NoError(t, err)
	require.Empty(t, totals.Records)
	require.Empty(t, totals.Orders)
	require.Empty(t, totals.Postings)
	require.Zero(t, totals.Invoiced+totals.Paid+totals.Shipped)
}
