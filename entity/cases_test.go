package entity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo/wootest/oddstore"
)

// plainStore is what the cases' orders name and the cases themselves do not bring.
const plainStore = `{"products": [
	{"id": 101, "type": "simple", "status": "publish", "name": "Thing 101", "sku": "SKU-101", "regular_price": "10.00"},
	{"id": 102, "type": "simple", "status": "publish", "name": "Thing 102", "sku": "SKU-102", "regular_price": "20.00"}],
 "tax_classes": [{"slug": "standard", "name": "Standard rate"}],
 "taxes": [{"id": 1, "country": "FR", "rate": "20.0000", "name": "VAT", "class": "standard", "shipping": true},
           {"id": 2, "country": "FR", "rate": "5.5000", "name": "VAT reduced", "class": "standard"}]}`

// outcome is what is expected of one record; no code means that it lands.
type outcome struct{ entity, id, code string }

// publicCase is one file of testdata/cases and what is expected of it.
type publicCase struct {
	file   string
	change func(*instance.Instance)
	want   []outcome
	check  func(*caseRun)
}

// publicCases are inputs of public bug reports, each in a file that also names its source. Every record is listed that is not
// of plainStore.
var publicCases = []publicCase{
	{"00-control", nil, []outcome{{"order", "1000", ""}}, func(r *caseRun) {
		r.total("1000", "18", "3")
		r.taxed("1000", "20", "3")
		r.lines("1000", "product SKU-101: 10", "shipping: 5")
		r.guest("1000", "guest1000@shop.invalid")
	}},
	{"01-avatax-tax-ids", nil, []outcome{{"order", "1001", ""}}, func(r *caseRun) {
		r.total("1001", "21.2", "1.2")
		r.taxed("1001", "6", "1.2")
	}},
	{"04-variations-as-objects", nil, []outcome{{"product", "1040", ""}, {"order", "1004", ""}}, func(r *caseRun) {
		r.variants("1040", "SKU-1041", "SKU-1042")
		r.lines("1004", "product SKU-1041: 10")
	}},
	{"05-meta-as-dictionary", nil, []outcome{{"product", "1050", ""}}, nil},
	{"06-gift-card", nil, []outcome{{"order", "1006", ""}}, func(r *caseRun) {
		r.total("1006", "10", "0")
		r.lines("1006", "product SKU-101: 25", "shipping: 5", "credit: -20")
	}},
	{"07-deleted-variation", nil, []outcome{{"product", "1070", ""}, {"order", "1007", "variation_gone"}}, func(r *caseRun) {
		r.says("order", "1007", "line 71", "order.placeholder_product")
	}},
	{"07-deleted-variation", withPlaceholder, []outcome{{"product", "1070", ""}, {"order", "1007", ""}}, func(r *caseRun) {
		r.total("1007", "10", "0")
		r.lines("1007", "product SKU-101: 10")
	}},
	{"08-sub-orders", nil, []outcome{{"order", "1008", ""}, {"order", "1009", "sub_order"}, {"order", "1010", "sub_order"}}, func(r *caseRun) {
		r.sales("EUR", "30")
		r.says("order", "1009", "part of order 1008", "order.sub_orders")
		r.lines("1008", "product SKU-101: 10", "product SKU-102: 20")
	}},
	{"08-sub-orders", withSubOrders(instance.SubOrdersParents), []outcome{{"order", "1008", ""}}, func(r *caseRun) { r.sales("EUR", "30") }},
	{"08-sub-orders", withSubOrders(instance.SubOrdersChildren), []outcome{{"order", "1009", ""}, {"order", "1010", ""}}, func(r *caseRun) {
		r.sales("EUR", "30")
		r.lines("1009", "product SKU-101: 10")
		r.lines("1010", "product SKU-102: 20")
	}},
	{"09-deleted-tax-rate", nil, []outcome{{"order", "1011", ""}}, func(r *caseRun) {
		r.total("1011", "11.9", "1.9")
		r.taxed("1011", "19", "1.9")
	}},
	{"10-recycled-tax-rate", nil, []outcome{{"order", "1012", ""}}, func(r *caseRun) {
		r.total("1012", "11.9", "1.9")
		r.taxed("1012", "19", "1.9")
	}},
	{"11-nul-in-text", nil, []outcome{{"product", "1051", ""}, {"order", "1013", ""}}, nil},
	{"17-image-zero-date", nil, []outcome{{"product", "1063", ""}, {"order", "1019", ""}}, nil},
	{"18-sale-ends-before-it-begins", nil, []outcome{{"product", "1066", ""}, {"order", "1020", ""}}, func(r *caseRun) { r.prices("1066", "10") }},
	{"20-category-orphan", nil, []outcome{{"category", "501", ""}, {"product", "1068", ""}, {"order", "1021", ""}}, func(r *caseRun) {
		r.says("category", "501", "landed at the top", `category "599"`)
		r.lines("1021", "product SKU-1068: 10")
	}},
	{"22-number-limits", nil, []outcome{{"coupon", "1083", ""}, {"product", "1084", ""}}, nil},
	{"24-bitcoin-and-four-decimals", withCurrencies("BTC"), []outcome{{"order", "1025", ""}, {"order", "1026", "odd_total"}}, func(r *caseRun) {
		r.total("1025", "0.0012", "0")
		r.lines("1025", "product SKU-101: 0.0012")
		r.says("order", "1026", "12.3456 has more decimals than EUR", "the store's settings")
	}},
	{"24-bitcoin-and-four-decimals", nil, []outcome{{"order", "1025", "unknown_currency"}}, func(r *caseRun) {
		r.says("order", "1025", "BTC", "config.general.currencies")
	}},
	{"27-other-account-email", nil, []outcome{{"customer", "301", ""}, {"customer", "302", ""}, {"customer", "304", ""}, {"customer", "305", ""},
		{"order", "1030", ""}, {"order", "1031", ""}}, func(r *caseRun) {
		r.distinct("customer", "301", "302", "303", "304", "305")
		r.soldTo("1030", "302")
		r.soldTo("1031", "303")
	}},
	{"40-shipping-disabled", nil, nil, nil},
	{"42-one-order-kills-its-page", nil, []outcome{{"order", "2001", ""}, {"order", "2002", ""}, {"order", "2003", "unreadable"},
		{"order", "2004", ""}, {"order", "2005", ""}}, func(r *caseRun) {
		r.sales("EUR", "40")
		r.says("order", "2003", "the store cannot give this record")
	}},
	{"43b-unreadable-gateway-2", nil, []outcome{{"payment_gateway", "bacs", ""}, {"payment_gateway", "cod", "unreadable"}, {"order", "1001", ""}},
		func(r *caseRun) {
			r.total("1001", "10", "0")
			r.says("payment_gateway", "cod", "record cod of payment_gateways", "order:")
		}},
	{"44-store-currency-outside-iso", withStoreCurrency("GGP"), []outcome{{"order", "2001", ""}}, func(r *caseRun) {
		r.total("2001", "12", "2")
		r.taxed("2001", "20", "2")
		r.sales("GGP", "12")
	}},
	{"50-trashed-product", nil, []outcome{{"order", "3001", "product_trashed"}}, func(r *caseRun) {
		r.says("order", "3001", "line 301", "trash", "order.placeholder_product")
	}},
	{"50-trashed-product", withPlaceholder, []outcome{{"order", "3001", ""}}, func(r *caseRun) {
		r.total("3001", "10", "0")
		r.lines("3001", "product SKU-101: 10")
	}},
}

