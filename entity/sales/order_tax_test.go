package sales

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// taxedOrder is an order of 10.00 with 1.90 of tax, which its tax line states.
func taxedOrder(lineTax woo.String, line woo.TaxLine) woo.Order {
	o := priceOf("10", "11.90")
	o.LineItems[0].Taxes = []woo.LineTax{{ID: lineTax, Total: entitytest.Some("1.90")}}
	line.TaxTotal = entitytest.Some("1.90")
	o.TaxLines, o.TotalTax = []woo.TaxLine{line}, entitytest.Some("1.90")
	return o
}

// german is how orders state a German tax under a number.
func german(number woo.String) woo.TaxLine {
	return woo.TaxLine{RateID: number, RateCode: "DE-MWST 19%-1", Label: "MwSt 19%", RatePercent: entitytest.Some("19")}
}

// landTaxed lands orders as a page does.
func landTaxed(t *testing.T, ledger *entitytest.Ledger, orders ...woo.Order) []flow.Outcome {
	t.Helper()
	ec := entitytest.Demo()
	ec.Backend = ledger
	var records []orderRecord
	for _, o := range orders {
		records = append(records, orderRecord{Order: o})
	}
	results, err := entitytest.Land(t.Context(), ec, Orders, entitytest.PageOf(Orders, records...))
	require.NoError(t, err)
	return results
}

func landRates(t *testing.T, ledger *entitytest.Ledger, rates ...woo.TaxRate) []flow.Outcome {
	t.Helper()
	ec := entitytest.Demo()
	ec.Backend = ledger
	results, err := entitytest.Land(t.Context(), ec, tax.Rates, entitytest.PageOf(tax.Rates, rates...))
	require.NoError(t, err)
	return results
}

// taxOf gives the ERP's id of the one tax of an order that landed.
func taxOf(t *testing.T, l *entitytest.Ledger, place int) string {
	t.Helper()
	o := l.Orders[place]
	require.Len(t, o.Taxes, 1)
	require.Equal(t, o.Taxes[0].Tax, o.Lines[0].Taxes[0].Tax)
	return l.IDs[o.Taxes[0].Tax]
}

func TestOrderIsTaxedWithWhatItSays(t *testing.T) {
	mwst := woo.TaxRate{ID: 2, Country: "DE", Rate: entitytest.Some("19"), Name: "MwSt 19%", Priority: 1}
	for _, test := range []struct {
		name  string
		store woo.TaxRate // what has number 2 in the store today
		order woo.TaxLine
		same  bool // it is the order's
	}{
		{"the same", mwst, german("2"), true},
		{"renamed", woo.TaxRate{ID: 2, Country: "DE", Rate: entitytest.Some("19.0000"), Name: "VAT"}, german("2"), true},
		{"another percentage", woo.TaxRate{ID: 2, Country: "DE", Rate: entitytest.Some("5.5"), Name: "VAT reduced"}, german("2"), false},
		{"another country", woo.TaxRate{ID: 2, Country: "RO", Rate: entitytest.Some("19"), Name: "TVA"}, german("2"), false},
		{"on top of others", woo.TaxRate{ID: 2, Country: "DE", Rate: entitytest.Some("19"), Name: "MwSt 19%", Compound: true}, german("2"), false},
		{"another number", woo.TaxRate{ID: 3, Country: "DE", Rate: entitytest.Some("19"), Name: "MwSt 19%"}, german("2"), false},
		{"percentage not told", mwst, woo.TaxLine{RateID: "2", Label: "MwSt"}, true},
		{"percentage 0 of a tax that is not", mwst, woo.TaxLine{RateID: "2", RatePercent: entitytest.Some("0")}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			ledger := &entitytest.Ledger{}
			landed := landRates(t, ledger, test.store)[0]
			results := landTaxed(t, ledger, taxedOrder("2", test.order))
			require.Equal(t, erp.Created, results[0].Status, results[0].Reason)
			require.Equal(t, test.same, taxOf(t, ledger, 0) == landed.ID)
			if made := ledger.Taxes[len(ledger.Taxes)-1]; !test.same {
				require.Equal(t, "MwSt 19%", made.Name)
				entitytest.RequireAmount(t, "19", made.Rate)
				require.Equal(t, "DE", made.Country)
				require.False(t, made.Compound)
			}
			landTaxed(t, ledger, taxedOrder("2", test.order))
			require.Equal(t, ledger.Orders[0], ledger.Orders[1], "landing again names the same")
		})
	}
}

