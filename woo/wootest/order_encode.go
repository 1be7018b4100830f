package wootest

import (
	"slices"
	"strconv"
	"time"
)

func (s *Server) encodeOrder(e *encoder, c *call, o *order) {
	e.open('{')
	e.num("id", o.ID)
	e.num("parent_id", int(o.Parent))
	e.str("status", string(o.Status))
	e.str("currency", string(o.Currency))
	e.str("version", "10.0.2")
	e.flag("prices_include_tax", o.inclusive)
	e.date("date_created", o.created, e.zone)
	e.date("date_modified", o.modified, e.zone)
	e.amount("discount_total", o.discount)
	e.amount("discount_tax", o.discountTax)
	e.amount("shipping_total", o.shippingTotal)
	e.amount("shipping_tax", o.shippingTax)
	e.amount("cart_tax", o.cartTax)
	e.amount("total", o.totalNow(e.rules))
	e.amount("total_tax", o.totalTax(e.rules))
	e.num("customer_id", s.buyer(o))
	e.str("order_key", o.key)
	e.address("billing", &o.Billing, true)
	e.address("shipping", &o.Shipping, false)
	e.str("payment_method", string(o.PaymentMethod))
	e.str("payment_method_title", string(o.PaymentMethodTitle))
	e.str("transaction_id", string(o.TransactionID))
	e.str("customer_ip_address", "")
	e.str("customer_user_agent", "")
	e.str("created_via", string(o.CreatedVia))
	e.str("customer_note", string(o.CustomerNote))
	e.date("date_completed", o.completed, e.zone)
	e.date("date_paid", o.paid, e.zone)
	e.str("cart_hash", "")
	e.str("number", o.number)
	e.meta(o.meta)
	s.encodeLines(e, o.lines)
	e.taxLines(o.taxes)
	e.shippingLines(o.shipping)
	e.feeLines(o.fees)
	e.couponLines(o.coupons)
	encodeRefundSummary(e, o.refunds)
	e.str("payment_url", e.home+"/checkout/order-pay/"+strconv.Itoa(o.ID)+"/?pay_for_order=true&key="+o.key)
	e.flag("is_editable", slices.Contains([]text{"pending", "on-hold", "auto-draft"}, o.Status))
	e.flag("needs_payment", o.totalNow(e.rules) > 0 && (o.Status == "pending" || o.Status == "failed"))
	e.flag("needs_processing", o.needsProcessing)
	e.gmtDates(o)
	e.str("currency_symbol", currencyNames[string(o.Currency)][2])
}

// gmtDates writes the UTC dates, which orders have at their end.
func (e *encoder) gmtDates(o *order) {
	e.date("date_created_gmt", o.created, time.UTC)
	e.date("date_modified_gmt", o.modified, time.UTC)
	e.date("date_completed_gmt", o.completed, time.UTC)
	e.date("date_paid_gmt", o.paid, time.UTC)
}

func (s *Server) encodeLines(e *encoder, lines []orderLine) {
	e.array("line_items")
	for i := range lines {
		s.encodeLine(e, &lines[i])
	}
	e.close(']')
}

func (s *Server) encodeLine(e *encoder, l *orderLine) {
	sold := s.soldNow(l)
	e.open('{')
	e.num("id", l.ID)
	e.str("name", l.Name)
	e.num("product_id", sold.product)
	e.num("variation_id", sold.variation)
	e.num("quantity", l.Quantity)
	e.str("tax_class", l.Class)
	e.amount("subtotal", l.Subtotal)
	e.amount("subtotal_tax", e.rules.subtotal(l.Taxes))
	e.amount("total", l.Total)
	e.amount("total_tax", e.rules.total(l.Taxes))
	e.lineTaxes(l.Taxes, true)
	e.array("meta_data")
	for _, m := range l.Meta {
		e.lineMeta(m)
	}
	e.stockMeta(l)
	e.close(']')
	if sold.product == 0 {
		e.raw("sku", "null")
	} else {
		e.str("sku", sold.sku)
	}
	e.float("price", l.Total.perPiece(l.Quantity))
	e.lineImage(l, sold.product == 0)
	if l.ParentName == "" || sold.variation == 0 {
		e.raw("parent_name", "null")
	} else {
		e.str("parent_name", l.ParentName)
	}
	e.close('}')
}

// lineImage has an id of "" for a product without image and of 0 where there is none to have one.
func (e *encoder) lineImage(l *orderLine, gone bool) {
	switch {
	case l.ImageID != 0:
		e.object("image")
		e.str("id", strconv.Itoa(l.ImageID))
		e.str("src", e.home+l.Image)
		e.close('}')
	case gone || l.Variation != 0:
		e.raw("image", `{"id":0,"src":""}`)
	default:
		e.raw("image", `{"id":"","src":""}`)
	}
}

