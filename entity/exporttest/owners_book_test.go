package exporttest

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"tandem/flow"
	"tandem/flow/flowtest"
)

// linkBook is what Tandem's links and decisions would know of a pair.
type linkBook struct {
	commons map[string]flow.Common   // by entity and the store's id
	ahead   map[string]bool          // links of which something is still to be imported
	behind  map[string]bool          // links of which something is still to be exported
	decided map[string]flow.Decision // about changes
}

// keepLinks has a pair remember what both sides held, as Tandem's database does.
func (p *pair) keepLinks() *linkBook {
	p.book = &linkBook{commons: map[string]flow.Common{}, ahead: map[string]bool{}, behind: map[string]bool{}, decided: map[string]flow.Decision{}}
	p.ec.Noted, p.ec.Progress = p.book, p.book
	return p.book
}

// take takes up what became of records.
func (b *linkBook) take(d flow.Direction, entity string, r *flowtest.Recorder) {
	for _, result := range r.Results {
		o := result.Outcome
		if !o.Landed() || o.Key.ID == "" {
			continue
		}
		key := entity + "/" + o.Key.ID
		before, unequal := b.commons[key], o.Partial || o.StoreAhead
		now := flow.Common{Sides: before.Sides, Parts: maps.Clone(before.Parts)}
		if o.Sides.Store != "" && !o.StoreAhead && (!o.Partial || d != flow.Import) {
			now.Store = o.Sides.Store
		}
		if o.Sides.ERP != "" && !unequal {
			now.ERP = o.Sides.ERP
		}
		if now.Parts == nil {
			now.Parts = map[string]string{}
		}
		maps.Copy(now.Parts, o.Equal)
		b.commons[key], b.ahead[key], b.behind[key] = now, o.StoreAhead, o.Partial
	}
}

func (b *linkBook) Commons(_ context.Context, _, entity string, ids []string) (map[string]flow.Common, error) {
	found := map[string]flow.Common{}
	for _, id := range ids {
		if common, ok := b.commons[entity+"/"+id]; ok {
			found[id] = common
		}
	}
	return found, nil
}

func (b *linkBook) ERPDigests(_ context.Context, _, entity string, ids []string) (map[string]string, error) {
	found := map[string]string{}
	for _, id := range ids {
		if common := b.commons[entity+"/"+id]; common.ERP != "" {
			found[id] = common.ERP
		}
	}
	return found, nil
}

func (b *linkBook) ChangeDecisions(_ context.Context, _, entity string, ids []string) (map[string]flow.Decision, error) {
	found := map[string]flow.Decision{}
	for _, id := range ids {
		if decided, ok := b.decided[entity+"/"+id]; ok {
			found[id] = decided
		}
	}
	return found, nil
}

func (b *linkBook) LinkDigests(context.Context, string, string, []string) (map[string]string, error) {
	return nil, nil
}

func (b *linkBook) Watermark(context.Context, string, string) (time.Time, error) {
	return time.Time{}, nil
}

func (b *linkBook) RefundsOf(context.Context, string, []string) (map[string][]string, error) {
	return nil, nil
}

func (b *linkBook) StepsAhead(context.Context, string, []string) (map[string][]string, error) {
	return nil, nil
}

func (b *linkBook) Decisions(context.Context, string, string, []string) (map[string]string, error) {
	return nil, nil
}

// giveOwners gives the parts of an entity their owners, as a person writes them into the configuration.
func (p *pair) giveOwners(config string) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(config), &p.ec.Instance.Config.Ownership); err != nil {
		p.t.Fatal(err)
	}
	if err := p.ec.Instance.Config.Validate(); err != nil {
		p.t.Fatal(err)
	}
}
