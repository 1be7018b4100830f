package odoo

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/erp"
)

// act is something that is done through a backend, with what it answered.
type act func(ctx context.Context, b *Backend) (string, error)

// scene is some acts in a row. What comes before them is done without faults.
type scene struct {
	name   string
	before []act
	acts   []act
}

// taleIn is a story in a fake Odoo, whose first warehouse and journal are those to use.
func taleIn(instance string) story {
	return storyIn(instance, erp.Options{Warehouses: []erp.Choice{{ID: "1"}}, Journals: []erp.Choice{{ID: "1", Kind: "bank"}}})
}

// scenes are the ways of an order into and through Odoo.
func (s story) scenes() []scene {
	catalogue := []act{s.landTax, s.landProduct, s.landPartner, s.count("5")}
	landed := slices.Concat(catalogue, []act{s.landOrder()})
	confirmed := append(slices.Clone(landed), s.confirm)
	invoiced := append(slices.Clone(confirmed), s.invoice)
	return append([]scene{
		{"from nothing", nil, catalogue},
		{"a sale", catalogue, []act{s.landOrder(), s.confirm, s.invoice, s.pay, s.ship}},
		{"an order without notes", catalogue, []act{s.landOrder(quiet), s.confirm}},
		{"cents", catalogue, []act{s.landOrder(cents), s.confirm}},
		{"cents without notes", catalogue, []act{s.landOrder(quiet, cents), s.confirm}},
		{"other taxes", catalogue, []act{s.landOrder(otherTaxes)}},
		{"other taxes without notes", catalogue, []act{s.landOrder(quiet, otherTaxes)}},
		{"other taxes afterwards", landed, []act{s.landOrder(otherTaxes)}},
		{"a quotation changes", landed, []act{s.landOrder(mugs(3))}},
		{"a line is replaced", landed, []act{s.landOrder(mugs(3), replaced), s.confirm}},
		{"cents go", append(slices.Clone(catalogue), s.landOrder(cents)), []act{s.landOrder()}},
		{"an order changes", confirmed, []act{s.landOrder(mugs(3)), s.ship}},
		{"the store cancels", confirmed, []act{s.landOrder(cancelled), s.landOrder()}},
		{"it lands cancelled", catalogue, []act{s.landOrder(cancelled)}},
		{"progress of an invoiced order", invoiced, []act{s.landOrder(aside(1)), s.landOrder(mugs(3))}},
		{"two orders land together", catalogue, []act{s.landTwo(nil, nil), s.landTwo(mugs(3), otherTaxes), s.landTwo(mugs(3), mugs(3))}},
		{"goods are counted again", catalogue, []act{s.count("9"), s.count("2")}},
		{"a person cancels", confirmed, []act{s.cancel}},
		{"too little stock", slices.Concat(catalogue, []act{s.landOrder(mugs(7), aside(0)), s.confirm}), []act{s.ship, s.shipPart, s.count("9"), s.ship}},
		{"several are paid", slices.Concat(catalogue, s.several().invoiced()), []act{s.several().pay}},
		{"a customer moves", catalogue, []act{s.moved, s.guest}},
		{"images come and go", catalogue, []act{s.show(dot(1)), s.show(dot(2)), s.show(nil)}},
	}, s.exportScenes(landed)...)
}

// tell tells outcomes without what a fault may change: ids, and whether it was the last call that did it.
func tell(outcomes []erp.Outcome, err error) (string, error) {
	told := ""
	for _, o := range outcomes {
		told += fmt.Sprintln(o.Key, o.Landed(), o.Code, o.Reason)
	}
	return told, err
}

// tellState tells the state a step leads to, without ids and numbers. Where it found the order a fault may change.
func tellState(progress erp.Progress, err error) (string, error) {
	state := progress.OrderState
	state.ID, state.InvoiceID, state.InvoiceNumber = "", "", ""
	return fmt.Sprintf("%+v", state), err
}

func (s story) landTax(ctx context.Context, b *Backend) (string, error) {
	return tell(b.UpsertTaxes(ctx, []erp.Tax{s.tax}))
}

func (s story) landProduct(ctx context.Context, b *Backend) (string, error) {
	return tell(b.UpsertProducts(ctx, []erp.Product{s.product}))
}

func (s story) landPartner(ctx context.Context, b *Backend) (string, error) {
	return tell(b.UpsertPartners(ctx, []erp.Partner{s.partner}))
}

// moved lands the customer with another e-mail and address.
func (s story) moved(ctx context.Context, b *Backend) (string, error) {
	s.partner.Email = "lee@" + s.partner.Key.Instance + ".example"
	s.partner.Addresses = []erp.Address{s.partner.Addresses[0]}
	s.partner.Addresses[0].Street = "2 Side Street"
	return s.landPartner(ctx, b)
}

// guest lands somebody who gives the customer's new e-mail.
func (s story) guest(ctx context.Context, b *Backend) (string, error) {
	instance := s.partner.Key.Instance
	return tell(b.UpsertPartners(ctx, []erp.Partner{{Key: erp.Key{Instance: instance, Entity: "guest", ID: "1"}, Name: "A. Lee",
		Email: "LEE@" + instance + ".example", KeepExisting: true}}))
}

