package odoo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// exportScenes are the ways of an order that a person made in Odoo into a store, and what follows there.
func (s story) exportScenes(landed []act) []scene {
	quoted := append(slices.Clone(landed), s.quote)
	exported := append(slices.Clone(quoted), s.adopt)
	return []scene{
		{"an order goes to a store", quoted, []act{s.adopt, s.landExported(2), s.landExported(3)}},
		{"an exported order is sold", exported, []act{s.confirmExported, s.landExported(2), s.landExported(3)}},
		{"the store cancels what it was sent", exported, []act{s.confirmExported, s.landExported(2, cancelled), s.landExported(2)}},
	}
}

// quote makes a quotation as a person does in Odoo: two mugs at 65.00 and shipping for 6.00, with 20 % of tax in the prices.
func (s story) quote(ctx context.Context, b *Backend) (string, error) {
	keys := []erp.Key{s.partner.Key, s.partner.Addresses[0].Key, s.tax.Key}
	ids, err := b.Lookup(ctx, keys)
	if err != nil {
		return "", err
	}
	variants, err := b.records.IDsOf(ctx, "product.product", []erp.Key{s.product.Key}, record.ExternalName)
	if err != nil {
		return "", err
	}
	services, err := b.sales.ServiceProducts(ctx)
	if err != nil {
		return "", err
	}
	list, err := s.listOfOrder(ctx, b)
	if err != nil {
		return "", err
	}
	line := func(product, quantity, price int64) []any {
		return []any{0, 0, map[string]any{"product_id": product, "name": "Line", "product_uom_qty": quantity, "price_unit": price,
			rpc.LineTaxes.For(b.rpc.Release): []any{[]any{6, 0, []int64{rpc.ParseID(ids[2])}}}}}
	}
	_, err = b.rpc.Create(ctx, "sale.order", []map[string]any{{
		"partner_id": rpc.ParseID(ids[0]), "partner_invoice_id": rpc.ParseID(ids[0]), "partner_shipping_id": rpc.ParseID(ids[1]),
		"warehouse_id": rpc.ParseID(s.order.Warehouse), "pricelist_id": list, "client_order_ref": s.purchase(),
		"order_line": []any{line(variants[s.product.Key], 2, 65), line(services["service_shipping"], 1, 6)},
	}})
	return "", err
}

// listOfOrder gives the price list of the order that was landed, which is in the same currency.
func (s story) listOfOrder(ctx context.Context, b *Backend) (int64, error) {
	type priced struct {
		rpc.Row
		List rpc.Link `json:"pricelist_id"`
	}
	landed, err := b.records.IDsOf(ctx, "sale.order", []erp.Key{s.order.Key}, record.ExternalName)
	if err != nil {
		return 0, err
	}
	lists, err := rpc.SearchByID[priced](ctx, b.rpc, "sale.order", []int64{landed[s.order.Key]}, "pricelist_id")
	return lists[landed[s.order.Key]].List.ID, err
}

// purchase is the customer's reference of what a person quoted.
func (s story) purchase() string { return "PO " + s.order.Key.Instance }

// adopt reads the quotation as it is exported, and adopts it as what the store made of it.
func (s story) adopt(ctx context.Context, b *Backend) (string, error) {
	found, err := rpc.Search[rpc.Row](ctx, b.rpc, "sale.order", []any{rpc.Where("client_order_ref", "=", s.purchase())}, "id")
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fault.New(fault.Internal, "there are %d quotations", len(found))
	}
	held, err := b.ReadOrders(ctx, s.order.Key.Instance, []string{rpc.FormatID(found[0].ID)})
	if err != nil {
		return "", err
	}
	var told strings.Builder
	o := held[0].Record
	fmt.Fprintln(&told, o.Partner, o.Currency, o.Untaxed, o.Tax, o.Total, held[0].Stage, held[0].Of)
	for _, line := range o.Lines {
		fmt.Fprintln(&told, line.Kind, line.Product, line.Quantity, line.Total, line.Taxes)
	}
	return told.String(), b.AdoptOrders(ctx, []erp.Adoption[erp.Order]{{ID: held[0].ID, Record: s.stored(2)}})
}

// stored is what the store has of the order, with so many mugs.
func (s story) stored(mugs int64) erp.Order {
	o := s.order
	o.Key.ID, o.Number, o.StoreStatus, o.Notes, o.TransactionID = "2", s.order.Number+"-2", "pending", nil, ""
	gross := dec("65").Mul(decimal.NewFromInt(mugs))
	net := gross.DivRound(dec("1.2"), 2)
	o.Lines = []erp.OrderLine{
		{ID: "21", Kind: erp.ProductLine, Product: s.product.Key, Description: "Mug", Quantity: decimal.NewFromInt(mugs), SetAside: decimal.NewFromInt(mugs),
			Total: net, Taxes: []erp.LineTax{{Tax: s.tax.Key, Amount: gross.Sub(net)}}},
		{ID: "22", Kind: erp.ShippingLine, Description: "Parcel", Quantity: dec("1"), Total: dec("5"), Taxes: []erp.LineTax{{Tax: s.tax.Key, Amount: dec("1")}}},
	}
	o.Untaxed, o.Tax = net.Add(dec("5")), gross.Sub(net).Add(dec("1"))
	o.Total = o.Untaxed.Add(o.Tax)
	o.Taxes = []erp.OrderTax{{Tax: s.tax.Key, Label: "VAT", Rate: dec("20"), Amount: o.Tax}}
	return o
}

func (s story) landExported(mugs int64, changes ...func(*erp.Order)) act {
	o := s.stored(mugs)
	for _, change := range changes {
		change(&o)
	}
	return func(ctx context.Context, b *Backend) (string, error) {
		return tell(b.UpsertOrders(ctx, []erp.Order{o}))
	}
}

// confirmExported confirms the order, and has a person date it.
func (s story) confirmExported(ctx context.Context, b *Backend) (string, error) {
	progress, err := stepsOf(b).ConfirmOrder(ctx, s.stored(2).Key)
	if err == nil {
		err = b.rpc.Write(ctx, "sale.order", []int64{rpc.ParseID(progress.ID)}, map[string]any{"date_order": "2026-03-11 08:00:00"})
	}
	return tellState(progress, err)
}
