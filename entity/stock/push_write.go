package stock

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

const (
	// lookLasts is how long a look at the store's orders serves: what is sold meanwhile is put right afterwards.
	lookLasts = 2 * time.Second
	// corrections is how often figures are put right that sales were made of while they were written.
	corrections = 5
	// writeTries is how often a figure is written that the store then shows otherwise.
	writeTries = 2
)

type pushAttempt = flow.Attempt[*item, *item]

// pushItems writes figures into the store, and nothing else of a product. What is sold in the store between reading its orders and
// writing would be on offer again: the orders are read once more afterwards, and figures that are too high by them are written again.
func pushItems(ctx context.Context, ec mapping.Context, _ flow.Page, attempts []*pushAttempt) error {
	if len(attempts) == 0 {
		return nil
	}
	p := attempts[0].Record.push
	p.ec = ec
	if err := p.writeAll(ctx, shelvesOf(attempts)); err != nil {
		return err
	}
	for _, a := range attempts {
		p.settle(a)
	}
	return p.note(ctx, attempts)
}

// shelvesOf gives where the items are counted, each once.
func shelvesOf(attempts []*pushAttempt) []*shelf {
	var shelves []*shelf
	seen := map[*shelf]bool{}
	for _, a := range attempts {
		if s := a.Record.shelf; !seen[s] {
			seen[s], shelves = true, append(shelves, s)
		}
	}
	return shelves
}

func (p *push) writeAll(ctx context.Context, shelves []*shelf) error {
	if err := p.orders.look(ctx, lookLasts); err != nil {
		return err
	}
	if err := p.decide(ctx, shelves); err != nil {
		return err
	}
	due := slices.DeleteFunc(slices.Clone(shelves), func(s *shelf) bool { return s.want.Equal(s.held) })
	for _, s := range due {
		s.before = s.held
	}
	if err := p.write(ctx, due); err != nil || len(due) == 0 {
		return err
	}
	for range corrections {
		if err := p.orders.look(ctx, 0); err != nil {
			return err
		}
		again, err := p.correct(ctx, due)
		if err != nil || !again {
			return err
		}
	}
	return fault.New(fault.Unavailable, "the products are sold faster than their figures can be written: they are pushed again")
}

// decide decides which figures the store is to hold, by what the ERP has now.
func (p *push) decide(ctx context.Context, shelves []*shelf) error {
	var keys []erp.Key
	for _, s := range shelves {
		keys = append(keys, s.sold...)
	}
	figures, err := p.figures(ctx, keys)
	if err != nil {
		return err
	}
	for _, s := range shelves {
		p.decideOne(s, figures)
	}
	return nil
}

// decideOne decides about a shelf. What the ERP keeps no stock of stays as it is: that its figure is zero means nothing.
func (p *push) decideOne(s *shelf, figures map[erp.Key]figure) {
	left := decimal.Zero
	s.keptBack, s.look, s.tracked = map[string]decimal.Decimal{}, p.orders.looks, false
	for _, key := range s.sold {
		f := figures[key]
		_, taken := p.orders.leftOf(key.ID, f.countedAt)
		left, s.keptBack[key.ID] = left.Add(f.quantity).Sub(taken), taken
		s.tracked = s.tracked || f.tracked
	}
	if s.want = s.held; s.tracked {
		s.want = offer(left, p.ec.Instance.Config.Stock.Buffer, s.sellsBelowZero())
	}
}

// correct puts figures right of which the store has sold since they were decided, and reports whether it wrote any: those that the
// store now shows higher than they are to be.
func (p *push) correct(ctx context.Context, written []*shelf) (again bool, err error) {
	sold := slices.DeleteFunc(slices.Clone(written), func(s *shelf) bool { return s.problem != nil || !p.orders.soldSince(s) })
	if len(sold) == 0 {
		return false, nil
	}
	if err := p.readAgain(ctx, sold); err != nil {
		return false, err
	}
	if err := p.decide(ctx, sold); err != nil {
		return false, err
	}
	high := slices.DeleteFunc(sold, func(s *shelf) bool { return s.held.LessThanOrEqual(s.want) })
	return len(high) > 0, p.write(ctx, high)
}

// soldSince reports whether orders take more of what is sold from a shelf than they did when its figure was decided.
func (o *orders) soldSince(s *shelf) bool {
	return slices.ContainsFunc(s.sold, func(key erp.Key) bool { return o.risen[key.ID] > s.look })
}