// count has the store count the mugs.
func (s story) count(free string) act {
	s.stock.Free = dec(free)
	return func(ctx context.Context, b *Backend) (string, error) {
		return tell(b.SetStock(ctx, []erp.StockCount{s.stock}))
	}
}

func (s story) landOrder(changes ...func(*erp.Order)) act {
	s.order.Lines = slices.Clone(s.order.Lines)
	for _, change := range changes {
		change(&s.order)
	}
	return func(ctx context.Context, b *Backend) (string, error) {
		return tell(b.UpsertOrders(ctx, []erp.Order{s.order}))
	}
}

// landTwo lands the order and another one like it, each with a change of its own, or none.
func (s story) landTwo(one, other func(*erp.Order)) act {
	two := []erp.Order{s.order, s.order}
	two[1].Key.ID, two[1].Number = "2", s.order.Number+"-2"
	for i, change := range []func(*erp.Order){one, other} {
		two[i].Lines = slices.Clone(s.order.Lines)
		if change != nil {
			change(&two[i])
		}
	}
	return func(ctx context.Context, b *Backend) (string, error) {
		return tell(b.UpsertOrders(ctx, two))
	}
}

func (s story) confirm(ctx context.Context, b *Backend) (string, error) {
	return tellState(stepsOf(b).ConfirmOrder(ctx, s.order.Key))
}

func (s story) invoice(ctx context.Context, b *Backend) (string, error) {
	return tellState(stepsOf(b).InvoiceOrder(ctx, s.order.Key, erp.InvoiceRequest{Date: s.order.Date}))
}

func (s story) pay(ctx context.Context, b *Backend) (string, error) {
	return tellState(stepsOf(b).PayOrder(ctx, s.order.Key, s.payment))
}

func (s story) ship(ctx context.Context, b *Backend) (string, error) {
	return tellState(stepsOf(b).ShipOrder(ctx, s.order.Key, erp.ShipRequest{}))
}

func (s story) shipPart(ctx context.Context, b *Backend) (string, error) {
	return tellState(stepsOf(b).ShipOrder(ctx, s.order.Key, erp.ShipRequest{Partial: true}))
}

func (s story) cancel(ctx context.Context, b *Backend) (string, error) {
	return tellState(stepsOf(b).CancelOrder(ctx, s.order.Key))
}

// quiet takes the notes away, without which an order takes fewer calls.
func quiet(o *erp.Order) { o.Notes = nil }

func cancelled(o *erp.Order) { o.Cancelled = true }

// mugs has so many mugs ordered and set aside, at 65.00 each.
func mugs(n int64) func(*erp.Order) {
	return func(o *erp.Order) {
		line, quantity := &o.Lines[0], decimal.NewFromInt(n)
		line.Quantity, line.SetAside, line.Total = quantity, quantity, dec("54.166667").Mul(quantity)
		line.Taxes = []erp.LineTax{{Tax: line.Taxes[0].Tax, Amount: dec("10.833333").Mul(quantity)}}
		o.Total = dec("65").Mul(quantity)
		o.Untaxed = line.Total.Round(2)
		o.Tax = o.Total.Sub(o.Untaxed)
		o.Taxes = []erp.OrderTax{{Tax: line.Taxes[0].Tax, Label: "VAT", Rate: dec("20"), Amount: o.Tax}}
	}
}

func aside(n int64) func(*erp.Order) {
	return func(o *erp.Order) { o.Lines[0].SetAside = decimal.NewFromInt(n) }
}

// replaced puts another line in the place of the mugs'.
func replaced(o *erp.Order) { o.Lines[0].ID = "3" }

// cents has the store round once over two lines that Odoo rounds each.
func cents(o *erp.Order) {
	for i := range o.Lines {
		o.Lines[i] = o.Lines[0]
		o.Lines[i].ID = fmt.Sprint(i + 1)
		o.Lines[i].Quantity, o.Lines[i].Total, o.Lines[i].SetAside = dec("1"), dec("10.004167"), dec("1")
		o.Lines[i].Taxes = []erp.LineTax{{Tax: o.Taxes[0].Tax, Amount: dec("2.000833")}}
	}
	o.Taxes = []erp.OrderTax{{Tax: o.Taxes[0].Tax, Label: "VAT", Rate: dec("20"), Amount: dec("4.00")}}
	o.Untaxed, o.Tax, o.Total, o.RoundingLimit = dec("20.01"), dec("4.00"), dec("24.01"), dec("0.05")
}

// otherTaxes has the store take 19 % where Odoo has 20 %.
func otherTaxes(o *erp.Order) {
	o.Lines[0].Total, o.Lines[0].Taxes = dec("100"), []erp.LineTax{{Tax: o.Taxes[0].Tax, Amount: dec("19")}}
	o.Taxes = []erp.OrderTax{{Tax: o.Taxes[0].Tax, Label: "VAT", Rate: dec("19"), Amount: dec("19")}}
	o.Untaxed, o.Tax, o.Total = dec("100"), dec("19"), dec("119")
}
