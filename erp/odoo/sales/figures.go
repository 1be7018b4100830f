package sales

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// Figures reads the amounts of orders as Odoo has them, in the order of the keys.
func (b *Book) Figures(ctx context.Context, orders []erp.Key) ([]erp.OrderFigures, error) {
	figures := make([]erp.OrderFigures, len(orders))
	ids, err := b.records.IDsOf(ctx, "sale.order", orders, record.ExternalName)
	if err != nil {
		return nil, err
	}
	var list []int64
	for _, id := range ids {
		list = append(list, id)
	}
	snapshots, err := b.Snapshots(ctx, list)
	if err != nil {
		return nil, err
	}
	taxes, err := b.orderTaxes(ctx, snapshots)
	if err != nil {
		return nil, err
	}
	refunds, err := b.Refunded(ctx, snapshots)
	if err != nil {
		return nil, err
	}
	for i, key := range orders {
		figures[i].Key = key
		if s, ok := snapshots[ids[key]]; ok {
			figures[i] = erp.OrderFigures{Key: key, ID: rpc.FormatID(s.ID), Currency: s.Currency.Name, Total: s.Round(s.Total),
				Tax: s.Round(s.Tax), Taxes: taxes[s.ID], State: s.State(), Refunds: refunds[s.ID], InvoiceTotal: s.invoiceTotal()}
		}
	}
	return figures, nil
}

// taxedLine is a line of an order with its taxes, whose field is named differently.
type taxedLine struct {
	rpc.Row
	Order rpc.Link   `json:"order_id"`
	Net   rpc.Amount `json:"price_subtotal"`
	Tax   rpc.Amount `json:"price_tax"`
	Old   []int64    `json:"tax_id"`
	New   []int64    `json:"tax_ids"`
	Split rpc.Text   `json:"x_tandem_split"`
}

// orderTaxes sums the tax of each rate over orders. Odoo tells the tax of a line as one amount: on a line with several
// rates it is shared out as the store did, as long as that is the amount, and by the rates otherwise. Label and rate are the
// store's.
func (b *Book) orderTaxes(ctx context.Context, snapshots map[int64]Snapshot) (map[int64][]erp.OrderTax, error) {
	given := map[int64][]erp.OrderTax{}
	var keys []erp.Key
	var ids []int64
	for id, s := range snapshots {
		var taxes []erp.OrderTax
		_ = json.Unmarshal([]byte(s.Taxes), &taxes) // an adopted order has none
		given[id] = taxes
		ids = append(ids, id)
		for _, t := range taxes {
			keys = append(keys, t.Tax)
		}
	}
	taxIDs, err := b.records.IDsOf(ctx, "account.tax", keys, record.ExternalName)
	if err != nil {
		return nil, err
	}
	lines, err := rpc.SearchBy[taxedLine](ctx, b.rpc, "sale.order.line", "order_id", ids, nil, "order_id", "price_subtotal", "price_tax", rpc.LineTaxes.For(b.rpc.Release), splitField)
	if err != nil {
		return nil, err
	}
	rates, err := b.rates(ctx, lines)
	if err != nil {
		return nil, err
	}
	sums := map[[2]int64]decimal.Decimal{}
	for _, line := range lines {
		for tax, part := range line.shares(rates) {
			sums[[2]int64{line.Order.ID, tax}] = sums[[2]int64{line.Order.ID, tax}].Add(part)
		}
	}
	for id, taxes := range given {
		for i := range taxes {
			taxes[i].Amount = sums[[2]int64{id, taxIDs[taxes[i].Tax]}].Round(snapshots[id].decimals)
		}
	}
	return given, nil
}

// rates reads the percentages of the taxes that lines have.
func (b *Book) rates(ctx context.Context, lines []taxedLine) (map[int64]decimal.Decimal, error) {
	type rate struct {
		rpc.Row
		Amount rpc.Amount `json:"amount"`
	}
	var ids []int64
	for _, line := range lines {
		ids = append(append(ids, line.Old...), line.New...)
	}
	rows, err := rpc.SearchBy[rate](ctx, b.rpc, "account.tax", "id", rpc.Distinct(ids), nil, "amount")
	rates := make(map[int64]decimal.Decimal, len(rows))
	for _, r := range rows {
		rates[r.ID] = r.Amount.Decimal
	}
	return rates, err
}

// shares splits the tax of a line by the rates of its taxes.
func (l taxedLine) shares(rates map[int64]decimal.Decimal) map[int64]decimal.Decimal {
	if split := l.split(); split != nil {
		return split
	}
	taxes := append(append([]int64{}, l.Old...), l.New...)
	sum := decimal.Zero
	for _, tax := range taxes {
		sum = sum.Add(rates[tax])
	}
	shares := make(map[int64]decimal.Decimal, len(taxes))
	for _, tax := range taxes {
		if !sum.IsZero() {
			shares[tax] = l.Tax.Mul(rates[tax]).Div(sum)
		}
	}
	return shares
}
