package entity

import (
	"context"
	"iter"

	"tandem/fault"
	"tandem/woo"
)

// trashed is the status of a record in the store's trash: lists leave it out, its own address still gives it. It is also the code of
// the fault that says so.
const trashed = "trash"

// inTrash is the error of a record that was looked for and is in the trash.
func inTrash(id woo.ID) error {
	err := fault.New(fault.NotFound, "record %s is in the store's trash", id)
	err.Code = trashed
	return err
}

// markTrashed marks those of the missing ids that are in the trash: they can be restored, and must not be reported as
// deleted.
func markTrashed[T any](read reader[T], service func(*woo.Client) *woo.Service[T], status func(T) string) reader[T] {
	return func(ctx context.Context, ec Context, f Filter, from Cursor) iter.Seq2[batch[T], error] {
		return func(yield func(batch[T], error) bool) {
			for b, err := range read(ctx, ec, f, from) {
				if err == nil && f.Kind == IDs {
					b.trashed, err = trashedOf(ctx, service(ec.Store), b.missing, status)
				}
				if !yield(b, err) || err != nil {
					return
				}
			}
		}
	}
}

// trashedOf gives those of some ids that are in the trash. One that cannot be read is not known to be.
func trashedOf[T any](ctx context.Context, service *woo.Service[T], missing []string, status func(T) string) (found []string, err error) {
	for _, id := range idsAfter(missing, 0) {
		record, err := service.Get(ctx, id)
		switch {
		case err == nil && status(record) == trashed:
			found = append(found, id.String())
		case err == nil, fault.Is(err, fault.NotFound), fault.Is(err, fault.Invalid):
		default:
			return nil, err
		}
	}
	return found, nil
}
