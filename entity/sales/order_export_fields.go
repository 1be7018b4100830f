package sales

import (
	"maps"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/entity/partner"
	"tandem/erp"
	"tandem/woo"
)

// newOrderFields gives what the store is sent of a new order: amounts without tax, as everything in the API is.
func newOrderFields(ec mapping.Context, o erp.HeldOrder) (woo.Fields, error) {
	var products, shipping, fees []woo.Fields
	for _, line := range o.Record.Lines {
		switch line.Kind {
		case erp.ProductLine:
			fields, err := soldFields(line)
			if err != nil {
				return nil, err
			}
			products = append(products, fields)
		case erp.ShippingLine:
			shipping = append(shipping, woo.Fields{"method_id": "other", "method_title": line.Description, "total": line.Total.String()})
		case erp.CreditLine:
			return nil, mapping.Parked("credit_line", "its line %q takes off %s without tax, as a gift card does: the store would take off tax as well. "+
				"Take the payment into account after the order is exported", line.Description, line.Total.Abs())
		default:
			fees = append(fees, feeFields(line))
		}
	}
	fields := woo.Fields{
		"status": woo.OrderPending, "currency": o.Record.Currency, "customer_id": mapping.StoreID(o.Record.Partner),
		"customer_note": o.Record.CustomerNote, "line_items": products, "meta_data": mapping.MarkNumbered(ec, o.ID, o.Record.Number),
	}
	for name, lines := range map[string][]woo.Fields{"shipping_lines": shipping, "fee_lines": fees} {
		if len(lines) > 0 {
			fields[name] = lines
		}
	}
	if o.Record.Gateway != "" {
		fields["payment_method"], fields["payment_method_title"] = o.Record.Gateway, o.Record.GatewayTitle
	}
	for name, address := range map[string]erp.Address{"billing": o.Invoice, "shipping": o.Delivery} {
		if !address.Key.IsZero() {
			fields[name] = partner.AddressFields(name, address)
		}
	}
	return fields, nil
}

// soldFields is a line of goods. The store takes a variation for a product, too; it counts in whole pieces.
func soldFields(line erp.OrderLine) (woo.Fields, error) {
	if !line.Quantity.Equal(line.Quantity.Truncate(0)) || !line.Quantity.IsPositive() {
		return nil, mapping.Failed("odd_quantity", "its line %q is of %s pieces, and the store sells whole ones only", line.Description, line.Quantity)
	}
	return woo.Fields{
		"product_id": mapping.StoreID(line.Product), "quantity": line.Quantity.IntPart(),
		"subtotal": line.Total.Add(line.Discount).String(), "total": line.Total.String(),
	}, nil
}

// feeFields is whatever else is charged. What is not taxed in the ERP is not taxed in the store.
func feeFields(line erp.OrderLine) woo.Fields {
	fields := woo.Fields{"name": line.Description, "total": line.Total.String(), "tax_status": "none"}
	if len(line.Taxes) > 0 {
		fields["tax_status"] = "taxable"
	}
	return fields
}

// addContact fills in what an order does not say of its customer. An address that names nobody is the customer's own, and a shop packs and
// writes by the name on the order.
func addContact(fields woo.Fields, c woo.Customer) {
	billing, named := fields["billing"].(map[string]any)
	if !named {
		billing = partner.AddressFields("billing", partner.AddressOf(c.Billing, erp.InvoiceAddress))
	}
	billing = maps.Clone(billing)
	if email, _ := billing["email"].(string); email == "" {
		billing["email"] = strings.TrimSpace(c.Email)
	}
	addName(billing, c)
	fields["billing"] = billing
	delivery, named := fields["shipping"].(map[string]any)
	delivery = maps.Clone(delivery)
	if !named {
		delivery = maps.Clone(billing)
		delete(delivery, "email")
	}
	addName(delivery, c)
	fields["shipping"] = delivery
}

// addName gives an address that names neither person nor company the customer's name.
func addName(address map[string]any, c woo.Customer) {
	for _, part := range []string{"first_name", "last_name", "company"} {
		if text, _ := address[part].(string); text != "" {
			return
		}
	}
	address["first_name"], address["last_name"] = mapping.Plain(c.FirstName), mapping.Plain(c.LastName)
}

// sumByRate gives the tax of each percentage, without those of nothing.
func sumByRate(taxes []erp.OrderTax) map[string]decimal.Decimal {
	sums := map[string]decimal.Decimal{}
	for _, tax := range taxes {
		rate := tax.Rate.String()
		sums[rate] = sums[rate].Add(tax.Amount)
	}
	maps.DeleteFunc(sums, func(_ string, amount decimal.Decimal) bool { return amount.IsZero() })
	return sums
}
