package contract_test

import (
	"os"
	"testing"

	"tandem/woo/wootest"
	"tandem/woo/wootest/contract"
)

// TestContract checks the store named by STORE_URL, CONSUMER_KEY and CONSUMER_SECRET, or else the simulator.
func TestContract(t *testing.T) {
	url, key, secret := os.Getenv("STORE_URL"), os.Getenv("CONSUMER_KEY"), os.Getenv("CONSUMER_SECRET")
	if url == "" {
		o := wootest.Demo()
		o.BasePath = "/shop"
		url, key, secret = wootest.Start(t, o).URL, wootest.DefaultKey, wootest.DefaultSecret
	}
	contract.Run(t, url, key, secret)
}
