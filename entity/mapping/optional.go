package mapping

import (
	"context"
	"iter"

	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// OrNone reads a list that the store does not offer as an empty one, and says so: an older WooCommerce has no brands, one that
// does not ship has no zones, and neither keeps orders from coming. Only the first answer can say so.
func OrNone[R any](read flow.Source[Context, R]) flow.Source[Context, R] {
	return func(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[R], error] {
		return func(yield func(flow.Batch[R], error) bool) {
			at, _ := placeOf(from) // the source says what is wrong with a cursor
			first := at == woo.Cursor{}
			for b, err := range read(ctx, ec, f, from) {
				if first && IsNotOffered(err) {
					b, err = flow.Batch[R]{Missing: allMissing(f.IDs), Next: from, Done: true, Skipped: "skipped: the store does not offer this list"}, nil
				}
				first = false
				if !yield(b, err) {
					return
				}
			}
		}
	}
}

func allMissing(ids []string) []flow.Missing {
	var missing []flow.Missing
	for _, id := range ids {
		missing = append(missing, NotInStore(id))
	}
	return missing
}

// IsNotOffered reports an error by which a store says that it has no such list.
func IsNotOffered(err error) bool {
	return fault.Is(err, fault.NotFound) || woo.ReasonOf(err) == woo.Unsupported
}