func (e *encoder) lineTaxes(taxes []lineTax, subtotals bool) {
	e.array("taxes")
	for _, t := range taxes {
		e.open('{')
		e.num("id", t.rate)
		e.amount("total", t.total)
		if subtotals {
			e.amount("subtotal", t.subtotal)
		} else {
			e.str("subtotal", "")
		}
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) lineMeta(m lineMeta) {
	e.open('{')
	e.num("id", m.ID)
	e.str("key", m.Key)
	e.str("value", m.Value)
	e.str("display_key", m.Label)
	e.str("display_value", m.Shown)
	e.close('}')
}

func (e *encoder) taxLines(lines []taxLine) {
	e.array("tax_lines")
	for i := range lines {
		l := &lines[i]
		e.open('{')
		e.num("id", l.ID)
		e.str("rate_code", l.Code)
		e.num("rate_id", l.Rate)
		e.str("label", l.Label)
		e.flag("compound", l.Compound)
		e.amount("tax_total", l.Tax)
		e.amount("shipping_tax_total", l.Shipping)
		e.float("rate_percent", float64(l.Percent)/10_000)
		e.raw("meta_data", "[]")
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) shippingLines(lines []shippingLine) {
	e.array("shipping_lines")
	for i := range lines {
		l := &lines[i]
		e.open('{')
		e.num("id", l.ID)
		e.str("method_title", l.Title)
		e.str("method_id", l.Method)
		e.str("instance_id", l.Instance)
		e.amount("total", l.Total)
		e.amount("total_tax", e.rules.total(l.Taxes))
		e.lineTaxes(l.Taxes, false)
		e.str("tax_status", "taxable")
		e.refundedMeta(l.ID, l.refunded)
		e.close('}')
	}
	e.close(']')
}

func (e *encoder) feeLines(lines []feeLine) {
	e.array("fee_lines")
	for i := range lines {
		l := &lines[i]
		e.open('{')
		e.num("id", l.ID)
		e.str("name", l.Name)
		e.str("tax_class", l.Class)
		if l.untaxed {
			e.str("tax_status", "none")
		} else {
			e.str("tax_status", "taxable")
		}
		e.str("amount", "")
		e.amount("total", l.Total)
		e.amount("total_tax", e.rules.total(l.Taxes))
		e.lineTaxes(l.Taxes, false)
		e.refundedMeta(l.ID, l.refunded)
		e.close('}')
	}
	e.close(']')
}

// couponLines show what was stored, whatever dp says.
func (e *encoder) couponLines(lines []couponLine) {
	e.array("coupon_lines")
	for i := range lines {
		l := &lines[i]
		info := "[" + strconv.Itoa(l.coupon) + `,"` + l.Code + `","` + l.Type + `",` + plain(l.Nominal) + "]"
		e.open('{')
		e.num("id", l.ID)
		e.str("code", l.Code)
		e.str("discount", plain(l.Discount))
		e.str("discount_tax", plain(l.Tax))
		e.array("meta_data")
		e.lineMeta(lineMeta{ID: l.ID*8 + 7, Key: "coupon_info", Value: info, Label: "coupon_info", Shown: info})
		e.close(']')
		e.str("discount_type", l.Type)
		e.raw("nominal_amount", plain(l.Nominal))
		e.flag("free_shipping", l.FreeShipping)
		e.close('}')
	}
	e.close(']')
}

// plain writes an amount as a JSON number without trailing zeros.
func plain(m money) string { return m.decimal().String() }

func encodeRefundSummary(e *encoder, refunds []refund) {
	e.array("refunds")
	for i := len(refunds) - 1; i >= 0; i-- {
		e.open('{')
		e.num("id", refunds[i].ID)
		e.str("reason", refunds[i].Reason)
		e.amount("total", -refunds[i].Amount)
		e.close('}')
	}
	e.close(']')
}

func (s *Server) linkOrder(e *encoder, c *call, o *order) {
	id := strconv.Itoa(o.ID)
	e.object("_links")
	c.self(e, "orders", o.ID, allMethods)
	c.link(e, "collection", "orders")
	e.array("email_templates")
	e.open('{')
	e.flag("embeddable", true)
	e.str("href", c.api()+"/orders/"+id+"/actions/email_templates")
	e.b = append(e.b, "}]"...)
	if id := s.buyer(o); id != 0 {
		c.link(e, "customer", "customers/"+strconv.Itoa(id))
	}
	e.close('}')
}
