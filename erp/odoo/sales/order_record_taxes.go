package sales

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// readTaxes reads what Odoo makes of the taxes of the lines, and their keys. Of a group of taxes, those in it count.
func (r *orderReader) readTaxes(ctx context.Context) error {
	var ids []int64
	for _, lines := range r.lines {
		for _, line := range lines {
			ids = append(append(ids, line.Old...), line.New...)
		}
	}
	type group struct {
		rpc.Row
		Kind    rpc.Text `json:"amount_type"`
		Members []int64  `json:"children_tax_ids"`
	}
	rows, err := rpc.SearchBy[group](ctx, r.rpc, "account.tax", "id", rpc.Distinct(ids), nil, "amount_type", "children_tax_ids")
	if err != nil {
		return err
	}
	var plain []int64
	r.members = map[int64][]int64{}
	for _, row := range rows {
		r.members[row.ID] = []int64{row.ID}
		if row.Kind == "group" {
			r.members[row.ID] = row.Members
		}
		plain = append(plain, r.members[row.ID]...)
	}
	plain = rpc.Distinct(plain)
	keys, err := r.records.KeysIn(ctx, r.instance, "account.tax", plain)
	if err != nil {
		return err
	}
	r.taxKeys = make(map[int64]erp.Key, len(plain))
	r.taxes.taxes = make(map[erp.Key]int64, len(plain))
	for _, id := range plain {
		r.taxKeys[id] = keys.OrPending("tax", id)
		r.taxes.taxes[r.taxKeys[id]] = id
	}
	return r.Book.readTaxes(ctx, &r.taxes)
}

// taxesOf lists the taxes of a line.
func (r *orderReader) taxesOf(line heldLine) []int64 {
	var ids []int64
	for _, id := range slices.Concat(line.Old, line.New) {
		ids = append(ids, r.members[id]...)
	}
	return rpc.Distinct(ids)
}

// chargedLines are the lines of an order and its taxes, in whole coins that add up to the order.
type chargedLines struct {
	lines []erp.OrderLine
	rows  []heldLine // as Odoo has them
	taxes []erp.OrderTax
	ids   []int64 // of the taxes
}

// share gives the lines of an order with their taxes. Odoo has the net and the tax of each line, and of the order; in between, it rounds as it is
// set to.
func (r *orderReader) share(row heldOrder) chargedLines {
	rows := slices.DeleteFunc(slices.Clone(r.lines[row.ID]), func(l heldLine) bool {
		return r.named[l.ID] == orderLineKey(erp.Key{Instance: r.instance, ID: r.keyID(row.ID)}, emptyLine)
	})
	places := r.setup.Decimals(row.Currency.Name)
	nets := shareOut(rpc.Map(rows, func(l heldLine) decimal.Decimal { return l.Net.Decimal }), row.Untaxed.Round(places), places)
	out := chargedLines{rows: rows}
	raw := make([][]decimal.Decimal, len(rows)) // of each line, the tax of each of the order's taxes
	for i, line := range rows {
		out.lines = append(out.lines, r.line(line, nets[i], places))
		for _, tax := range r.taxesOf(line) {
			if !slices.Contains(out.ids, tax) {
				out.ids = append(out.ids, tax)
			}
		}
	}
	sums := make([]decimal.Decimal, len(out.ids))
	for i, line := range rows {
		parts := r.parts(line)
		raw[i] = make([]decimal.Decimal, len(out.ids))
		for j, tax := range out.ids {
			raw[i][j] = parts[tax]
			sums[j] = sums[j].Add(parts[tax])
		}
	}
	for j, amount := range shareOut(sums, row.Tax.Round(places), places) {
		tax := out.ids[j]
		out.taxes = append(out.taxes, erp.OrderTax{Tax: r.taxKeys[tax], Rate: r.taxes.rules[tax].rate.Shift(2), Amount: amount})
		var on []int
		var shares []decimal.Decimal
		for i, line := range rows {
			if slices.Contains(r.taxesOf(line), tax) {
				on, shares = append(on, i), append(shares, raw[i][j])
			}
		}
		for k, part := range shareOut(shares, amount, places) {
			line := &out.lines[on[k]]
			line.Taxes = append(line.Taxes, erp.LineTax{Tax: r.taxKeys[tax], Amount: part})
		}
	}
	return out
}

// keyID is the store's id of an order; "" when it has none.
func (r *orderReader) keyID(order int64) string {
	for _, key := range r.orderKeys[order] {
		if key.Instance == r.instance {
			return key.ID
		}
	}
	return ""
}

// parts shares the tax of a line among its taxes: as the store did where that is known, otherwise as their rates make of the line. What is no
// percentage is the rest.
func (r *orderReader) parts(line heldLine) map[int64]decimal.Decimal {
	if split := line.split(); split != nil {
		return split
	}
	ids := r.taxesOf(line)
	taxed := erp.OrderLine{Total: line.Net.Decimal}
	for _, id := range ids {
		taxed.Taxes = append(taxed.Taxes, erp.LineTax{Tax: r.taxKeys[id]})
	}
	parts, rest := make(map[int64]decimal.Decimal, len(ids)), line.Tax.Decimal
	var fixed []int64
	for _, id := range ids {
		if !r.taxes.rules[id].percent {
			fixed = append(fixed, id)
			continue
		}
		parts[id] = r.taxes.expected(taxed, r.taxKeys[id])
		rest = rest.Sub(parts[id])
	}
	if len(fixed) > 0 {
		for _, id := range fixed {
			parts[id] = rest.DivRound(decimal.NewFromInt(int64(len(fixed))), priceDigits)
		}
		return parts
	}
	if sum := line.Tax.Sub(rest); !sum.IsZero() {
		for id := range parts {
			parts[id] = parts[id].Mul(line.Tax.Decimal).DivRound(sum, priceDigits)
		}
	}
	return parts
}

// shareOut rounds amounts so that they add up to a sum, in whole coins. Where rounding each up or down does not get there, the largest one makes
// up for it.
func shareOut(amounts []decimal.Decimal, sum decimal.Decimal, places int32) []decimal.Decimal {
	if parts, ok := erp.ShareCoins(amounts, sum, places); ok {
		return parts
	}
	parts := make([]decimal.Decimal, len(amounts))
	largest := 0
	for i, amount := range amounts {
		parts[i] = amount.Round(places)
		sum = sum.Sub(parts[i])
		if amount.Abs().GreaterThan(amounts[largest].Abs()) {
			largest = i
		}
	}
	if len(parts) > 0 {
		parts[largest] = parts[largest].Add(sum)
	}
	return parts
}
