package woo_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"tandem/woo"
)

// newStore stands in for a shop.
func newStore(path, reply string) (*woo.Client, func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("/wp-json/wc/v3/"+path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-WP-Total", "2")
		fmt.Fprint(w, reply)
	})
	server := httptest.NewServer(mux)
	client, err := woo.New(woo.Config{URL: server.URL, ConsumerKey: "ck_…", ConsumerSecret: "cs_…"})
	if err != nil {
		panic(err)
	}
	return client, server.Close
}

// Import all orders of two statuses and remember the place after each window.
func ExampleService_Scan() {
	client, stop := newStore("orders", `[{"id":4024,"total":"151.440000"},{"id":4025,"total":"54.990000"}]`)
	defer stop()

	options := woo.ListOptions{Status: []string{woo.OrderProcessing, woo.OrderCompleted}}
	for window, err := range client.Orders.Scan(context.Background(), options, woo.Cursor{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, order := range window.Records {
			fmt.Println(order.ID, order.Total)
		}
		fmt.Println("go on at", window.Next, "of", window.Total, "done:", window.Done)
	}
	// Output:
	// 4024 151.44
	// 4025 54.99
	// go on at {1 4025} of 2 done: true
}

// Every record has its own outcome, at the index of what was asked for.
func ExampleService_Batch() {
	client, stop := newStore("products/batch",
		`{"create":[{"id":7,"sku":"A"},{"id":0,"error":{"code":"product_invalid_sku","message":"…","data":{"status":400,"resource_id":3}}}]}`)
	defer stop()

	result, err := client.Products.Batch(context.Background(), woo.Batch{Create: []woo.Fields{{"sku": "A"}, {"sku": "B"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, outcome := range result.Create {
		fmt.Printf("%d %q\n", outcome.Record.ID, woo.ReasonOf(outcome.Err))
	}
	// Output:
	// 7 ""
	// 0 "duplicate"
}

// Variations live inside their product.
func ExampleNested_Of() {
	client, stop := newStore("products/5/variations", `[{"id":51,"sku":"TS-S"},{"id":52,"sku":"TS-M"}]`)
	defer stop()

	for variation, err := range client.Variations.Of(5).All(context.Background(), woo.ListOptions{}) {
		fmt.Println(variation.ID, variation.SKU, err)
	}
	// Output:
	// 51 TS-S <nil>
	// 52 TS-M <nil>
}
