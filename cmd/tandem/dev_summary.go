package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/instance"
	"tandem/woo/wootest"
)

// summary is what "tandem dev" found on both sides.
type summary struct {
	OK         bool            `json:"ok"`
	Entities   []entitySummary `json:"entities"`
	Money      []moneySummary  `json:"money"`
	Refunds    []moneySummary  `json:"refunds"`
	Stock      stockSummary    `json:"stock"`
	SaleOrders map[string]int  `json:"sale_orders"`
}

// entitySummary compares the records of one entity.
type entitySummary struct {
	Entity  string  `json:"entity"`
	Store   int     `json:"store"` // as the store counts them
	Landed  int     `json:"landed"`
	Same    int     `json:"unchanged"` // of those landed: the ERP held exactly this already
	Parked  int     `json:"parked"`
	Failed  int     `json:"failed"`
	Seconds float64 `json:"seconds"`
}

// moneySummary compares the order totals in one currency, tax included, as decimal strings.
type moneySummary struct {
	Currency string `json:"currency"`
	Store    string `json:"store"`
	ERP      string `json:"erp"`
}

// stockSummary compares the stock figures of everything the store keeps stock of.
type stockSummary struct {
	Products int `json:"products"`
	Equal    int `json:"equal"`
}

// compare reads both sides. The store's figures come from the store itself, not from what was imported.
func (d *dev) compare(ctx context.Context, op gen.Operation, orders map[string]int) (summary, error) {
	inst, err := d.process.db.Instance(ctx, demoID)
	if err != nil {
		return summary{}, err
	}
	backend, err := d.process.connections.Backend(ctx, inst)
	if err != nil {
		return summary{}, err
	}
	totals, err := backend.Totals(ctx, demoID)
	if err != nil {
		return summary{}, err
	}
	s := summary{SaleOrders: map[string]int{
		"shipped": totals.Shipped, "invoiced": totals.Invoiced, "paid": totals.Paid, "blocked": orders["blocked"],
	}}
	for _, p := range op.Progress {
		s.Entities = append(s.Entities, entityOf(p))
	}
	store := d.store.server.OrderTotals()
	s.Money = moneyOf(store, totals.Orders, func(t wootest.Totals) decimal.Decimal { return t.Total })
	s.Refunds = moneyOf(store, totals.Refunds, func(t wootest.Totals) decimal.Decimal { return t.Refunded })
	if s.Stock, err = d.compareStock(ctx, inst, backend); err != nil {
		return summary{}, err
	}
	s.OK = s.agrees() && totals.Shipped == orders["done"] && orders["blocked"]+orders["paused"] == 0
	return s, nil
}

func entityOf(p gen.Progress) entitySummary {
	return entitySummary{
		Entity: p.Entity, Store: p.Total, Landed: p.Created + p.Updated + p.Unchanged, Same: p.Unchanged, Parked: p.Parked, Failed: p.Failed,
		Seconds: float64(p.FinishedAt.Sub(p.StartedAt).Milliseconds()) / 1000,
	}
}

// moneyOf pairs the currencies of both sides; one that only one side has shows as zero on the other.
func moneyOf(store map[string]wootest.Totals, landed []erp.MoneyTotal, sum func(wootest.Totals) decimal.Decimal) []moneySummary {
	var pairs []moneySummary
	seen := map[string]bool{}
	for _, m := range landed {
		seen[m.Currency] = true
		pairs = append(pairs, moneySummary{m.Currency, sum(store[m.Currency]).StringFixed(2), m.Total.StringFixed(2)})
	}
	for currency, t := range store {
		if !seen[currency] {
			pairs = append(pairs, moneySummary{currency, sum(t).StringFixed(2), "0.00"})
		}
	}
	return pairs
}

func (d *dev) compareStock(ctx context.Context, inst instance.Instance, backend erp.Stock) (stockSummary, error) {
	var keys []erp.Key
	var store []decimal.Decimal
	for id, quantity := range d.store.server.Stock() {
		keys = append(keys, erp.Key{Instance: demoID, Entity: "product", ID: strconv.Itoa(id)})
		store = append(store, decimal.NewFromInt(int64(quantity)))
	}
	figures, err := backend.Quantities(ctx, inst.Config.General.Warehouse, keys)
	if err != nil {
		return stockSummary{}, err
	}
	s := stockSummary{Products: len(keys)}
	for i, f := range figures {
		if f.Free().Equal(store[i]) {
			s.Equal++
		}
	}
	return s, nil
}

// agrees reports whether every figure is the same on both sides.
func (s summary) agrees() bool {
	for _, e := range s.Entities {
		if e.Store != e.Landed || e.Parked+e.Failed > 0 {
			return false
		}
	}
	for _, m := range slices.Concat(s.Money, s.Refunds) {
		if m.Store != m.ERP {
			return false
		}
	}
	return s.Stock.Products == s.Stock.Equal
}

func (s summary) print(w io.Writer) error {
	var rows [][]any
	for _, e := range s.Entities {
		rows = append(rows, []any{e.Entity, e.Store, e.Landed, e.Same, e.Parked, e.Failed, fmt.Sprintf("%.1f s", e.Seconds)})
	}
	fmt.Fprintln(w)
	if err := printTable(w, []any{"ENTITY", "STORE", "LANDED", "UNCHANGED", "PARKED", "FAILED", "TOOK"}, rows, "nothing was imported"); err != nil {
		return err
	}
	fmt.Fprintln(w)
	rows = nil
	for _, m := range s.Money {
		rows = append(rows, []any{m.Currency, m.Store, m.ERP})
	}
	if err := printTable(w, []any{"ORDER TOTALS", "STORE", "ERP"}, rows, "no orders"); err != nil {
		return err
	}
	rows = nil
	for _, m := range s.Refunds {
		rows = append(rows, []any{m.Currency, m.Store, m.ERP})
	}
	fmt.Fprintln(w)
	if err := printTable(w, []any{"REFUND TOTALS", "STORE", "ERP"}, rows, "no refunds"); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nstock figures equal      %d of %d\n", s.Stock.Equal, s.Stock.Products)
	fmt.Fprintf(w, "orders invoiced, paid, shipped   %d, %d, %d\n", s.SaleOrders["invoiced"], s.SaleOrders["paid"], s.SaleOrders["shipped"])
	verdict := "both sides agree"
	if !s.OK {
		verdict = "the sides DIFFER: see the figures above, and: tandem jobs --state parked"
	}
	_, err := fmt.Fprintln(w, verdict)
	return err
}

func printJSONLine(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }
