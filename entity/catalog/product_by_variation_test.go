package catalog

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/woo"
)

const productsPath = "/wp-json/wc/v3/products"

// shop answers GET requests by path; another path is a record the store does not have. Its clock advances a minute with
// each reply.
func shop(t *testing.T, replies map[string]string) mapping.Context {
	t.Helper()
	var mu sync.Mutex
	clock := entitytest.SomeTime.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Date", clock.Format(http.TimeFormat))
		clock = clock.Add(time.Minute)
		reply, known := replies[strings.TrimPrefix(r.URL.Path, productsPath)]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			reply = `{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":404}}`
		}
		w.Header().Set("X-WP-Total", strconv.Itoa(strings.Count(reply, `{"id":`)))
		fmt.Fprint(w, reply)
	}))
	t.Cleanup(server.Close)
	client, err := woo.New(woo.Config{URL: server.URL, ConsumerKey: "ck_test", ConsumerSecret: "cs_test", Readers: 1, Tries: 1})
	require.NoError(t, err)
	ec := entitytest.Demo()
	ec.Store, ec.Backend = client, &entitytest.Ledger{}
	return ec
}

const (
	cap5    = `{"id":5,"name":"Cap","type":"simple","status":"publish","manage_stock":true,"stock_quantity":3}`
	shirt10 = `{"id":10,"name":"Shirt","type":"variable","status":"publish","variations":[11,12]}`
	sizes   = `[{"id":11,"status":"publish","manage_stock":true,"stock_quantity":4},{"id":12,"status":"publish","manage_stock":false}]`
)

func variationOf(id, parent int, status string) string {
	return fmt.Sprintf(`{"id":%d,"type":"variation","parent_id":%d,"status":"%s"}`, id, parent, status)
}

func TestProductsAskedForByVariation(t *testing.T) {
	ec := shop(t, map[string]string{
		"": "[" + cap5 + "]", "/10": shirt10, "/10/variations": sizes,
		"/11": variationOf(11, 10, "publish"), "/12": variationOf(12, 10, "publish"),
		"/21": variationOf(21, 20, "trash"), "/31": variationOf(31, 30, "publish"), "/30": `{"id":30,"status":"trash"}`,
		"/41": variationOf(41, 40, "publish"), "/50": `{"id":50,"type":"simple","status":"trash"}`,
		"/61": `{"id":61,"parent_id":10,"regular_price":"cheap"}`,
	})
	asked := flow.Filter{Kind: flow.IDs, IDs: []string{"5", "11", "12", "21", "31", "41", "50", "61", "99"}}
	pages, results := entitytest.Pull(t, ec, Products, asked, nil)
	require.Len(t, pages, 1)
	require.Equal(t, []string{"21", "31", "41", "50", "99"}, entitytest.MissingIDs(pages[0].Missing), "in the trash, without its product, or nowhere")
	var trashed []string
	for _, m := range pages[0].Missing {
		if m.Code == "in_store_trash" {
			trashed = append(trashed, m.ID)
		}
	}
	require.Equal(t, []string{"21", "31", "50"}, trashed, "a variation, the product of one, and a product")
	var landed []string
	for _, r := range results {
		landed = append(landed, r.Key.ID+" "+string(r.Status))
	}
	require.Equal(t, []string{"5 created", "10 created", "61 failed"}, landed, "a product lands once for all its variations")
	require.Subset(t, results[1].Steps, []string{"imported for its variation 11", "imported for its variation 12"})
	require.Equal(t, []erp.Key{entitytest.Key("product", "11"), entitytest.Key("product", "12")}, results[1].Also)
}

func TestProductAskedForWithItsVariation(t *testing.T) {
	ec := shop(t, map[string]string{
		"": "[" + shirt10 + "]", "/10": shirt10, "/10/variations": sizes, "/11": variationOf(11, 10, "publish"),
	})
	pages, results := entitytest.Pull(t, ec, Products, flow.Filter{Kind: flow.IDs, IDs: []string{"10", "11"}}, nil)
	require.Empty(t, pages[0].Missing)
	require.Len(t, results, 1)
	require.Contains(t, results[0].Steps, "imported for its variation 11")
}

func TestMissingProductsAreNotGuessedWhenTheStoreFails(t *testing.T) {
	ec := shop(t, map[string]string{"": "[]", "/11": "<html>Maintenance</html>"})
	err := Products.Run(t.Context(), ec, flow.Scan{Filter: flow.Filter{Kind: flow.IDs, IDs: []string{"11"}}}, &flowtest.Recorder{})
	require.True(t, fault.Retryable(err))
}

// The store's clock says when a figure was read: the page's for products, the later one of their own reply for
// variations. What was sold while the store answered is shown when the product says so.
func TestStockIsCountedWhenItWasRead(t *testing.T) {
	for _, filter := range []flow.Filter{{Kind: flow.All}, {Kind: flow.IDs, IDs: []string{"5", "6", "10"}}} {
		sold6 := strings.Replace(cap5, `"id":5`, `"id":6,"date_modified_gmt":"`+entitytest.SomeTime.Format("2006-01-02T15:04:05")+`"`, 1)
		ec := shop(t, map[string]string{"": "[" + cap5 + "," + sold6 + "," + shirt10 + "]", "/10/variations": sizes})
		stub := &entitytest.Ledger{}
		ec.Backend = stub
		pages, _ := entitytest.Pull(t, ec, Products, filter, nil)
		require.Equal(t, entitytest.SomeTime.Time, pages[0].StoreTime)
		at := map[string]time.Duration{}
		for _, c := range stub.Counts {
			at[c.Key.ID] = c.CountedAt.Sub(entitytest.SomeTime.Time)
		}
		require.Len(t, at, 3)
		require.InDelta(t, -time.Second, at["5"], float64(30*time.Second))
		require.Less(t, at["5"], -time.Second, "the store took some time to answer")
		require.Zero(t, at["6"])
		require.InDelta(t, time.Minute-time.Second, at["11"], float64(30*time.Second))
	}
}
