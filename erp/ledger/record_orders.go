package ledger

import (
	"context"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tandem/erp"
)

var _ erp.OrderReader = (*Ledger)(nil)

// ReadOrders reads orders by the ledger's ids. What is no number is the id of none.
func (l *Ledger) ReadOrders(ctx context.Context, instance string, texts []string) ([]erp.HeldOrder, error) {
	var out []erp.HeldOrder
	err := l.inSnapshot(ctx, func(tx *sqlx.Tx) error {
		page, err := recordKind{table: orders.table, where: "true"}.named(ctx, tx, texts)
		if err != nil {
			return err
		}
		out, err = recordReader{tx: tx, instance: instance}.orders(ctx, page.ids)
		return err
	})
	return out, err
}

// orderParts is what orders are made of, row by row, with the keys of what they name.
type orderParts struct {
	rows       []orderRow
	lines      []orderLineRow
	taxes      []orderTaxRow
	addresses  []addressRow
	keyOf      func(int64) erp.Key
	partnerKey func(int64) erp.Key
	addressKey func(int64) erp.Key
	variantKey func(int64) erp.Key
	taxKey     func(int64) erp.Key
	of         map[int64]string
}

func (r recordReader) orders(ctx context.Context, ids []int64) ([]erp.HeldOrder, error) {
	parts, err := r.orderParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	held := make([]erp.HeldOrder, len(parts.rows))
	for i, row := range parts.rows {
		held[i] = parts.held(row)
	}
	return held, nil
}

func (r recordReader) orderParts(ctx context.Context, ids []int64) (p orderParts, err error) {
	for _, read := range []func() error{
		func() error {
			return r.into(ctx, &p.rows, `SELECT * FROM ledger.orders WHERE id = ANY ($1) ORDER BY id`, ids)
		},
		func() error {
			return r.into(ctx, &p.lines, `
				SELECT order_id, position, store_line, kind, variant_id, description, quantity, unit_price, discount, total, taxes
				FROM ledger.order_lines WHERE order_id = ANY ($1) ORDER BY order_id, position`, ids)
		},
		func() error {
			return r.into(ctx, &p.taxes, `
				SELECT order_id, position, tax_id, label, rate, amount
				FROM ledger.order_taxes WHERE order_id = ANY ($1) ORDER BY order_id, position`, ids)
		},
		func() error {
			return r.into(ctx, &p.addresses, `
				SELECT a.* FROM ledger.addresses a WHERE EXISTS (
					SELECT FROM ledger.orders o WHERE o.id = ANY ($1) AND a.id IN (o.invoice_address_id, o.delivery_address_id))`, ids)
		},
		func() error { return r.orderKeys(ctx, ids, &p) },
	} {
		if err := read(); err != nil {
			return p, err
		}
	}
	return p, nil
}

// orderKeys finds the keys of orders and of what they name.
func (r recordReader) orderKeys(ctx context.Context, ids []int64, p *orderParts) (err error) {
	if p.keyOf, err = r.keysOf(ctx, orders.model, []string{orders.model}, ids); err != nil {
		return err
	}
	partners := idsIn(p.rows, func(o orderRow) int64 { return o.PartnerID })
	if p.partnerKey, err = r.keysOf(ctx, "partner", []string{erp.AccountEntity}, partners); err != nil {
		return err
	}
	addresses := idsIn(p.addresses, func(a addressRow) int64 { return a.ID })
	if p.addressKey, err = r.keysOf(ctx, "address", []string{"address"}, addresses); err != nil {
		return err
	}
	if p.variantKey, err = r.soldKeys(ctx, p.lines); err != nil {
		return err
	}
	if p.taxKey, err = r.keysOf(ctx, "tax", []string{"tax"}, p.taxIDs()); err != nil {
		return err
	}
	p.of, err = r.otherInstances(ctx, ids)
	return err
}

func (p orderParts) taxIDs() []int64 {
	ids := idsIn(p.taxes, func(t orderTaxRow) int64 { return t.TaxID })
	for _, line := range p.lines {
		ids = append(ids, idsIn(line.Taxes, func(t lineTaxRow) int64 { return t.Tax })...)
	}
	return ids
}

