//go:build odoo

package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/odoodev"
)

// wire stands between Tandem and Odoo and keeps the calls that write.
type wire struct {
	target odoodev.Access
	url    string

	mu     sync.Mutex
	writes []writingCall
	spent  map[string]*spent // by model and method
}

// spent is what calls of one method took.
type spent struct {
	calls int
	took  time.Duration
}

// writingCall is one call as Tandem made it.
type writingCall struct {
	path   string
	header http.Header
	body   []byte
}

// writing are the methods that write.
var writing = regexp.MustCompile(`/(load|create|write|unlink|action_\w+|button_\w+)$`)

func record(t testing.TB, target odoodev.Access) *wire {
	t.Helper()
	address, err := url.Parse(target.URL)
	require.NoError(t, err)
	w := &wire{target: target, spent: map[string]*spent{}}
	proxy := httputil.NewSingleHostReverseProxy(address)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(out, err.Error(), http.StatusBadGateway)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		began := time.Now()
		proxy.ServeHTTP(out, r)
		w.keep(r, body, time.Since(began))
	}))
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// access leads through the wire.
func (w *wire) access() odoodev.Access {
	a := w.target
	a.URL = w.url
	return a
}

func (w *wire) keep(r *http.Request, body []byte, took time.Duration) {
	method := r.URL.Path
	var call struct {
		Params struct{ Args []any }
	}
	if method == "/jsonrpc" && json.Unmarshal(body, &call) == nil && len(call.Params.Args) > 4 {
		method = fmt.Sprintf("%v/%v", call.Params.Args[3], call.Params.Args[4])
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if writing.MatchString(method) {
		w.writes = append(w.writes, writingCall{r.URL.Path, r.Header.Clone(), body})
	}
	if w.spent[method] == nil {
		w.spent[method] = &spent{}
	}
	w.spent[method].calls++
	w.spent[method].took += took
}

// tell gives the methods that took longest since the record began.
func (w *wire) tell(what string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := what + ":"
	for _, method := range slices.SortedFunc(maps.Keys(w.spent), func(a, b string) int { return cmp.Compare(w.spent[b].took, w.spent[a].took) }) {
		s := w.spent[method]
		text += fmt.Sprintf("\n  %8s %4d  %s", s.took.Round(time.Millisecond), s.calls, strings.TrimPrefix(method, "/json/2/"))
	}
	return text
}

// forget starts a new record.
func (w *wire) forget() {
	w.mu.Lock()
	w.writes, w.spent = nil, map[string]*spent{}
	w.mu.Unlock()
}

// replay makes the recorded calls once more, one after the other, in another database, and gives how long they took. The
// records they name by id are there: a copy gives new records the same ids.
func (w *wire) replay(t testing.TB, other odoodev.Access) time.Duration {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	require.NotEmpty(t, w.writes)
	require.NoError(t, other.Execute(t.Context(), nil, "res.users", "search_count", []any{[]any{}}, nil)) // loads the models
	began := time.Now()
	for _, call := range w.writes {
		body := bytes.ReplaceAll(call.body, []byte(`"`+w.target.Database+`"`), []byte(`"`+other.Database+`"`))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.target.URL+call.path, bytes.NewReader(body))
		require.NoError(t, err)
		request.Header = call.header.Clone()
		if request.Header.Get("X-Odoo-Database") != "" {
			request.Header.Set("X-Odoo-Database", other.Database)
		}
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		answer, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
		require.NotContains(t, string(answer), `"ids": false`, "a call that landed before must land again")
		require.NotContains(t, string(answer), `"error"`)
	}
	return time.Since(began)
}

// bareCycle takes single orders that were landed from quotation to shipped and paid, as a script would, and gives the time
// one takes.
func bareCycle(t testing.TB, in odoodev.Access) time.Duration {
	t.Helper()
	c := bare{t: t, Access: in, modern: in.Version != "14"}
	var orders []int64
	c.do(&orders, "sale.order", "search", []any{[]any{[]any{"state", "=", "draft"}, []any{"amount_total", ">", 0}}}, map[string]any{"limit": bareCycles})
	require.Len(t, orders, bareCycles)
	journals := c.search("account.journal", []any{"type", "=", "bank"})
	began := time.Now()
	for _, order := range orders {
		c.cycle(order, journals[0])
	}
	return time.Since(began) / bareCycles
}

// bare makes the calls of a cycle and looks at nothing it need not.
type bare struct {
	odoodev.Access
	t      testing.TB
	modern bool
}

func (c bare) do(result any, model, method string, args []any, named map[string]any) {
	c.t.Helper()
	require.NoError(c.t, c.Execute(c.t.Context(), result, model, method, args, named))
}

func (c bare) search(model string, term []any) []int64 {
	c.t.Helper()
	var ids []int64
	c.do(&ids, model, "search", []any{[]any{term}}, nil)
	require.NotEmpty(c.t, ids, model)
	return ids
}

// press fills in a wizard and presses its button.
func (c bare) press(wizard, button string, values, env map[string]any) {
	c.t.Helper()
	var made []int64
	named := map[string]any{"context": env}
	c.do(&made, wizard, "create", []any{[]any{values}}, named)
	c.do(nil, wizard, button, []any{made}, named)
}

func (c bare) cycle(order, journal int64) {
	c.t.Helper()
	quiet := map[string]any{"tracking_disable": true, "mail_notrack": true}
	c.do(nil, "sale.order", "action_confirm", []any{[]int64{order}}, map[string]any{"context": quiet})
	c.press("sale.advance.payment.inv", "create_invoices", map[string]any{"advance_payment_method": "delivered"},
		map[string]any{"active_model": "sale.order", "active_ids": []int64{order}, "active_id": order})
	invoice := c.search("account.move", []any{"line_ids.sale_line_ids.order_id", "=", order})
	c.do(nil, "account.move", "action_post", []any{invoice}, nil)
	c.press("account.payment.register", "action_create_payments", map[string]any{"journal_id": journal},
		map[string]any{"active_model": "account.move", "active_ids": invoice, "active_id": invoice[0]})
	pickings := c.search("stock.picking", []any{"sale_id", "=", order})
	c.do(nil, "stock.picking", "action_assign", []any{pickings}, nil)
	var moves []struct {
		ID       int64   `json:"id"`
		Quantity float64 `json:"product_uom_qty"`
	}
	c.do(&moves, "stock.move", "search_read", []any{[]any{[]any{"picking_id", "in", pickings}}}, map[string]any{"fields": []string{"product_uom_qty"}})
	for _, m := range moves {
		done := map[string]any{"quantity_done": m.Quantity}
		if c.modern {
			done = map[string]any{"quantity": m.Quantity, "picked": true}
		}
		c.do(nil, "stock.move", "write", []any{[]int64{m.ID}, done}, nil)
	}
	c.do(nil, "stock.picking", "button_validate", []any{pickings}, map[string]any{"context": map[string]any{
		"skip_backorder": true, "skip_immediate": true, "skip_sms": true}})
}
