package sales

import (
	"context"

	"github.com/shopspring/decimal"

	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// deliveredMove is a move of what an order's line sold, out of the house or back.
type deliveredMove struct {
	rpc.Row
	State    rpc.Text   `json:"state"`
	Product  rpc.Link   `json:"product_id"`
	Quantity rpc.Amount `json:"product_uom_qty"` // in the move's unit
	Pieces   rpc.Amount `json:"product_qty"`     // the same in the product's, as stores count
	Picking  rpc.Link   `json:"picking_id"`
	Code     rpc.Text   `json:"picking_code"`
	Line     rpc.Link   `json:"sale_line_id"`
	Back     rpc.Link   `json:"origin_returned_move_id"`
	By       rpc.Link   `json:"create_uid"`
}

var deliveredColumns = []string{"state", "product_id", "product_uom_qty", "product_qty", "picking_id", "picking_code", "sale_line_id", "origin_returned_move_id", "create_uid"}

// lineMoves are the moves of one line.
type lineMoves struct {
	left, returned decimal.Decimal
	last           deliveredMove // of what left
	open           []int64       // pickings of returns that were begun
}

func (l *lineMoves) add(m deliveredMove, me int64) {
	switch {
	case m.State == "cancel":
	case m.Back.ID != 0:
		l.returned = l.returned.Add(m.Pieces.Decimal)
		if m.State != "done" && m.By.ID == me {
			l.open = append(l.open, m.Picking.ID)
		}
	case m.State == "done" && m.Code == "outgoing":
		l.left, l.last = l.left.Add(m.Pieces.Decimal), m
	}
}

// takeBack puts on the shelf what the store put there, as returns of what was delivered: up to what the store put back of a line in all,
// but not more than left the house. A return that was begun and not finished is finished.
func (n *creditNote) takeBack(ctx context.Context) error {
	moves, err := n.lineMoves(ctx)
	if err != nil || len(moves) == 0 {
		return err
	}
	returns := map[int64][]any{} // by picking
	pickings := map[int64]bool{}
	for _, line := range n.refund.Lines {
		m := moves[line.Of]
		if m == nil || !line.PutBack.IsPositive() || !line.Quantity.IsPositive() {
			continue
		}
		for _, open := range m.open {
			pickings[open] = true
		}
		back := decimal.Min(line.Quantity, line.PutBack.Sub(m.returned), m.left.Sub(m.returned))
		if back.IsPositive() {
			if rpc.ReturnsInUnitOfMove.For(n.rpc.Release) && !m.last.Pieces.IsZero() {
				back = back.Mul(m.last.Quantity.Decimal).DivRound(m.last.Pieces.Decimal, priceDigits)
			}
			returns[m.last.Picking.ID] = append(returns[m.last.Picking.ID], []any{0, 0, map[string]any{
				"product_id": m.last.Product.ID, "move_id": m.last.ID, "quantity": rpc.DecimalCell("", back).Value,
			}})
		}
	}
	for picking, lines := range returns {
		if err := n.giveBack(ctx, picking, lines); err != nil {
			return err
		}
	}
	if len(returns) > 0 {
		if moves, err = n.lineMoves(ctx); err != nil {
			return err
		}
		for _, m := range moves {
			for _, open := range m.open {
				pickings[open] = true
			}
		}
	}
	for picking := range pickings {
		if _, err := n.stock.Deliver(ctx, n.refund.Key.Instance, picking, nil); err != nil {
			return err
		}
	}
	return nil
}

// giveBack has Odoo's wizard make a return of a delivery.
func (n *creditNote) giveBack(ctx context.Context, picking int64, lines []any) error {
	env := rpc.With(n.rpc.BaseContext(), "active_model", "stock.picking")
	env["active_ids"], env["active_id"] = []int64{picking}, picking
	wizard, how := map[string]any{"picking_id": picking, "product_return_moves": lines}, rpc.ReturnWizards.For(n.rpc.Release)
	if how.Place != "" {
		type delivery struct {
			rpc.Row
			From rpc.Link `json:"location_id"`
		}
		rows, err := rpc.SearchByID[delivery](ctx, n.rpc, "stock.picking", []int64{picking}, "location_id")
		if err != nil {
			return err
		}
		wizard[how.Place] = rows[picking].From.ID
	}
	return n.runWizard(ctx, "stock.return.picking", wizard, how.Button, env)
}

// lineMoves reads the moves of the lines that a refund puts something back of.
func (n *creditNote) lineMoves(ctx context.Context) (map[string]*lineMoves, error) {
	byLine := map[int64]*lineMoves{}
	moves := map[string]*lineMoves{}
	for _, line := range n.refund.Lines {
		if line.Of == "" || !line.PutBack.IsPositive() {
			continue
		}
		name := record.ExternalName(orderLineKey(n.refund.Order, line.Of))
		known, err := n.records.Resolve(ctx, []string{name})
		if err != nil {
			return nil, err
		}
		if at, ok := known[name]; ok {
			moves[line.Of] = &lineMoves{}
			byLine[at.ResID] = moves[line.Of]
		}
	}
	me, err := n.rpc.User(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := rpc.SearchBy[deliveredMove](ctx, n.rpc, "stock.move", "sale_line_id", idsIn(byLine), nil, deliveredColumns...)
	for _, m := range rows {
		byLine[m.Line.ID].add(m, me)
	}
	return moves, err
}
