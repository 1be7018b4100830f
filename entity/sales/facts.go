package sales

import (
	"encoding/json"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/erp"
	"tandem/instance"
	"tandem/report/fact"
	"tandem/woo"
)

// noteOrderFacts says of a landed order what reports count. An edit that a person refused is not in the ERP: what was noted before stays.
func noteOrderFacts(a *orderAttempt) error {
	if !a.Outcome.Landed() || a.Value.order.Edits == erp.RefuseEdits {
		return nil
	}
	encoded, err := json.Marshal(fact.Facts{Sale: orderFact(a.Value.order, a.Value.partner.Key, a.Record.Order)})
	a.Outcome.Facts = encoded
	return err
}

// noteRefundFacts says of a landed refund what reports count. One that is kept although the store deleted it, stays as it was noted.
func noteRefundFacts(ec mapping.Context, a *refundAttempt) error {
	if !a.Outcome.Landed() || a.Value.keep {
		return nil
	}
	sale := fact.Sale{ID: a.Record.id, Kind: fact.Refund, Taken: true}
	if !a.Value.reverse {
		sale = *refundFact(ec, a.Value.refund, a.Record)
	}
	encoded, err := json.Marshal(fact.Facts{Sale: &sale})
	a.Outcome.Facts = encoded
	return err
}

// orderFact is an order as reports count it.
func orderFact(o erp.Order, customer erp.Key, record woo.Order) *fact.Sale {
	return &fact.Sale{
		ID: record.ID.String(), Kind: fact.Order, Order: record.ID.String(), Number: o.Number, At: o.Date, Currency: o.Currency,
		Status: record.Status, Gateway: record.PaymentMethod, Country: countryOf(record), Customer: customerText(customer),
		Lines: factLines(o.Lines, nil, o.Taxes, o.Currency, record),
	}
}

// refundFact is a refund as reports count it: under what its order was sold as.
func refundFact(ec mapping.Context, r erp.Refund, record refundRecord) *fact.Sale {
	order := record.order
	of := make([]string, len(r.Lines))
	for i, line := range r.Lines {
		of[i] = line.Of
	}
	return &fact.Sale{
		ID: record.id, Kind: fact.Refund, Order: order.ID.String(), Number: r.Number, At: r.Date, Currency: r.Currency,
		Status: order.Status, Gateway: order.PaymentMethod, Country: countryOf(order), Customer: customerText(customerOf(ec, order).partner.Key),
		Lines: factLines(orderLinesOf(r.Lines), of, r.Taxes, r.Currency, order),
	}
}

// countryOf is where the goods of an order go.
func countryOf(o woo.Order) string { return partner.FirstText(o.Shipping.Country, o.Billing.Country) }

// customerText names a customer without saying who it is.
func customerText(key erp.Key) string {
	if key.Entity == guestName {
		return guestName + ":" + key.ID
	}
	return key.ID
}

// factLines are the lines of a sale with what they sold and their taxes. of names for each line of a refund the order's line.
func factLines(lines []erp.OrderLine, of []string, taxes []erp.OrderTax, currency string, order woo.Order) []fact.Line {
	items := map[string]woo.LineItem{}
	for _, item := range order.LineItems {
		items[item.ID.String()] = item
	}
	facts := make([]fact.Line, len(lines))
	for i, line := range lines {
		facts[i] = fact.Line{ID: line.ID, Kind: string(line.Kind), Name: line.Description, Net: line.Total, Discount: line.Discount}
		if line.Kind != erp.ProductLine {
			continue
		}
		sold := line.ID
		if of != nil {
			sold, facts[i].Of = of[i], of[i]
		}
		facts[i].Units = line.Quantity
		if item, ok := items[sold]; ok {
			facts[i].Product, facts[i].Variant = productText(item.ProductID), productText(item.VariationID)
			if facts[i].Variant == "" {
				facts[i].Variant = facts[i].Product
			}
		}
	}
	return withTaxes(facts, lines, taxes, instance.CurrencyDecimals(currency))
}

func productText(id woo.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// withTaxes gives each line its part of the tax of each rate, in whole coins: the lines then add up to what was booked, whatever they are
// grouped by.
func withTaxes(facts []fact.Line, lines []erp.OrderLine, taxes []erp.OrderTax, places int32) []fact.Line {
	for _, tax := range taxes {
		exact := make([]decimal.Decimal, len(lines))
		for i, line := range lines {
			for _, part := range line.Taxes {
				if part.Tax == tax.Tax {
					exact[i] = exact[i].Add(part.Amount)
				}
			}
		}
		for i, amount := range shareTax(exact, lines, tax.Amount, places) {
			if !amount.IsZero() {
				facts[i].Taxes = append(facts[i].Taxes, fact.Tax{Key: tax.Tax.ID, Label: tax.Label, Rate: tax.Rate, Amount: amount})
			}
		}
	}
	return facts
}

// shareTax shares a tax out over lines: as the store calculated it on each where that comes to the tax but for rounding, in proportion to
// that or else to their amounts otherwise, and to the first line where there is nothing to go by.
func shareTax(exact []decimal.Decimal, lines []erp.OrderLine, tax decimal.Decimal, places int32) []decimal.Decimal {
	if parts, ok := erp.ShareCoins(exact, tax, places); ok {
		return parts
	}
	nets := make([]decimal.Decimal, len(lines))
	for i, line := range lines {
		nets[i] = line.Total
	}
	for _, weights := range [][]decimal.Decimal{exact, nets} {
		if parts, ok := erp.ShareCoins(inProportion(weights, tax), tax, places); ok {
			return parts
		}
	}
	parts := make([]decimal.Decimal, len(lines))
	if len(parts) > 0 {
		parts[0] = tax
	}
	return parts
}

// inProportion divides an amount by weights; by none when they come to nothing.
func inProportion(weights []decimal.Decimal, amount decimal.Decimal) []decimal.Decimal {
	parts := make([]decimal.Decimal, len(weights))
	whole := add(weights)
	if whole.IsZero() {
		return parts
	}
	for i, weight := range weights {
		parts[i] = amount.Mul(weight).DivRound(whole, 12)
	}
	return parts
}
