package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/api/gen"
	"tandem/erp"
)

// pricePlaces is to how many decimals people give prices.
const pricePlaces = 8

// ledgerOrder shows an order of the ledger.
func ledgerOrder(v erp.Version[erp.SaleOrder]) gen.LedgerOrder {
	o := v.Record
	view := gen.LedgerOrder{
		ID: v.ID, Version: v.Number, Number: o.Number, Stage: o.State.Stage, Instance: o.Store, Date: o.Date, Currency: o.Currency,
		Partner: erp.OwnID(o.Partner), InvoiceAddress: erp.OwnID(o.InvoiceAddress), DeliveryAddress: erp.OwnID(o.DeliveryAddress),
		PriceList: erp.OwnID(o.PriceList), Warehouse: o.Warehouse, PaymentTerm: o.PaymentTerm, SalesTeam: o.SalesTeam, Salesperson: o.Salesperson,
		Lines: collect(o.Lines, ledgerOrderLine), Note: o.CustomerNote, Fields: o.Fields,
		Untaxed: o.Untaxed.String(), Tax: o.Tax.String(), Total: o.Total.String(), Taxes: collect(o.Taxes, ledgerOrderTax),
		Paid: o.State.Paid, Shipped: o.State.Shipped, PartlyShipped: o.State.PartlyShipped,
	}
	if o.State.Invoiced {
		view.Invoice = &gen.LedgerInvoice{ID: o.State.InvoiceID, Number: o.State.InvoiceNumber, Due: o.State.Due.String()}
	}
	return view
}

// ledgerOrderLine shows a line with its price before the discount, as it was given.
func ledgerOrderLine(l erp.OrderLine) gen.LedgerOrderLine {
	price := l.UnitPrice
	if !l.Quantity.IsZero() {
		price = price.Add(l.Discount.Div(l.Quantity)).Round(pricePlaces)
	}
	line := gen.LedgerOrderLine{
		ID: l.ID, Kind: l.Kind, Product: erp.OwnID(l.Product), Description: l.Description, Quantity: l.Quantity.String(),
		UnitPrice: price.String(), Total: l.Total.String(),
	}
	if !l.Discount.IsZero() {
		line.Discount = l.Discount.String()
	}
	for _, tax := range l.Taxes {
		line.Taxes = append(line.Taxes, erp.OwnID(tax.Tax))
	}
	return line
}

func ledgerOrderTax(t erp.OrderTax) gen.LedgerOrderTax {
	return gen.LedgerOrderTax{Tax: erp.OwnID(t.Tax), Label: t.Label, Rate: t.Rate.String(), Amount: t.Amount.String()}
}

// applyOrder makes a quotation of what a request says.
func (s *server) applyOrder(_ context.Context, said gen.LedgerOrder, o erp.SaleOrder) (erp.SaleOrder, error) {
	var problems problems
	before := o.Lines
	if o.Date = said.Date.UTC(); o.Date.IsZero() {
		o.Date = time.Now().UTC().Truncate(time.Second)
	}
	o.Currency, o.Partner = said.Currency, erp.OwnKey(erp.AccountEntity, said.Partner)
	o.InvoiceAddress, o.DeliveryAddress = optionalKey("address", said.InvoiceAddress), optionalKey("address", said.DeliveryAddress)
	o.PriceList, o.Warehouse, o.PaymentTerm = optionalKey("price_list", said.PriceList), said.Warehouse, said.PaymentTerm
	o.SalesTeam, o.Salesperson, o.CustomerNote, o.Fields = said.SalesTeam, said.Salesperson, said.Note, said.Fields
	o.Lines = nil
	for i, line := range said.Lines {
		o.Lines = append(o.Lines, problems.orderLine(fmt.Sprintf("lines[%d]", i), line, before))
	}
	return o, problems.err()
}

// orderLine makes a line of what a request says. Its total is left to be rounded.
func (p *problems) orderLine(field string, said gen.LedgerOrderLine, before []erp.OrderLine) erp.OrderLine {
	line := erp.OrderLine{
		ID: said.ID, Kind: cmp.Or(said.Kind, erp.ProductLine), Description: said.Description,
		Quantity: p.decimal(field+".quantity", cmp.Or(said.Quantity, "1")), Discount: p.decimal(field+".discount", said.Discount),
	}
	if said.ID != "" && !slices.ContainsFunc(before, func(b erp.OrderLine) bool { return b.ID == said.ID }) {
		p.add(field+".id", "the order has no such line: leave the id out to add one")
	}
	price := p.decimal(field+".unit_price", said.UnitPrice)
	line.Total = line.Quantity.Mul(price).Sub(line.Discount)
	if line.Quantity.IsPositive() {
		line.UnitPrice = price.Sub(line.Discount.Div(line.Quantity))
	} else {
		p.add(field+".quantity", "must be more than 0")
	}
	for _, tax := range said.Taxes {
		line.Taxes = append(line.Taxes, erp.LineTax{Tax: erp.OwnKey("tax", tax)})
	}
	p.lineKind(field, said, &line)
	return line
}

// lineKind checks what depends on what a line stands for.
func (p *problems) lineKind(field string, said gen.LedgerOrderLine, line *erp.OrderLine) {
	switch line.Kind {
	case erp.ProductLine:
		line.Product = optionalKey("product", said.Product)
		if said.Product == "" {
			p.add(field+".product", "is missing: give the id of what is sold, e.g. 12, or 12/34 for a variant")
		}
		if line.Total.IsNegative() || line.Discount.IsNegative() {
			p.add(field+".discount", "must not be more than what the line comes to, nor less than 0")
		}
	case erp.ShippingLine, erp.FeeLine:
		if said.Product != "" {
			p.add(field+".product", "a %s line is of no product: leave it out", line.Kind)
		}
		if line.Description == "" {
			p.add(field+".description", "is missing: say what is charged")
		}
		if line.Kind == erp.ShippingLine && line.Total.IsNegative() {
			p.add(field+".unit_price", "must not be negative")
		}
	case erp.CreditLine, erp.RoundingLine:
		p.add(field+".kind", "%s lines come from stores: make a fee instead", line.Kind)
	}
	if said.UnitPrice == "" {
		p.add(field+".unit_price", "is missing: give the price of one, without tax")
	}
}
