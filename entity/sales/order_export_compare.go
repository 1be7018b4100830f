package sales

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// compare holds what the store made of the orders to what the ERP has. An order that came out otherwise is deleted again while nothing
// has come of it, and held.
func (x orderExport) compare(ctx context.Context, all []*exportedOrder) error {
	var wrong []*exportedOrder
	for _, e := range all {
		differs, err := x.differences(ctx, e)
		switch {
		case err != nil:
			return err
		case len(differs) == 0:
		case e.have.Status != woo.OrderPending:
			e.Refuse(mapping.Parked("store_differs", "order %s of the store was made from this one and is not the same: %s. Correct it in the store, or "+
				"delete it there, and process this one again", e.have.ID, strings.Join(differs, "; ")))
		default:
			e.Refuse(mapping.Parked("store_differs", "the store would make another order of it, so it was deleted there again: %s. Correct the order, or the "+
				"tax rates and classes of the store, and process it again", strings.Join(differs, "; ")))
			wrong = append(wrong, e)
		}
	}
	return x.undo(ctx, wrong)
}

// differences says what of the store's order is not as the ERP has it.
func (x orderExport) differences(ctx context.Context, e *exportedOrder) ([]string, error) {
	have, err := x.content(ctx, e.have)
	switch {
	case err != nil && (fault.Is(err, fault.Parked) || fault.Is(err, fault.Invalid)):
		return []string{fault.From(err).Message}, nil
	case err != nil:
		return nil, err
	}
	want := e.Record.Record
	var differs []string
	if !have.Total.Equal(want.Total) || have.Currency != want.Currency {
		differs = append(differs, fmt.Sprintf("the total is %s %s instead of %s %s", have.Total, have.Currency, want.Total, want.Currency))
	}
	got, wanted := sumByRate(have.Taxes), sumByRate(want.Taxes)
	rates := slices.AppendSeq(slices.Collect(maps.Keys(got)), maps.Keys(wanted))
	slices.Sort(rates)
	for _, rate := range slices.Compact(rates) {
		if !got[rate].Equal(wanted[rate]) {
			differs = append(differs, fmt.Sprintf("the tax at %s %% is %s instead of %s", rate, got[rate], wanted[rate]))
		}
	}
	if !sameLines(have.Lines, want.Lines) {
		differs = append(differs, "its lines are others")
	}
	return differs, nil
}

// sameLines reports whether two lists hold the same lines of each kind, in whatever order. A credit comes back as it was sent: as a fee
// without tax.
func sameLines(have, want []erp.OrderLine) bool {
	rest := slices.Clone(have)
	for _, line := range want {
		at := slices.IndexFunc(rest, func(l erp.OrderLine) bool {
			return l.Kind == line.Kind && l.Product == line.Product && l.Quantity.Equal(line.Quantity) && l.Total.Equal(line.Total)
		})
		if at < 0 {
			return false
		}
		rest = slices.Delete(rest, at, at+1)
	}
	return len(rest) == 0
}

// undo deletes orders of the store for good. One whose reply is lost is found again by its mark.
func (x orderExport) undo(ctx context.Context, wrong []*exportedOrder) error {
	if len(wrong) == 0 {
		return nil
	}
	var batch woo.Batch
	for _, e := range wrong {
		batch.Delete = append(batch.Delete, e.have.ID)
	}
	result, err := x.ec.Store.Orders.Batch(ctx, batch)
	if err != nil {
		return err
	}
	for i, e := range wrong {
		if err := result.Delete[i].Err; err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		e.Note("order " + e.have.ID.String() + " deleted again")
	}
	return nil
}
