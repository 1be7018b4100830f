package odoo

import (
	"context"

	"tandem/erp"
)

// UpsertPartners lands customers and guests as contacts with their addresses below them. Records of a batch count in
// their order: a later one finds by e-mail what an earlier one made. When a key is bound to a partner that was there
// already, or an address changes, the partner counts as updated.
func (b *Backend) UpsertPartners(ctx context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	return b.partners.Upsert(ctx, batch)
}

// UpsertTerms lands terms with their values. A parent may come anywhere in the batch; one that is neither there nor in
// Odoo parks the term with the code "unknown_parent". Values the batch does not name stay as they are. A tag or brand
// becomes the product tag that has its name already, since Odoo takes a name once only.
func (b *Backend) UpsertTerms(ctx context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	return b.catalog.UpsertTerms(ctx, batch)
}

// UpsertTaxes lands tax rates as sales taxes. Odoo requires names to be unique in a company, so the name carries the rate and the
// key; what is printed on invoices is the store's name. An account that is not in Odoo fails the tax with the code
// "unknown_account".
func (b *Backend) UpsertTaxes(ctx context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	return b.catalog.UpsertTaxes(ctx, batch)
}

// UpsertPriceLists lands price lists. A currency that is not active in Odoo fails the list with "unknown_currency".
func (b *Backend) UpsertPriceLists(ctx context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	return b.catalog.UpsertPriceLists(ctx, batch)
}

// UpsertCoupons lands coupons as promotion programs with a code. What Odoo has no such discount for, like free shipping
// alone, lands switched off. Without the module that keeps coupons each fails with the code "module_missing".
func (b *Backend) UpsertCoupons(ctx context.Context, batch []erp.Coupon) ([]erp.Outcome, error) {
	return b.catalog.UpsertCoupons(ctx, batch)
}

// UpsertProducts lands products as templates with their variants and prices. A term or price list that has not landed
// parks the product, with a code like "unknown_category". Variants the product no longer has are archived, because
// orders may name them. Odoo takes a barcode once: the first product keeps it, others land without.
func (b *Backend) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	return b.catalog.UpsertProducts(ctx, batch)
}

// UpsertImages writes images one by one: each is large, and one that Odoo cannot read holds up no other. One that Odoo breaks off
// at is tried again along with its batch, after the others, and fails in the end. What a person puts in their place stays until
// the store shows another.
func (b *Backend) UpsertImages(ctx context.Context, batch []erp.ShownImage, fetch erp.FetchImage) ([]erp.Outcome, error) {
	return b.catalog.UpsertImages(ctx, batch, fetch)
}

// ReadImage gives the bytes of an image by the checksum that Odoo has of it.
func (b *Backend) ReadImage(ctx context.Context, digest string) ([]byte, error) {
	return b.catalog.ReadImage(ctx, digest)
}

// Prices reads a page of a price list in the order in which its entries were made.
func (b *Backend) Prices(ctx context.Context, list erp.Key, after string, limit int) ([]erp.ListedPrice, string, error) {
	return b.catalog.Prices(ctx, list, after, limit)
}

// SetStock makes the free quantities what the store counted, by inventory adjustments: what is reserved lies on the
// shelf too. A product that is unknown is parked; one whose stock Odoo does not keep fails with "not_tracked".
func (b *Backend) SetStock(ctx context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	return b.stock.SetStock(ctx, batch)
}

// Quantities reads the stock of products in one warehouse. What the store has set aside for quotations counts as
// reserved and outgoing. An unknown warehouse is fault.Invalid.
func (b *Backend) Quantities(ctx context.Context, warehouse string, products []erp.Key) ([]erp.Quantities, error) {
	return b.stock.Quantities(ctx, warehouse, products)
}

// MovedProducts tells which products have other figures by their stock moves, which goods, reservations and inventory
// adjustments all leave behind. Each change is told at once and, a quarter of an hour later, again along with those that
// became visible late. What the store has set aside for quotations makes no move and is not told: it is the store's own.
func (b *Backend) MovedProducts(ctx context.Context, instance, warehouse, after string, limit int) ([]erp.Key, string, error) {
	return b.stock.MovedProducts(ctx, instance, warehouse, after, limit)
}

