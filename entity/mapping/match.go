package mapping

import (
	"context"

	"tandem/erp"
	"tandem/flow"
)

// Match is how records that both sides have already are found and tied to each other, as a table of its parts. E is the ERP's record,
// R the store's with all that tells it apart. Both are compared in the form that the import makes of the store's.
type Match[E, R any] struct {
	Entity, Label string
	Records       Records[E]
	// Read reads the store's records, whole or by id.
	Read     flow.Source[Context, R]
	Describe func(R) flow.Record
	// Content maps the store's record as the import does.
	Content func(Context, R) (E, error)
	// Rules are what records are matched by, those first that tell them apart best.
	Rules []MatchRule[E, R]
	// Name gives what people know a record by; nil where that would be personal.
	Name func(E) string
	// Parent is the key of the record above this one; nil where there is none.
	Parent func(E) erp.Key
	// Parts gives the ERP's ids of what belongs to its record, by the keys that the same have in the store; nil for nothing.
	Parts func(have, held E) map[erp.Key]string
}

// MatchRule is one way to tell that two records are the same: they share a key. An empty key is none.
type MatchRule[E, R any] struct {
	Name string
	// Default says that the rule is used when none is named.
	Default bool
	Keys    func(E) []string
	// Store and ERP are for a rule by which the sides are read in different ways; nil uses Keys.
	Store func(R) []string
	ERP   func(Context, erp.Held[E]) []string
}

// PathRule is the rule that compares a record's name and those of all above it. Its keys are the names.
const PathRule = "path"

// Side is one of the two sides that records are on.
type Side string

// The sides.
const (
	StoreSide Side = "store"
	ERPSide   Side = "erp"
)

// Candidate is a record of one side, as far as matching needs to know it.
type Candidate struct {
	Side   Side
	ID     string
	Label  string              // for people; empty where it would be personal
	Linked string              // the other side's id of the record that it is linked to already
	Parent string              // this side's id of the record above it
	Keys   map[string][]string // digests of what the rules compare, by the name of the rule
}

// Pair is a record of the store and the one of the ERP that is the same.
type Pair struct{ WooID, ERPID string }

// Matcher is one kind of record that both sides may have already.
type Matcher interface {
	Name() string
	// Rules names what its records can be matched by, and which of these are used when none is named.
	Rules() (all, defaults []string)
	// Check gives the error of each pair that cannot be linked as things are; nil for the others.
	Check(ctx context.Context, ec Context, pairs []Pair) ([]error, error)
	// Link ties pairs to each other and gives the error of each that cannot be. What is linked already as it is to be is no error.
	Link(ctx context.Context, ec Context, pairs []Pair) ([]error, error)
	// MatchFlow makes the flow that notes the records of both sides, for PairFlow to link those that are the same.
	MatchFlow() Entity
	PairFlow() Entity
}

// Matches keeps what a matching finds. The parameters are those of this package: whoever implements it stands above.
type Matches interface {
	// AddCandidates keeps records. Those that are kept already are replaced.
	AddCandidates(ctx context.Context, entity string, candidates []Candidate) error
	// Pairs gives pairs that a matching found and that are not linked yet, at most limit, from the one after a place on, and the place
	// of the last; ids names the store's records that are meant, nil all.
	Pairs(ctx context.Context, entity string, ids []string, after int64, limit int) (pairs []Pair, last int64, err error)
	// SettlePairs notes what became of pairs: linked, or the error that is at the same place.
	SettlePairs(ctx context.Context, entity string, pairs []Pair, refused []error) error
}

// Links keeps which records are paired, one to one. The parameters are plain, so that a database can implement it without knowing this
// package.
type Links interface {
	// LinkPairs keeps pairs, each list at the same index; with look it only looks. It reports those of which either record is paired
	// with another one, with that pair, and leaves them out.
	LinkPairs(ctx context.Context, instance, entity string, wooIDs, erpIDs []string, look bool,
		taken func(i int, wooID, erpID string)) error
}

// Matching makes the matcher of a table.
func Matching[E, R any](m Match[E, R]) Matcher { return matcher[E, R]{m} }

// matcher is a table at work.
type matcher[E, R any] struct{ Match[E, R] }

// Name gives the entity.
func (m matcher[E, R]) Name() string { return m.Entity }

// Rules names what the records can be matched by.
func (m matcher[E, R]) Rules() (all, defaults []string) {
	for _, rule := range m.Match.Rules {
		all = append(all, rule.Name)
		if rule.Default {
			defaults = append(defaults, rule.Name)
		}
	}
	return all, defaults
}
