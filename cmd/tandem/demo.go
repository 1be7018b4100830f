package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/client"
	"tandem/api/gen"
	"tandem/db"
	"tandem/erp/open"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo/wootest"
)

// demoID is the instance that stands for the demo store.
const demoID = "demo"

// demo connects and imports a demo store through the API, as a person would.
type demo struct {
	api      *client.Client
	storeURL string
	out      io.Writer
}

func newDemo() *cobra.Command {
	var storeURL string
	c := remoteCommand("demo", "Connect, activate and import a demo store on a running Tandem", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		if err := demoToken(c.Context()); err != nil {
			return err
		}
		d := demo{api: remote(), storeURL: storeURL, out: c.OutOrStdout()}
		op, _, err := d.run(c.Context())
		if err != nil {
			return err
		}
		return summarise(c, op)
	})
	c.Long += "\n  DATABASE_URL, TANDEM_SECRET_KEY   without a token, one is made that is good for a day"
	c.Flags().StringVar(&storeURL, "store-url", "http://127.0.0.1:8090", `a store that "tandem simulate" runs, as Tandem reaches it`)
	return c
}

// demoToken makes a token where none is given, but the database is.
func demoToken(ctx context.Context) error {
	if os.Getenv("TANDEM_TOKEN") != "" || os.Getenv("DATABASE_URL") == "" {
		return nil
	}
	s, err := settingsFromEnv()
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, s.databaseURL, db.Options{SecretKeys: s.secretKeys, ERPs: open.Drivers()})
	if err != nil {
		return err
	}
	defer d.Close()
	token, _, err := d.CreateToken(ctx, "demo", "admin", 24*time.Hour)
	if err != nil {
		return err
	}
	return os.Setenv("TANDEM_TOKEN", token)
}

// run sets the store up where that was not done before, imports it, and waits for its sale workflows. It gives the
// operation and how many sale workflows ended in which state.
func (d demo) run(ctx context.Context) (gen.Operation, map[string]int, error) {
	var op gen.Operation
	if err := d.setUp(ctx); err != nil {
		return op, nil, err
	}
	fmt.Fprintln(d.out, "importing the demo store")
	if err := d.api.Post(ctx, "/operations", map[string]any{"instances": []string{demoID}, "filter": map[string]string{"kind": "all"}}, &op); err != nil {
		return op, nil, err
	}
	bar := newBars(ctx, d.out)
	defer bar.close()
	op, err := followOperation(ctx, d.api, op.ID, bar, func() error {
		_, _, err := d.showOrders(ctx, bar, false)
		return err
	})
	if err != nil {
		return op, nil, err
	}
	if op.State != "done" {
		return op, nil, fault.New(fault.Unavailable, "the import is %s: %s", op.State, op.Error)
	}
	orders, err := d.watchOrders(ctx, bar)
	if err != nil {
		return op, nil, err
	}
	return op, orders, d.importRefunds(ctx, bar, &op)
}

// refundEntity is the kind of record that refunds are.
const refundEntity = "refund"

// importRefunds books the refunds that waited for the sale workflows of their orders, and takes what became of them into the operation.
func (d demo) importRefunds(ctx context.Context, bar *bars, op *gen.Operation) error {
	var refunds gen.Operation
	asked := map[string]any{"instances": []string{demoID}, "entities": []string{refundEntity}, "filter": map[string]string{"kind": "all"}}
	if err := d.api.Post(ctx, "/operations", asked, &refunds); err != nil {
		return err
	}
	refunds, err := followOperation(ctx, d.api, refunds.ID, bar, func() error { return nil })
	if err != nil {
		return err
	}
	op.Progress = slices.DeleteFunc(op.Progress, func(p gen.Progress) bool { return p.Entity == refundEntity })
	op.Progress = append(op.Progress, refunds.Progress...)
	return nil
}

