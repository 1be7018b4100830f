package entity

import (
	"context"
	"strconv"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
)

// ledgerStub records what is landed. Outcomes are Created unless set for a key. What it does not implement panics: the
// embedded Backend is nil.
type ledgerStub struct {
	erp.Backend
	calls    []string
	outcomes map[erp.Key]erp.Outcome
	err      error // fails the call named in failing
	failing  string

	terms     []erp.Term
	taxes     []erp.Tax
	lists     []erp.PriceList
	products  []erp.Product
	coupons   []erp.Coupon
	partners  []erp.Partner
	counts    []erp.StockCount
	uncounted erp.Status         // what becomes of counts; empty lands them
	orders    []erp.Order        // those that lack nothing
	lacks     map[erp.Key]bool   // products that did not land
	ids       map[erp.Key]string // what keys are bound to; taxes are bound as they land
	percents  map[string]string  // of the taxes the ERP has, by id
}

// Lookup resolves the keys of taxes and those a test binds.
func (l *ledgerStub) Lookup(_ context.Context, keys []erp.Key) ([]string, error) {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = l.ids[key]
	}
	return ids, nil
}

// Adopt binds a key.
func (l *ledgerStub) Adopt(_ context.Context, key erp.Key, id string) error {
	l.bind(key, id)
	return nil
}

func (l *ledgerStub) bind(key erp.Key, id string) {
	if l.ids == nil {
		l.ids = map[erp.Key]string{}
	}
	l.ids[key] = id
}

// bindPartners lets the keys of all partners that landed be looked up.
func (l *ledgerStub) bindPartners() {
	for _, p := range l.partners {
		l.bind(p.Key, "p")
		for _, address := range p.Addresses {
			l.bind(address.Key, "a")
		}
	}
}

// Options lists the taxes.
func (l *ledgerStub) Options(context.Context) (erp.Options, error) {
	var options erp.Options
	for id, percent := range l.percents {
		options.Taxes = append(options.Taxes, erp.Choice{ID: id, Code: percent})
	}
	return options, nil
}

// answer gives one outcome per key, in order.
func (l *ledgerStub) answer(call string, keys []erp.Key) ([]erp.Outcome, error) {
	l.calls = append(l.calls, call+" "+strconv.Itoa(len(keys)))
	if l.failing == call {
		return nil, l.err
	}
	outcomes := make([]erp.Outcome, len(keys))
	for i, key := range keys {
		outcome, ok := l.outcomes[key]
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

func (l *ledgerStub) UpsertTerms(_ context.Context, batch []erp.Term) ([]erp.Outcome, error) {
	l.terms = append(l.terms, batch...)
	return l.answer("terms", keysFrom(batch, func(e erp.Term) erp.Key { return e.Key }))
}

func (l *ledgerStub) UpsertTaxes(_ context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	l.taxes = append(l.taxes, batch...)
	outcomes, err := l.answer("taxes", keysFrom(batch, func(e erp.Tax) erp.Key { return e.Key }))
	for i := range outcomes {
		if l.ids[outcomes[i].Key] != "" {
			outcomes[i].ID = l.ids[outcomes[i].Key]
		} else if outcomes[i].Landed() {
			outcomes[i].ID = "t" + strconv.Itoa(len(l.ids)+1)
			l.bind(outcomes[i].Key, outcomes[i].ID)
		}
	}
	return outcomes, err
}

func (l *ledgerStub) UpsertPriceLists(_ context.Context, batch []erp.PriceList) ([]erp.Outcome, error) {
	l.lists = append(l.lists, batch...)
	return l.answer("price lists", keysFrom(batch, func(e erp.PriceList) erp.Key { return e.Key }))
}

func (l *ledgerStub) UpsertProducts(_ context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	l.products = append(l.products, batch...)
	return l.answer("products", keysFrom(batch, func(e erp.Product) erp.Key { return e.Key }))
}

func (l *ledgerStub) UpsertCoupons(_ context.Context, batch []erp.Coupon) ([]erp.Outcome, error) {
	l.coupons = append(l.coupons, batch...)
	return l.answer("coupons", keysFrom(batch, func(e erp.Coupon) erp.Key { return e.Key }))
}

func (l *ledgerStub) UpsertPartners(_ context.Context, batch []erp.Partner) ([]erp.Outcome, error) {
	l.partners = append(l.partners, batch...)
	return l.answer("partners", keysFrom(batch, func(e erp.Partner) erp.Key { return e.Key }))
}

func (l *ledgerStub) SetStock(_ context.Context, batch []erp.StockCount) ([]erp.Outcome, error) {
	l.counts = append(l.counts, batch...)
	outcomes, err := l.answer("stock", keysFrom(batch, func(e erp.StockCount) erp.Key { return e.Key }))
	for i := range outcomes {
		if l.uncounted != "" {
			outcomes[i] = erp.Outcome{Key: batch[i].Key, Status: l.uncounted, Code: "not_tracked", Reason: "its stock is not kept"}
		}
	}
	return outcomes, err
}

// UpsertOrders parks orders as every backend does: for what they sold, and for a customer who has not landed.
func (l *ledgerStub) UpsertOrders(_ context.Context, batch []erp.Order) ([]erp.Outcome, error) {
	outcomes, err := l.answer("orders", keysFrom(batch, func(e erp.Order) erp.Key { return e.Key }))
	for i := range outcomes {
		if refused := l.refuse(batch[i]); refused.Status != "" && outcomes[i].Landed() {
			refused.Key = batch[i].Key
			outcomes[i] = refused
			continue
		}
		l.orders = append(l.orders, batch[i])
	}
	return outcomes, err
}

func (l *ledgerStub) refuse(o erp.Order) erp.Outcome {
	var waits []erp.Key
	for _, line := range o.Lines {
		if line.Kind == erp.ProductLine && line.Product.IsZero() {
			line.Product = o.Placeholder
		}
		if line.Kind == erp.ProductLine && line.Product.IsZero() {
			return erp.Outcome{Status: erp.Parked, Code: erp.GoneProduct, Reason: "gone"}
		}
		if l.lacks[line.Product] {
			waits = append(waits, line.Product)
		}
	}
	if len(waits) > 0 {
		return erp.Outcome{Status: erp.Parked, Code: "unknown_product", Reason: "not landed yet", Waits: waits}
	}
	for _, p := range l.partners {
		if p.Key == o.Partner {
			return erp.Outcome{}
		}
	}
	return erp.Outcome{Status: erp.Parked, Code: "unknown_partner", Reason: "not landed yet", Waits: []erp.Key{o.Partner}}
}

// pageOf makes a page of records that were read.
func pageOf[R, E any](_ *flow.Flow[mapping.Context, R, E], records ...R) flow.Batch[R] {
	return flow.Batch[R]{Records: records, Done: true}
}

// land lands a page as the first of a run.
func land[R, E any](ctx context.Context, ec mapping.Context, f *flow.Flow[mapping.Context, R, E], page flow.Batch[R]) ([]flow.Outcome, error) {
	if f.Prepare != nil {
		if err := f.Prepare(ctx, ec); err != nil {
			return nil, err
		}
	}
	return f.Land(ctx, ec, page)
}
