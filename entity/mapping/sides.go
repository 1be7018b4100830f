package mapping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// Sides says how an import notes what both sides hold of a record that landed, so that later on a person's change on either is told from
// what we wrote ourselves. T is what the import lands.
type Sides[T any] struct {
	stored func(T) (string, error)
	held   func(context.Context, Context, []string) (map[string]string, error)
	keys   func(T) []erp.Key // under which it lands, with all that lands along with it
}

// SidesOf makes it for records that the ERP can list; of gives the record in what an import lands.
func SidesOf[E, T any](records Records[E], of func(T) E) *Sides[T] {
	return &Sides[T]{
		stored: func(landed T) (string, error) { return ContentDigest(of(landed), records.Key) },
		held:   records.digests,
		keys: func(landed T) []erp.Key {
			record := of(landed)
			keys := []erp.Key{*records.Key(&record)}
			if records.Parts != nil {
				keys = append(keys, records.Parts(record)...)
			}
			return keys
		},
	}
}

// Whole is for imports that land just the record that the ERP lists.
func Whole[E any](landed E) E { return landed }

// digests names what the ERP holds of some records, by its ids. An ERP that cannot list its records has none.
func (r Records[E]) digests(ctx context.Context, ec Context, ids []string) (map[string]string, error) {
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil || len(ids) == 0 {
		return nil, nil //nolint:nilerr // what cannot be listed is not compared
	}
	page, err := r.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, IDs: ids, Limit: len(ids), Images: ec.Instance.Config.Export.Images})
	if fault.Is(err, fault.Unsupported) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.digestsOf(page.Records)
}

// digestsOf names records as the ERP lists them, by its ids.
func (r Records[E]) digestsOf(records []erp.Held[E]) (map[string]string, error) {
	digests := make(map[string]string, len(records))
	for _, held := range records {
		digest, err := ContentDigest(held.Record, r.Key)
		if err != nil {
			return nil, err
		}
		digests[held.ID] = digest
	}
	return digests, nil
}

// forget has the ERP write the records that are to land and that were edited there, even those that the store has as before: see
// Context.Overwrite.
func (s Import[R, E]) forget(ctx context.Context, ec Context, attempts []*flow.Attempt[R, E]) error {
	if s.Sides == nil || !ec.Overwrite {
		return nil
	}
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil {
		return err
	}
	edited, err := s.editedInERP(ctx, ec, flow.NotRefused(attempts))
	if err != nil {
		return err
	}
	var keys []erp.Key
	for _, a := range edited {
		keys = append(keys, s.Sides.keys(a.Value)...)
	}
	if len(keys) == 0 {
		return nil
	}
	if err := ec.ConfirmWrite(ctx); err != nil {
		return err
	}
	return reader.Forget(ctx, keys)
}

// editedInERP gives those of which the ERP holds something else than when both sides were equal last, or of which that is not known.
func (s Import[R, E]) editedInERP(ctx context.Context, ec Context, attempts []*flow.Attempt[R, E]) ([]*flow.Attempt[R, E], error) {
	if ec.Noted == nil || len(attempts) == 0 {
		return attempts, nil
	}
	keys, names := make([]erp.Key, len(attempts)), make([]string, len(attempts))
	for i, a := range attempts {
		keys[i], names[i] = s.Sides.keys(a.Value)[0], a.Outcome.Key.ID
	}
	ids, err := ec.Backend.Lookup(ctx, keys)
	if err != nil {
		return nil, err
	}
	noted, err := ec.Noted.ERPDigests(ctx, ec.Instance.ID, s.Entity, names)
	if err != nil {
		return nil, err
	}
	held, err := s.Sides.held(ctx, ec, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" }))
	if err != nil {
		return nil, err
	}
	var edited []*flow.Attempt[R, E]
	for i, a := range attempts {
		if before := noted[names[i]]; before == "" || before != held[ids[i]] {
			edited = append(edited, a)
		}
	}
	return edited, nil
}

// noteStored notes what the store holds of the records that are to land.
func (s Import[R, E]) noteStored(attempts []*flow.Attempt[R, E]) {
	if s.Sides == nil {
		return
	}
	for _, a := range flow.NotRefused(attempts) {
		// What cannot be written down does not land either, and says so.
		a.Outcome.Sides.Store, _ = s.Sides.stored(a.Value)
	}
}

// noteHeld notes what the ERP holds of what landed, where that is not known: what was written, and what was never read.
func (s Import[R, E]) noteHeld(ctx context.Context, ec Context, attempts []*flow.Attempt[R, E]) error {
	if s.Sides == nil {
		return nil
	}
	due, err := unread(ctx, ec, s.Entity, attempts)
	if err != nil || len(due) == 0 {
		return err
	}
	ids := make([]string, len(due))
	for i, a := range due {
		ids[i] = a.Outcome.ID
	}
	held, err := s.Sides.held(ctx, ec, ids)
	for _, a := range due {
		a.Outcome.Sides.ERP = held[a.Outcome.ID]
	}
	return err
}

// unread gives what was written into the ERP, and what was not and has never been read there.
func unread[R, E any](ctx context.Context, ec Context, name string, attempts []*flow.Attempt[R, E]) ([]*flow.Attempt[R, E], error) {
	var due, same []*flow.Attempt[R, E]
	var ids []string
	for _, a := range attempts {
		switch {
		case !a.Outcome.Landed():
		case a.Outcome.Status != flow.Unchanged:
			due = append(due, a)
		default:
			same, ids = append(same, a), append(ids, a.Outcome.Key.ID)
		}
	}
	if ec.Noted == nil || len(same) == 0 {
		return due, nil
	}
	known, err := ec.Noted.ERPDigests(ctx, ec.Instance.ID, name, ids)
	for _, a := range same {
		if known[a.Outcome.Key.ID] == "" {
			due = append(due, a)
		}
	}
	return due, err
}

// digestOf names a content as it is written down.
func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Watched is a kind of record whose changes in the ERP are told, whether or not it is exported.
type Watched interface {
	Name() string
	// Look names what the ERP holds of the records that changed since a place in its feed; "" is the beginning of all records.
	Look(ctx context.Context, ec Context, after string) (Look, error)
}

// Look is one page of what the ERP holds.
type Look struct {
	Digests map[string]string // by the ERP's ids
	Next    string            // to go on from
	Done    bool              // there is nothing more now
}

// Look names what the ERP holds of the records that changed.
func (f *ExportFlow[E, T, R]) Look(ctx context.Context, ec Context, after string) (Look, error) {
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil {
		return Look{}, err
	}
	page, err := f.table.Records.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, After: after, Limit: exportPage, Images: ec.Instance.Config.Export.Images})
	if err != nil {
		return Look{}, err
	}
	digests, err := f.table.Records.digestsOf(page.Records)
	return Look{Digests: digests, Next: page.Next, Done: page.Done}, err
}