// UpsertOrders lands orders as quotations. One whose product, tax, partner, address or price list is unknown is parked
// with the code "unknown_…" until that lands; one whose lines and taxes do not add up to its total fails with
// "totals_differ". Lines and taxes land in whole coins, as the store rounded them. One whose taxes are not those that Odoo has
// is parked with "taxes_differ" before anything is written. What Odoo makes of the lines is read back: another total parks the
// order with "totals_differ" and leaves none in Odoo.
//
// An order is replaced until it is invoiced or shipped; after that only what the store says of its progress follows.
// Other amounts are then parked with "order_locked", and a cancellation with "cancel_needs_person".
func (b *Backend) UpsertOrders(ctx context.Context, batch []erp.Order) ([]erp.Outcome, error) {
	return b.sales.Upsert(ctx, batch)
}

// StepBatch is how many orders take a step together. More would not be faster, and would take back more of what was done when
// Odoo fails.
func (b *Backend) StepBatch() int { return 50 }

// ConfirmOrders turns quotations into orders, for each of which Odoo makes a delivery. An order whose total is not what the
// store charged is fault.Parked with the code "totals_differ": a person changed it in Odoo, because it landed with the store's.
func (b *Backend) ConfirmOrders(ctx context.Context, orders []erp.Ask[erp.ConfirmRequest]) []erp.StepResult {
	return b.sales.Confirm(ctx, orders)
}

// InvoiceOrders posts the one invoice of each confirmed order. An invoice whose total is not what the store charged is left
// as a draft, fault.Parked with the code "totals_differ".
func (b *Backend) InvoiceOrders(ctx context.Context, orders []erp.Ask[erp.InvoiceRequest]) []erp.StepResult {
	return b.sales.Invoice(ctx, orders)
}

// PayOrders registers the payment of each order's invoice in full, in a bank or cash journal.
func (b *Backend) PayOrders(ctx context.Context, orders []erp.Ask[erp.PaymentRequest]) []erp.StepResult {
	return b.sales.Pay(ctx, orders)
}

// ShipOrders delivers what is left to deliver of each order. It is fault.Parked with code "no_stock" while some of it is not on hand or
// is reserved for others, with "needs_lot" when a person has to choose lots or serial numbers, and with "not_done" when a
// picking waits for something else or Odoo leaves it open all the same.
func (b *Backend) ShipOrders(ctx context.Context, orders []erp.Ask[erp.ShipRequest]) []erp.StepResult {
	return b.sales.Ship(ctx, orders)
}

// CancelOrders gives each order up along with its open delivery. What is invoiced or shipped is not cancelled but taken back.
func (b *Backend) CancelOrders(ctx context.Context, orders []erp.Ask[erp.CancelRequest]) []erp.StepResult {
	return b.sales.Cancel(ctx, orders)
}

// OrderFigures reads the amounts of orders as Odoo has them, in the order of the keys.
func (b *Backend) OrderFigures(ctx context.Context, orders []erp.Key) ([]erp.OrderFigures, error) {
	return b.sales.Figures(ctx, orders)
}

// OrderLines reads the lines of orders as Odoo has them, in the order of the keys.
func (b *Backend) OrderLines(ctx context.Context, orders []erp.Key) ([][]erp.LineFigures, error) {
	return b.sales.Lines(ctx, orders)
}

// UpsertRefunds books refunds as credit notes; see erp.RefundBook.
func (b *Backend) UpsertRefunds(ctx context.Context, batch []erp.Refund) ([]erp.Outcome, error) {
	return b.sales.UpsertRefunds(ctx, batch)
}

// ReverseRefunds takes booked refunds back: what was paid out is cancelled, and the credit note reversed.
func (b *Backend) ReverseRefunds(ctx context.Context, refunds []erp.Key) ([]erp.Outcome, error) {
	return b.sales.ReverseRefunds(ctx, refunds)
}