// soldKeys gives the keys of the variants that lines sold. One without a key is named by its product, which is what is exported.
func (r recordReader) soldKeys(ctx context.Context, lines []orderLineRow) (func(int64) erp.Key, error) {
	var ids []int64
	for _, line := range lines {
		if line.VariantID != nil {
			ids = append(ids, *line.VariantID)
		}
	}
	keyOf, err := r.keysOf(ctx, "variant", []string{"product"}, ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID        int64
		ProductID int64 `db:"product_id"`
		Kind      erp.ProductKind
	}
	err = r.tx.SelectContext(ctx, &rows, `
		SELECT v.id, v.product_id, p.kind FROM ledger.variants v JOIN ledger.products p ON p.id = v.product_id WHERE v.id = ANY ($1)`, pq.Array(ids))
	productOf, soldAs := make(map[int64]int64, len(rows)), make(map[int64]string, len(rows))
	for _, row := range rows {
		productOf[row.ID], soldAs[row.ID] = row.ProductID, soldID(row.Kind, row.ProductID, row.ID)
	}
	return func(id int64) erp.Key {
		if r.own {
			return erp.OwnKey("product", soldAs[id])
		}
		key := keyOf(id)
		if _, pending := erp.PendingID(key); pending {
			return erp.PendingKey(r.instance, "product", strconv.FormatInt(productOf[id], 10))
		}
		return key
	}, classify(err)
}

// soldID names what is sold by the ledger's ids: a product that is sold as it is, or one of its variants.
func soldID(kind erp.ProductKind, product, variant int64) string {
	id := strconv.FormatInt(product, 10)
	if kind == erp.Variable {
		id += "/" + strconv.FormatInt(variant, 10)
	}
	return id
}

// otherInstances gives the instances other than the reader's whose stores have the orders.
func (r recordReader) otherInstances(ctx context.Context, ids []int64) (map[int64]string, error) {
	var rows []struct {
		RecordID int64 `db:"record_id"`
		Instance string
	}
	err := r.tx.SelectContext(ctx, &rows, `
		SELECT record_id, min(instance) AS instance FROM ledger.external_ids
		WHERE record_id = ANY ($1) AND model = $2 AND instance NOT IN ($3, $4) GROUP BY record_id`,
		pq.Array(ids), orders.model, r.instance, erp.OwnInstance)
	of := make(map[int64]string, len(rows))
	for _, row := range rows {
		of[row.RecordID] = row.Instance
	}
	return of, classify(err)
}

func (p orderParts) held(row orderRow) erp.HeldOrder {
	order := erp.Order{
		Key: p.keyOf(row.ID), Number: row.Number, Date: row.Date, Currency: row.Currency, Partner: p.partnerKey(row.PartnerID),
		Untaxed: row.Untaxed, Tax: row.Tax, Total: row.Total, StoreStatus: row.StoreStatus, Gateway: row.Gateway,
		GatewayTitle: row.GatewayTitle, TransactionID: row.TransactionID, PaidAt: timeOf(row.PaidAt), CustomerNote: row.CustomerNote,
		Coupons: row.Coupons,
	}
	for _, line := range p.lines {
		if line.OrderID == row.ID {
			order.Lines = append(order.Lines, p.line(line))
		}
	}
	for _, tax := range p.taxes {
		if tax.OrderID == row.ID {
			order.Taxes = append(order.Taxes, erp.OrderTax{Tax: p.taxKey(tax.TaxID), Label: tax.Label, Rate: tax.Rate, Amount: tax.Amount})
		}
	}
	held := erp.HeldOrder{Stage: row.Stage, Of: p.of[row.ID]}
	held.ID = strconv.FormatInt(row.ID, 10)
	held.Invoice, order.InvoiceAddress = p.address(row.InvoiceAddressID)
	held.Delivery, order.DeliveryAddress = p.address(row.DeliveryAddressID)
	held.Record = order
	return held
}

func (p orderParts) line(row orderLineRow) erp.OrderLine {
	line := erp.OrderLine{
		ID: row.StoreLine, Kind: row.Kind, Description: row.Description, Quantity: row.Quantity, UnitPrice: row.UnitPrice,
		Discount: row.Discount, Total: row.Total,
	}
	if row.VariantID != nil {
		line.Product = p.variantKey(*row.VariantID)
	}
	for _, tax := range row.Taxes {
		line.Taxes = append(line.Taxes, erp.LineTax{Tax: p.taxKey(tax.Tax), Amount: tax.Amount})
	}
	return line
}

func (p orderParts) address(id *int64) (erp.Address, erp.Key) {
	if id == nil {
		return erp.Address{}, erp.Key{}
	}
	i := slices.IndexFunc(p.addresses, func(a addressRow) bool { return a.ID == *id })
	if i < 0 {
		return erp.Address{}, erp.Key{}
	}
	address := p.addresses[i].address(p.addressKey(*id))
	return address, address.Key
}
