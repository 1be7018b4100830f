package entity

import (
	"context"
	"iter"
)

// orNone reads a list that the store does not offer as an empty one, and says so: an older WooCommerce has no brands, one that
// does not ship has no zones, and neither keeps orders from coming. Only the first answer can say so.
func orNone[R any](read reader[R]) reader[R] {
	return func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[R], error] {
		return func(yield func(batch[R], error) bool) {
			first := from == Cursor{}
			for b, err := range read(ctx, ec, f, from) {
				if first && isNotOffered(err) {
					b, err = batch[R]{missing: f.IDs, next: from, done: true, skipped: "skipped: the store does not offer this list"}, nil
				}
				first = false
				if !yield(b, err) {
					return
				}
			}
		}
	}
}
