package mapping

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// exportPage is how many records are exported at once: as many as a request of the store carries.
const exportPage = woo.MaxPerPage

// read reads the ERP's records: all, those that changed since the cursor, or some by the ERP's ids.
func (x Export[E, T, R]) read(ctx context.Context, ec Context, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[Sent[E]], error] {
	return func(yield func(flow.Batch[Sent[E]], error) bool) {
		reader, err := erp.Records.Of(ec.Backend)
		if err != nil {
			yield(flow.Batch[Sent[E]]{}, err)
			return
		}
		if f.Kind == flow.IDs {
			x.readIDs(ctx, ec, reader, f.IDs, from, yield)
			return
		}
		after := ""
		if from != nil {
			if err := json.Unmarshal(from, &after); err != nil {
				yield(flow.Batch[Sent[E]]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of the ERP"))
				return
			}
		}
		for done := false; !done; {
			var b flow.Batch[Sent[E]]
			if b, after, err = x.readPage(ctx, ec, reader, f, after); err != nil {
				yield(b, err)
				return
			}
			if done = b.Done; !yield(b, nil) {
				return
			}
		}
	}
}

func (x Export[E, T, R]) readPage(ctx context.Context, ec Context, reader erp.RecordReader, f flow.Filter, after string) (flow.Batch[Sent[E]], string, error) {
	b := flow.Batch[Sent[E]]{Reading: flow.Reading{AskedAt: time.Now()}}
	page, err := x.Records.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, After: after, Limit: exportPage, Images: ec.Instance.Config.Export.Images})
	if err != nil {
		return b, after, err
	}
	b.AnsweredAt = time.Now()
	if b.Next, err = json.Marshal(page.Next); err != nil {
		return b, after, err
	}
	b.Done = page.Done
	err = x.add(ctx, ec, &b, page, f.Kind == flow.Changes)
	return b, page.Next, err
}

// readIDs reads records by the ERP's ids, from the place after the last that is done on.
func (x Export[E, T, R]) readIDs(ctx context.Context, ec Context, reader erp.RecordReader, ids []string, from flow.Cursor,
	yield func(flow.Batch[Sent[E]], error) bool,
) {
	ReadIDs(ids, from, func(part []string) (flow.Batch[Sent[E]], error) {
		var b flow.Batch[Sent[E]]
		page, err := x.Records.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, IDs: part, Limit: exportPage, Images: ec.Instance.Config.Export.Images})
		if err != nil {
			return b, err
		}
		for _, id := range part {
			if !slices.ContainsFunc(page.Records, func(h erp.Held[E]) bool { return h.ID == id }) {
				missing := notInERP
				missing.ID = id
				b.Missing = append(b.Missing, missing)
			}
		}
		return b, x.add(ctx, ec, &b, page, false)
	}, yield)
}

// notInERP is what becomes of an id that the ERP does not list.
var notInERP = flow.Missing{Code: "not_in_erp", Reason: "the ERP has no such record, or it is none that is exported"}

// ReadIDs reads records by the ERP's ids, a part of them at a time, from the place after the last that is done on.
func ReadIDs[S any](ids []string, from flow.Cursor, read func(part []string) (flow.Batch[S], error), yield func(flow.Batch[S], error) bool) {
	done := 0
	if from != nil {
		_ = json.Unmarshal(from, &done) // from the beginning, when it is none of ours: that is only more work
	}
	done = min(max(done, 0), len(ids))
	for first := true; first || done < len(ids); first = false {
		part := ids[done:min(done+exportPage, len(ids))]
		done += len(part)
		asked := time.Now()
		b, err := read(part)
		b.Total, b.Done, b.Reading = len(ids), done == len(ids), flow.Reading{AskedAt: asked, AnsweredAt: time.Now()}
		b.Next, _ = json.Marshal(done) // which cannot fail
		if !yield(b, err) || err != nil {
			return
		}
	}
}

// add adds records to a batch. When changes are asked for, those are marked that are what was written last: our own writes come back
// as changes.
func (x Export[E, T, R]) add(ctx context.Context, ec Context, b *flow.Batch[Sent[E]], page erp.RecordPage[E], changes bool) error {
	var ids []string
	for _, held := range page.Records {
		content, err := x.contentOf(held.Record)
		if err != nil {
			b.Rejected = append(b.Rejected, flow.Rejected{ID: held.ID, Err: err})
			continue
		}
		b.Records = append(b.Records, Sent[E]{Held: held, content: content, merge: page.Merge})
		ids = append(ids, x.Records.Key(&held.Record).ID)
	}
	if !changes || ec.Noted == nil {
		return nil
	}
	digests, err := ec.Noted.ERPDigests(ctx, ec.Instance.ID, x.Entity, ids)
	for i := range b.Records {
		b.Records[i].linked = digests[x.Records.Key(&b.Records[i].Record).ID] == DigestOf(b.Records[i].content)
	}
	return err
}
