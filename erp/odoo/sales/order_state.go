package sales

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/stock"
)

// orderRow is a sale.order as Odoo has it.
type orderRow struct {
	rpc.Row
	State     rpc.Text   `json:"state"`
	Total     rpc.Amount `json:"amount_total"`
	Tax       rpc.Amount `json:"amount_tax"`
	Currency  rpc.Link   `json:"currency_id"`
	Date      rpc.Moment `json:"date_order"`
	Warehouse rpc.Link   `json:"warehouse_id"`
	Invoicee  rpc.Link   `json:"partner_invoice_id"`
	Invoices  []int64    `json:"invoice_ids"`
	Pickings  []int64    `json:"picking_ids"`
	Payment   rpc.Text   `json:"reference"` // the gateway's transaction id
	Amounts   rpc.Text   `json:"x_tandem_amounts"`
	Expected  rpc.Text   `json:"x_tandem_total"`
	Cancelled bool       `json:"x_tandem_cancelled"`
	Taxes     rpc.Text   `json:"x_tandem_taxes"`
	Placed    rpc.Moment `json:"x_tandem_date"` // in the store; zero for an adopted order
	Opening   rpc.Text   `json:"x_tandem_opening"`
	Exported  bool       `json:"x_tandem_exported"`
}

var orderColumns = []string{"state", "amount_total", "amount_tax", "currency_id", "date_order", "warehouse_id", "partner_invoice_id", "invoice_ids",
	"picking_ids", "reference", "x_tandem_amounts", "x_tandem_total", "x_tandem_cancelled", "x_tandem_taxes",
	"x_tandem_date", "x_tandem_opening", exportedField}

// Invoice is an account.move.
type Invoice struct {
	rpc.Row
	Name         rpc.Text   `json:"name"`
	State        rpc.Text   `json:"state"`
	Kind         rpc.Text   `json:"move_type"`
	PaymentState rpc.Text   `json:"payment_state"`
	Reference    rpc.Text   `json:"payment_reference"` // what the customer is to name, mostly the number
	Ref          rpc.Text   `json:"ref"`
	Term         rpc.Link   `json:"invoice_payment_term_id"`
	Total        rpc.Amount `json:"amount_total"`
	Residual     rpc.Amount `json:"amount_residual"`
}

var invoiceColumns = []string{"name", "state", "move_type", "payment_state", "payment_reference", "ref", "invoice_payment_term_id",
	"amount_total", "amount_residual"}

// Snapshot is where an order stands, with all that hangs on it.
type Snapshot struct {
	orderRow
	invoices []Invoice
	pickings []stock.Picking
	decimals int32
}

// Snapshots reads orders with their invoices and deliveries, in three calls however many there are.
func (b *Book) Snapshots(ctx context.Context, ids []int64) (map[int64]Snapshot, error) {
	s, err := b.records.Prepared(ctx)
	if err != nil {
		return nil, err
	}
	orders, err := rpc.SearchBy[orderRow](ctx, b.rpc, "sale.order", "id", rpc.Distinct(ids), nil, orderColumns...)
	if err != nil {
		return nil, err
	}
	var invoiceIDs, pickingIDs []int64
	for _, o := range orders {
		invoiceIDs, pickingIDs = append(invoiceIDs, o.Invoices...), append(pickingIDs, o.Pickings...)
	}
	invoices, err := rpc.SearchByID[Invoice](ctx, b.rpc, "account.move", invoiceIDs, invoiceColumns...)
	if err != nil {
		return nil, err
	}
	pickings, err := b.stock.Pickings(ctx, pickingIDs)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]Snapshot, len(orders))
	for _, o := range orders {
		found[o.ID] = Snapshot{orderRow: o, decimals: s.Decimals(o.Currency.Name),
			invoices: choose(invoices, o.Invoices), pickings: choose(pickings, o.Pickings)}
	}
	return found, nil
}

func choose[T any](all map[int64]T, ids []int64) []T {
	var list []T
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if v, ok := all[id]; ok {
			list = append(list, v)
		}
	}
	return list
}

func (s Snapshot) stage() erp.OrderStage { return stageOf(s.orderRow.State) }

func stageOf(state rpc.Text) erp.OrderStage {
	switch state {
	case "cancel":
		return erp.Cancelled
	case "draft", "sent":
		return erp.Quotation
	default:
		return erp.Confirmed
	}
}

// Invoice gives the posted invoice of the order.
func (s Snapshot) Invoice() (Invoice, bool) {
	posted := s.postedInvoices()
	if len(posted) == 0 {
		return Invoice{}, false
	}
	return posted[0], true
}

// postedInvoices gives the posted invoices of the order. Tandem makes one; people may make several.
func (s Snapshot) postedInvoices() []Invoice {
	var posted []Invoice
	for _, i := range s.invoices {
		if i.State == "posted" && i.Kind == "out_invoice" {
			posted = append(posted, i)
		}
	}
	return posted
}

// invoiceTotal is what the posted invoices come to together.
func (s Snapshot) invoiceTotal() (sum decimal.Decimal) {
	for _, i := range s.postedInvoices() {
		sum = sum.Add(s.Round(i.Total))
	}
	return sum
}

// paid reports whether nothing is left to pay: Odoo calls it in payment until the bank statement has come, and reversed when all of it
// was given back.
func (i Invoice) paid() bool {
	return i.PaymentState == "paid" || i.PaymentState == "in_payment" || i.PaymentState == "reversed"
}

// State is where the order stands, as every ERP says it.
func (s Snapshot) State() erp.OrderState {
	state := erp.OrderState{ID: rpc.FormatID(s.ID), Stage: s.stage(), Total: s.Round(s.Total), Currency: s.Currency.Name}
	if invoice, ok := s.Invoice(); ok {
		state.Invoiced, state.InvoiceID, state.InvoiceNumber = true, rpc.FormatID(invoice.ID), string(invoice.Name)
		state.Paid, state.Due = invoice.paid(), s.Round(invoice.Residual)
		if state.Paid {
			state.Due = decimal.Zero
		}
	}
	for _, p := range s.pickings {
		if p.State != "cancel" && p.Kind == "outgoing" {
			state.Deliveries++
		}
	}
	if state.Stage == erp.Confirmed {
		state.Shipped = len(s.open()) == 0
		state.PartlyShipped = !state.Shipped && s.delivered()
	}
	return state
}

// Round removes what a float added to an amount.
func (s Snapshot) Round(a rpc.Amount) decimal.Decimal { return a.Round(s.decimals) }

// open lists the pickings that are neither done nor cancelled.
func (s Snapshot) open() []stock.Picking {
	var open []stock.Picking
	for _, p := range s.pickings {
		if p.Open() {
			open = append(open, p)
		}
	}
	return open
}

// ready lists the pickings that can be delivered now.
func (s Snapshot) ready() []stock.Picking {
	return slices.DeleteFunc(s.open(), func(p stock.Picking) bool { return !p.Ready() })
}

// delivered reports whether goods have left the house.
func (s Snapshot) delivered() bool {
	return slices.ContainsFunc(s.pickings, stock.Picking.Gone)
}
