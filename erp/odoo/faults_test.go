package odoo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/erp/odoo/odootest"
	"tandem/fault"
)

// dialects are the versions with the protocols they speak, as far as the calls differ, and how many of the scenes are
// played in each.
var dialects = []struct {
	version  int
	protocol Protocol
	scenes   int
}{{14, JSONRPC, all}, {16, JSONRPC, 2}, {19, JSONRPC, 2}, {19, JSON2, all}}

const all = math.MaxInt

// TestAnyCallMayGoWrong has every single call of every scene go wrong in every way, the call repeated as Temporal would
// repeat it, and requires of Odoo and of the answers that they are as if nothing had happened: no duplicate, nothing lost.
// A call that only reads goes wrong in one way of those in turn, because it leaves nothing behind in any of them.
func TestAnyCallMayGoWrong(t *testing.T) {
	for _, d := range dialects {
		for i, s := range taleIn("tale").scenes() {
			if i == d.scenes {
				break
			}
			t.Run(fmt.Sprintf("%d %s/%s", d.version, d.protocol, s.name), func(t *testing.T) {
				t.Parallel()
				g := newStage(t, d.version, d.protocol, s)
				clean := g.play(t)
				require.NotEmpty(t, clean.calls)
				for n, call := range clean.calls {
					kinds := sudden
					if !writing.MatchString(call.Method) {
						kinds = sudden[n%len(sudden):][:1]
					}
					for _, kind := range kinds {
						what := fmt.Sprintf("%s at call %d of %d, %s.%s", kind, n+1, len(clean.calls), call.Model, call.Method)
						broken := g.play(t, odootest.Rule{Nth: n + 1, Kind: kind})
						broken.requireLike(t, clean, what)
						require.Equal(t, kind == odootest.KeyRevoked, broken.refused, what)
					}
				}
			})
		}
	}
}

// sudden are the ways in which a call goes wrong at once.
var sudden = slices.DeleteFunc(odootest.Kinds(), func(k odootest.Kind) bool { return k == odootest.SlowReply })

// writing are the methods that write.
var writing = regexp.MustCompile(`^(load|create|write|unlink|action_\w+|button_validate|create_invoices)$`)

// TestTheClientGivesUp has Odoo do what it is asked and answer too late.
func TestTheClientGivesUp(t *testing.T) {
	g := newStage(t, 19, JSON2, taleIn("tale").scenes()[0])
	clean := g.play(t)
	g.settings.HTTP = &http.Client{Timeout: 500 * time.Millisecond}
	for _, call := range []odootest.Call{{Model: "account.tax", Method: "load"}, {Model: "ir.model.fields", Method: "create"}} {
		g.play(t, odootest.Rule{Call: call, Nth: 1, Kind: odootest.SlowReply}).requireLike(t, clean, call.Model)
	}
}

// stage is an Odoo in which a scene can be played again and again.
type stage struct {
	scene
	server   *odootest.Server
	restore  func()
	settings Settings
	backend  *Backend // with what it has read before the scene; nil when the scene opens one
}

// ending is what came out of a scene.
type ending struct {
	told    []string // the answers
	records []string // that are in Odoo
	calls   []odootest.Call
	refused bool // the key was not accepted at some time
}

func newStage(t *testing.T, version int, protocol Protocol, s scene) *stage {
	t.Helper()
	server := odootest.Start(t, version)
	g := &stage{scene: s, server: server, settings: Settings{URL: server.URL, Database: odootest.Database,
		Login: odootest.Login, Secret: odootest.Key, Protocol: protocol, Budget: unlimited()}}
	if len(s.before) > 0 {
		var err error
		g.backend, err = Open(t.Context(), g.settings)
		require.NoError(t, err)
		_, err = g.backend.sales.ServiceProducts(t.Context()) // a backend remembers them
		require.NoError(t, err)
		for _, do := range s.before {
			_, err := do(t.Context(), g.backend)
			require.NoError(t, err)
		}
	}
	g.restore = server.Save()
	return g
}

