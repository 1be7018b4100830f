package mapping

import (
	"context"

	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// Trashed is the status of a record in the store's trash: lists leave it out, its own address still gives it. It is also the code of
// the fault that says so.
const Trashed = "trash"

// InTrash is the error of a record that was looked for and is in the trash.
func InTrash(id woo.ID) error {
	err := fault.New(fault.NotFound, "record %s is in the store's trash", id)
	err.Code = Trashed
	return err
}

// MarkTrashed marks those of the missing ids that are in the trash: they can be restored, and must not be reported as
// deleted.
func MarkTrashed[T any](read flow.Source[Context, T], service func(*woo.Client) *woo.Service[T], status func(T) string) flow.Source[Context, T] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec Context, f flow.Filter, b flow.Batch[T]) (flow.Batch[T], error) {
		if f.Kind != flow.IDs {
			return b, nil
		}
		for i, missing := range b.Missing {
			trashed, err := isTrashed(ctx, service(ec.Store), missing.ID, status)
			if err != nil {
				return b, err
			}
			if trashed {
				b.Missing[i] = MissingInTrash(missing.ID)
			}
		}
		return b, nil
	})
}

// MissingInTrash is what becomes of an id whose record, or the product of the variation, is in the trash.
func MissingInTrash(id string) flow.Missing {
	return flow.Missing{
		ID: id, Code: "in_store_trash",
		Reason: "the record, or the product of the variation, is in the store's trash and is not imported from there: restore it in " +
			"the store and process it again, or delete it there for good",
	}
}

// isTrashed reports whether a record is in the trash. One that cannot be read is not known to be.
func isTrashed[T any](ctx context.Context, service *woo.Service[T], text string, status func(T) string) (bool, error) {
	for _, id := range IdsAfter([]string{text}, 0) {
		record, err := service.Get(ctx, id)
		switch {
		case err == nil:
			return status(record) == Trashed, nil
		case !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid):
			return false, err
		}
	}
	return false, nil
}
