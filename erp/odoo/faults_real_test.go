//go:build odoo

package odoo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// forgetful loses the first reply to each method that writes to a model: Odoo has done what it was asked, and nobody is
// told.
type forgetful struct {
	http.RoundTripper
	forgot sync.Map
	lost   atomic.Int64
}

// called finds the model and the method in what is sent over either protocol.
var called = regexp.MustCompile(`(?:"args":\["[^"]*",\d+,"[^"]*",|/json/2/)"?([a-z_.]+)(?:","|/)(\w+)`)

func (f *forgetful) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	response, err := f.RoundTripper.RoundTrip(r)
	found := called.FindStringSubmatch(r.URL.Path + string(body))
	if err != nil || found == nil || !writing.MatchString(found[2]) {
		return response, err
	}
	if _, forgot := f.forgot.LoadOrStore(found[1]+"."+found[2], true); forgot {
		return response, nil
	}
	f.lost.Add(1)
	_ = response.Body.Close()
	return nil, errors.New("connection reset by peer")
}

func TestLostRepliesLeaveNothingTwice(t *testing.T) {
	protocols(t, func(t *testing.T, s Settings) {
		transport := &forgetful{RoundTripper: http.DefaultTransport}
		s.HTTP = &http.Client{Transport: transport, Timeout: time.Minute}
		b, err := Open(t.Context(), s)
		require.NoError(t, err)
		sale := newStory(t, b)

		sale.land(t)
		order := sale.order.Key
		again(t, func() (erp.Progress, error) { return stepsOf(b).ConfirmOrder(t.Context(), order) })
		again(t, func() (erp.Progress, error) {
			return stepsOf(b).InvoiceOrder(t.Context(), order, erp.InvoiceRequest{Date: sale.order.Date})
		})
		again(t, func() (erp.Progress, error) { return stepsOf(b).PayOrder(t.Context(), order, sale.payment) })
		state := again(t, func() (erp.Progress, error) { return stepsOf(b).ShipOrder(t.Context(), order, erp.ShipRequest{}) })

		require.Greater(t, transport.lost.Load(), int64(8))
		require.True(t, state.Shipped && state.Paid && state.Invoiced)
		require.Equal(t, 1, state.Deliveries)
		found := stoodAs(t, b, order)
		require.Len(t, found.Invoices, 1)
		requireOnce(t, b, sale)
	})
}

// requireOnce counts what a story left in Odoo.
func requireOnce(t *testing.T, b *Backend, sale story) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	for _, c := range []struct {
		model  string
		domain []any
		count  int
	}{
		{"res.partner", []any{rpc.Where("email", "=", sale.partner.Email), rpc.Where("parent_id", "=", false)}, 1},
		{"res.partner", []any{rpc.Where("parent_id.email", "=", sale.partner.Email)}, 1},
		{"product.product", []any{rpc.Where("default_code", "=", sale.product.SKU)}, 1},
		{"sale.order", []any{rpc.Where("client_order_ref", "=", sale.order.Number)}, 1},
		{"sale.order.line", []any{rpc.Where("order_id.client_order_ref", "=", sale.order.Number)}, 2},
		{"mail.message", []any{rpc.Where("body", "like", sale.order.Notes[0].Text)}, 1},
		{"account.payment", []any{rpc.Where(rpc.MemoFields.For(b.rpc.Release), "=", sale.order.TransactionID)}, 1},
	} {
		rows, err := rpc.Search[rpc.Row](ctx, b.rpc, c.model, c.domain, "id")
		require.NoError(t, err)
		require.Len(t, rows, c.count, c.model)
	}
}
