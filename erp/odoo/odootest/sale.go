package odootest

import (
	"fmt"
	"maps"

	"github.com/shopspring/decimal"
)

// price is what a line comes to, in the currency's smallest coins.
type price struct{ net, tax decimal.Decimal }

var hundred = decimal.NewFromInt(100)

// priceOf works out a line the way Odoo does when it rounds line by line.
func priceOf(line record) price {
	currency := line.one("order_id").one("currency_id")
	if currency.none() {
		return price{}
	}
	if told, ok := settledPrice(line); ok {
		return told
	}
	decimals := int32(number(currency.get("decimal_places")))
	gross := line.amount("price_unit").Mul(line.amount("product_uom_qty")).Mul(hundred.Sub(line.amount("discount"))).Div(hundred)
	p := price{net: gross.Round(decimals)}
	taxes, within := line.many(line.taxField()), hundred
	for _, tax := range taxes {
		if tax.is("price_include") {
			within = within.Add(tax.amount("amount"))
		}
	}
	base := p.net.Mul(hundred).Div(within)
	for _, tax := range taxes {
		amount := base.Mul(tax.amount("amount")).Div(hundred).Round(decimals)
		p.tax = p.tax.Add(amount)
		if tax.is("price_include") {
			p.net = p.net.Sub(amount)
		}
	}
	return p
}

func (r record) taxField() string {
	if r.version < 19 {
		return "tax_id"
	}
	return "tax_ids"
}

func delivered(line record) any {
	sum := decimal.Zero
	for _, move := range line.find("stock.move", []any{"sale_line_id", "=", line.id}, []any{"state", "=", "done"}) {
		sum = sum.Add(move.amount("product_uom_qty"))
	}
	return sum
}

func invoiced(line record) any {
	sum := decimal.Zero
	for _, posted := range line.find("account.move.line", []any{"sale_line_ids", "in", []int64{line.id}}) {
		if posted.one("move_id").text("state") != "cancel" {
			sum = sum.Add(posted.amount("quantity"))
		}
	}
	return sum
}

// confirmOrder makes an order of a quotation, dates it now and makes its delivery.
func confirmOrder(order record) {
	if state := order.text("state"); state != "draft" && state != "sent" {
		refuse("Some orders are not in a state requiring confirmation.")
	}
	order.write(map[string]any{"state": "sale", "date_order": order.now})
	var goods []record
	for _, line := range order.many("order_line") {
		if product := line.one("product_id"); !product.none() && product.text("type") != "service" {
			goods = append(goods, line)
		}
	}
	if len(goods) > 0 {
		planDelivery(order, goods)
	}
}

// reprice gives a quotation the price list of its partner, who has none here, when the partner is written and the list is
// not, even if the partner stays the same.
func reprice(order record, values map[string]any) map[string]any {
	_, partner := values["partner_id"]
	_, list := values["pricelist_id"]
	if partner && !list && order.version >= 16 && order.text("state") == "draft" {
		values = maps.Clone(values)
		values["pricelist_id"] = false
	}
	return values
}

func cancelOrder(order record) {
	for _, picking := range order.many("picking_ids") {
		if picking.text("state") != "done" {
			cancelPicking(picking)
		}
	}
	order.write(map[string]any{"state": "cancel"})
}

func reopenOrder(order record) {
	if state := order.text("state"); state == "cancel" || state == "sent" {
		order.write(map[string]any{"state": "draft"})
	}
}

func removeOrder(order record) {
	if state := order.text("state"); state != "draft" && state != "cancel" {
		refuse("You can not delete a sent quotation or a confirmed sales order. You must first cancel it.")
	}
	for _, line := range order.many("order_line") {
		line.remove()
	}
}

func removeLine(line record) {
	if line.text("state") == "sale" {
		refuse("Once a sales order is confirmed, you can't remove one of its lines.")
	}
}

// createInvoices makes a draft invoice of what was ordered and is not invoiced yet, one for each order.
func createInvoices(wizard record) {
	orders := numbers(wizard.context["active_ids"])
	if wizard.version >= 16 {
		orders = wizard.get("sale_order_ids").([]int64)
	}
	for _, order := range wizard.browse("sale.order", orders) {
		lines := order.many("order_line")
		left := decimal.Zero
		for _, line := range lines {
			left = left.Add(line.amount("product_uom_qty").Sub(line.amount("qty_invoiced")).Abs())
		}
		if order.text("state") != "sale" || left.IsZero() {
			refuse("Cannot create an invoice. No items are available to invoice.")
		}
		invoiceOrder(order, lines)
	}
}

func invoiceOrder(order record, lines []record) {
	invoice := order.create("account.move", map[string]any{"move_type": "out_invoice", "partner_id": order.get("partner_invoice_id"),
		"currency_id": order.get("currency_id"), "amount_total": order.get("amount_total"), "amount_tax": order.get("amount_tax"),
		"amount_residual": order.get("amount_total"), "invoice_origin": order.text("name"), "ref": order.text("client_order_ref"), "payment_reference": order.text("reference"),
		"date": order.now[:len("2006-01-02")]})
	for _, line := range lines {
		invoice.post(line.text("name"), "product", line.amount("price_subtotal").Neg(), map[string]any{
			"quantity": line.get("product_uom_qty"), "sale_line_ids": []int64{line.id}})
	}
	for tax, amount := range taxesOf(lines) {
		if !amount.IsZero() {
			invoice.post("tax", "tax", amount.Neg(), map[string]any{"tax_line_id": tax})
		}
	}
	invoice.post("", "payment_term", order.amount("amount_total"), nil)
	order.set("invoice_ids", append(numbers(order.get("invoice_ids")), invoice.id))
}

// post adds a line to an entry.
func (r record) post(name, kind string, amount decimal.Decimal, more map[string]any) record {
	line := r.create("account.move.line", map[string]any{"move_id": r.id, "name": name, "display_type": kind,
		"currency_id": r.get("currency_id"), "amount_currency": amount})
	line.fill(more)
	return line
}

// numbered draws the next number of a kind of document.
func (e env) numbered(model, prefix string) string {
	used := e.find(model, []any{"name", "=like", prefix + "%"})
	return fmt.Sprintf("%s%05d", prefix, len(used)+1)
}
