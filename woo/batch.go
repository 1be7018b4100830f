package woo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"

	"tandem/fault"
)

// MaxBatch is the most records that one batch request carries. WooCommerce works them off one after another in a single PHP request,
// which hosts end after 30 seconds: a request whose answer is lost makes the next ones of its kind half as large.
const MaxBatch = MaxPerPage

// leastBatch is the size under which a lost answer is not the size's fault.
const leastBatch = 10

// Batch is what to write. It may be of any size.
type Batch struct {
	Create []Fields
	Update []Fields // each with its "id"
	Delete []ID     // for good: a batch has no trash
}

// BatchResult has one outcome for each thing asked for, at the same index.
type BatchResult[T any] struct {
	Create []Outcome[T]
	Update []Outcome[T]
	Delete []Outcome[T]
}

// Outcome is what became of one record.
type Outcome[T any] struct {
	Record T
	Err    error // a *[Error], or a fault
	// Reread is true when the answer was lost and the store was asked what it had done. A record found that way under the key of a
	// create may have existed before.
	Reread bool
}

// Batch writes many records. A record that fails does not stop the others: its outcome tells. Batch gives an error only for an update
// without an id, before anything is written.
//
// A lost answer leaves part of a request done. Batch then reads the store and does the rest again, where reading can tell: creates are
// found again by the resource's key (SKU, code, e-mail, slug); one without such a key ends as [Uncertain].
func (s *Service[T]) Batch(ctx context.Context, batch Batch) (BatchResult[T], error) {
	if err := batch.check(); err != nil {
		return BatchResult[T]{}, err
	}
	result := BatchResult[T]{
		Create: make([]Outcome[T], len(batch.Create)),
		Update: make([]Outcome[T], len(batch.Update)),
		Delete: make([]Outcome[T], len(batch.Delete)),
	}
	kind := numbers.ReplaceAllString(s.path, "#") + "/batch"
	for from := 0; from < batch.len(); {
		size := s.client.sizes.of(kind)
		if s.writePart(ctx, batch.slice(from, from+size), result.slice(from, from+size)) && size > leastBatch {
			s.client.sizes.remember(kind, max(size/2, leastBatch))
		}
		from += size
	}
	return result, nil
}

// numbers stand for the parent in the path of a nested resource.
var numbers = regexp.MustCompile(`[0-9]+`)

func (b Batch) check() error {
	for i, fields := range b.Update {
		if idOfFields(fields) == 0 {
			return fault.Field("update", "entry %d has no id", i)
		}
	}
	return nil
}

func (b Batch) len() int { return len(b.Create) + len(b.Update) + len(b.Delete) }

// slice cuts the three lists, seen as one, to the part from..to.
func (b Batch) slice(from, to int) Batch {
	updates, deletes := len(b.Create), len(b.Create)+len(b.Update)
	return Batch{
		Create: cutList(b.Create, from, to),
		Update: cutList(b.Update, from-updates, to-updates),
		Delete: cutList(b.Delete, from-deletes, to-deletes),
	}
}

func (r BatchResult[T]) slice(from, to int) BatchResult[T] {
	updates, deletes := len(r.Create), len(r.Create)+len(r.Update)
	return BatchResult[T]{
		Create: cutList(r.Create, from, to),
		Update: cutList(r.Update, from-updates, to-updates),
		Delete: cutList(r.Delete, from-deletes, to-deletes),
	}
}

func cutList[E any](list []E, from, to int) []E {
	from, to = min(max(from, 0), len(list)), min(max(to, 0), len(list))
	return list[from:to]
}

// idOfFields reads the id from whatever type the caller wrote it in.
func idOfFields(fields Fields) ID {
	encoded, err := json.Marshal(fields["id"])
	if err != nil {
		return 0
	}
	var id ID
	if json.Unmarshal(encoded, &id) != nil {
		return 0
	}
	return id
}

type batchBody struct {
	Create []Fields `json:"create,omitempty"`
	Update []Fields `json:"update,omitempty"`
	Delete []ID     `json:"delete,omitempty"`
}

type batchReply struct {
	Create []json.RawMessage `json:"create"`
	Update []json.RawMessage `json:"update"`
	Delete []json.RawMessage `json:"delete"`
}

// writePart writes the records of one request and fills their outcomes. It reports whether the answer was lost.
func (s *Service[T]) writePart(ctx context.Context, part Batch, out BatchResult[T]) (lost bool) {
	err := s.post(ctx, part, out)
	if ReasonOf(err) == Uncertain {
		s.reconcileLostBatch(ctx, part, out, err)
		return true
	}
	if err != nil {
		out.fail(err)
	}
	return false
}

// post sends one batch request and fills the outcomes from a good answer.
func (s *Service[T]) post(ctx context.Context, part Batch, out BatchResult[T]) error {
	r, err := newCall(http.MethodPost, s.client.resource(s.path)+"/batch", url.Values{}, batchBody(part))
	if err != nil {
		return err
	}
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return err
	}
	var body batchReply
	if err := json.Unmarshal(answer.value, &body); err != nil {
		return r.final(r.lost(errNoJSON, true))
	}
	if len(body.Create) != len(part.Create) || len(body.Update) != len(part.Update) || len(body.Delete) != len(part.Delete) {
		return r.final(r.lost(errCut, true))
	}
	s.correlate(r, body.Create, out.Create)
	s.correlate(r, body.Update, out.Update)
	s.correlate(r, body.Delete, out.Delete)
	return nil
}

// correlate matches by index: WooCommerce keeps the order of each list, and failed creates all have id 0.
func (s *Service[T]) correlate(r call, items []json.RawMessage, out []Outcome[T]) {
	for i, raw := range items {
		if failure := itemError(r, raw); failure != nil {
			out[i].Err = failure
			continue
		}
		out[i].Record, out[i].Err = s.decodeOne(raw)
	}
}

func (r BatchResult[T]) fail(err error) {
	for _, list := range [][]Outcome[T]{r.Create, r.Update, r.Delete} {
		for i := range list {
			list[i].Err = err
		}
	}
}

// itemError gives the error of one entry, nil for a record. The status stands in its data, as the request itself went well.
func itemError(r call, raw json.RawMessage) error {
	body := entryError(raw)
	if body == nil {
		return nil
	}
	var status struct {
		Data struct {
			Status Int `json:"status"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &status) != nil || status.Data.Status < 300 {
		status.Data.Status = http.StatusBadRequest
	}
	_, failure := classify(r, int(status.Data.Status), nil, body)
	return failure
}

// entryError gives the error object of one entry; nil for a record, and for what cannot be read: decoding says why.
func entryError(raw json.RawMessage) json.RawMessage {
	var item struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(raw, &item) != nil || len(item.Error) == 0 || item.Error[0] != '{' {
		return nil
	}
	return item.Error
}
