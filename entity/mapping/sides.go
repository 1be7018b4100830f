package mapping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
)

// Sides says how an import compares both sides of the records that it lands, so that later on a person's change on either is told from
// what we wrote ourselves, and the values of their owners count. E is the ERP's record, R the store's, and T what is landed.
type Sides[E, R, T any] struct {
	Records Records[E]
	Compare Comparison[E, R]
	// Of gives the record in what is landed.
	Of func(*T) *E
	// Keep gives what is landed the ERP's values of those units that it is told of.
	Keep func(landed *T, held E, kept func(Unit) bool)
	// Told gives that of the ERP's record which landing another one says anything of; nil where that is all.
	Told func(landed, held E) E
}

// Whole is the Of of imports that land just the record that the ERP lists.
func Whole[E any](landed *E) *E { return landed }

// KeepWhole is the Keep of such imports whose records have one part. left gives what is landed: the ERP's record, with what the store alone
// says.
func KeepWhole[E any](left func(held, stored E) E) func(*E, E, func(Unit) bool) {
	return func(landed *E, held E, kept func(Unit) bool) {
		if kept(Unit{Part: BasicPart}) {
			*landed = left(held, *landed)
		}
	}
}

// keys are those under which a record lands, with all that lands along with it.
func (s *Sides[E, R, T]) keys(landed T) []erp.Key {
	record := *s.Of(&landed)
	keys := []erp.Key{*s.Records.Key(&record)}
	if s.Records.Parts != nil {
		keys = append(keys, s.Records.Parts(record)...)
	}
	return keys
}

// compared is a page of an import whose both sides are compared.
type compared[R, T any] interface {
	// begin notes what the store holds, and lets the values of their owners count. It gives what is to land: the others are settled.
	begin(ctx context.Context, attempts []*flow.Attempt[R, T]) ([]*flow.Attempt[R, T], error)
	// outdated gives those of what was to land that a person changed in the ERP since it was compared, as they were before: they begin again.
	outdated(attempts []*flow.Attempt[R, T]) []*flow.Attempt[R, T]
	// end notes what the ERP holds of what landed.
	end(ctx context.Context, attempts []*flow.Attempt[R, T]) error
	// plan says what begin would have landed.
	plan(ctx context.Context, attempts []*flow.Attempt[R, T]) ([]Planned, error)
}

// Comparing is Sides whose E is of no concern to whoever runs it.
type Comparing[R, T any] interface {
	page(ec Context, entity string) compared[R, T]
}

func (s *Sides[E, R, T]) page(ec Context, entity string) compared[R, T] {
	return &comparedPage[E, R, T]{Sides: s, ec: ec, entity: entity, pairs: map[*flow.Attempt[R, T]]*bothSides[E]{}, mapped: map[*flow.Attempt[R, T]]T{}}
}

// named reads records by the ERP's ids. An ERP that cannot list them has none.
func (r Records[E]) named(ctx context.Context, ec Context, ids []string) (erp.RecordPage[E], error) {
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil || len(ids) == 0 {
		return erp.RecordPage[E]{}, nil //nolint:nilerr // what cannot be listed is not compared
	}
	page, err := r.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, IDs: ids, Limit: len(ids), Images: ec.Instance.Config.Export.Images})
	if fault.Is(err, fault.Unsupported) {
		return erp.RecordPage[E]{}, nil
	}
	return page, err
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

// DigestOf names a content as it is written down.
func DigestOf(content []byte) string {
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
