// Package exporttest takes records from a real ledger into the simulated store and back.
package exporttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/entity"
	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/schema/schematest"
	"tandem/woo"
	"tandem/woo/wootest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

// pair is a ledger and a store that are connected.
type pair struct {
	t     *testing.T
	ec    mapping.Context
	books *sqlx.DB
	shop  *wootest.Server
	book  *linkBook // nil remembers nothing
}

func connect(t *testing.T, o wootest.Options) *pair {
	t.Helper()
	o.PlainHTTPAuth = true
	p := &pair{t: t, books: schematest.New(t), shop: wootest.Start(t, o)}
	client, err := woo.New(woo.Config{
		URL: p.shop.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret, Timeout: 5 * time.Second,
		FirstBackoff: time.Millisecond,
		Budget:       budget.New(budget.Options{Rate: 2000, MinRate: 2000, MaxRate: 5000, Concurrency: 4}),
	})
	require.NoError(t, err)
	p.ec = entitytest.Demo()
	p.ec.Store, p.ec.Backend = client, ledger.Open(p.books)
	return p
}

// run moves an entity in a direction and gives the outcomes by the source's ids.
func (p *pair) run(d flow.Direction, name string, ids ...string) map[string]flow.Outcome {
	p.t.Helper()
	outcomes, err := p.try(d, name, ids...)
	require.NoError(p.t, err)
	return outcomes
}

// record runs an entity and gives all that was recorded.
func (p *pair) record(d flow.Direction, name string, f flow.Filter, from flow.Cursor) *flowtest.Recorder {
	p.t.Helper()
	e, err := entity.Get(d, name)
	require.NoError(p.t, err)
	var recorded flowtest.Recorder
	require.NoError(p.t, e.Run(context.Background(), p.ec, flow.Scan{Filter: f, From: from}, &recorded))
	return &recorded
}

func (p *pair) try(d flow.Direction, name string, ids ...string) (map[string]flow.Outcome, error) {
	p.t.Helper()
	e, err := entity.Get(d, name)
	require.NoError(p.t, err)
	filter := flow.Filter{Kind: flow.All}
	if len(ids) > 0 {
		filter = flow.Filter{Kind: flow.IDs, IDs: ids}
	}
	var recorded flowtest.Recorder
	err = e.Run(context.Background(), p.ec, flow.Scan{Filter: filter}, &recorded)
	if p.book != nil {
		p.book.take(d, name, &recorded)
	}
	outcomes := map[string]flow.Outcome{}
	for _, r := range recorded.Results {
		outcomes[r.Record.ID] = r.Outcome
	}
	return outcomes, err
}

// untilThrough runs an entity again and again until the store's faults let all of it through.
func (p *pair) untilThrough(d flow.Direction, name string, ids ...string) {
	p.t.Helper()
	for try := 1; ; try++ {
		outcomes, err := p.try(d, name, ids...)
		if err == nil {
			for id, o := range outcomes {
				require.True(p.t, o.Landed(), "%s: %s %s", id, o.Code, o.Reason)
			}
			return
		}
		require.Less(p.t, try, 100, "%v", err)
	}
}

// requireAll checks that all of an entity came out the same.
func (p *pair) requireAll(d flow.Direction, name string, status flow.Status) {
	p.t.Helper()
	outcomes := p.run(d, name)
	require.NotEmpty(p.t, outcomes)
	for id, o := range outcomes {
		require.Equal(p.t, status, o.Status, "%s %s: %s %s %v", name, id, o.Code, o.Reason, o.Steps)
	}
}

// writes counts the requests that changed the store, or could have.
func (p *pair) writes() int {
	n := 0
	for route, count := range p.shop.Stats().Requests {
		if !strings.HasPrefix(route, "GET ") {
			n += count
		}
	}
	return n
}

func (p *pair) allRequests() int {
	n := 0
	for _, count := range p.shop.Stats().Requests {
		n += count
	}
	return n
}

// make lands a record that the store has never seen, and gives its id.
func (p *pair) make(upsert func(erp.Backend, context.Context) ([]erp.Outcome, error)) string {
	p.t.Helper()
	outcomes, err := upsert(p.ec.Backend, context.Background())
	require.NoError(p.t, err)
	require.True(p.t, outcomes[0].Landed(), "%s: %s", outcomes[0].Code, outcomes[0].Reason)
	_, err = p.books.Exec(`DELETE FROM ledger.external_ids WHERE instance = 'by hand'`)
	require.NoError(p.t, err)
	return outcomes[0].ID
}

// byHand is a key of nothing that a store has.
func byHand(entity string, n int) erp.Key {
	return erp.Key{Instance: "by hand", Entity: entity, ID: strconv.Itoa(n)}
}

func (p *pair) makeTerm(t erp.Term) string {
	p.t.Helper()
	t.Key, t.Active = byHand(string(t.Kind), 1), true
	for i := range t.Values {
		t.Values[i].Key, t.Values[i].Kind, t.Values[i].Active = byHand(string(erp.AttributeValue), i+1), erp.AttributeValue, true
	}
	return p.make(func(b erp.Backend, ctx context.Context) ([]erp.Outcome, error) {
		return b.UpsertTerms(ctx, []erp.Term{t})
	})
}

// edit changes the ledger as a person does.
func (p *pair) edit(statement string, args ...any) {
	p.t.Helper()
	_, err := p.books.Exec(statement, args...)
	require.NoError(p.t, err)
}

// ask puts a request to the store, past the client under test.
func (p *pair) ask(method, path string, in any) map[string]any {
	p.t.Helper()
	body, err := json.Marshal(in)
	require.NoError(p.t, err)
	request, err := http.NewRequest(method, p.shop.URL+"/wp-json/wc/v3/"+path, bytes.NewReader(body))
	require.NoError(p.t, err)
	request.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	require.Less(p.t, response.StatusCode, 300, "%s %s: %s", method, path, text)
	var out map[string]any
	require.NoError(p.t, json.Unmarshal(text, &out))
	return out
}

// stored gives what the store has under the key of an outcome.
func (p *pair) stored(path string, o flow.Outcome) map[string]any {
	p.t.Helper()
	require.NotEmpty(p.t, o.Key.ID, "%s: %s", o.Code, o.Reason)
	return p.ask(http.MethodGet, fmt.Sprintf("%s/%s", path, o.Key.ID), nil)
}

// list reads a whole list of the store of at most a hundred.
func (p *pair) list(path string) []map[string]any {
	p.t.Helper()
	return p.listOf("wc/v3/" + path)
}

// listOf reads a list of any API of the store, such as one of a plugin.
func (p *pair) listOf(path string) []map[string]any {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodGet, p.shop.URL+"/wp-json/"+path+"?per_page=100", nil)
	require.NoError(p.t, err)
	request.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	response, err := http.DefaultClient.Do(request)
	require.NoError(p.t, err)
	defer response.Body.Close()
	var out []map[string]any
	require.NoError(p.t, json.NewDecoder(response.Body).Decode(&out))
	return out
}

// jsonNumber writes an id as the store gives it.
func jsonNumber(v any) string {
	n, _ := v.(float64)
	return strconv.FormatInt(int64(n), 10)
}