// An edited rate is another tax. Orders that were taxed before keep theirs.
func TestOrdersKeepTheTaxOfARateThatIsEdited(t *testing.T) {
	ledger := &entitytest.Ledger{}
	before := landRates(t, ledger, woo.TaxRate{ID: 16, Country: "DE", Rate: entitytest.Some("16"), Name: "MwSt"})[0]
	after := landRates(t, ledger, woo.TaxRate{ID: 16, Country: "DE", Rate: entitytest.Some("19"), Name: "MwSt"})[0]
	require.NotEqual(t, before.ID, after.ID)
	require.Equal(t, entitytest.Key("tax", "16"), after.Key, "the record is the store's")
	require.Contains(t, after.Also, entitytest.Key("tax", "16@19-DE"))

	old := german("16")
	old.RatePercent = entitytest.Some("16")
	landTaxed(t, ledger, taxedOrder("16", old), taxedOrder("16", german("16")), taxedOrder("16", woo.TaxLine{RateID: "16"}))
	require.Equal(t, before.ID, taxOf(t, ledger, 0))
	require.Equal(t, after.ID, taxOf(t, ledger, 1))
	require.Equal(t, after.ID, taxOf(t, ledger, 2), "what does not tell its rate has today's")
	require.Len(t, ledger.Taxes, 2, "none is made of the orders")
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
			ledger := &entitytest.Ledger{Percents: map[string]string{"chart": test.percent}}
			require.NoError(t, ledger.Adopt(t.Context(), entitytest.Key("tax", "77"), "chart"))
			landTaxed(t, ledger, taxedOrder("77", test.line))
			require.Equal(t, test.used, taxOf(t, ledger, 0) == "chart")
		})
	}
}

func TestTaxWithoutPercentageWaitsForTheStores(t *testing.T) {
	results := landTaxed(t, &entitytest.Ledger{}, taxedOrder("5", woo.TaxLine{RateID: "5", Label: "VAT"}), priceOf("1", "1"))
	require.Equal(t, erp.Parked, results[0].Status)
	require.Equal(t, "unknown_tax", results[0].Code)
	require.Equal(t, []erp.Key{entitytest.Key("tax", "5")}, results[0].Waits)
	require.Equal(t, erp.Created, results[1].Status, "the other order of the page lands")
}

// Tax services give lines names for ids, and rates no number.
func TestTaxesOfServices(t *testing.T) {
	state := woo.TaxLine{RateID: "0", RateCode: "SERVICE-1-XX-STATE", Label: "State tax", RatePercent: entitytest.Some("19")}
	for _, test := range []struct {
		name   string
		lineID woo.String
		line   woo.TaxLine
		code   string
	}{
		{"by code", "SERVICE-1-XX-STATE", state, ""},
		{"by label", "State tax", state, ""},
		{"the only one", "zone-4711", state, ""},
		{"the number as a code", "9001", woo.TaxLine{RateID: "0", RateCode: "9001", RatePercent: entitytest.Some("19")}, ""},
		{"no percentage", "SERVICE-1-XX-STATE", woo.TaxLine{RateCode: "SERVICE-1-XX-STATE"}, "unknown_tax"},
		{"of no tax line", "zone-4711", german("2"), "unknown_tax"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ledger := &entitytest.Ledger{}
			result := landTaxed(t, ledger, taxedOrder(test.lineID, test.line))[0]
			require.Equal(t, test.code, result.Code, result.Reason)
			if test.code == "" {
				require.NotEmpty(t, taxOf(t, ledger, 0))
				entitytest.RequireAmount(t, "19", ledger.Taxes[0].Rate)
			} else {
				require.Contains(t, result.Reason, string(test.lineID))
			}
		})
	}
}

func TestTaxesWithoutNumberStayApart(t *testing.T) {
	o := priceOf("10", "11")
	o.LineItems[0].Taxes = []woo.LineTax{{ID: "STATE", Total: entitytest.Some("0.60")}, {ID: "CITY", Total: entitytest.Some("0.40")}, {ID: "zero-rated", Total: entitytest.Some("0")}}
	o.TotalTax = entitytest.Some("1")
	o.TaxLines = []woo.TaxLine{
		{RateCode: "STATE", Label: "Tax", RatePercent: entitytest.Some("6"), TaxTotal: entitytest.Some("0.60")},
		{RateCode: "CITY", Label: "Tax", RatePercent: entitytest.Some("4"), TaxTotal: entitytest.Some("0.40")},
	}
	ledger := &entitytest.Ledger{}
	require.Equal(t, erp.Created, landTaxed(t, ledger, o)[0].Status)
	landed := ledger.Orders[0]
	require.Len(t, landed.Taxes, 2)
	require.Len(t, landed.Lines[0].Taxes, 2, "what is no tax is left out")
	entitytest.RequireAmount(t, "0.6", landed.Taxes[0].Amount)
	entitytest.RequireAmount(t, "0.4", landed.Taxes[1].Amount)
	require.Equal(t, landed.Taxes[1].Tax, landed.Lines[0].Taxes[1].Tax)
}

func TestRefusedTaxRefusesItsOrders(t *testing.T) {
	ledger := &entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{
		entitytest.Key("tax", "2@19-DE"): {Status: erp.Failed, Code: "unknown_account", Reason: "no such account"},
	}}
	results := landTaxed(t, ledger, taxedOrder("2", german("2")), priceOf("1", "1"))
	require.Equal(t, "unknown_account", results[0].Code)
	require.Contains(t, results[0].Reason, "no such account")
	require.Equal(t, entitytest.Key("order", "1"), results[0].Key)
	require.Equal(t, erp.Created, results[1].Status)
}
