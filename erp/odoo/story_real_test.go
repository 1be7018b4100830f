//go:build odoo

package odoo

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// Real is a running Odoo to test against.
type Real struct {
	Version  string `json:"version"`
	URL      string `json:"url"`
	Database string `json:"database"`
	Login    string `json:"login"`
	Key      string `json:"api_key"`
}

// ReadReal reads where the Odoo is from the file that TANDEM_ODOO names.
func ReadReal(t testing.TB) Real {
	t.Helper()
	content, err := os.ReadFile(os.Getenv("TANDEM_ODOO"))
	require.NoError(t, err, "TANDEM_ODOO names the file that odoo-up wrote")
	var r Real
	require.NoError(t, json.Unmarshal(content, &r))
	return r
}

// Settings lead to it over a protocol.
func (r Real) Settings(protocol Protocol) Settings {
	return Settings{URL: r.URL, Database: r.Database, Login: r.Login, Secret: r.Key, Protocol: protocol, Budget: unlimited()}
}

// Protocols lists what it speaks.
func (r Real) Protocols() []Protocol {
	if strings.HasPrefix(r.Version, "19") {
		return []Protocol{JSONRPC, JSON2}
	}
	return []Protocol{JSONRPC}
}

// newStory makes a story of a store of its own.
func newStory(t testing.TB, b *Backend) story {
	t.Helper()
	options, err := b.Options(t.Context())
	require.NoError(t, err)
	s := storyIn("story-"+strings.ToLower(rand.Text()[:10]), options)
	s.Backend = b
	return s
}

// land lands all of it, repeating what has to be repeated.
func (s story) land(t *testing.T) {
	t.Helper()
	for _, step := range []func() ([]erp.Outcome, error){
		func() ([]erp.Outcome, error) { return s.UpsertTaxes(t.Context(), []erp.Tax{s.tax}) },
		func() ([]erp.Outcome, error) { return s.UpsertProducts(t.Context(), []erp.Product{s.product}) },
		func() ([]erp.Outcome, error) { return s.UpsertPartners(t.Context(), []erp.Partner{s.partner}) },
		func() ([]erp.Outcome, error) { return s.SetStock(t.Context(), []erp.StockCount{s.stock}) },
		func() ([]erp.Outcome, error) { return s.UpsertOrders(t.Context(), []erp.Order{s.order}) },
	} {
		outcome := again(t, step)[0]
		require.True(t, outcome.Landed(), "%v", outcome)
	}
}

// again repeats a call as long as its error says so.
func again[T any](t *testing.T, do func() (T, error)) T {
	t.Helper()
	result, err := do()
	for try := 0; try < 30 && fault.Retryable(err); try++ {
		result, err = do()
	}
	require.NoError(t, err)
	return result
}
