package contract_test

import (
	"os"
	"testing"

	"tandem/woo/wootest"
	"tandem/woo/wootest/contract"
)

// TestContract checks the store named by STORE_URL, CONSUMER_KEY and CONSUMER_SECRET, or else simulated stores of every
// setting of prices and rounding.
func TestContract(t *testing.T) {
	if url := os.Getenv("STORE_URL"); url != "" {
		contract.Run(t, url, os.Getenv("CONSUMER_KEY"), os.Getenv("CONSUMER_SECRET"))
		return
	}
	for name, settings := range map[string][2]bool{
		"ex tax by line": {}, "with tax by line": {true, false}, "ex tax at the subtotal": {false, true}, "with tax at the subtotal": {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := wootest.Demo()
			o.BasePath = "/shop"
			o.Fulfillments = true
			o.PricesIncludeTax, o.RoundAtSubtotal = settings[0], settings[1]
			contract.Run(t, wootest.Start(t, o).URL, wootest.DefaultKey, wootest.DefaultSecret)
		})
	}
}
