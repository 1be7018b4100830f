package odoo

import (
	"time"

	"tandem/erp"
)

// story is all that one order needs, of a store that nobody else lands from.
type story struct {
	*Backend
	tax     erp.Tax
	product erp.Product
	partner erp.Partner
	order   erp.Order
	stock   erp.StockCount
	payment erp.PaymentRequest
}

// storyIn makes an order of two mugs at 65.00 each with 20 % in the price, and free shipping.
func storyIn(instance string, options erp.Options) story {
	key := func(entity, id string) erp.Key { return erp.Key{Instance: instance, Entity: entity, ID: id} }
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	s := story{}
	s.tax = erp.Tax{Key: key("tax", "1"), Name: "VAT", Rate: dec("20"), Class: "standard", PriceInclude: true}
	s.product = erp.Product{Key: key("product", "1"), Kind: erp.Simple, Name: "Mug", Status: "publish", SKU: "MUG-" + instance,
		Variants: []erp.Variant{{Key: key("product", "1"), Active: true, TrackStock: true}}}
	s.partner = erp.Partner{Key: key("customer", "1"), Name: "Ann Lee", Email: "ann@" + instance + ".example",
		Addresses: []erp.Address{{Key: key("address", "1"), Kind: erp.DeliveryAddress, Street: "1 Main Street", Country: "FR"}}}
	s.stock = erp.StockCount{Key: s.product.Key, Warehouse: options.Warehouses[0].ID, Free: dec("5"), CountedAt: noon}
	s.order = erp.Order{Key: key("order", "1"), Number: "W-" + instance, Date: noon, Currency: "EUR", Partner: s.partner.Key,
		DeliveryAddress: s.partner.Addresses[0].Key, Warehouse: options.Warehouses[0].ID, TransactionID: "tx-" + instance,
		Lines: []erp.OrderLine{
			{ID: "1", Kind: erp.ProductLine, Product: s.product.Key, Description: "Mug", Quantity: dec("2"), UnitPrice: dec("54.166667"),
				Total: dec("108.333333"), Taxes: []erp.LineTax{{Tax: s.tax.Key, Amount: dec("21.666667")}}, SetAside: dec("2")},
			{ID: "2", Kind: erp.ShippingLine, Description: "Free shipping", Quantity: dec("1")}},
		Taxes:   []erp.OrderTax{{Tax: s.tax.Key, Label: "VAT", Rate: dec("20"), Amount: dec("21.67")}},
		Untaxed: dec("108.33"), Tax: dec("21.67"), Total: dec("130"),
		Notes: []erp.Note{{ID: "1", At: noon, Text: "Packed by " + instance}}}
	for _, journal := range options.Journals {
		if journal.Kind == "bank" {
			s.payment = erp.PaymentRequest{Journal: journal.ID, Method: "manual", Date: noon}
		}
	}
	return s
}
