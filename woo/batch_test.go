package woo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBatchCorrelatesByIndex(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("POST "+api+"/products/batch", readFixture(t, "products_batch_mixed").serve)
	result, err := client.Products.Batch(t.Context(), Batch{
		Create: []Fields{{"name": "OK"}, {"name": "bad"}},
		Update: []Fields{{"id": 99999999}, {"id": "4010"}},
		Delete: []ID{88888888},
	})
	require.NoError(t, err)
	require.Equal(t, ID(4022), result.Create[0].Record.ID)
	require.NoError(t, result.Create[0].Err)
	require.Equal(t, Duplicate, ReasonOf(result.Create[1].Err))
	var e *Error
	require.ErrorAs(t, result.Create[1].Err, &e)
	require.Equal(t, ID(4010), e.ResourceID)
	require.Equal(t, NotFound, ReasonOf(result.Update[0].Err))
	require.Equal(t, ID(4010), result.Update[1].Record.ID)
	require.Equal(t, NotFound, ReasonOf(result.Delete[0].Err))
}

// bin is a store whose batch requests may be lost on the way back.
type bin struct {
	t       *testing.T
	records map[int]map[string]any
	nextID  int
	lose    int // answers still to lose
	stopAt  int // entries done in a request before it dies; 0: all
	sizes   []int
}

func newBin(t *testing.T, resource string) (*bin, *Client) {
	client, mux := setup(t)
	b := &bin{t: t, records: map[int]map[string]any{}, nextID: 100}
	mux.HandleFunc("POST "+api+"/"+resource+"/batch", b.batch)
	mux.HandleFunc("GET "+api+"/"+resource, b.list)
	return b, client
}

func (b *bin) batch(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Create, Update []map[string]any
		Delete         []int
	}
	require.NoError(b.t, json.NewDecoder(r.Body).Decode(&body))
	b.sizes = append(b.sizes, len(body.Create)+len(body.Update)+len(body.Delete))
	lost := b.lose > 0
	reply := map[string][]any{}
	done := 0
	alive := func() bool { done++; return !lost || b.stopAt == 0 || done <= b.stopAt }
	for _, fields := range body.Create {
		if alive() {
			b.nextID++
			fields["id"] = b.nextID
			b.records[b.nextID] = fields
			reply["create"] = append(reply["create"], fields)
		}
	}
	for _, fields := range body.Update {
		if id := int(fields["id"].(float64)); alive() {
			for name, value := range fields {
				b.records[id][name] = value
			}
			reply["update"] = append(reply["update"], b.records[id])
		}
	}
	for _, id := range body.Delete {
		if alive() {
			reply["delete"] = append(reply["delete"], b.records[id])
			delete(b.records, id)
		}
	}
	if lost {
		b.lose--
		answer(w, 504, "<html>Gateway timeout</html>")
		return
	}
	answer(w, 200, encode(b.t, reply))
}

func (b *bin) list(w http.ResponseWriter, r *http.Request) {
	list := []any{}
	include := strings.Split(r.URL.Query().Get("include"), ",")
	for id, record := range b.records {
		if key := r.URL.Query().Get("sku"); key != "" && record["sku"] != key || key == "" && !slices.Contains(include, fmt.Sprint(id)) {
			continue
		}
		list = append(list, record)
	}
	answer(w, 200, encode(b.t, list))
}

func TestBatchIsCutIntoParts(t *testing.T) {
	store, client := newBin(t, "products")
	var batch Batch
	for i := range 140 {
		batch.Create = append(batch.Create, Fields{"name": i})
	}
	for id := 1; id <= 15; id++ {
		store.records[id] = map[string]any{"id": id}
		batch.Update = append(batch.Update, Fields{"id": id, "name": "u"})
		batch.Delete = append(batch.Delete, ID(id))
	}
	result, err := client.Products.Batch(t.Context(), batch)
	require.NoError(t, err)
	require.Equal(t, []int{100, 70}, store.sizes)
	require.Len(t, store.records, 140)
	for i, outcome := range result.Create {
		require.NoError(t, outcome.Err)
		require.Equal(t, ID(101+i), outcome.Record.ID)
	}
	for i := range 15 {
		require.Equal(t, ID(i+1), result.Update[i].Record.ID)
		require.Equal(t, ID(i+1), result.Delete[i].Record.ID)
	}
}

