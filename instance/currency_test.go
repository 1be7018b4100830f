package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/instance"
)

func TestPriceDecimals(t *testing.T) {
	for name, c := range map[string]struct {
		store    instance.StoreInfo
		currency string
		others   []string
		want     int
	}{
		"nothing is known yet":                 {want: 2},
		"the store's prices":                   {instance.StoreInfo{Currency: "EUR", Decimals: 4}, "EUR", nil, 4},
		"a store in yen":                       {instance.StoreInfo{Currency: "JPY", Decimals: 0}, "JPY", nil, 0},
		"bitcoin":                              {instance.StoreInfo{Currency: "BTC", Decimals: 2}, "BTC", nil, 8},
		"bitcoin beside the main currency":     {instance.StoreInfo{Currency: "EUR", Decimals: 2}, "EUR", []string{"BTC"}, 8},
		"more decimals than the currency has":  {instance.StoreInfo{Currency: "EUR", Decimals: 9}, "EUR", []string{"KWD"}, 9},
		"another currency than the store says": {instance.StoreInfo{Currency: "EUR", Decimals: 2}, "KWD", nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			inst := instance.Instance{Store: c.store}
			inst.Config.General.Currency, inst.Config.General.Currencies = c.currency, c.others
			require.Equal(t, c.want, inst.PriceDecimals())
		})
	}
}
