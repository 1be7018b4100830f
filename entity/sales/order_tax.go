package sales

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/entity/tax"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// maxTaxCode is how long the code of a tax may be to stand in a key; a longer one is shortened.
const maxTaxCode = 64

// orderTaxes are the taxes of one order, as the order itself tells them.
type orderTaxes struct {
	taxes  []erp.OrderTax // one per rate, in the order of the store, with the store's own amounts
	claims []tax.Claim    // what the ERP must have for them; those without a percentage name the number's current tax
	named  map[string]erp.Key
	lone   []erp.Key // the taxes without a number in the store
}

// taxesOf reads the tax lines of an order. What an order says of a tax is what it was charged with: the rate that has its
// number in the store today may be another.
func taxesOf(ec mapping.Context, o woo.Order) *orderTaxes {
	found := &orderTaxes{named: map[string]erp.Key{}}
	places := map[erp.Key]int{}
	for _, line := range o.TaxLines {
		amount := line.TaxTotal.Add(line.ShippingTaxTotal.Decimal)
		claimed := claimOf(ec, line)
		key := claimed.Tax.Key
		if i, seen := places[key]; seen {
			found.taxes[i].Amount = found.taxes[i].Amount.Add(amount)
		} else {
			places[key] = len(found.taxes)
			found.taxes = append(found.taxes, erp.OrderTax{Tax: key, Label: mapping.Plain(line.Label), Rate: claimed.Tax.Rate, Amount: amount})
			found.claims = append(found.claims, claimed)
		}
		found.remember(line, key)
	}
	return found
}

// remember notes by what the lines of the order may name a tax: its number first, its code and label otherwise.
func (t *orderTaxes) remember(line woo.TaxLine, key erp.Key) {
	if number := numberOf(line); number != "" {
		t.named[number] = key
	} else {
		t.lone = append(t.lone, key)
	}
	for _, name := range []string{line.RateCode, line.Label} {
		if _, taken := t.named[name]; name != "" && !taken {
			t.named[name] = key
		}
	}
}

// claimOf gives the tax that a tax line states.
func claimOf(ec mapping.Context, line woo.TaxLine) tax.Claim {
	number := numberOf(line)
	if number == "" {
		number = codeOf(line)
	}
	percent, told := percentOf(line)
	if !told {
		return tax.Claim{Number: number, Tax: erp.Tax{Key: tax.CurrentKey(ec, number)}}
	}
	known := tax.Rate{Number: number, Percent: percent, Compound: bool(line.Compound), Country: tax.CountryOfCode(line.RateCode)}
	accounts := ec.Instance.Config.Tax
	return tax.Claim{Number: number, Told: true, Tax: erp.Tax{
		Key: known.Key(ec), Name: titleOf(line, percent), Rate: percent, Country: known.Country, Class: tax.StandardClass,
		Priority: priorityOf(line), Compound: known.Compound, Shipping: !line.ShippingTaxTotal.IsZero(),
		PriceInclude: ec.Instance.Store.PricesIncludeTax,
		Account:      accounts.InvoiceAccount, RefundAccount: accounts.CreditNoteAccount,
	}}
}

// numberOf is the store's number of a rate; empty for one that is not in its table.
func numberOf(line woo.TaxLine) string {
	if number := strings.TrimSpace(string(line.RateID)); number != "0" {
		return number
	}
	return ""
}

// codeOf is what a tax without a number is known by.
func codeOf(line woo.TaxLine) string {
	for _, code := range []string{line.RateCode, line.Label} {
		if code = strings.TrimSpace(code); code == "" {
			continue
		}
		if len(code) > maxTaxCode {
			return mapping.Digest(code)
		}
		return code
	}
	return "unnamed"
}

// percentOf is the percentage that an order was taxed with. Old orders and some tax services do not tell it, or tell 0 of
// a tax that is not 0.
func percentOf(line woo.TaxLine) (percent decimal.Decimal, told bool) {
	none := line.TaxTotal.IsZero() && line.ShippingTaxTotal.IsZero()
	if !line.RatePercent.Valid || line.RatePercent.IsZero() && !none {
		return decimal.Zero, false
	}
	return line.RatePercent.Decimal, true
}

func titleOf(line woo.TaxLine, percent decimal.Decimal) string {
	for _, name := range []string{mapping.Plain(line.Label), mapping.Plain(line.RateCode)} {
		if name != "" {
			return name
		}
	}
	return "Tax " + percent.String() + " %"
}

// priorityOf reads the priority at the end of a rate's code; a tax on top of others comes after them.
func priorityOf(line woo.TaxLine) int {
	at := strings.LastIndex(line.RateCode, "-")
	if priority, err := strconv.Atoi(line.RateCode[at+1:]); err == nil && priority > 0 && priority < 1000 {
		return priority
	}
	if line.Compound {
		return 2
	}
	return 1
}

// ofLine keeps the amount of every rate that applies to a line, as exact as the store gives it.
func (t *orderTaxes) ofLine(ec mapping.Context, taxes []woo.LineTax) ([]erp.LineTax, error) {
	var out []erp.LineTax
	for _, tax := range taxes {
		if !tax.Total.Valid {
			continue
		}
		key, ok := t.find(string(tax.ID))
		if !ok && tax.Total.IsZero() {
			continue
		}
		if !ok {
			if key, ok = t.claimNumber(ec, string(tax.ID)); !ok {
				return nil, mapping.Parked("unknown_tax", "a line names the tax %q, which is not among the order's tax lines: "+
					"recalculate the order in the store and process it again", tax.ID)
			}
		}
		out = append(out, erp.LineTax{Tax: key, Amount: tax.Total.Decimal})
	}
	return out, nil
}

// find gives the tax that a line names. A text that the order does not have is the name of its only tax without a number.
func (t *orderTaxes) find(name string) (erp.Key, bool) {
	if key, ok := t.named[name]; ok {
		return key, true
	}
	if !flow.IsNumber(name) && len(t.lone) == 1 {
		return t.lone[0], true
	}
	return erp.Key{}, false
}

// claimNumber takes a number that no tax line has for the store's tax of today.
func (t *orderTaxes) claimNumber(ec mapping.Context, name string) (erp.Key, bool) {
	if !flow.IsNumber(name) {
		return erp.Key{}, false
	}
	key := tax.CurrentKey(ec, name)
	t.named[name] = key
	t.claims = append(t.claims, tax.Claim{Number: name, Tax: erp.Tax{Key: key}})
	return key, true
}
