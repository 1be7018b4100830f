package activities

import (
	"context"

	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
)

// matchStore is what Sync needs of the database to match records and to link those that were matched.
type matchStore interface {
	AddMatchRecords(ctx context.Context, l db.Lease, records []db.MatchRecord) error
	FinishMatchPage(ctx context.Context, l db.Lease, p db.MatchPage) error
	CompareMatchRecords(ctx context.Context, l db.Lease, rules []db.MatchRule) error
	FoundPairs(ctx context.Context, operation, instance, entity string, ids []string, after int64, limit int) ([]db.FoundPair, error)
	SettlePairs(ctx context.Context, l db.Lease, matching string, pairs []db.SettledPair) error
}

// chunkMatches keeps what a chunk finds.
type chunkMatches struct{ *chunk }

// AddCandidates keeps records of either side.
func (c chunkMatches) AddCandidates(ctx context.Context, _ string, candidates []mapping.Candidate) error {
	records := make([]db.MatchRecord, len(candidates))
	for i, found := range candidates {
		records[i] = db.MatchRecord{
			Side: string(found.Side), ID: found.ID, Label: found.Label, Parent: found.Parent, Linked: found.Linked, Keys: found.Keys,
		}
	}
	return c.Store.AddMatchRecords(ctx, c.lease, records)
}

// Pairs gives what the matching found that the operation is to link.
func (c chunkMatches) Pairs(ctx context.Context, name string, ids []string, after int64, limit int) ([]mapping.Pair, int64, error) {
	found, err := c.Store.FoundPairs(ctx, c.in.Filter.Matched, c.in.Instance, name, ids, after, limit)
	pairs := make([]mapping.Pair, len(found))
	for i, p := range found {
		pairs[i], after = mapping.Pair{WooID: p.WooID, ERPID: p.ERPID}, p.ID
	}
	return pairs, after, err
}

// SettlePairs notes what became of pairs.
func (c chunkMatches) SettlePairs(ctx context.Context, _ string, pairs []mapping.Pair, refused []error) error {
	settled := make([]db.SettledPair, len(pairs))
	for i, p := range pairs {
		settled[i] = db.SettledPair{WooID: p.WooID, ERPID: p.ERPID}
		if refused[i] != nil {
			f := fault.From(refused[i])
			settled[i].Code, settled[i].Reason = f.Code, f.Message
		}
	}
	return c.Store.SettlePairs(ctx, c.lease, c.in.Filter.Matched, settled)
}

// endMatching compares what a matching has read of both sides, and ends it.
func (c *chunk) endMatching(ctx context.Context) error {
	if c.in.Direction == flow.Match {
		rules, err := matchRules(c.in.Entity, c.in.Filter.Rules)
		if err != nil {
			return err
		}
		if err := c.Store.CompareMatchRecords(ctx, c.lease, rules); err != nil {
			return err
		}
	}
	return c.Store.CompleteScan(ctx, c.lease, db.ScanEnd{Began: c.state.AskedAt, Note: c.state.Skipped})
}

// matchRules gives the rules of an entity in the order in which they are named, or its own.
func matchRules(name string, named []string) ([]db.MatchRule, error) {
	m, err := entity.Matcher(name)
	if err != nil {
		return nil, err
	}
	if len(named) == 0 {
		_, named = m.Rules()
	}
	rules := make([]db.MatchRule, len(named))
	for i, rule := range named {
		rules[i] = db.MatchRule{Name: rule, Path: rule == mapping.PathRule}
	}
	return rules, nil
}