// The gateway gave up after the store had done a part: nothing may be done twice and nothing left out.
func TestBatchIsReadAgainAfterATimeout(t *testing.T) {
	for _, done := range []int{0, 1, 2, 3, 4, 5, 6} {
		t.Run(fmt.Sprintf("after %d entries", done), func(t *testing.T) {
			store, client := newBin(t, "products")
			store.lose, store.stopAt = 1, done
			for id := 1; id <= 4; id++ {
				store.records[id] = map[string]any{"id": id, "regular_price": "1.00", "meta_data": []any{}}
			}
			result, err := client.Products.Batch(t.Context(), Batch{
				Create: []Fields{{"sku": "A"}, {"sku": "B"}},
				Update: []Fields{{"id": 1, "regular_price": "2"}, {"id": 2, "regular_price": "3.50"}},
				Delete: []ID{3, 4},
			})
			require.NoError(t, err)
			require.Len(t, store.records, 4)
			skus := map[any]int{}
			for _, record := range store.records {
				skus[record["sku"]]++
			}
			require.Equal(t, map[any]int{"A": 1, "B": 1, nil: 2}, skus)
			require.Equal(t, []any{"2", "3.50"}, []any{store.records[1]["regular_price"], store.records[2]["regular_price"]})
			for _, outcome := range slices.Concat(result.Create, result.Update) {
				require.NoError(t, outcome.Err)
				require.NotZero(t, outcome.Record.ID)
			}
			require.NoError(t, result.Delete[0].Err)
			require.NoError(t, result.Delete[1].Err)
		})
	}
}

// An order has no key to find it by: nobody can tell whether it exists.
func TestBatchAdmitsWhatItCannotKnow(t *testing.T) {
	store, client := newBin(t, "orders")
	store.lose = 1
	result, err := client.Orders.Batch(t.Context(), Batch{Create: []Fields{{"status": "pending"}}})
	require.NoError(t, err)
	require.Equal(t, Uncertain, ReasonOf(result.Create[0].Err))
	require.Len(t, store.sizes, 1, "not asked twice")
}

func TestBatchGivesUpAfterTheSecondTimeout(t *testing.T) {
	store, client := newBin(t, "products")
	store.lose, store.stopAt = 2, 1
	result, err := client.Products.Batch(t.Context(), Batch{Create: []Fields{{"sku": "A"}, {"sku": "B"}, {"sku": "C"}}})
	require.NoError(t, err)
	require.True(t, result.Create[0].Reread)
	require.Equal(t, Uncertain, ReasonOf(result.Create[1].Err))
	require.Equal(t, Uncertain, ReasonOf(result.Create[2].Err))
}

func TestBatchFailsAsAWhole(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("POST "+api+"/products/batch", readFixture(t, "products_batch_too_large_error").serve)
	result, err := client.Products.Batch(t.Context(), Batch{Create: []Fields{{}}, Delete: []ID{1}})
	require.NoError(t, err)
	require.Equal(t, Invalid, ReasonOf(result.Create[0].Err))
	require.Equal(t, Invalid, ReasonOf(result.Delete[0].Err))

	_, err = client.Products.Batch(t.Context(), Batch{Update: []Fields{{"name": "without id"}}})
	requireField(t, err, "update")
}

func TestCovers(t *testing.T) {
	raw := []byte(`{"id":4,"price":"2.00","featured":false,"tags":[{"id":1,"name":"a"}],"meta":{"a":"1","b":2},"note":null}`)
	for _, test := range []struct {
		fields Fields
		want   bool
	}{
		{Fields{"id": 4, "price": "2"}, true},
		{Fields{"price": 2.0}, true},
		{Fields{"price": "3"}, false},
		{Fields{"featured": false, "note": nil}, true},
		{Fields{"featured": true}, false},
		{Fields{"tags": []Fields{{"id": 1}}}, true},
		{Fields{"tags": []Fields{{"id": 1}, {"id": 2}}}, false},
		{Fields{"meta": Fields{"a": 1}}, true},
		{Fields{"missing": "x"}, false},
		{Fields{"price": Fields{}}, false},
	} {
		require.Equal(t, test.want, covers(raw, test.fields), encode(t, test.fields))
	}
	require.False(t, covers(nil, Fields{"id": 4}))
}
