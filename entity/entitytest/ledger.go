package entitytest

import (
	"context"
	"slices"
	"strconv"

	"tandem/erp"
)

// Ledger records what is landed. Outcomes are Created unless set for a key. What it does not implement panics: the
// embedded Backend is nil.
type Ledger struct {
	erp.Backend
	Calls    []string
	Outcomes map[erp.Key]erp.Outcome
	Err      error // fails the call named in Failing
	Failing  string

	Terms      []erp.Term
	Taxes      []erp.Tax
	PriceLists []erp.PriceList
	Products   []erp.Product
	Coupons    []erp.Coupon
	Partners   []erp.Partner
	Counts     []erp.StockCount
	Uncounted  erp.Status  // what becomes of counts; empty lands them
	Orders     []erp.Order // those that lack nothing
	Refunds    []erp.Refund
	Reversed   []erp.Key
	Lacks      map[erp.Key]bool   // products that did not land
	IDs        map[erp.Key]string // what keys are bound to; taxes are bound as they land
	Percents   map[string]string  // of the taxes the ERP has, by id

	Figures map[erp.Key]erp.OrderFigures // of orders
}

// Lookup resolves the keys of taxes and those a test binds.
func (l *Ledger) Lookup(_ context.Context, keys []erp.Key) ([]string, error) {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = l.IDs[key]
	}
	return ids, nil
}

// Adopt binds a key.
func (l *Ledger) Adopt(_ context.Context, key erp.Key, id string) error {
	l.Bind(key, id)
	return nil
}

// Bind has a key looked up as an id.
func (l *Ledger) Bind(key erp.Key, id string) {
	if l.IDs == nil {
		l.IDs = map[erp.Key]string{}
	}
	l.IDs[key] = id
}

// OrderFigures says nothing of an order but its key, unless a test has set more.
func (l *Ledger) OrderFigures(_ context.Context, orders []erp.Key) ([]erp.OrderFigures, error) {
	figures := make([]erp.OrderFigures, len(orders))
	for i, key := range orders {
		figures[i] = l.Figures[key]
		figures[i].Key = key
	}
	return figures, nil
}

// OrderLines gives the lines of the orders that landed last.
func (l *Ledger) OrderLines(_ context.Context, orders []erp.Key) ([][]erp.LineFigures, error) {
	lines := make([][]erp.LineFigures, len(orders))
	for _, o := range l.Orders {
		at := slices.Index(orders, o.Key)
		if at < 0 {
			continue
		}
		lines[at] = nil
		for _, line := range o.Lines {
			lines[at] = append(lines[at], erp.LineFigures{
				ID: line.ID, Product: line.Product, Description: line.Description, Quantity: line.Quantity, Total: line.Total})
		}
	}
	return lines, nil
}

// BindPartners lets the keys of all partners that landed be looked up.
func (l *Ledger) BindPartners() {
	for _, p := range l.Partners {
		l.Bind(p.Key, "p")
		for _, address := range p.Addresses {
			l.Bind(address.Key, "a")
		}
	}
}

// Options lists the taxes.
func (l *Ledger) Options(context.Context) (erp.Options, error) {
	var options erp.Options
	for id, percent := range l.Percents {
		options.Taxes = append(options.Taxes, erp.Choice{ID: id, Code: percent})
	}
	return options, nil
}

// answer gives one outcome per key, in order.
func (l *Ledger) answer(call string, keys []erp.Key) ([]erp.Outcome, error) {
	l.Calls = append(l.Calls, call+" "+strconv.Itoa(len(keys)))
	if l.Failing == call {
		return nil, l.Err
	}
	outcomes := make([]erp.Outcome, len(keys))
	for i, key := range keys {
		outcome, ok := l.Outcomes[key]
		if !ok {
			outcome = erp.Outcome{Status: erp.Created, ID: "1", After: "digest"}
		}
		outcome.Key = key
		outcomes[i] = outcome
	}
	return outcomes, nil
}

func keysFrom[E any](batch []E, key func(E) erp.Key) []erp.Key {
	keys := make([]erp.Key, len(batch))
	for i, e := range batch {
		keys[i] = key(e)
	}
	return keys
}

// UpsertTerms remembers terms.
func (l *Ledger) UpsertTerms(_ context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	l.Terms = append(l.Terms, batch...)
	return l.answer("terms", keysFrom(batch, func(e erp.Term) erp.Key { return e.Key }))
}

