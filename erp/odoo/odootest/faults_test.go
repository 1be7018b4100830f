package odootest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCallsGoWrong(t *testing.T) {
	tag := Call{"product.tag", "create"}
	for _, c := range []struct {
		kind   Kind
		failed bool // no JSON came
		status int  // under JSON-2, when JSON came
		raised string
	}{
		{DropBefore, true, 0, ""},
		{DropAfter, true, 0, ""},
		{CutReply, true, 0, ""},
		{SlowReply, true, 0, ""},
		{BadGatewayBefore, true, 0, ""},
		{BadGatewayAfter, true, 0, ""},
		{LoginPage, true, 0, ""},
		{LostRace, false, 500, "psycopg2.errors.SerializationFailure"},
		{LostRaceInside, false, 200, ""},
		{LostRaceAsMessage, false, 500, "psycopg2.errors.SerializationFailure"},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			clients(t, func(t *testing.T, cl client) {
				cl.http.Timeout = patience
				cl.Inject(Rule{Call: tag, Nth: 2, Kind: c.kind})
				vals := func(name string) map[string]any {
					return map[string]any{"vals_list": []any{map[string]any{"name": name}}}
				}
				cl.must(t, "product.tag", "create", vals("first"))
				a, err := cl.call("product.tag", "create", vals("second"))
				require.Equal(t, c.failed, err != nil, "%v", err)
				require.Equal(t, c.raised, a.raised)
				if cl.json2 && !c.failed {
					require.Equal(t, c.status, a.status)
				}
				cl.must(t, "product.tag", "create", vals("third"))

				done := 0
				if c.kind.Done() {
					done = 1
				}
				require.Equal(t, done, cl.Count("product.tag", []any{"name", "=", "second"}))
				require.Equal(t, 2+done, cl.Count("product.tag"))
				require.Equal(t, []Call{tag, tag, tag}, cl.Calls())
			})
		})
	}
}

func TestARaceIsLostAsAMessageOfLoad(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		c.Inject(Rule{Kind: LostRaceAsMessage})
		got := c.must(t, "product.tag", "load", map[string]any{"fields": []any{"id", "name"}, "data": []any{[]any{"tandem.a", "A"}}})
		require.Equal(t, false, got.(map[string]any)["ids"])
		require.Contains(t, got.(map[string]any)["messages"].([]any)[0].(map[string]any)["message"], "could not serialize access")
		require.Zero(t, c.Count("product.tag"))
	})
}

func TestAKeyIsRevokedAndGivenBack(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		c.Inject(Rule{Call: Call{Method: "search_count"}, Nth: 2, Kind: KeyRevoked})
		count := func() answer {
			a, err := c.call("res.partner", "search_count", map[string]any{"domain": []any{}})
			require.NoError(t, err)
			return a
		}
		require.Empty(t, count().raised)
		for range 2 {
			a := count()
			if c.json2 {
				require.Equal(t, http.StatusUnauthorized, a.status)
			}
			require.NotEmpty(t, a.raised)
		}
		c.RestoreKey()
		require.Empty(t, count().raised)
	})
}

func TestSaveAndRestore(t *testing.T) {
	c := client{Server: Start(t, 16), json2: false}
	restore := c.Save()
	before := c.Records()
	for range 2 {
		c.Inject(Rule{Kind: DropAfter})
		_, err := c.call("product.tag", "create", map[string]any{"vals_list": []any{map[string]any{"name": "new"}}})
		require.Error(t, err)
		require.NotEqual(t, before, c.Records())
		restore()
		require.Equal(t, before, c.Records())
		require.Empty(t, c.Calls())
	}
	c.make(t, "product.tag", map[string]any{"name": "new"})
}

func TestOdooForgetsACountWhenItTriesAgain(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		s := newShop(t, c, 1)
		s.Inject(Rule{Call: Call{Model: "stock.quant"}, Nth: 1, Kind: LostRaceInside})
		s.stock(t, 5)
		require.Equal(t, 0.0, s.value(t, "product.product", s.product, "qty_available"))
		s.stock(t, 5)
		require.Equal(t, 5.0, s.value(t, "product.product", s.product, "qty_available"))
	})
}
