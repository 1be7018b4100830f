package sales

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// splitField holds what each tax of an order's line is, by the tax's id: Odoo keeps their sum.
const splitField = "x_tandem_split"

// splitOf writes the taxes of a line; "" when there is no more than one, which is all of the sum.
func (refs orderRefs) splitOf(line erp.OrderLine) string {
	if len(line.Taxes) < 2 {
		return ""
	}
	split := make(map[int64]decimal.Decimal, len(line.Taxes))
	for _, t := range line.Taxes {
		id := refs.taxes[t.Tax]
		split[id] = split[id].Add(t.Amount)
	}
	text, _ := json.Marshal(split) // ids and amounts
	return string(text)
}

// split reads what splitOf wrote; nil when the line's taxes are others by now.
func (l taxedLine) split() map[int64]decimal.Decimal {
	var split map[int64]decimal.Decimal
	if json.Unmarshal([]byte(l.Split), &split) != nil {
		return nil
	}
	sum := decimal.Zero
	for _, part := range split {
		sum = sum.Add(part)
	}
	if len(split) != len(l.Old)+len(l.New) || sum.Sub(l.Tax.Decimal).Abs().GreaterThan(decimal.New(1, -6)) {
		return nil
	}
	return split
}
