package sales

import (
	"context"
	"iter"
	"strings"

	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// splitMeta are the fields by which marketplace plugins mark an order that they split into one per vendor.
var splitMeta = []string{"has_sub_order", "_has_sub_order", "has_wcmp_sub_order", "has_mvx_sub_order"}

// isSplit reports whether an order was split into one per vendor.
func isSplit(o woo.Order) bool {
	for _, key := range splitMeta {
		if meta, ok := woo.FindMeta(o.MetaData, key); ok {
			text, _ := meta.Text()
			switch strings.ToLower(text) {
			case "", "0", "no", "false":
			default:
				return true
			}
		}
	}
	return false
}

// isLeftOut reports whether an order is not imported because its money is that of another: it is a part of an order, or
// the whole of which the parts are imported. The parts of a payment plan have a parent too.
func isLeftOut(ec mapping.Context, o woo.Order) bool {
	if isPayment(o) {
		return false // withPayments sees to it
	}
	switch ec.Instance.Config.Order.SubOrders {
	case instance.SubOrdersBoth:
		return false
	case instance.SubOrdersChildren:
		return isSplit(o)
	default:
		return o.ParentID != 0
	}
}

// checkPart holds back an order whose money is that of another.
func checkPart(ec mapping.Context, o woo.Order) error {
	switch {
	case !isLeftOut(ec, o):
		return nil
	case o.ParentID == 0:
		return mapping.Parked("sub_order", "the order is split into one per vendor, and those are imported: order.sub_orders says children")
	default:
		return mapping.Parked("sub_order", "the order is a part of order %s, and its money would count twice: choose under order.sub_orders whether "+
			"whole orders (parents), their parts (children) or both are imported, and process it again", o.ParentID)
	}
}

// wholeOrders leaves out, once an instance says what it wants, the orders whose money is that of others. Those asked for by
// id are held back instead, saying why; so are all parts while the instance does not say.
func wholeOrders(read flow.Source[mapping.Context, woo.Order]) flow.Source[mapping.Context, woo.Order] {
	return func(ctx context.Context, ec mapping.Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[woo.Order], error] {
		if f.Kind == flow.IDs || ec.Instance.Config.Order.SubOrders == "" {
			return read(ctx, ec, f, from)
		}
		return flow.MapBatches(read, func(_ flow.Filter, b flow.Batch[woo.Order]) flow.Batch[woo.Order] {
			kept := b.Records[:0:0]
			for _, o := range b.Records {
				if !isLeftOut(ec, o) {
					kept = append(kept, o)
				}
			}
			b.Records = kept
			return b
		})(ctx, ec, f, from)
	}
}
