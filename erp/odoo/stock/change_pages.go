package stock

import (
	"context"
	"fmt"
	"hash/crc32"
	"slices"
	"time"

	"tandem/erp/odoo/rpc"
)

// changedMove is a stock.move by when it changed last.
type changedMove struct {
	rpc.Row
	Product  rpc.Link   `json:"product_id"`
	Changed  rpc.Moment `json:"write_date"`
	State    rpc.Text   `json:"state"`
	Quantity rpc.Amount `json:"product_uom_qty"`
}

var changedColumns = []string{"product_id", "write_date", "state", "product_uom_qty"}

func (m changedMove) position() position { return position{m.Changed.Time, m.ID} }

// addTo takes what matters of the move into a digest.
func (m changedMove) addTo(digest uint32) uint32 {
	return crc32.Update(digest, crc32.IEEETable, fmt.Appendln(nil, m.ID, m.State, m.Quantity))
}

// page reads changes after a position and before a time, in order, and reports whether there may be more. Odoo sorts by fractions of seconds
// that it does not tell, so a second that does not fit on a page is left to the next one, or read by ids when it is all
// that is there.
func (r *changeReader) page(ctx context.Context, from position, until time.Time) ([]changedMove, bool, error) {
	next := from.at.Add(time.Second)
	domain := []any{"|", changedSince(next), "&", changedSince(from.at), rpc.Where("id", ">", from.id)}
	if !until.IsZero() {
		domain = append(domain, changedBefore(until))
	}
	moves, err := r.moves(ctx, "write_date, id", domain...)
	if err != nil {
		return nil, false, err
	}
	more := len(moves) == rpc.PageSize
	if more {
		last := moves[len(moves)-1].Changed
		whole := slices.DeleteFunc(moves, func(m changedMove) bool { return m.Changed.Equal(last.Time) })
		if len(whole) == 0 {
			return r.second(ctx, last.Time, from)
		}
		moves = whole
	}
	slices.SortFunc(moves, func(a, b changedMove) int { return a.position().compare(b.position()) })
	return moves, more, nil
}

// second reads what changed in one second after a position.
func (r *changeReader) second(ctx context.Context, at time.Time, from position) ([]changedMove, bool, error) {
	after := int64(0)
	if from.at.Equal(at) {
		after = from.id
	}
	moves, err := r.moves(ctx, "id", changedSince(at), changedBefore(at.Add(time.Second)), rpc.Where("id", ">", after))
	return moves, true, err
}

// upTo reads what changed in the second of a position, up to it and in order.
func (r *changeReader) upTo(ctx context.Context, at position) ([]changedMove, error) {
	return rpc.Search[changedMove](ctx, r.rpc, "stock.move", append(r.here(), changedSince(at.at),
		changedBefore(at.at.Add(time.Second)), rpc.Where("id", "<=", at.id)), changedColumns...)
}

// here finds the moves into, out of and inside the warehouse.
func (r *changeReader) here() []any {
	return []any{"|", rpc.Where("location_id", "child_of", r.warehouse.View.ID), rpc.Where("location_dest_id", "child_of", r.warehouse.View.ID)}
}

func (r *changeReader) moves(ctx context.Context, order string, domain ...any) ([]changedMove, error) {
	var moves []changedMove
	err := r.rpc.Call(ctx, rpc.Call{Model: "stock.move", Method: "search_read", Context: r.rpc.ArchivedContext(), Args: map[string]any{
		"domain": append(r.here(), domain...), "fields": changedColumns, "limit": rpc.PageSize, "order": order}}, &moves)
	return moves, err
}

func changedSince(at time.Time) any {
	return rpc.Where("write_date", ">=", at.UTC().Format(rpc.TimeLayout))
}

func changedBefore(at time.Time) any {
	return rpc.Where("write_date", "<", at.UTC().Format(rpc.TimeLayout))
}