// setUp makes the instance, connects and activates it. What is done already is left as it is, but for the store's
// address, whose port may differ from start to start.
func (d demo) setUp(ctx context.Context) error {
	var in gen.Instance
	err := d.api.Get(ctx, "/instances/"+demoID, nil, &in)
	switch {
	case fault.Is(err, fault.NotFound):
		err = d.api.Post(ctx, "/instances", gen.NewInstance{
			ID: demoID, Name: "Demo store", StoreURL: d.storeURL,
			ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret,
		}, &in)
	case err == nil && in.StoreURL != d.storeURL:
		err = d.move(ctx, &in)
	}
	if err != nil || in.State == instance.Active {
		return err
	}
	if err := d.api.Post(ctx, "/instances/"+demoID+"/connect", nil, &in); err != nil {
		return err
	}
	fmt.Fprintf(d.out, "connected the demo store: WooCommerce %s, %s\n", in.Store.WooCommerce, in.Store.Currency)
	if err := d.configure(ctx, in); err != nil {
		return err
	}
	return d.api.Post(ctx, "/instances/"+demoID+"/activate", nil, nil)
}

// move gives the instance the store's new address. An active one does not take another, and a moved one is a draft again.
func (d demo) move(ctx context.Context, in *gen.Instance) error {
	if in.State == instance.Active {
		if err := d.api.Post(ctx, "/instances/"+demoID+"/deactivate", nil, nil); err != nil {
			return err
		}
	}
	return d.api.Patch(ctx, "/instances/"+demoID, gen.InstancePatch{
		StoreURL: d.storeURL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret,
	}, in)
}

// configure fills the configuration by choosing from what the ERP offers.
func (d demo) configure(ctx context.Context, in gen.Instance) error {
	var options gen.Options
	if err := d.api.Get(ctx, "/instances/"+demoID+"/options", nil, &options); err != nil {
		return err
	}
	c := in.Config
	c.General = instance.General{
		Company: first(options.Companies), Warehouse: first(options.Warehouses), Currency: in.Store.Currency,
		MultiCurrency: true, Currencies: []string{"USD", "GBP"},
	}
	c.Product = instance.Product{ImportImages: true, ImportPrice: true}
	c.Payment.Term = first(options.PaymentTerms)
	c.Order.Prefix = "WOO/"
	c.Order.ImportThrough = instance.ThroughStatus
	c.Order.Statuses = []string{"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "packed"}
	c.Order.SalesTeam, c.Order.Salesperson = first(options.SalesTeams), first(options.Salespeople)
	c.Order.CustomerAddress, c.Order.GuestCustomers = instance.BillingAddress, true
	c.Order.Workflows = []instance.WorkflowRule{
		{Match: "processing", Workflow: "default"}, {Match: "completed", Workflow: "default"},
		{Match: "refunded", Workflow: "default"}, // invoiced and paid, so that their credit notes have something to give back; not shipped
	}
	c.Stock.Field, c.Stock.Import = instance.FreeQuantity, true
	c.Webhook.Topics = []string{"order.created", "order.updated"}
	return d.api.Patch(ctx, "/instances/"+demoID, map[string]any{"config": c}, nil)
}

func first(choices []gen.Choice) string {
	if len(choices) == 0 {
		return ""
	}
	return choices[0].ID
}

// watchOrders waits until no sale workflow moves any more. Blocked and paused ones wait for a person and are not waited for.
func (d demo) watchOrders(ctx context.Context, bar *bars) (map[string]int, error) {
	for {
		states, moving, err := d.showOrders(ctx, bar, true)
		if err != nil || moving == 0 {
			return states, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// showOrders moves the bar of the sale workflows, which begin while orders still land: all have ended only when all of them
// have landed. It gives how many are in which state, and how many still move.
func (d demo) showOrders(ctx context.Context, bar *bars, landed bool) (states map[string]int, moving int, err error) {
	var counted gen.OrderCounts
	if err := d.api.Get(ctx, "/orders/counts", given("instance", demoID), &counted); err != nil {
		return nil, 0, err
	}
	total := 0
	for _, n := range counted.States {
		total += n
	}
	moving = counted.States["due"] + counted.States["running"]
	if total > 0 {
		bar.set("orders", "sale workflows", int64(total-moving), int64(total), landed && moving == 0, "")
	}
	return counted.States, moving, nil
}
