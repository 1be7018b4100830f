package erptest

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

var settingsTests = []test{
	{"the probe says what the ERP is", probeNamesERP},
	{"every list an instance needs has choices", optionsAreFilled},
	{"choices can be told apart", choicesDiffer},
	{"landed price lists can be chosen", priceListsAreOptions},
	{"landed taxes can be chosen by their rate", taxesAreOptions},
}

func probeNamesERP(t *testing.T, s shop) {
	info, err := s.Probe(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, info.Name)
	require.NotEmpty(t, info.Version)
	require.NotEmpty(t, info.Company)
	options, err := s.Options(t.Context())
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(options.Companies, func(c erp.Choice) bool { return c.ID == info.CompanyID && c.Name == info.Company }))
}

func optionsAreFilled(t *testing.T, s shop) {
	options, err := s.Options(t.Context())
	require.NoError(t, err)
	for name, list := range choices(options) {
		require.NotEmpty(t, list, name)
	}
	for _, kind := range []string{"sale", "bank", "cash"} {
		require.True(t, slices.ContainsFunc(options.Journals, func(c erp.Choice) bool { return c.Kind == kind }), "a %s journal", kind)
	}
	require.True(t, slices.ContainsFunc(options.Currencies, func(c erp.Choice) bool { return c.Code == "EUR" }))
}

func choicesDiffer(t *testing.T, s shop) {
	options, err := s.Options(t.Context())
	require.NoError(t, err)
	for name, list := range choices(options) {
		seen := map[string]bool{}
		for _, choice := range list {
			require.NotEmpty(t, choice.ID, name)
			require.NotEmpty(t, choice.Name, name)
			require.False(t, seen[choice.ID], "%s: %s is there twice", name, choice.ID)
			seen[choice.ID] = true
		}
	}
}

func priceListsAreOptions(t *testing.T, s shop) {
	landed := land(t, s, putPriceLists, []erp.PriceList{s.priceList(1)}, erp.Created)
	options, err := s.Options(t.Context())
	require.NoError(t, err)
	at := slices.IndexFunc(options.PriceLists, func(c erp.Choice) bool { return c.ID == landed[0].ID })
	require.GreaterOrEqual(t, at, 0)
	require.Equal(t, s.priceList(1).Name, options.PriceLists[at].Name)
	require.Equal(t, "EUR", options.PriceLists[at].Currency)
}

func taxesAreOptions(t *testing.T, s shop) {
	over, inside := s.tax(1), s.tax(2)
	over.Rate, over.PriceInclude = dec("8.250"), false
	inside.Rate, inside.PriceInclude = dec("20"), true
	landed := land(t, s, putTaxes, []erp.Tax{over, inside}, erp.Created, erp.Created)
	options, err := s.Options(t.Context())
	require.NoError(t, err)
	for i, want := range [][2]string{{"8.25%", "excluded"}, {"20%", "included"}} {
		at := slices.IndexFunc(options.Taxes, func(c erp.Choice) bool { return c.ID == landed[i].ID })
		require.GreaterOrEqual(t, at, 0)
		require.Equal(t, want, [2]string{options.Taxes[at].Code, options.Taxes[at].Kind})
		require.NotEmpty(t, options.Taxes[at].Name)
	}
}

// choices names the lists that must not be empty for an instance to be configured.
func choices(o erp.Options) map[string][]erp.Choice {
	return map[string][]erp.Choice{
		"companies": o.Companies, "warehouses": o.Warehouses, "currencies": o.Currencies, "journals": o.Journals,
		"payment methods": o.PaymentMethods, "payment terms": o.PaymentTerms, "sales teams": o.SalesTeams,
		"salespeople": o.Salespeople, "accounts": o.Accounts,
	}
}
