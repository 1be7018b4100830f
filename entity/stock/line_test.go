package stock_test

import (
	"testing"

	"tandem/entity/entitytest"
	"tandem/entity/stock"
	"tandem/woo"
)

func TestGoodsThatRefundsPutBack(t *testing.T) {
	meta := func(key, value string) woo.Meta { return woo.Meta{Key: key, Value: []byte(value)} }
	for name, test := range map[string]struct {
		meta []woo.Meta
		want string
	}{
		"all is taken off":            {[]woo.Meta{meta("_reduced_stock", `"2"`)}, "2"},
		"one of two is back":          {[]woo.Meta{meta("_reduced_stock", `"1"`), meta("_restock_refunded_items", `"1"`)}, "2"},
		"both are back":               {[]woo.Meta{meta("_reduced_stock", `0`), meta("_restock_refunded_items", `2`)}, "2"},
		"more was put back than sold": {[]woo.Meta{meta("_reduced_stock", `-47`), meta("_restock_refunded_items", `50`)}, "3"},
		"the order was cancelled":     {[]woo.Meta{meta("_restock_refunded_items", `1`)}, "0"},
		"nonsense":                    {[]woo.Meta{meta("_reduced_stock", `"two"`)}, "0"},
	} {
		entitytest.RequireAmount(t, test.want, stock.TakenOff(woo.LineItem{Quantity: entitytest.Some("2"), MetaData: test.meta}), name)
	}
}
