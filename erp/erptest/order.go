package erptest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// order makes an order over the lines whose taxes and totals agree, as the store's mapping does: taxes are rounded per
// rate to cents.
func (s *store) order(id int, lines ...erp.OrderLine) erp.Order {
	o := erp.Order{
		Key: s.key("order", id), Number: fmt.Sprintf("WEB-%d", id), Date: ordered, Currency: "EUR",
		Partner:         s.key("customer", buyer),
		InvoiceAddress:  s.key("address", billing),
		DeliveryAddress: s.key("address", shipping),
		PriceList:       s.key("price_list", regularList),
		Warehouse:       s.warehouse,
		PaymentTerm:     first(s.options.PaymentTerms),
		SalesTeam:       first(s.options.SalesTeams),
		Salesperson:     first(s.options.Salespeople),
		Lines:           lines,
		StoreStatus:     "processing",
		Gateway:         "bacs",
	}
	for i := range o.Lines {
		o.Lines[i].ID = fmt.Sprint(i + 1)
	}
	return total(o, 2)
}

func first(choices []erp.Choice) string {
	if len(choices) == 0 {
		return ""
	}
	return choices[0].ID
}

// total sets the taxes per rate and the totals from the lines.
func total(o erp.Order, decimals int32) erp.Order {
	o.Taxes, o.Tax, o.Untaxed = nil, decimal.Zero, decimal.Zero
	place := map[erp.Key]int{}
	for _, line := range o.Lines {
		o.Untaxed = o.Untaxed.Add(line.Total)
		for _, tax := range line.Taxes {
			if _, ok := place[tax.Tax]; !ok {
				place[tax.Tax] = len(o.Taxes)
				o.Taxes = append(o.Taxes, erp.OrderTax{Tax: tax.Tax, Label: "VAT", Rate: dec("20")})
			}
			rate := &o.Taxes[place[tax.Tax]]
			rate.Amount = rate.Amount.Add(tax.Amount)
		}
	}
	for i := range o.Taxes {
		o.Taxes[i].Amount = o.Taxes[i].Amount.Round(decimals)
		o.Tax = o.Tax.Add(o.Taxes[i].Amount)
	}
	o.Untaxed = o.Untaxed.Round(decimals)
	o.Total = o.Untaxed.Add(o.Tax)
	return o
}

// goods is a line of so many of a product that the store has not set aside.
func (s *store) goods(product int, quantity, amount string) erp.OrderLine {
	line := erp.OrderLine{Kind: erp.ProductLine, Product: s.key("product", product), Description: "goods",
		Quantity: dec(quantity), Total: dec(amount)}
	line.UnitPrice = line.Total.DivRound(line.Quantity, 6)
	return line
}

// aside is a line of goods that the store has set aside.
func (s *store) aside(product int, quantity, amount string) erp.OrderLine {
	line := s.goods(product, quantity, amount)
	line.SetAside = line.Quantity
	return line
}

// charge is a shipping, fee or rounding line.
func (s *store) charge(kind erp.LineKind, amount string) erp.OrderLine {
	return erp.OrderLine{Kind: kind, Description: string(kind), Quantity: dec("1"), UnitPrice: dec(amount), Total: dec(amount)}
}

// taxed adds the unrounded tax of one rate to a line.
func (s *store) taxed(line erp.OrderLine, rate int, amount string) erp.OrderLine {
	line.Taxes = append(line.Taxes, erp.LineTax{Tax: s.key("tax", rate), Amount: dec(amount)})
	return line
}

func putOrders(b erp.Backend, t *testing.T, batch []erp.Order) ([]erp.Outcome, error) {
	return b.UpsertOrders(t.Context(), batch)
}

// plainOrder gives an order of a shop that is not stocked up yet. putStocked does that and names the warehouse.
func (s shop) plainOrder(id int) erp.Order {
	return (&store{shop: s}).order(id, (&store{shop: s}).aside(mug, "1", "10"))
}

// putStocked lands orders along with what they refer to.
func putStocked(b erp.Backend, t *testing.T, batch []erp.Order) ([]erp.Outcome, error) {
	options, err := b.Options(t.Context())
	if err != nil {
		return nil, err
	}
	batch = slices.Clone(batch)
	stocked := map[string]bool{"": true}
	for i := range batch {
		batch[i].Warehouse = options.Warehouses[0].ID
		if instance := batch[i].Key.Instance; !stocked[instance] {
			stocked[instance] = true
			if err := (shop{Backend: b, instance: instance}).stockUp(t.Context()); err != nil {
				return nil, err
			}
		}
	}
	return b.UpsertOrders(t.Context(), batch)
}