// play plays the scene from its beginning while some calls go wrong.
func (g *stage) play(t *testing.T, rules ...odootest.Rule) ending {
	t.Helper()
	g.restore()
	g.server.Inject(rules...)
	var e ending
	backend := g.backend
	if backend == nil {
		g.take(t, &e, nil, func(ctx context.Context, _ *Backend) (told string, err error) {
			backend, err = Open(ctx, g.settings)
			return "", err
		})
	}
	for _, do := range g.acts {
		g.take(t, &e, backend, do)
	}
	for _, record := range g.server.Records() {
		if !emptyQuant.MatchString(record) {
			e.records = append(e.records, byChance.ReplaceAllString(record, "$1"))
		}
	}
	e.records = openedTogether(e.records)
	e.calls = g.server.Calls()
	return e
}

// openedTogether sorts records, with what was put on hand of a product for orders added up: orders that a call broke off at land each
// by itself, and so are their goods opened.
func openedTogether(records []string) []string {
	opened := map[string]decimal.Decimal{}
	var rest []string
	for _, record := range records {
		if move := openedMove.FindStringSubmatch(record); move != nil {
			opened[move[1]] = opened[move[1]].Add(dec(move[2]))
		} else {
			rest = append(rest, record)
		}
	}
	for product, quantity := range opened {
		rest = append(rest, fmt.Sprintf("opened for orders: %s of %s", quantity, product))
	}
	slices.Sort(rest)
	return rest
}

var (
	// openedMove is a stock move that puts goods on hand for the orders in its origin.
	openedMove = regexp.MustCompile(`^stock\.move .*location_dest_id=WH/Stock origin=W-tale\S*(?: and 1 more)? product_id=(\S+) product_uom_qty=(\S+) state=done$`)
	// byChance is what is by chance in the origin of a stock move.
	byChance = regexp.MustCompile(`(origin=W-tale(?:-2)?(?: and 1 more)?) [a-z2-7]{12}`)
	// emptyQuant is what Odoo itself leaves of the quants that it makes, and removes one day.
	emptyQuant = regexp.MustCompile(`^stock\.quant .*product_id=\S+( quantity=0)?$`)
)

// take does an act and repeats it as Temporal would. A new key is given when the old one is not accepted any more.
func (g *stage) take(t *testing.T, e *ending, b *Backend, do act) {
	t.Helper()
	var err error
	for range 20 {
		var told string
		told, err = do(t.Context(), b)
		switch {
		case fault.Is(err, fault.Unauthorized):
			e.refused = true
			g.server.RestoreKey()
		case err == nil:
			e.told = append(e.told, told)
			return
		case !fault.Retryable(err):
			require.Equal(t, fault.Parked, fault.KindOf(err), err)
			e.told = append(e.told, fault.From(err).Code)
			return
		}
	}
	require.NoError(t, err, "the act never succeeds: %v", errors.Unwrap(err))
}

// requireLike requires that a scene in which something went wrong ended like one in which nothing did.
func (e ending) requireLike(t *testing.T, clean ending, what string) {
	t.Helper()
	require.Equal(t, clean.told, e.told, what)
	if slices.Equal(clean.records, e.records) {
		return
	}
	require.Empty(t, missing(clean.records, e.records), "%s: what is lost", what)
	require.Empty(t, missing(e.records, clean.records), "%s: what is too much", what)
}

// missing gives what of a sorted list is not in another, where things may be several times.
func missing(list, from []string) []string {
	var rest []string
	for _, record := range list {
		at, found := slices.BinarySearch(from, record)
		if found {
			from = slices.Delete(slices.Clone(from), at, at+1)
		} else {
			rest = append(rest, record)
		}
	}
	return rest
}

// unlimited lets calls go on at full speed after faults that were asked for.
func unlimited() *budget.Budget {
	return budget.New(budget.Options{Rate: 1e6, MinRate: 1e6, MaxRate: 1e6, Concurrency: 16})
}
