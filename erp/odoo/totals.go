package odoo

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// totalsChunk is how many orders are summed up at a time.
const totalsChunk = 500

// Totals sums up what one instance landed. Odoo is read in parts, so what changes meanwhile may be in one figure and not
// in another.
func (b *Backend) Totals(ctx context.Context, instance string) (erp.Totals, error) {
	totals := erp.Totals{Records: map[string]int{}}
	if _, err := b.records.Prepared(ctx); err != nil {
		return totals, err
	}
	rows, err := rpc.Search[record.Bound](ctx, b.rpc, "ir.model.data",
		[]any{rpc.Where("module", "=", record.Module), rpc.Where("name", "=like", record.InstancePattern(instance))}, "name", "model", "res_id")
	if err != nil {
		return totals, err
	}
	orders := b.countRecords(instance, rows, totals.Records)
	sums := orderSums{orders: map[string]*erp.MoneyTotal{}, refunds: map[string]*erp.MoneyTotal{}, postings: map[string]*erp.PostingTotal{}}
	err = rpc.Chunks(orders, totalsChunk, func(part []int64) error { return b.sumOrders(ctx, part, &totals, sums) })
	totals.Orders, totals.Refunds, totals.Postings = sums.list()
	return totals, err
}

// countRecords counts the records of an instance by the entity of their key, and gives its orders. A variation counts as
// part of its product, and a record that has several keys of one entity counts once.
func (b *Backend) countRecords(instance string, rows []record.Bound, records map[string]int) (orders []int64) {
	homes := homes(b.rpc.Release)
	seen := map[string]bool{}
	for _, r := range rows {
		key, ok := record.KeyOf(r.Name)
		home := homes[key.Entity]
		if key.Entity == "refund" {
			home = "account.move"
		}
		if !ok || key.Instance != instance || home == "" || r.Model == "product.product" {
			continue
		}
		if record := strings.Join([]string{key.Entity, r.Model, rpc.FormatID(r.ResID)}, "/"); !seen[record] {
			seen[record] = true
			records[key.Entity]++
			if r.Model == "sale.order" {
				orders = append(orders, r.ResID)
			}
		}
	}
	return orders
}

// orderSums are sums by currency.
type orderSums struct {
	orders   map[string]*erp.MoneyTotal
	refunds  map[string]*erp.MoneyTotal
	postings map[string]*erp.PostingTotal
}

func (b *Backend) sumOrders(ctx context.Context, ids []int64, totals *erp.Totals, sums orderSums) error {
	snapshots, err := b.sales.Snapshots(ctx, ids)
	if err != nil {
		return err
	}
	refunds, err := b.sales.Refunded(ctx, snapshots)
	if err != nil {
		return err
	}
	var invoices []int64
	for id, s := range snapshots {
		addMoney(sums.orders, s.Currency.Name, s.Round(s.Total), s.Round(s.Tax))
		for _, r := range refunds[id] {
			if !r.Reversed {
				addMoney(sums.refunds, s.Currency.Name, r.Total, r.Tax)
			}
		}
		state := s.State()
		totals.Shipped += one(state.Shipped)
		totals.Invoiced += one(state.Invoiced)
		totals.Paid += one(state.Paid)
		if invoice, ok := s.Invoice(); ok {
			invoices = append(invoices, invoice.ID)
		}
	}
	return b.sumPostings(ctx, invoices, sums)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func addMoney(sums map[string]*erp.MoneyTotal, currency string, total, tax decimal.Decimal) {
	if sums[currency] == nil {
		sums[currency] = &erp.MoneyTotal{Currency: currency}
	}
	sum := sums[currency]
	sum.Count++
	sum.Total, sum.Tax = sum.Total.Add(total), sum.Tax.Add(tax)
}

// posting is an account.move.line.
type posting struct {
	rpc.Row
	Move     rpc.Link   `json:"move_id"`
	Currency rpc.Link   `json:"currency_id"`
	Amount   rpc.Amount `json:"amount_currency"`
}

// sumPostings sums what invoices and their payments posted, in the currency of each.
func (b *Backend) sumPostings(ctx context.Context, invoices []int64, sums orderSums) error {
	s, err := b.records.Prepared(ctx)
	if err != nil {
		return err
	}
	payments, err := b.paymentMoves(ctx, invoices)
	if err != nil {
		return err
	}
	lines, err := rpc.SearchBy[posting](ctx, b.rpc, "account.move.line", "move_id", rpc.Distinct(slices.Concat(invoices, payments)),
		[]any{rpc.Where("parent_state", "=", "posted")}, "move_id", "currency_id", "amount_currency")
	for _, line := range lines {
		code := line.Currency.Name
		if sums.postings[code] == nil {
			sums.postings[code] = &erp.PostingTotal{Currency: code}
		}
		total, amount := sums.postings[code], line.Amount.Round(s.Decimals(code))
		if amount.IsNegative() {
			total.Credit = total.Credit.Sub(amount)
		} else {
			total.Debit = total.Debit.Add(amount)
		}
	}
	return err
}

// paymentMoves finds the entries that paid invoices.
func (b *Backend) paymentMoves(ctx context.Context, invoices []int64) ([]int64, error) {
	type match struct {
		rpc.Row
		Credit rpc.Link `json:"credit_move_id"`
	}
	matches, err := rpc.SearchBy[match](ctx, b.rpc, "account.partial.reconcile", "debit_move_id.move_id", invoices, nil, "credit_move_id")
	if err != nil {
		return nil, err
	}
	lines, err := rpc.SearchByID[posting](ctx, b.rpc, "account.move.line", rpc.Map(matches, func(m match) int64 { return m.Credit.ID }), "move_id")
	var moves []int64
	for _, line := range lines {
		moves = append(moves, line.Move.ID)
	}
	return moves, err
}

func (sums orderSums) list() (orders, refunds []erp.MoneyTotal, postings []erp.PostingTotal) {
	for _, code := range slices.Sorted(maps.Keys(sums.orders)) {
		orders = append(orders, *sums.orders[code])
	}
	for _, code := range slices.Sorted(maps.Keys(sums.refunds)) {
		refunds = append(refunds, *sums.refunds[code])
	}
	for _, code := range slices.Sorted(maps.Keys(sums.postings)) {
		postings = append(postings, *sums.postings[code])
	}
	return orders, refunds, postings
}
