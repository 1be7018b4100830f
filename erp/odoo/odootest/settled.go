package odootest

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/shopspring/decimal"
)

// told is what a line of an order was told to come to, until what it is worked out of changes.
type told struct {
	Net, Tax decimal.Decimal
	Of       string
}

// settleLine keeps the amounts that a line is told, in place of those that Odoo works out.
func settleLine(line record, values map[string]any) map[string]any {
	net, ok := values["price_subtotal"]
	if !ok {
		return values
	}
	values = maps.Clone(values)
	text, _ := json.Marshal(told{figure(net), figure(values["price_tax"]), workedOutOf(line)})
	for _, name := range []string{"price_subtotal", "price_tax", "price_total"} {
		delete(values, name)
	}
	values["settled"] = string(text)
	return values
}

// figure reads an amount that is written.
func figure(value any) decimal.Decimal { return decimal.RequireFromString(fmt.Sprint(value)) }

// workedOutOf names what a line's amounts depend on.
func workedOutOf(line record) string {
	return fmt.Sprint(line.amount("price_unit"), line.amount("product_uom_qty"), line.amount("discount"), line.get(line.taxField()))
}

// extraTaxData is what a line of Odoo 19 knows of its taxes beforehand.
type extraTaxData struct {
	Price    decimal.Decimal `json:"price_unit"`
	Quantity decimal.Decimal `json:"quantity"`
	Net      decimal.Decimal `json:"manual_total_excluded_currency"`
	Taxes    map[int64]struct {
		Amount decimal.Decimal `json:"tax_amount_currency"`
	} `json:"manual_tax_amounts"`
}

func extraTaxDataOf(line record) (extraTaxData, bool) {
	var data extraTaxData
	if line.version < 19 || json.Unmarshal([]byte(line.text("extra_tax_data")), &data) != nil {
		return data, false
	}
	return data, data.Price.Equal(line.amount("price_unit")) && data.Quantity.Equal(line.amount("product_uom_qty"))
}

// settledPrice is what a line was told to come to.
func settledPrice(line record) (price, bool) {
	if data, ok := extraTaxDataOf(line); ok {
		p := price{net: data.Net}
		for _, t := range data.Taxes {
			p.tax = p.tax.Add(t.Amount)
		}
		return p, true
	}
	var t told
	if json.Unmarshal([]byte(line.text("settled")), &t) == nil && t.Of == workedOutOf(line) {
		return price{t.Net, t.Tax}, true
	}
	return price{}, false
}

// taxesOf sums the taxes of lines. The tax of a line with several is shared out by their rates.
func taxesOf(lines []record) map[int64]decimal.Decimal {
	sums := map[int64]decimal.Decimal{}
	for _, line := range lines {
		data, exact := extraTaxDataOf(line)
		taxes, rates := line.many(line.taxField()), decimal.Zero
		for _, tax := range taxes {
			rates = rates.Add(tax.amount("amount"))
		}
		for _, tax := range taxes {
			amount := data.Taxes[tax.id].Amount
			if !exact && !rates.IsZero() {
				amount = priceOf(line).tax.Mul(tax.amount("amount")).Div(rates).Round(2)
			}
			sums[tax.id] = sums[tax.id].Add(amount)
		}
	}
	return sums
}
