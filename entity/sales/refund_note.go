package sales

import (
	"context"
	"fmt"
	"strings"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// noteRestock leaves a note on the order in the store that says what a refund put back on the shelf: WooCommerce leaves one when a person
// does so, and none when its API is asked to. It reports whether the note is there, or none is needed; one that is there is not written
// again.
func (x *refundExport) noteRestock(ctx context.Context, order woo.ID, made woo.Refund, note erp.HeldRefund) (bool, error) {
	goods := restocked(made)
	if !note.Restock || goods == "" {
		return true, nil
	}
	notes, mark := x.ec.Store.OrderNotes.Of(order), fmt.Sprintf("(refund %s, credit note %s)", made.ID, note.Posted)
	for there, err := range notes.All(ctx, woo.ListOptions{}) {
		if err != nil {
			return noNote(err)
		}
		if strings.Contains(mapping.Plain(there.Note), mark) {
			return true, nil
		}
	}
	if err := x.ec.ConfirmWrite(ctx); err != nil {
		return false, err
	}
	if _, err := notes.Create(ctx, woo.Fields{"note": "Put back into stock: " + goods + " " + mark, "customer_note": false}); err != nil {
		return noNote(err)
	}
	return true, nil
}

// noNote is for a note that a store refuses, which keeps no refund from being sent; a store that does not answer is asked again.
func noNote(err error) (bool, error) {
	switch fault.From(err).Kind {
	case fault.Invalid, fault.Unsupported, fault.Unauthorized, fault.NotFound:
		return false, nil
	default:
		return false, err
	}
}

// restocked lists the goods of a refund: "1 × Mug, 2 × Cup".
func restocked(r woo.Refund) string {
	var goods []string
	for _, line := range r.LineItems {
		if !line.Quantity.IsZero() {
			goods = append(goods, line.Quantity.Abs().String()+" × "+mapping.Plain(line.Name))
		}
	}
	return strings.Join(goods, ", ")
}
