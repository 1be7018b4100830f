package entity

import (
	"tandem/erp"
	"tandem/woo"
)

// sumRates adds the tax on goods and on shipping, one entry per rate in the order of the store.
func sumRates(ec Context, lines []woo.TaxLine) []erp.OrderTax {
	var taxes []erp.OrderTax
	at := map[woo.ID]int{}
	for _, line := range lines {
		amount := line.TaxTotal.Add(line.ShippingTaxTotal.Decimal)
		if i, seen := at[line.RateID]; seen {
			taxes[i].Amount = taxes[i].Amount.Add(amount)
			continue
		}
		at[line.RateID] = len(taxes)
		taxes = append(taxes, erp.OrderTax{
			Tax: keyOf(ec, taxName, line.RateID), Label: plain(line.Label), Rate: line.RatePercent.Decimal, Amount: amount,
		})
	}
	return taxes
}
