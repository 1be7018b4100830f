package sales

import (
	"context"
	"time"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// ReverseRefunds takes booked refunds back: what was paid out is cancelled, and the credit note reversed by an entry of the same amounts
// the other way round.
func (b *Book) ReverseRefunds(ctx context.Context, keys []erp.Key) ([]erp.Outcome, error) {
	outcomes := make([]erp.Outcome, len(keys))
	for i, key := range keys {
		outcome, err := b.reverseRefund(ctx, key)
		if refused := held(err); refused != nil {
			outcome, err = refused.Outcome(key), nil
		}
		if err != nil {
			return nil, err
		}
		outcomes[i] = outcome
	}
	return outcomes, nil
}

// reversedStamp tells a reversed refund from a booked one.
func reversedStamp(key erp.Key) string { return landing.Hash("reversed " + key.String()) }

func (b *Book) reverseRefund(ctx context.Context, key erp.Key) (erp.Outcome, error) {
	defer b.records.Lock([]string{key.String()})()
	if _, err := b.records.Prepared(ctx); err != nil {
		return erp.Outcome{}, err
	}
	ids, err := b.records.IDsOf(ctx, "account.move", []erp.Key{key}, record.ExternalName)
	if err != nil {
		return erp.Outcome{}, err
	}
	if ids[key] == 0 {
		return landing.Failed("not_booked", "the refund is not booked, so there is nothing to take back").Outcome(key), nil
	}
	note, err := b.moved(ctx, ids[key])
	if err != nil {
		return erp.Outcome{}, err
	}
	outcome := erp.Outcome{Key: key, ID: rpc.FormatID(note.ID), Status: erp.Updated, Before: string(note.Stamp), After: reversedStamp(key)}
	if outcome.Before == outcome.After {
		outcome.Status = erp.Unchanged
		return outcome, nil
	}
	if err := b.cancelPayout(ctx, note); err != nil {
		return erp.Outcome{}, err
	}
	if err := b.reverseNote(ctx, note); err != nil {
		return erp.Outcome{}, err
	}
	results, err := b.records.Load(ctx, "account.move", []*record.Record{{Name: record.ExternalName(key),
		Cells: []rpc.Cell{rpc.TextCell(record.StampField, outcome.After)}}})
	if err == nil && results[0].Refused != nil {
		return results[0].Refused.Outcome(key), nil
	}
	return outcome, err
}

// cancelPayout cancels what was paid out of a credit note. It is found by its memo: what it paid is forgotten once it is set back to a draft.
func (b *Book) cancelPayout(ctx context.Context, note bookedMove) error {
	type payout struct {
		rpc.Row
		State rpc.Text `json:"state"`
	}
	payouts, err := rpc.Search[payout](ctx, b.rpc, "account.payment", []any{rpc.Where(rpc.MemoFields.For(b.rpc.Release), "=", string(note.Ref)),
		rpc.Where("payment_type", "=", "outbound"), rpc.In("partner_id", []int64{note.Partner.ID, note.Payer.ID})}, "state")
	if err != nil {
		return err
	}
	for _, p := range payouts {
		if p.State == "cancel" || p.State == "canceled" {
			continue
		}
		if p.State != "draft" {
			if err := b.rpc.Run(ctx, "account.payment", "action_draft", []int64{p.ID}, nil, nil); err != nil {
				return err
			}
		}
		if err := b.rpc.Run(ctx, "account.payment", "action_cancel", []int64{p.ID}, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// reverseNote has Odoo's wizard reverse a credit note, and sets both off against each other.
func (b *Book) reverseNote(ctx context.Context, note bookedMove) error {
	reversal, err := b.reversalOf(ctx, note.ID)
	if err != nil {
		return err
	}
	if reversal.ID == 0 {
		if err := b.askReversal(ctx, note); err != nil {
			return err
		}
		if reversal, err = b.reversalOf(ctx, note.ID); err != nil {
			return err
		}
	}
	if reversal.State == "draft" {
		if err := b.rpc.Run(ctx, "account.move", "action_post", []int64{reversal.ID}, nil, nil); err != nil {
			return err
		}
	}
	left, err := b.openLines(ctx, reversal.ID)
	if err != nil || len(left) == 0 {
		return err
	}
	lines, err := rpc.Search[openLine](ctx, b.rpc, "account.move.line", []any{rpc.Where("move_id", "=", note.ID),
		rpc.Where("account_id.reconcile", "=", true)}, "move_id")
	if err != nil {
		return err
	}
	if err := b.rpc.Run(ctx, "account.move.line", "remove_move_reconcile", rpc.Map(lines, openLine.RowID), nil, nil); err != nil {
		return err
	}
	return b.assign(ctx, note.ID, reversal.ID)
}

// reversalOf finds what reverses a credit note.
func (b *Book) reversalOf(ctx context.Context, note int64) (bookedMove, error) {
	rows, err := rpc.Search[bookedMove](ctx, b.rpc, "account.move", []any{rpc.Where("reversed_entry_id", "=", note), rpc.Where("state", "!=", "cancel")}, bookedColumns...)
	if err != nil || len(rows) == 0 {
		return bookedMove{}, err
	}
	return rows[0], nil
}

func (b *Book) askReversal(ctx context.Context, note bookedMove) error {
	env := rpc.With(b.rpc.BaseContext(), "active_model", "account.move")
	env["active_ids"], env["active_id"] = []int64{note.ID}, note.ID
	how := rpc.Reversals.For(b.rpc.Release)
	wizard := map[string]any{"journal_id": note.Journal.ID, "date": time.Now().UTC().Format(time.DateOnly), "reason": "deleted in the store"}
	if how.Method != "" {
		wizard["refund_method"] = how.Method
	}
	return b.runWizard(ctx, "account.move.reversal", wizard, how.Button, env)
}
