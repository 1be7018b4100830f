package odoo

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/odootest"
	"tandem/fault"
)

// turnstile notes who holds what, and which calls about stock came while none did.
type turnstile struct {
	mu      sync.Mutex
	held    []string
	loose   []string
	refused error
}

func (s *turnstile) Take(_ context.Context, names []string) (func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != nil {
		return nil, s.refused
	}
	s.held = names
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.held = nil
	}, nil
}

func (s *turnstile) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, call := range []string{`"stock.quant","create"`, `"stock.quant","write"`, `"sale.order","action_confirm"`, `"button_validate"`} {
		s.mu.Lock()
		if bytes.Contains(body, []byte(call)) && len(s.held) == 0 {
			s.loose = append(s.loose, call)
		}
		s.mu.Unlock()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestStockIsChangedInTurn has all that moves or reserves stock wait for the turn of its products among all workers.
func TestStockIsChangedInTurn(t *testing.T) {
	for _, version := range []int{14, 19} {
		server, _, tale := inStock(t, version)
		turns := &turnstile{}
		b, err := Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login, Secret: odootest.Key,
			Protocol: JSONRPC, Turns: turns, HTTP: &http.Client{Transport: turns, Timeout: time.Minute}})
		require.NoError(t, err)
		for _, do := range []act{tale.landOrder(mugs(2)), tale.count("8"), tale.confirm, tale.ship} {
			_, err := do(t.Context(), b)
			require.NoError(t, err)
		}
		require.Empty(t, turns.loose)
		require.Empty(t, turns.held, "all are given back")
		require.True(t, slices.ContainsFunc(server.Calls(), func(c odootest.Call) bool { return c.Model == "stock.quant" && c.Method == "create" }))

		turns.refused = fault.New(fault.Unavailable, "another worker is busy")
		calls := len(server.Calls())
		count := tale.stock
		count.Free, count.CountedAt = dec("1"), count.CountedAt.Add(time.Hour)
		_, err = b.SetStock(t.Context(), []erp.StockCount{count})
		require.Equal(t, fault.Unavailable, fault.KindOf(err))
		for _, call := range server.Calls()[calls:] {
			require.False(t, writing.MatchString(call.Method), "nothing is counted out of turn: %v", call)
		}
	}
}
