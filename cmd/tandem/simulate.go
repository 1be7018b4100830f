package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tandem/fault"
	"tandem/woo/wootest"
)

func newSimulate() *cobra.Command {
	o := wootest.Demo()
	var listen, faults string
	var products, customers, orders int
	c := &cobra.Command{
		Use: "simulate", Short: "Run a simulated WooCommerce store", Args: cobra.NoArgs,
		Long: `Run a WooCommerce store that lives in memory: the REST API v3 with seeded, repeatable records, for trials and tests.
Faults can be changed while it runs: PUT /__sim/faults. Counts of requests are at /__sim/stats. docs/simulated-store.md
lists the fields of a fault plan.`,
		RunE: func(c *cobra.Command, _ []string) error {
			sized := wootest.Sized(products, customers, orders)
			o.Products, o.Variable, o.Customers, o.Orders = sized.Products, sized.Variable, sized.Customers, sized.Orders
			if faults != "" {
				var err error
				if o.Faults, err = readFaults(faults); err != nil {
					return err
				}
			}
			began := time.Now()
			return wootest.Serve(c.Context(), o, listen, func(s *wootest.Server) {
				fmt.Fprintf(c.OutOrStdout(), "store %s with %d products, %d customers and %d orders, ready in %s\nkey %s\nsecret %s\n",
					s.URL, o.Products, o.Customers, o.Orders, time.Since(began).Round(time.Millisecond), wootest.DefaultKey, wootest.DefaultSecret)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:8090", "address to listen on; port 0 takes a free one")
	f.IntVar(&products, "products", o.Products, "products")
	f.IntVar(&customers, "customers", o.Customers, "registered customers")
	f.IntVar(&orders, "orders", o.Orders, "orders")
	f.Int64Var(&o.Seed, "seed", 1, "another seed gives another store")
	f.StringVar(&faults, "faults", "", `JSON file with a fault plan, e.g. {"rate_500":0.1,"rate_cut":0.05}`)
	f.DurationVar(&o.PageLatency, "page-latency", 0, "each list request takes at least this long")
	f.IntVar(&o.Readers, "readers", 0, "so many requests are served at once, the rest queue; 0 is no limit")
	f.BoolVar(&o.PricesIncludeTax, "prices-include-tax", false, "prices are entered with tax")
	f.BoolVar(&o.RoundAtSubtotal, "round-at-subtotal", false, "taxes are rounded once per order instead of line by line")
	f.BoolVar(&o.Fulfillments, "fulfillments", false, "the feature for fulfillments is switched on")
	f.BoolVar(&o.ShipmentTracking, "shipment-tracking", false, "the plugin Shipment Tracking keeps tracking numbers")
	f.BoolVar(&o.AdvancedShipmentTracking, "advanced-shipment-tracking", false, "the plugin Advanced Shipment Tracking does")
	f.BoolVar(&o.ShippingDisabled, "shipping-disabled", false, "shipping is switched off: /shipping/zones answers 404")
	f.StringSliceVar(&o.Currencies, "currencies", o.Currencies, "currencies of orders; the first is the store's own")
	f.DurationVar(&o.WebhookDelay, "webhook-delay", time.Second, "so long after a change the webhooks that report it are delivered")
	f.BoolVar(&o.PlainPermalinks, "plain-permalinks", false, "the site has plain permalinks: the REST API is at ?rest_route= only, and no keys are made")
	f.StringVar(&o.BasePath, "base-path", "", `sub-folder of the site, e.g. "/shop"`)
	return c
}

func readFaults(file string) (wootest.Faults, error) {
	plan, err := os.Open(file)
	if err != nil {
		return wootest.Faults{}, fault.Wrap(fault.Invalid, err, "cannot read the fault plan %s", file)
	}
	defer plan.Close()
	faults, err := wootest.ParseFaults(plan)
	if err != nil {
		return wootest.Faults{}, fault.Wrap(fault.Invalid, err, "%s: %v", file, err)
	}
	return faults, nil
}
