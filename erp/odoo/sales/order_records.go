package sales

import (
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/partner"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// heldOrder is an order as Odoo has it, whoever made it.
type heldOrder struct {
	rpc.Row
	Name     rpc.Text   `json:"name"`
	State    rpc.Text   `json:"state"`
	Date     rpc.Moment `json:"date_order"`
	Partner  rpc.Link   `json:"partner_id"`
	Invoice  rpc.Link   `json:"partner_invoice_id"`
	Delivery rpc.Link   `json:"partner_shipping_id"`
	Currency rpc.Link   `json:"currency_id"`
	Untaxed  rpc.Amount `json:"amount_untaxed"`
	Tax      rpc.Amount `json:"amount_tax"`
	Total    rpc.Amount `json:"amount_total"`
}

var heldOrderColumns = []string{"name", "state", "date_order", "partner_id", "partner_invoice_id", "partner_shipping_id", "currency_id",
	"amount_untaxed", "amount_tax", "amount_total"}

// ReadOrders reads orders by Odoo's ids. What is not a number is the id of none.
func (b *Book) ReadOrders(ctx context.Context, instance string, texts []string) ([]erp.HeldOrder, error) {
	ids := slices.DeleteFunc(rpc.Map(texts, rpc.ParseID), func(id int64) bool { return id == 0 })
	r, err := b.readOrders(ctx, instance, ids)
	if err != nil {
		return nil, err
	}
	var held []erp.HeldOrder
	for _, row := range r.rows {
		held = append(held, r.held(row))
	}
	return held, nil
}

// orderReader reads orders for an instance, with one call for each kind of record however many orders there are.
type orderReader struct {
	*Book
	setup     *record.Setup
	instance  string
	rows      []heldOrder
	lines     map[int64][]heldLine // by order, as people see them
	products  map[int64]orderedProduct
	units     stock.Units
	kinds     map[int64]erp.LineKind // of lines that are no goods, by product
	named     map[int64]erp.Key      // lines that an instance's store has
	orderKeys map[int64][]erp.Key    // in all instances
	contacts  map[int64]partner.Contact
	people    record.InstanceKeys // of contacts
	variants  record.InstanceKeys
	taxes     orderRefs         // the taxes of lines, by their keys
	taxKeys   map[int64]erp.Key // by tax
	members   map[int64][]int64 // the taxes that are in groups of taxes
	charged   map[int64]chargedLines
}

func (b *Book) readOrders(ctx context.Context, instance string, ids []int64) (*orderReader, error) {
	r := &orderReader{Book: b, instance: instance, kinds: map[int64]erp.LineKind{}}
	var err error
	if r.setup, err = b.records.Prepared(ctx); err != nil || len(ids) == 0 {
		return r, err
	}
	products, err := b.ServiceProducts(ctx)
	if err != nil {
		return nil, err
	}
	for kind, service := range services {
		r.kinds[products[service.id]] = kind
	}
	r.rows, err = rpc.SearchBy[heldOrder](ctx, b.rpc, "sale.order", "id", rpc.Distinct(ids), nil, heldOrderColumns...)
	if err != nil || len(r.rows) == 0 {
		return r, err
	}
	for _, read := range []func(context.Context) error{r.readLines, r.readProducts, r.readUnits, r.readKeys, r.readContacts, r.readTaxes} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	r.charged = make(map[int64]chargedLines, len(r.rows))
	for _, row := range r.rows {
		r.charged[row.ID] = r.share(row)
	}
	return r, nil
}

// readKeys reads the keys of the orders, in all instances, and those of their lines and variants.
func (r *orderReader) readKeys(ctx context.Context) (err error) {
	rows, err := rpc.SearchBy[record.Bound](ctx, r.rpc, "ir.model.data", "res_id", rpc.Map(r.rows, heldOrder.RowID),
		[]any{rpc.Where("module", "=", record.Module), rpc.Where("model", "=", "sale.order")}, "name", "res_id")
	if err != nil {
		return err
	}
	r.orderKeys = map[int64][]erp.Key{}
	for _, row := range rows {
		if key, ok := record.KeyOf(row.Name); ok {
			r.orderKeys[row.ResID] = append(r.orderKeys[row.ResID], key)
		}
	}
	var lines, variants []int64
	for _, list := range r.lines {
		for _, line := range list {
			lines, variants = append(lines, line.ID), append(variants, line.Product.ID)
		}
	}
	if r.named, err = r.records.KeysFor(ctx, r.instance, "sale.order.line", lines); err != nil {
		return err
	}
	r.variants, err = r.records.KeysIn(ctx, r.instance, "product.product", variants)
	return err
}

// readContacts reads the customers and the addresses that the orders name, with their keys.
func (r *orderReader) readContacts(ctx context.Context) (err error) {
	var ids []int64
	for _, row := range r.rows {
		ids = append(ids, row.Partner.ID, row.Invoice.ID, row.Delivery.ID)
	}
	if r.contacts, err = partner.ReadContacts(ctx, r.rpc, ids); err != nil {
		return err
	}
	var all []int64
	for id := range r.contacts {
		all = append(all, id)
	}
	r.people, err = r.records.KeysIn(ctx, r.instance, "res.partner", all)
	return err
}

// customer is who an order is for: the contact that it names where the store has that as an account, otherwise the one that this
// belongs to.
func (r *orderReader) customer(row heldOrder) (id int64, key erp.Key) {
	if key, ok := r.people.Of(erp.AccountEntity, row.Partner.ID); ok {
		return row.Partner.ID, key
	}
	id = r.contacts[row.Partner.ID].Customer.ID
	return id, r.people.OrPending(erp.AccountEntity, id)
}

// address gives an address of an order; one that the customer itself has is none of its own, and has a pending key.
func (r *orderReader) address(id int64, kind erp.AddressKind) erp.Address {
	contact, ok := r.contacts[id]
	if !ok {
		return erp.Address{}
	}
	return contact.AddressFor(r.setup, kind, r.people.OrPending("address", id), r.contacts[contact.Customer.ID])
}

// held gives an order with the keys of the instance. Terms and conditions are no note of the customer's, and are left out.
func (r *orderReader) held(row heldOrder) erp.HeldOrder {
	places := r.setup.Decimals(row.Currency.Name)
	held := erp.HeldOrder{Stage: stageOf(row.State)}
	held.ID = rpc.FormatID(row.ID)
	key := erp.PendingKey(r.instance, orderEntity, held.ID)
	for _, k := range r.orderKeys[row.ID] {
		if k.Instance == r.instance {
			key = k
		} else if held.Of == "" || k.Instance < held.Of {
			held.Of = k.Instance
		}
	}
	_, customer := r.customer(row)
	held.Invoice, held.Delivery = r.address(row.Invoice.ID, erp.InvoiceAddress), r.address(row.Delivery.ID, erp.DeliveryAddress)
	charged := r.charged[row.ID]
	held.Record = erp.Order{
		Key: key, Number: string(row.Name), Date: row.Date.Time, Currency: row.Currency.Name, Partner: customer,
		InvoiceAddress: held.Invoice.Key, DeliveryAddress: held.Delivery.Key, Lines: charged.lines, Taxes: charged.taxes,
		Untaxed: row.Untaxed.Round(places), Tax: row.Tax.Round(places), Total: row.Total.Round(places),
	}
	return held
}
