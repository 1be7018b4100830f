package entity

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// taxedOrder is an order of 10.00 with 1.90 of tax, which its tax line states.
func taxedOrder(lineTax woo.String, line woo.TaxLine) woo.Order {
	o := priceOf("10", "11.90")
	o.LineItems[0].Taxes = []woo.LineTax{{ID: lineTax, Total: some("1.90")}}
	line.TaxTotal = some("1.90")
	o.TaxLines, o.TotalTax = []woo.TaxLine{line}, some("1.90")
	return o
}

// german is how orders state a German tax under a number.
func german(number woo.String) woo.TaxLine {
	return woo.TaxLine{RateID: number, RateCode: "DE-MWST 19%-1", Label: "MwSt 19%", RatePercent: some("19")}
}

// landOrders lands orders as a page does.
func landTaxed(t *testing.T, ledger *ledgerStub, orders ...woo.Order) []flow.Outcome {
	t.Helper()
	ec := demo()
	ec.Backend = ledger
	var records []orderRecord
	for _, o := range orders {
		records = append(records, orderRecord{Order: o})
	}
	results, err := land(t.Context(), ec, order, pageOf(order, records...))
	require.NoError(t, err)
	return results
}

func landRates(t *testing.T, ledger *ledgerStub, rates ...woo.TaxRate) []flow.Outcome {
	t.Helper()
	ec := demo()
	ec.Backend = ledger
	results, err := land(t.Context(), ec, tax, pageOf(tax, rates...))
	require.NoError(t, err)
	return results
}

// taxOf gives the ERP's id of the one tax of an order that landed.
func (l *ledgerStub) taxOf(t *testing.T, place int) string {
	t.Helper()
	o := l.orders[place]
	require.Len(t, o.Taxes, 1)
	require.Equal(t, o.Taxes[0].Tax, o.Lines[0].Taxes[0].Tax)
	return l.ids[o.Taxes[0].Tax]
}

func TestOrderIsTaxedWithWhatItSays(t *testing.T) {
	mwst := woo.TaxRate{ID: 2, Country: "DE", Rate: some("19"), Name: "MwSt 19%", Priority: 1}
	for _, test := range []struct {
		name  string
		store woo.TaxRate // what has number 2 in the store today
		order woo.TaxLine
		same  bool // it is the order's
	}{
		{"the same", mwst, german("2"), true},
		{"renamed", woo.TaxRate{ID: 2, Country: "DE", Rate: some("19.0000"), Name: "VAT"}, german("2"), true},
		{"another percentage", woo.TaxRate{ID: 2, Country: "DE", Rate: some("5.5"), Name: "VAT reduced"}, german("2"), false},
		{"another country", woo.TaxRate{ID: 2, Country: "RO", Rate: some("19"), Name: "TVA"}, german("2"), false},
		{"on top of others", woo.TaxRate{ID: 2, Country: "DE", Rate: some("19"), Name: "MwSt 19%", Compound: true}, german("2"), false},
		{"another number", woo.TaxRate{ID: 3, Country: "DE", Rate: some("19"), Name: "MwSt 19%"}, german("2"), false},
		{"percentage not told", mwst, woo.TaxLine{RateID: "2", Label: "MwSt"}, true},
		{"percentage 0 of a tax that is not", mwst, woo.TaxLine{RateID: "2", RatePercent: some("0")}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			ledger := &ledgerStub{}
			landed := landRates(t, ledger, test.store)[0]
			results := landTaxed(t, ledger, taxedOrder("2", test.order))
			require.Equal(t, erp.Created, results[0].Status, results[0].Reason)
			require.Equal(t, test.same, ledger.taxOf(t, 0) == landed.ID)
			if made := ledger.taxes[len(ledger.taxes)-1]; !test.same {
				require.Equal(t, "MwSt 19%", made.Name)
				requireAmount(t, "19", made.Rate)
				require.Equal(t, "DE", made.Country)
				require.False(t, made.Compound)
			}
			landTaxed(t, ledger, taxedOrder("2", test.order))
			require.Equal(t, ledger.orders[0], ledger.orders[1], "landing again names the same")
		})
	}
}

// An edited rate is another tax. Orders that were taxed before keep theirs.
func TestOrdersKeepTheTaxOfARateThatIsEdited(t *testing.T) {
	ledger := &ledgerStub{}
	before := landRates(t, ledger, woo.TaxRate{ID: 16, Country: "DE", Rate: some("16"), Name: "MwSt"})[0]
	after := landRates(t, ledger, woo.TaxRate{ID: 16, Country: "DE", Rate: some("19"), Name: "MwSt"})[0]
	require.NotEqual(t, before.ID, after.ID)
	require.Equal(t, key("tax", "16"), after.Key, "the record is the store's")
	require.Contains(t, after.Also, key("tax", "16@19-DE"))

	old := german("16")
	old.RatePercent = some("16")
	landTaxed(t, ledger, taxedOrder("16", old), taxedOrder("16", german("16")), taxedOrder("16", woo.TaxLine{RateID: "16"}))
	require.Equal(t, before.ID, ledger.taxOf(t, 0))
	require.Equal(t, after.ID, ledger.taxOf(t, 1))
	require.Equal(t, after.ID, ledger.taxOf(t, 2), "what does not tell its rate has today's")
	require.Len(t, ledger.taxes, 2, "none is made of the orders")
}