// readAgain reads what the store holds now.
func (p *push) readAgain(ctx context.Context, shelves []*shelf) error {
	s := &selection{variations: map[woo.ID][]woo.ID{}}
	at := map[[2]woo.ID]*shelf{}
	for _, shelf := range shelves {
		at[[2]woo.ID{shelf.parent, shelf.id}] = shelf
		if shelf.parent == 0 {
			s.products = append(s.products, shelf.id)
		} else {
			s.variations[shelf.parent] = append(s.variations[shelf.parent], shelf.id)
		}
	}
	for parent, ids := range s.variations {
		page, err := p.ec.Store.Variations.Of(parent).List(ctx, woo.ListOptions{Include: ids, PerPage: woo.MaxPerPage, Fields: shelfFields})
		if err != nil {
			return err
		}
		for _, v := range page.Records {
			at[[2]woo.ID{parent, v.ID}].held = v.StockQuantity.Decimal
		}
	}
	for window, err := range p.ec.Store.Products.ScanIDs(ctx, s.products) {
		if err != nil {
			return err
		}
		for _, product := range window.Records {
			at[[2]woo.ID{0, product.ID}].held = product.StockQuantity.Decimal
		}
	}
	return nil
}

// write writes figures, by product, and compares what the store then says. What differs is written once more.
func (p *push) write(ctx context.Context, due []*shelf) error {
	for range writeTries {
		if err := p.writeOnce(ctx, due); err != nil {
			return err
		}
		due = slices.DeleteFunc(slices.Clone(due), func(s *shelf) bool { return s.problem != nil || s.held.Equal(s.want) })
	}
	for _, s := range due {
		s.problem = mapping.Parked("store_differs", "the store was told %s and shows %s: a plugin of the store may have changed it, or "+
			"somebody switched off that it counts the stock", s.want, s.held)
	}
	return nil
}

func (p *push) writeOnce(ctx context.Context, due []*shelf) error {
	byParent := map[woo.ID][]*shelf{}
	var parents []woo.ID
	for _, s := range due {
		if byParent[s.parent] == nil {
			parents = append(parents, s.parent)
		}
		byParent[s.parent] = append(byParent[s.parent], s)
	}
	for _, parent := range parents {
		for part := range slices.Chunk(byParent[parent], woo.MaxBatch) {
			if err := p.writePart(ctx, parent, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// writePart writes figures with one request.
func (p *push) writePart(ctx context.Context, parent woo.ID, part []*shelf) error {
	if err := p.ec.ConfirmWrite(ctx); err != nil {
		return err
	}
	var batch woo.Batch
	for _, s := range part {
		batch.Update = append(batch.Update, s.fields())
	}
	if parent == 0 {
		result, err := p.ec.Store.Products.Batch(ctx, batch)
		return take(part, result.Update, err, func(record woo.Product) woo.Decimal { return record.StockQuantity })
	}
	result, err := p.ec.Store.Variations.Of(parent).Batch(ctx, batch)
	return take(part, result.Update, err, func(record woo.Variation) woo.Decimal { return record.StockQuantity })
}

// take takes what the store says of figures that were written.
func take[T any](part []*shelf, results []woo.Outcome[T], err error, quantity func(T) woo.Decimal) error {
	if err != nil {
		return err
	}
	for i, s := range part {
		switch written := results[i]; {
		case written.Err != nil && fault.Retryable(fault.From(written.Err)):
			return written.Err
		case written.Err != nil:
			s.problem = written.Err
		default:
			s.held, s.sent = quantity(written.Record).Decimal, true
		}
	}
	return nil
}

// settle says what became of an item.
func (p *push) settle(a *pushAttempt) {
	i := a.Record
	s := i.shelf
	a.Outcome.Key = mapping.NamedKey(p.ec, pushName, i.key.ID)
	if s.problem != nil {
		a.Refuse(s.problem)
		return
	}
	if !s.tracked {
		a.Note("the ERP keeps no stock of it")
	}
	o := flow.Outcome{Key: a.Outcome.Key, Status: flow.Unchanged, ID: i.erpID, Before: s.held.String(), After: s.held.String()}
	if s.sent {
		o.Status, o.Before, o.After = flow.Updated, s.before.String(), s.want.String()
		a.Note("stock " + o.Before + " → " + o.After)
	}
	if taken := s.keptBack[i.key.ID]; taken.IsPositive() {
		a.Note(taken.String() + " kept back for orders that have not landed")
	}
	a.Settle(o)
}

// note notes which figures the store holds now, and what was kept back of them.
func (p *push) note(ctx context.Context, attempts []*pushAttempt) error {
	var ids, quantities, keptBack []string
	for _, a := range attempts {
		if s := a.Record.shelf; s.problem == nil {
			id := a.Record.key.ID
			ids, quantities, keptBack = append(ids, id), append(quantities, s.want.String()), append(keptBack, s.keptBack[id].String())
		}
	}
	return p.ec.Stock.NoteStockPushes(ctx, p.ec.Instance.ID, ids, quantities, keptBack)
}