// besides are the plain orders that a case is about though its file does not bring them: the first number and how many.
var besides = map[string][2]int{"42-one-order-kills-its-page": {2001, 5}, "43b-unreadable-gateway-2": {1001, 1}}

func withPlaceholder(in *instance.Instance) { in.Config.Order.Placeholder = "101" }

func withSubOrders(which string) func(*instance.Instance) {
	return func(in *instance.Instance) { in.Config.Order.SubOrders = which }
}

func withCurrencies(codes ...string) func(*instance.Instance) {
	return func(in *instance.Instance) {
		in.Config.General.MultiCurrency, in.Config.General.Currencies = true, codes
	}
}

func withStoreCurrency(code string) func(*instance.Instance) {
	return func(in *instance.Instance) { in.Config.General.Currency, in.Store.Currency = code, code }
}

// TestPublicCases serves each case exactly as its file says and imports all of it into a real ledger, twice: the second time
// nothing changes.
func TestPublicCases(t *testing.T) {
	for _, c := range append(publicCases, pluginCases...) {
		t.Run(c.file, func(t *testing.T) {
			r := startCase(t, readCase(t, c.file))
			if c.change != nil {
				c.change(&r.ec.Instance)
			}
			r.first = r.importAll()
			again := r.importAll()
			for _, want := range c.want {
				got := r.first[erp.Key{Instance: "odd", Entity: want.entity, ID: want.id}]
				require.NotNil(t, got, "%s %s was read", want.entity, want.id)
				require.Equal(t, want.code, got.Code, got.Reason)
				require.Equal(t, want.code == "", got.Landed(), got.Reason)
			}
			for key, result := range again {
				require.True(t, !result.Landed() || result.Status == erp.Unchanged, "%s is %s again", key, result.Status)
			}
			if c.check != nil {
				c.check(r)
			}
		})
	}
}

// TestStoreRepeatsPages: behind a cache that leaves the query out of account, a list of 250 orders gives its first hundred again and
// again. That must not pass for the whole list.
func TestStoreRepeatsPages(t *testing.T) {
	r := startCase(t, oddstore.State{Orders: plainOrders(5001, 250), IgnoreOffset: []string{"orders"}})
	results := map[erp.Key]*flow.Outcome{}
	for _, e := range entity.List(flow.Import) {
		if e.Name() != "order" && e.Name() != "refund" { // of a store without a list of refunds they are read from the orders
			require.NoError(t, r.importOne(e, flow.Filter{Kind: flow.All}, results))
			continue
		}
		err := r.importOne(e, flow.Filter{Kind: flow.All}, results)
		require.True(t, fault.Is(err, fault.Unsupported), "%v", err)
		require.ErrorContains(t, err, "repeats pages of orders")
		require.ErrorContains(t, err, "exclude /wp-json/")
	}
	r.sales("EUR", "1000") // what the store showed has landed, once
}