func TestTaxesMappedByHandAreUsed(t *testing.T) {
	for _, test := range []struct {
		name, percent string
		line          woo.TaxLine
		used          bool
	}{
		{"the same percentage", "19%", german("77"), true},
		{"a group of taxes", "", german("77"), true},
		{"another percentage", "7%", german("77"), false},
		{"percentage not told", "7%", woo.TaxLine{RateID: "77"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			ledger := &ledgerStub{percents: map[string]string{"chart": test.percent}}
			require.NoError(t, ledger.Adopt(t.Context(), key("tax", "77"), "chart"))
			landTaxed(t, ledger, taxedOrder("77", test.line))
			require.Equal(t, test.used, ledger.taxOf(t, 0) == "chart")
		})
	}
}

func TestTaxWithoutPercentageWaitsForTheStores(t *testing.T) {
	results := landTaxed(t, &ledgerStub{}, taxedOrder("5", woo.TaxLine{RateID: "5", Label: "VAT"}), priceOf("1", "1"))
	require.Equal(t, erp.Parked, results[0].Status)
	require.Equal(t, "unknown_tax", results[0].Code)
	require.Equal(t, []erp.Key{key("tax", "5")}, results[0].Waits)
	require.Equal(t, erp.Created, results[1].Status, "the other order of the page lands")
}

// Tax services give lines names for ids, and rates no number.
func TestTaxesOfServices(t *testing.T) {
	state := woo.TaxLine{RateID: "0", RateCode: "SERVICE-1-XX-STATE", Label: "State tax", RatePercent: some("19")}
	for _, test := range []struct {
		name   string
		lineID woo.String
		line   woo.TaxLine
		code   string
	}{
		{"by code", "SERVICE-1-XX-STATE", state, ""},
		{"by label", "State tax", state, ""},
		{"the only one", "zone-4711", state, ""},
		{"the number as a code", "9001", woo.TaxLine{RateID: "0", RateCode: "9001", RatePercent: some("19")}, ""},
		{"no percentage", "SERVICE-1-XX-STATE", woo.TaxLine{RateCode: "SERVICE-1-XX-STATE"}, "unknown_tax"},
		{"of no tax line", "zone-4711", german("2"), "unknown_tax"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ledger := &ledgerStub{}
			result := landTaxed(t, ledger, taxedOrder(test.lineID, test.line))[0]
			require.Equal(t, test.code, result.Code, result.Reason)
			if test.code == "" {
				require.NotEmpty(t, ledger.taxOf(t, 0))
				requireAmount(t, "19", ledger.taxes[0].Rate)
			} else {
				require.Contains(t, result.Reason, string(test.lineID))
			}
		})
	}
}

func TestTaxesWithoutNumberStayApart(t *testing.T) {
	o := priceOf("10", "11")
	o.LineItems[0].Taxes = []woo.LineTax{{ID: "STATE", Total: some("0.60")}, {ID: "CITY", Total: some("0.40")}, {ID: "zero-rated", Total: some("0")}}
	o.TotalTax = some("1")
	o.TaxLines = []woo.TaxLine{
		{RateCode: "STATE", Label: "Tax", RatePercent: some("6"), TaxTotal: some("0.60")},
		{RateCode: "CITY", Label: "Tax", RatePercent: some("4"), TaxTotal: some("0.40")},
	}
	ledger := &ledgerStub{}
	require.Equal(t, erp.Created, landTaxed(t, ledger, o)[0].Status)
	landed := ledger.orders[0]
	require.Len(t, landed.Taxes, 2)
	require.Len(t, landed.Lines[0].Taxes, 2, "what is no tax is left out")
	requireAmount(t, "0.6", landed.Taxes[0].Amount)
	requireAmount(t, "0.4", landed.Taxes[1].Amount)
	require.Equal(t, landed.Taxes[1].Tax, landed.Lines[0].Taxes[1].Tax)
}

func TestRefusedTaxRefusesItsOrders(t *testing.T) {
	ledger := &ledgerStub{outcomes: map[erp.Key]erp.Outcome{
		key("tax", "2@19-DE"): {Status: erp.Failed, Code: "unknown_account", Reason: "no such account"},
	}}
	results := landTaxed(t, ledger, taxedOrder("2", german("2")), priceOf("1", "1"))
	require.Equal(t, "unknown_account", results[0].Code)
	require.Contains(t, results[0].Reason, "no such account")
	require.Equal(t, key("order", "1"), results[0].Key)
	require.Equal(t, erp.Created, results[1].Status)
}
