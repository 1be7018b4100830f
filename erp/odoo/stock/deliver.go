package stock

import (
	"context"
	"encoding/json"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// Part is how much of each product, in its unit, is delivered of an order that is not delivered whole. In a warehouse that ships in
// several steps it holds for each step.
type Part struct {
	of    map[int64]decimal.Decimal // by product
	taken map[step]decimal.Decimal
}

// step is one product in one kind of picking.
type step struct{ kind, product int64 }

// NewPart gives a part of what an order has, with so much of each product.
func NewPart(of map[int64]decimal.Decimal) *Part {
	return &Part{of: of, taken: map[step]decimal.Decimal{}}
}

// take gives how much a move takes of what is reserved for it; a part of nil is the whole.
func (p *Part) take(m Move) decimal.Decimal {
	quantity := decimal.Min(m.Quantity.Decimal, m.quantity())
	if p == nil {
		return quantity
	}
	at := step{m.Type.ID, m.Product.ID}
	quantity = decimal.Min(quantity, m.ofPieces(p.of[at.product].Sub(p.taken[at])))
	p.taken[at] = p.taken[at].Add(m.pieces(quantity))
	return quantity
}

// TakeAll sets how much each move takes. It gives the products that do not suffice, and whether anything is taken.
func (p *Part) TakeAll(moves []Move) (short []int64, some bool) {
	for i, m := range moves {
		moves[i].taken = p.take(m)
		some = some || moves[i].taken.IsPositive()
		if moves[i].taken.LessThan(m.Quantity.Decimal) {
			short = append(short, m.Product.ID)
		}
	}
	return short, some
}

// Deliver reserves the goods of a picking, says how many were picked, and validates it; without goods it does not, and
// reports false. Whether validating worked is for the caller to see: Odoo answers true for pickings it leaves open.
func (v *Inventory) Deliver(ctx context.Context, instance string, picking int64, p *Part) (bool, error) {
	moves, err := v.Reserve(ctx, []int64{picking})
	if err != nil {
		return false, err
	}
	short, some := p.TakeAll(moves)
	switch {
	case p == nil && len(short) > 0:
		return false, v.NoStock(ctx, instance, short, false)
	case !some:
		return false, nil
	}
	if err := v.SetDone(ctx, moves); err != nil {
		return false, err
	}
	_, err = v.Validate(ctx, []int64{picking})
	return true, err
}

// Reserve has Odoo reserve the goods of pickings, and reads their moves.
func (v *Inventory) Reserve(ctx context.Context, pickings []int64) ([]Move, error) {
	err := v.rpc.Run(ctx, "stock.picking", "action_assign", pickings, nil, nil)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return nil, err // it is refused when there is nothing to reserve
	}
	return rpc.SearchBy[Move](ctx, v.rpc, "stock.move", "picking_id", pickings, []any{rpc.Where("state", "not in", []string{"done", "cancel"})},
		"picking_id", "product_id", "product_uom_qty", "product_qty", "picking_type_id", "move_line_ids", rpc.ReservedQuantities.For(v.rpc.Release))
}

// SetDone says of moves how much of each was picked. Moves of the same quantity are written with one call.
func (v *Inventory) SetDone(ctx context.Context, moves []Move) error {
	done, byLine := rpc.DoneQuantities.For(v.rpc.Release), rpc.LineQuantities.For(v.rpc.Release)
	same := map[string][]int64{}
	var several []Move
	for _, m := range moves {
		if byLine.Done != "" && len(m.Lines) > 1 {
			several = append(several, m)
			continue
		}
		same[m.taken.String()] = append(same[m.taken.String()], m.ID)
	}
	for quantity, ids := range same {
		vals := map[string]any{done.Field: json.Number(quantity)}
		if done.Picked {
			vals["picked"] = quantity != "0"
		}
		if err := v.rpc.Write(ctx, "stock.move", ids, vals); err != nil {
			return err
		}
	}
	return v.setLinesDone(ctx, several, byLine)
}

// moveLine is a stock.move.line: goods of a move from one shelf.
type moveLine struct {
	rpc.Row
	Move rpc.Link    `json:"move_id"`
	Old  *rpc.Amount `json:"product_uom_qty"`
	New  *rpc.Amount `json:"reserved_uom_qty"`
}

// setLinesDone says how much was picked from each shelf, for moves that take from several.
func (v *Inventory) setLinesDone(ctx context.Context, moves []Move, fields rpc.LineQuantity) error {
	var ids []int64
	left := map[int64]decimal.Decimal{}
	for _, m := range moves {
		ids, left[m.ID] = append(ids, m.Lines...), m.taken
	}
	lines, err := rpc.SearchBy[moveLine](ctx, v.rpc, "stock.move.line", "id", ids, nil, "move_id", fields.Reserved)
	if err != nil {
		return err
	}
	same := map[string][]int64{}
	for _, l := range lines {
		quantity := decimal.Min(left[l.Move.ID], reserved{l.Old, l.New}.quantity())
		left[l.Move.ID] = left[l.Move.ID].Sub(quantity)
		same[quantity.String()] = append(same[quantity.String()], l.ID)
	}
	for quantity, ids := range same {
		if err := v.rpc.Write(ctx, "stock.move.line", ids, map[string]any{fields.Done: json.Number(quantity)}); err != nil {
			return err
		}
	}
	return nil
}

// Validate finishes pickings without the questions Odoo asks a person. What was not picked becomes a backorder. It reports
// whether Odoo answers with something a person has to see: a document to print when all is done, or a question
// that a module of somebody else has about one of them, and then nothing is done.
func (v *Inventory) Validate(ctx context.Context, pickings []int64) (shows bool, err error) {
	env := v.rpc.BaseContext()
	for _, skip := range []string{"skip_backorder", "skip_immediate", "skip_sms"} {
		env[skip] = true
	}
	var answer any
	err = v.rpc.Call(ctx, rpc.Call{Model: "stock.picking", Method: "button_validate", IDs: pickings, Context: env}, &answer)
	return answer != true, err
}
