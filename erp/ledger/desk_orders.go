package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/fault"
)

var (
	orderPlace     = place{table: "orders", model: "order"}
	priceListPlace = place{table: "price_lists", model: "price_list"}
	taxPlace       = place{table: "taxes", model: "tax"}
)

// Orders is work on sales orders.
func (l *Ledger) Orders() erp.RecordDesk[erp.SaleOrder] {
	return desk[erp.SaleOrder]{
		ledger: l, place: orderPlace, entity: landing.OrderEntity, where: `true`,
		finds: `(t.number ILIKE $1 OR t.reference ILIKE $1 OR EXISTS (
			SELECT FROM ledger.partners p WHERE p.id = t.partner_id AND (p.name ILIKE $1 OR p.email ILIKE $1)))`,
		key: func(o *erp.SaleOrder) *erp.Key { return &o.Key }, name: nameLines, names: namedByOrder,
		check:   func(o *erp.SaleOrder) *landing.Refusal { return checkOrder(&o.Order) },
		prepare: prepareOrder, land: landSaleOrders, read: recordReader.saleOrders,
	}
}

// nameLines gives new lines ids that no other line of the order has.
func nameLines(o *erp.SaleOrder, _ func(string) erp.Key) {
	o.Lines = slices.Clone(o.Lines)
	last := 0
	for _, line := range o.Lines {
		if n, err := strconv.Atoi(line.ID); err == nil {
			last = max(last, n)
		}
	}
	for i := range o.Lines {
		if o.Lines[i].ID == "" {
			last++
			o.Lines[i].ID = strconv.Itoa(last)
		}
	}
}

func namedByOrder(o *erp.SaleOrder) []reference {
	named := []reference{
		{"partner", o.Partner, partnerPlace}, {"invoice_address", o.InvoiceAddress, addressPlace},
		{"delivery_address", o.DeliveryAddress, addressPlace}, {"price_list", o.PriceList, priceListPlace},
	}
	for i, line := range o.Lines {
		named = append(named, reference{lineField(i, "product"), line.Product, variantPlace})
		for j, tax := range line.Taxes {
			named = append(named, reference{fmt.Sprintf("%s[%d]", lineField(i, "taxes"), j), tax.Tax, taxPlace})
		}
	}
	return named
}

func lineField(i int, name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }

func landSaleOrders(ctx context.Context, tx *sqlx.Tx, batch []*erp.SaleOrder) ([]erp.Outcome, error) {
	records := make([]*erp.Order, len(batch))
	for i, o := range batch {
		records[i] = &o.Order
	}
	return orders.land(ctx, tx, records)
}

// prepareOrder checks what an order names, numbers it, and calculates its amounts.
func prepareOrder(ctx context.Context, tx *sqlx.Tx, before erp.Held[erp.SaleOrder], o *erp.SaleOrder) error {
	if before.ID != "" {
		if err := checkQuotation(ctx, tx, before); err != nil {
			return err
		}
	}
	if err := checkAddresses(ctx, tx, o); err != nil {
		return err
	}
	if err := nameGoods(ctx, tx, o); err != nil {
		return err
	}
	warehouse, err := chosenWarehouse(ctx, tx, o.Warehouse)
	if err != nil {
		return err
	}
	o.Warehouse = warehouse
	if err := calculateOrder(ctx, tx, &o.Order); err != nil {
		return err
	}
	if o.Number = before.Record.Number; o.Number != "" {
		return nil
	}
	err = tx.GetContext(ctx, &o.Number, `SELECT 'S' || lpad(n::text, greatest(5, length(n::text)), '0') FROM nextval('ledger.order_numbers') n`)
	return classify(err)
}

// checkQuotation refuses to change what was agreed on, and what a store says. The order is locked.
func checkQuotation(ctx context.Context, tx *sqlx.Tx, before erp.Held[erp.SaleOrder]) error {
	id, err := ledgerID(before.ID)
	if err != nil {
		return err
	}
	stores, err := recordReader{tx: tx, instance: erp.OwnInstance}.otherInstances(ctx, []int64{id})
	if err != nil {
		return err
	}
	if store := stores[id]; store != "" {
		return fault.New(fault.Conflict, "order %s is an order of the store %s: change it there, and import it again", before.Record.Number, store)
	}
	var stage erp.OrderStage
	if err := tx.GetContext(ctx, &stage, `SELECT stage FROM ledger.orders WHERE id = $1`, id); err != nil {
		return classify(err)
	}
	if stage != erp.Quotation {
		return fault.New(fault.Conflict, "order %s is %s, and only a quotation can be changed: cancel it, where that is still possible, and make another",
			before.Record.Number, stage)
	}
	return nil
}