// UpsertTaxes remembers taxes and binds their keys.
func (l *Ledger) UpsertTaxes(_ context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	l.Taxes = append(l.Taxes, batch...)
	outcomes, err := l.answer("taxes", keysFrom(batch, func(e erp.Tax) erp.Key { return e.Key }))
	for i := range outcomes {
		if l.IDs[outcomes[i].Key] != "" {
			outcomes[i].ID = l.IDs[outcomes[i].Key]
		} else if outcomes[i].Landed() {
			outcomes[i].ID = "t" + strconv.Itoa(len(l.IDs)+1)
			l.Bind(outcomes[i].Key, outcomes[i].ID)
		}
	}
	return outcomes, err
}

// UpsertPriceLists remembers price lists.
func (l *Ledger) UpsertPriceLists(_ context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	l.PriceLists = append(l.PriceLists, batch...)
	return l.answer("price lists", keysFrom(batch, func(e erp.PriceList) erp.Key { return e.Key }))
}

// UpsertProducts remembers products.
func (l *Ledger) UpsertProducts(_ context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	l.Products = append(l.Products, batch...)
	return l.answer("products", keysFrom(batch, func(e erp.Product) erp.Key { return e.Key }))
}

// UpsertCoupons remembers coupons.
func (l *Ledger) UpsertCoupons(_ context.Context, batch []erp.Coupon) ([]erp.Outcome, error) {
	l.Coupons = append(l.Coupons, batch...)
	return l.answer("coupons", keysFrom(batch, func(e erp.Coupon) erp.Key { return e.Key }))
}

// UpsertPartners remembers partners.
func (l *Ledger) UpsertPartners(_ context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	l.Partners = append(l.Partners, batch...)
	return l.answer("partners", keysFrom(batch, func(e erp.Partner) erp.Key { return e.Key }))
}

// SetStock remembers counts.
func (l *Ledger) SetStock(_ context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	l.Counts = append(l.Counts, batch...)
	outcomes, err := l.answer("stock", keysFrom(batch, func(e erp.StockCount) erp.Key { return e.Key }))
	for i := range outcomes {
		if l.Uncounted != "" {
			outcomes[i] = erp.Outcome{Key: batch[i].Key, Status: l.Uncounted, Code: "not_tracked", Reason: "its stock is not kept"}
		}
	}
	return outcomes, err
}

// UpsertOrders parks orders as every backend does: for what they sold, and for a customer who has not landed.
func (l *Ledger) UpsertOrders(_ context.Context, batch []erp.Order) ([]erp.Outcome, error) {
	outcomes, err := l.answer("orders", keysFrom(batch, func(e erp.Order) erp.Key { return e.Key }))
	for i := range outcomes {
		if refused := l.refuse(batch[i]); refused.Status != "" && outcomes[i].Landed() {
			refused.Key = batch[i].Key
			outcomes[i] = refused
			continue
		}
		l.Orders = append(l.Orders, batch[i])
	}
	return outcomes, err
}

func (l *Ledger) refuse(o erp.Order) erp.Outcome {
	var waits []erp.Key
	for _, line := range o.Lines {
		if line.Kind == erp.ProductLine && line.Product.IsZero() {
			line.Product = o.Placeholder
		}
		if line.Kind == erp.ProductLine && line.Product.IsZero() {
			return erp.Outcome{Status: erp.Parked, Code: erp.GoneProduct, Reason: "gone"}
		}
		if l.Lacks[line.Product] {
			waits = append(waits, line.Product)
		}
	}
	if len(waits) > 0 {
		return erp.Outcome{Status: erp.Parked, Code: "unknown_product", Reason: "not landed yet", Waits: waits}
	}
	for _, p := range l.Partners {
		if p.Key == o.Partner {
			return erp.Outcome{}
		}
	}
	return erp.Outcome{Status: erp.Parked, Code: "unknown_partner", Reason: "not landed yet", Waits: []erp.Key{o.Partner}}
}

// UpsertRefunds remembers refunds.
func (l *Ledger) UpsertRefunds(_ context.Context, batch []erp.Refund) ([]erp.Outcome, error) {
	l.Refunds = append(l.Refunds, batch...)
	return l.answer("refunds", keysFrom(batch, func(e erp.Refund) erp.Key { return e.Key }))
}

// ReverseRefunds remembers what is to be taken back.
func (l *Ledger) ReverseRefunds(_ context.Context, keys []erp.Key) ([]erp.Outcome, error) {
	l.Reversed = append(l.Reversed, keys...)
	return l.answer("reversals", keys)
}
