package sales

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
	"tandem/fault"
)

// priceDigits is how exact unit prices are given to Odoo, which rounds them to its own precision.
const priceDigits = 6

// headerCells are what an order has besides its lines, along with what these were landed with. One that was made in Odoo keeps what people
// there gave it.
func (p *orderPlan) headerCells(refs orderRefs) ([]rpc.Cell, error) {
	o := p.Record
	charged, err := p.chargedCells()
	if err != nil {
		return nil, err
	}
	progress, err := p.progressCells(refs)
	switch {
	case err != nil || p.exported() && !p.Replace:
		return progress, err
	case p.exported():
		return append(charged, progress...), nil
	}
	invoice, delivery := refs.contacts[o.InvoiceAddress], refs.contacts[o.DeliveryAddress]
	if invoice == 0 {
		invoice = refs.contacts[o.Partner]
	}
	if delivery == 0 {
		delivery = refs.contacts[o.Partner]
	}
	cells := []rpc.Cell{
		rpc.TextCell("name", o.Number), rpc.LinkCell("partner_id", refs.contacts[o.Partner]), rpc.LinkCell("partner_invoice_id", invoice),
		rpc.LinkCell("partner_shipping_id", delivery), rpc.TimeCell("date_order", o.Date), rpc.LinkCell("pricelist_id", refs.priceList(o)),
		rpc.LinkCell("warehouse_id", rpc.ParseID(o.Warehouse)), rpc.LinkCell("team_id", rpc.ParseID(o.SalesTeam)),
		rpc.LinkCell("user_id", rpc.ParseID(o.Salesperson)), rpc.LinkCell("payment_term_id", rpc.ParseID(o.PaymentTerm)),
		rpc.LinkCell("fiscal_position_id", 0), // taxes are the store's and are not mapped again
	}
	return slices.Concat(cells, charged, progress), nil
}

// chargedCells are what the lines of an order were landed with.
func (p *orderPlan) chargedCells() ([]rpc.Cell, error) {
	taxes, err := json.Marshal(p.Record.Taxes)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the taxes of an order cannot be written as JSON")
	}
	return []rpc.Cell{rpc.TextCell("x_tandem_amounts", p.amounts), rpc.TextCell("x_tandem_total", p.Record.Total.String()),
		rpc.TextCell("x_tandem_taxes", string(taxes))}, nil
}

// progressCells are what the store may say of an order at any time. What its lines were landed with is none of it: those of
// an order that is locked stay, and so do their taxes.
func (p *orderPlan) progressCells(refs orderRefs) ([]rpc.Cell, error) {
	o := p.Record
	note := o.CustomerNote
	if refs.RichNotes {
		note = record.Paragraph(note)
	}
	opening, err := p.opening.Encode()
	if err != nil {
		return nil, err
	}
	landed := []rpc.Cell{
		rpc.TextCell(record.StampField, p.After), rpc.TextCell(record.MarkField, p.mark), rpc.BoolCell("x_tandem_cancelled", p.ByStore),
		rpc.TextCell("x_tandem_opening", opening),
	}
	if p.exported() {
		return record.SetFields(landed, o.Fields, orderFields), nil
	}
	cells := append([]rpc.Cell{
		rpc.TextCell("client_order_ref", o.Number), rpc.TextCell("origin", o.GatewayTitle), rpc.TextCell("reference", o.TransactionID),
		rpc.TextCell("note", note), rpc.TextCell("x_tandem_date", o.Date.UTC().Format(rpc.TimeLayout)),
	}, landed...)
	return record.SetFields(cells, o.Fields, orderFields), nil
}

// lineName is the external id of an order's line.
func (p *orderPlan) lineName(line string) string {
	return record.ExternalName(orderLineKey(p.Key, line))
}

// orderLineKey is the key of a line of an order, by the store's id of it.
func orderLineKey(order erp.Key, line string) erp.Key {
	return erp.Key{Entity: "order_line", Instance: order.Instance, ID: order.ID + "/" + line}
}

// emptyLine is the id of the line of an order of nothing.
const emptyLine = "nothing"

// orderLines gives the lines in the order the store has them. An order of nothing gets a line of nothing, because Odoo
// makes no invoice of an order without lines.
func (p *orderPlan) orderLines(b *Book, refs orderRefs) [][]rpc.Cell {
	lines := p.given
	if len(lines) == 0 {
		lines = []erp.OrderLine{{ID: emptyLine, Kind: erp.FeeLine, Description: "-", Quantity: decimal.NewFromInt(1)}}
	}
	rows := make([][]rpc.Cell, len(lines))
	foreign := p.units.foreign(p.lines)
	for i, line := range lines {
		rows[i] = p.lineCells(b, refs, line, i)
		if foreign {
			rows[i] = append(rows[i], rpc.LinkCell("order_line/"+rpc.LineUnits.For(b.rpc.Release), p.units.products[refs.product(line)]))
		}
	}
	return rows
}

// firstSequence is the place of an order's first line among all that it may have.
const firstSequence = 10

// product is what a line sells in Odoo: goods, or the service that stands for its kind.
func (refs orderRefs) product(line erp.OrderLine) int64 {
	if line.Kind != erp.ProductLine {
		return refs.services[services[line.Kind].id]
	}
	return refs.variants[line.Product].ID
}

func (p *orderPlan) lineCells(b *Book, refs orderRefs, line erp.OrderLine, place int) []rpc.Cell {
	product := refs.product(line)
	var taxes []int64
	price := line.Total
	for _, tax := range line.Taxes {
		id := refs.taxes[tax.Tax]
		taxes = append(taxes, id)
		if refs.rules[id].included {
			price = price.Add(tax.Amount)
		}
	}
	quantity := line.Quantity
	if quantity.IsZero() {
		quantity = decimal.NewFromInt(1) // an amount without a quantity, as some plugins send
	}
	price = price.DivRound(quantity, priceDigits)
	cells := []rpc.Cell{
		rpc.TextCell("order_line/id", record.Module+"."+p.lineName(line.ID)), rpc.IntCell("order_line/sequence", firstSequence+place),
		rpc.LinkCell("order_line/product_id", product), rpc.TextCell("order_line/name", cmp.Or(line.Description, "-")),
		rpc.DecimalCell("order_line/product_uom_qty", quantity), rpc.DecimalCell("order_line/price_unit", price),
		rpc.DecimalCell("order_line/discount", decimal.Zero), rpc.LinksCell("order_line/"+rpc.LineTaxes.For(b.rpc.Release), rpc.Distinct(taxes)),
		rpc.DecimalCell("order_line/"+stock.AsideField, line.SetAside), rpc.TextCell("order_line/"+splitField, refs.splitOf(line)),
		rpc.TextCell("order_line/"+soldAsField, line.Product.String()), rpc.BoolCell("order_line/"+placeholderField, line.Placeholder),
	}
	if rpc.ManualTaxes.For(b.rpc.Release) {
		cells = append(cells, rpc.TextCell("order_line/extra_tax_data", refs.taxData(p.Record, line, quantity, price)))
	}
	return cells
}
