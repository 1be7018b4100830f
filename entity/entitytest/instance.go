// Package entitytest is what the tests of all areas of package entity need: an instance as the recorded store would have it, the
// recorded replies, an ERP that remembers what was landed in it, and the pages that lead from the one to the other.
package entitytest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/entity/mapping"
	"tandem/instance"
	"tandem/woo"
	"tandem/woo/wootest/oddstore"
)

// Demo is an instance as the recorded store would have it.
func Demo() mapping.Context {
	config := instance.DefaultConfig()
	config.General = instance.General{
		Warehouse: "WH", Currency: "EUR", MultiCurrency: true, Currencies: []string{"USD", "JPY"},
	}
	config.Order.Prefix, config.Order.SalesTeam, config.Order.Salesperson = "D-", "web", "sales"
	config.Payment.Term = "immediate"
	config.Product.ImportImages = false
	return mapping.Context{Instance: instance.Instance{
		ID: "demo", Name: "Demo", Config: config, Connection: instance.DefaultConnection(),
		Store: instance.StoreInfo{Currency: "EUR", Decimals: 2, WeightUnit: "kg", DimensionUnit: "cm"},
	}}
}

// OddStore gives the demo instance a store of records that no real store would have let pass.
func OddStore(t *testing.T, state oddstore.State) mapping.Context {
	t.Helper()
	store := oddstore.Start(t, state)
	client, err := woo.New(woo.Config{URL: store.URL, ConsumerKey: "ck", ConsumerSecret: "cs",
		Budget: budget.New(budget.Options{Rate: 2000, MaxRate: 5000, Concurrency: 8})})
	require.NoError(t, err)
	ec := Demo()
	ec.Store, ec.Backend = client, &Ledger{}
	return ec
}

// WithMeta gives the demo instance a mapping of one meta key of a model.
func WithMeta(model instance.MetaModel, key, field, kind string) mapping.Context {
	ec := Demo()
	ec.Instance.Config.Meta.Enabled = true
	ec.Meta = []instance.MetaMapping{
		{Instance: "demo", Model: model, Key: key, Field: field, Type: kind, Active: true},
	}
	return ec
}
