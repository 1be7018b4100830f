package entitytest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/woo"
)

// Exchange is a recorded request and its reply.
type Exchange struct {
	Request struct {
		Path  string `json:"path"`
		Query string `json:"query"`
	} `json:"request"`
	Response struct {
		Body json.RawMessage `json:"body"`
	} `json:"response"`
}

// RecordedFile reads a recorded exchange; a name without a folder is one of WooCommerce 10.0.2.
func RecordedFile(t testing.TB, name string) Exchange {
	t.Helper()
	if !strings.Contains(name, "/") {
		name = "woocommerce-10.0.2/" + name
	}
	raw, err := os.ReadFile(filepath.Join(recordings(t), filepath.FromSlash(name)+".json"))
	require.NoError(t, err)
	var file Exchange
	require.NoError(t, json.Unmarshal(raw, &file))
	return file
}

// Recorded gives the body of a recorded reply.
func Recorded(t testing.TB, name string) json.RawMessage {
	t.Helper()
	return RecordedFile(t, name).Response.Body
}

// RecordedList gives the records of a recorded list.
func RecordedList(t testing.TB, name string) []json.RawMessage {
	t.Helper()
	var list []json.RawMessage
	require.NoError(t, json.Unmarshal(Recorded(t, name), &list))
	return list
}

// RecordedOrder gives the order of a recorded reply.
func RecordedOrder(t testing.TB, name string) woo.Order {
	t.Helper()
	o, err := woo.Decode[woo.Order](Recorded(t, name))
	require.NoError(t, err)
	return o
}

// RecordedProduct gives the product of a recorded reply, without its variations.
func RecordedProduct(t testing.TB, name string) woo.Product {
	t.Helper()
	p, err := woo.Decode[woo.Product](Recorded(t, name))
	require.NoError(t, err)
	return p
}

// RecordedTShirt is the recorded variable product with its five variations.
func RecordedTShirt(t testing.TB) mapping.Product {
	t.Helper()
	p := mapping.Product{Product: RecordedProduct(t, "product_variable_get")}
	for _, raw := range RecordedList(t, "variations_list") {
		v, err := woo.Decode[woo.Variation](raw)
		require.NoError(t, err)
		p.VariationRecords = append(p.VariationRecords, v)
	}
	return p
}

// recordings is the folder of the recorded replies. A test runs in the folder of its package, at whatever depth.
func recordings(t testing.TB) string {
	t.Helper()
	root := "."
	for range 5 {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			return filepath.Join(root, "woo", "testdata")
		}
		root = filepath.Join(root, "..")
	}
	t.Fatal("no go.mod above the package")
	return ""
}

// RecordedNames lists the names of all recorded replies.
func RecordedNames(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(recordings(t), "woocommerce-*", "*.json"))
	require.NoError(t, err)
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".json")
	}
	return names
}