// checkAddresses keeps orders to the addresses of their customer.
func checkAddresses(ctx context.Context, tx *sqlx.Tx, o *erp.SaleOrder) error {
	partners, err := resolve(ctx, tx, partnerPlace.model, []erp.Key{o.Partner})
	if err != nil {
		return err
	}
	addresses, err := resolve(ctx, tx, addressPlace.model, []erp.Key{o.InvoiceAddress, o.DeliveryAddress})
	if err != nil {
		return err
	}
	var theirs []int64
	err = tx.SelectContext(ctx, &theirs, `SELECT id FROM ledger.addresses WHERE partner_id = $1`, partners[o.Partner].ID)
	if err != nil {
		return classify(err)
	}
	var problems []error
	for field, key := range map[string]erp.Key{"invoice_address": o.InvoiceAddress, "delivery_address": o.DeliveryAddress} {
		if !key.IsZero() && !slices.Contains(theirs, addresses[key].ID) {
			problems = append(problems, fault.Field(field, "is no address of customer %s", erp.OwnID(o.Partner)))
		}
	}
	return errors.Join(problems...)
}

// nameGoods describes lines of goods that say nothing else by the names of the products.
func nameGoods(ctx context.Context, tx *sqlx.Tx, o *erp.SaleOrder) error {
	var keys []erp.Key
	for _, line := range o.Lines {
		if line.Kind == erp.ProductLine {
			keys = append(keys, line.Product)
		}
	}
	sold, err := resolveSold(ctx, tx, keys)
	if err != nil {
		return err
	}
	var ids []int64
	for _, variant := range sold {
		ids = append(ids, variant.ProductID)
	}
	var rows []struct {
		ID   int64
		Name string
	}
	err = tx.SelectContext(ctx, &rows, `SELECT id, name FROM ledger.products WHERE id = ANY ($1)`, pq.Array(ids))
	names := make(map[int64]string, len(rows))
	for _, row := range rows {
		names[row.ID] = row.Name
	}
	for i := range o.Lines {
		if line := &o.Lines[i]; line.Kind == erp.ProductLine {
			line.Description = cmp.Or(line.Description, names[sold[line.Product].ProductID])
		}
	}
	return classify(err)
}

// calculateOrder fills in the amounts of an order by the taxes as they are now.
func calculateOrder(ctx context.Context, tx *sqlx.Tx, o *erp.Order) error {
	var decimals int32
	err := tx.GetContext(ctx, &decimals, `SELECT decimals FROM ledger.currencies WHERE code = $1`, o.Currency)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Field("currency", "the ledger has no currency %q: give its code of ISO 4217, e.g. EUR", o.Currency)
	}
	if err != nil {
		return classify(err)
	}
	if err := checkPriceList(ctx, tx, o); err != nil {
		return err
	}
	rates, err := ratesOf(ctx, tx, o)
	if err != nil {
		return err
	}
	calculate(o, rates, decimals)
	if o.Total.IsNegative() {
		return fault.Field("lines", "come to %s %s, which is less than nothing: make a credit note instead", o.Total, o.Currency)
	}
	return nil
}

func checkPriceList(ctx context.Context, tx *sqlx.Tx, o *erp.Order) error {
	if o.PriceList.IsZero() {
		return nil
	}
	lists, err := resolve(ctx, tx, priceListPlace.model, []erp.Key{o.PriceList})
	if err != nil {
		return err
	}
	var currency string
	if err := tx.GetContext(ctx, &currency, `SELECT currency FROM ledger.price_lists WHERE id = $1`, lists[o.PriceList].ID); err != nil {
		return classify(err)
	}
	if currency != o.Currency {
		return fault.Field("price_list", "is in %s, but the order in %s", currency, o.Currency)
	}
	return nil
}

// ratesOf reads the taxes on the lines of an order.
func ratesOf(ctx context.Context, tx *sqlx.Tx, o *erp.Order) (map[erp.Key]taxRate, error) {
	var keys []erp.Key
	for _, line := range o.Lines {
		for _, tax := range line.Taxes {
			keys = append(keys, tax.Tax)
		}
	}
	known, err := resolve(ctx, tx, taxPlace.model, keys)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, tax := range known {
		ids = append(ids, tax.ID)
	}
	var rows []taxRate
	err = tx.SelectContext(ctx, &rows, `SELECT id, name, rate, compound, priority FROM ledger.taxes WHERE id = ANY ($1)`, pq.Array(ids))
	rates := make(map[erp.Key]taxRate, len(known))
	for key, tax := range known {
		if at := slices.IndexFunc(rows, func(r taxRate) bool { return r.ID == tax.ID }); at >= 0 {
			rates[key] = rows[at]
		}
	}
	return rates, classify(err)
}
