package odoo

import (
	"encoding/json"
	"html"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/fault"
)

// priceDigits is how exact unit prices are given to Odoo, which rounds them to its own precision.
const priceDigits = 6

// headerCells are what an order has besides its lines, along with what these were landed with.
func (p *orderPlan) headerCells(refs orderRefs) ([]cell, error) {
	o := p.Record
	invoice, delivery := refs.contacts[o.InvoiceAddress], refs.contacts[o.DeliveryAddress]
	if invoice == 0 {
		invoice = refs.contacts[o.Partner]
	}
	if delivery == 0 {
		delivery = refs.contacts[o.Partner]
	}
	cells := []cell{
		cellOf("name", o.Number), refer("partner_id", refs.contacts[o.Partner]), refer("partner_invoice_id", invoice),
		refer("partner_shipping_id", delivery), instant("date_order", o.Date), refer("pricelist_id", refs.priceList(o)),
		refer("warehouse_id", parseID(o.Warehouse)), refer("team_id", parseID(o.SalesTeam)),
		refer("user_id", parseID(o.Salesperson)), refer("payment_term_id", parseID(o.PaymentTerm)),
		refer("fiscal_position_id", 0), // taxes are the store's and are not mapped again
	}
	taxes, err := json.Marshal(o.Taxes)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the taxes of an order cannot be written as JSON")
	}
	cells = append(cells, cellOf("x_tandem_amounts", p.amounts), cellOf("x_tandem_total", o.Total.String()),
		cellOf("x_tandem_taxes", string(taxes)))
	progress, err := p.progressCells(refs)
	return append(cells, progress...), err
}

// progressCells are what the store may say of an order at any time. What its lines were landed with is none of it: those of
// an order that is locked stay, and so do their taxes.
func (p *orderPlan) progressCells(refs orderRefs) ([]cell, error) {
	o := p.Record
	note := o.CustomerNote
	if refs.rich {
		note = paragraph(note)
	}
	opening, err := p.opening.encode()
	if err != nil {
		return nil, err
	}
	cells := []cell{
		cellOf("client_order_ref", o.Number), cellOf("origin", o.GatewayTitle), cellOf("reference", o.TransactionID),
		cellOf("note", note), cellOf(stampField, p.After), cellOf(markField, p.mark), flag("x_tandem_cancelled", p.ByStore),
		cellOf("x_tandem_date", o.Date.UTC().Format(timeLayout)), cellOf("x_tandem_opening", opening),
	}
	return setFields(cells, o.Fields, orderFields), nil
}

// paragraph makes text that a person wrote one paragraph of HTML.
func paragraph(text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	return "<p>" + html.EscapeString(text) + "</p>"
}

// lineName is the external id of an order's line.
func (p *orderPlan) lineName(line string) string {
	return externalName(erp.Key{Entity: "order_line", Instance: p.Key.Instance, ID: p.Key.ID + "/" + line})
}

// orderLines gives the lines in the order the store has them. An order of nothing gets a line of nothing, because Odoo
// makes no invoice of an order without lines.
func (p *orderPlan) orderLines(b *Backend, refs orderRefs) [][]cell {
	lines := p.given
	if len(lines) == 0 {
		lines = []erp.OrderLine{{ID: "nothing", Kind: erp.FeeLine, Description: "-", Quantity: decimal.NewFromInt(1)}}
	}
	rows := make([][]cell, len(lines))
	for i, line := range lines {
		rows[i] = p.lineCells(b, refs, line, i)
	}
	return rows
}

// firstSequence is the place of an order's first line among all that it may have.
const firstSequence = 10

func (p *orderPlan) lineCells(b *Backend, refs orderRefs, line erp.OrderLine, place int) []cell {
	product := refs.variants[line.Product].ID
	if line.Kind != erp.ProductLine {
		product = refs.services[services[line.Kind].id]
	}
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
	cells := []cell{
		cellOf("order_line/id", module+"."+p.lineName(line.ID)), count("order_line/sequence", firstSequence+place),
		refer("order_line/product_id", product), cellOf("order_line/name", or(line.Description, "-")),
		figure("order_line/product_uom_qty", quantity), figure("order_line/price_unit", price),
		figure("order_line/discount", decimal.Zero), referAll("order_line/"+pick(b.release, lineTaxes), distinct(taxes)),
		figure("order_line/x_tandem_aside", line.SetAside), cellOf("order_line/"+splitField, refs.splitOf(line)),
		cellOf("order_line/"+soldAsField, line.Product.String()), flag("order_line/"+placeholderField, line.Placeholder),
	}
	if pick(b.release, manualTaxes) {
		cells = append(cells, cellOf("order_line/extra_tax_data", refs.taxData(p.Record, line, quantity, price)))
	}
	return cells
}
