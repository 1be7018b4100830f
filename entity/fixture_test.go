package entity

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo"
)

// demo is an instance as the recorded store would have it.
func demo() mapping.Context {
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

// exchange is a recorded request and its reply.
type exchange struct {
	Request struct {
		Path  string `json:"path"`
		Query string `json:"query"`
	} `json:"request"`
	Response struct {
		Body json.RawMessage `json:"body"`
	} `json:"response"`
}

// recordedFile reads a recorded exchange; a name without a folder is one of WooCommerce 10.0.2.
func recordedFile(t testing.TB, name string) exchange {
	t.Helper()
	if !strings.Contains(name, "/") {
		name = "woocommerce-10.0.2/" + name
	}
	raw, err := os.ReadFile(filepath.Join("..", "woo", "testdata", filepath.FromSlash(name)+".json"))
	require.NoError(t, err)
	var file exchange
	require.NoError(t, json.Unmarshal(raw, &file))
	return file
}

// recorded gives the body of a recorded reply.
func recorded(t testing.TB, name string) json.RawMessage {
	t.Helper()
	return recordedFile(t, name).Response.Body
}

// recordedList gives the records of a recorded list.
func recordedList(t testing.TB, name string) []json.RawMessage {
	t.Helper()
	var list []json.RawMessage
	require.NoError(t, json.Unmarshal(recorded(t, name), &list))
	return list
}

func recordedOrder(t testing.TB, name string) woo.Order {
	t.Helper()
	o, err := woo.Decode[woo.Order](recorded(t, name))
	require.NoError(t, err)
	return o
}

func recordedProduct(t testing.TB, name string) woo.Product {
	t.Helper()
	p, err := woo.Decode[woo.Product](recorded(t, name))
	require.NoError(t, err)
	return p
}

// tshirt is the recorded variable product with its five variations.
func tshirt(t testing.TB) productRecord {
	t.Helper()
	record := productRecord{Product: recordedProduct(t, "product_variable_get")}
	for _, raw := range recordedList(t, "variations_list") {
		v, err := woo.Decode[woo.Variation](raw)
		require.NoError(t, err)
		record.variations = append(record.variations, v)
	}
	return record
}

// amount reads a decimal of a test table.
func amount(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// some makes a present number of the store.
func some(text string) woo.Decimal { return woo.NewDecimal(amount(text)) }

// key is a key of the demo instance.
func key(entity, id string) erp.Key { return erp.Key{Instance: "demo", Entity: entity, ID: id} }

// requireAmount compares decimals by value.
func requireAmount(t testing.TB, want string, got decimal.Decimal, what ...any) {
	t.Helper()
	require.Equal(t, amount(want).String(), got.String(), what...)
}

// requireRefusal holds an error to its kind and code.
func requireRefusal(t testing.TB, err error, kind fault.Kind, code string) *fault.Error {
	t.Helper()
	require.Error(t, err)
	f := fault.From(err)
	require.Equal(t, kind, f.Kind, f.Message)
	require.Equal(t, code, f.Code)
	require.NotEmpty(t, f.Message)
	return f
}

// mapTestOrder maps an order as planOrder does.
func mapTestOrder(ec mapping.Context, o orderRecord) (erp.Order, []string, error) {
	return mapOrder(ec, o, taxesOf(ec, o.Order))
}

// testLines maps the lines of an order as mapOrder does.
func testLines(ec mapping.Context, o woo.Order) ([]erp.OrderLine, error) {
	return orderLines(ec, o, taxesOf(ec, o))
}
