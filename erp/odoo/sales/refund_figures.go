package sales

import (
	"context"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// refundEntity is the entity of the keys of refunds.
const refundEntity = "refund"

// Refunded reads the credit notes of orders, by order. Those that a person made have no key and are none of the store's.
func (b *Book) Refunded(ctx context.Context, orders map[int64]Snapshot) (map[int64][]erp.RefundFigures, error) {
	of := map[int64]Snapshot{} // by invoice
	for _, s := range orders {
		for _, i := range s.postedInvoices() {
			of[i.ID] = s
		}
	}
	notes, err := rpc.SearchBy[bookedMove](ctx, b.rpc, "account.move", "reversed_entry_id", idsIn(of),
		[]any{rpc.Where("state", "=", "posted"), rpc.Where("move_type", "=", "out_refund")}, bookedColumns...)
	if err != nil || len(notes) == 0 {
		return nil, err
	}
	ids := rpc.Map(notes, func(n bookedMove) int64 { return n.ID })
	names, err := b.records.NamesOf(ctx, "account.move", ids)
	if err != nil {
		return nil, err
	}
	taxes, err := b.noteTaxes(ctx, ids)
	figures := map[int64][]erp.RefundFigures{}
	for _, n := range notes {
		s := of[n.Origin.ID]
		key, ok := record.KeyOf(names[n.ID])
		if !ok || key.Entity != refundEntity {
			continue
		}
		f := erp.RefundFigures{Key: key, ID: rpc.FormatID(n.ID), Number: string(n.Name), Total: s.Round(n.Total), Tax: s.Round(n.Tax),
			PaidOut: n.paid() || s.Round(n.Residual).IsZero(), Reversed: string(n.Stamp) == reversedStamp(key)}
		for _, t := range taxes[n.ID] {
			t.Amount = t.Amount.Round(s.decimals)
			f.Taxes = append(f.Taxes, t)
		}
		figures[s.ID] = append(figures[s.ID], f)
	}
	return figures, err
}

// noteTaxSums reads the tax of credit notes, by credit note and tax, with the taxes that there are.
func (b *Book) noteTaxSums(ctx context.Context, notes []int64) (sums map[[2]int64]decimal.Decimal, taxes []int64, err error) {
	rows, err := rpc.SearchBy[entryLine](ctx, b.rpc, "account.move.line", "move_id", notes, []any{rpc.Where("tax_line_id", "!=", false)}, entryColumns...)
	sums = map[[2]int64]decimal.Decimal{}
	for _, line := range rows {
		at := [2]int64{line.Move.ID, line.Tax.ID}
		sums[at] = sums[at].Add(line.Amount.Decimal)
		taxes = append(taxes, line.Tax.ID)
	}
	return sums, rpc.Distinct(taxes), err
}

// noteTaxes reads the tax of each rate of credit notes.
func (b *Book) noteTaxes(ctx context.Context, notes []int64) (map[int64][]erp.OrderTax, error) {
	sums, ids, err := b.noteTaxSums(ctx, notes)
	if err != nil {
		return nil, err
	}
	names, err := b.records.NamesOf(ctx, "account.tax", ids)
	taxes := map[int64][]erp.OrderTax{}
	for at, amount := range sums {
		key, _ := record.KeyOf(names[at[1]])
		taxes[at[0]] = append(taxes[at[0]], erp.OrderTax{Tax: key, Amount: amount})
	}
	return taxes, err
}
