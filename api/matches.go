package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// CreateMatching accepts a request to look for what stores and ERPs both have.
func (s *server) CreateMatching(ctx context.Context, in gen.CreateMatchingRequestObject) (gen.CreateMatchingResponseObject, error) {
	wanted := *in.Body
	if len(wanted.Entities) == 0 {
		wanted.Entities = entity.Names(flow.Match)
	}
	if err := checkEntities(flow.Match, wanted.Entities, flow.Filter{Kind: flow.All}); err != nil {
		return nil, err
	}
	if err := checkRules(wanted.Entities, wanted.Rules); err != nil {
		return nil, err
	}
	if err := s.checkInstances(ctx, flow.Match, wanted.Instances, wanted.Entities); err != nil {
		return nil, err
	}
	op, err := s.start(ctx, work{
		direction: flow.Match, instances: wanted.Instances, entities: wanted.Entities, trigger: "api",
		filter: flow.Filter{Kind: flow.All, Rules: wanted.Rules},
	})
	if err != nil {
		return nil, err
	}
	return gen.CreateMatching202JSONResponse{Body: op, Headers: gen.CreateMatching202ResponseHeaders{Location: located("operations", op.ID)}}, nil
}

// checkRules refuses rules that no entity has, and entities that have none of the rules.
func checkRules(entities, rules []string) error {
	if len(rules) == 0 {
		return nil
	}
	var p instance.Problems
	known := map[string]bool{}
	for i, name := range entities {
		m, err := entity.Matcher(name)
		if err != nil {
			return err
		}
		all, _ := m.Rules()
		if !slices.ContainsFunc(all, func(rule string) bool { return slices.Contains(rules, rule) }) {
			p = append(p, fault.Field(fmt.Sprintf("entities[%d]", i), "%s is matched by none of these rules: it has %s", name, strings.Join(all, ", ")))
		}
		for _, rule := range all {
			known[rule] = true
		}
	}
	for i, rule := range rules {
		if !known[rule] {
			p = append(p, fault.Field(fmt.Sprintf("rules[%d]", i), "%q is no rule of these entities", rule))
		}
	}
	return p.Err()
}

// ListMatches lists what a matching found.
func (s *server) ListMatches(ctx context.Context, in gen.ListMatchesRequestObject) (gen.ListMatchesResponseObject, error) {
	p := in.Params
	if err := s.checkListed(ctx, p.Instance, p.Entity); err != nil {
		return nil, err
	}
	if _, err := s.DB.Matching(ctx, in.Operation); err != nil {
		return nil, err
	}
	filter := db.MatchFilter{Operation: in.Operation, Instance: p.Instance, Entity: p.Entity, Outcome: string(p.Outcome), Side: string(p.Side)}
	list, next, err := s.DB.Matches(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListMatches200JSONResponse{
		Body:    gen.MatchPage{Items: collect(list, match), Next: next},
		Headers: gen.ListMatches200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

func match(m db.Match) gen.Match {
	out := gen.Match{
		Instance: m.Instance, Entity: m.Entity, Side: gen.MatchSide(m.Side), Outcome: gen.MatchOutcome(m.Outcome), Label: m.Label,
		Rule: m.Rule, Others: m.Others, Code: m.Code, Reason: m.Reason, WooID: m.RecordID, ERPID: m.OtherID,
	}
	if m.Side == db.ERPSide {
		out.WooID, out.ERPID = out.ERPID, out.WooID
	}
	return out
}

// CountMatches counts what a matching found.
func (s *server) CountMatches(ctx context.Context, in gen.CountMatchesRequestObject) (gen.CountMatchesResponseObject, error) {
	if _, err := s.DB.Matching(ctx, in.Operation); err != nil {
		return nil, err
	}
	counts, err := s.DB.MatchCounts(ctx, in.Operation)
	return gen.CountMatches200JSONResponse{Items: collect(counts, func(c db.MatchCount) gen.MatchCount {
		return gen.MatchCount{Instance: c.Instance, Entity: c.Entity, Side: gen.MatchSide(c.Side), Outcome: gen.MatchOutcome(c.Outcome), Count: c.Count}
	})}, err
}

// LinkMatches accepts a request to link what a matching found.
func (s *server) LinkMatches(ctx context.Context, in gen.LinkMatchesRequestObject) (gen.LinkMatchesResponseObject, error) {
	op, err := s.DB.Matching(ctx, in.Operation)
	if err != nil {
		return nil, err
	}
	if op.State != db.OperationDone {
		return nil, fault.New(fault.Conflict, "the matching is %s: link what it found when it is done", op.State)
	}
	instances, err := narrowed("instance", op.Instances, in.Body.Instance)
	if err != nil {
		return nil, err
	}
	entities, err := narrowed("entity", op.Entities, in.Body.Entity)
	if err != nil {
		return nil, err
	}
	filter := flow.Filter{Kind: flow.All, Matched: op.ID}
	if len(in.Body.WooIds) > 0 {
		filter.Kind, filter.IDs = flow.IDs, in.Body.WooIds
	}
	if err := checkIDs(instances, entities, filter); err != nil {
		return nil, err
	}
	if err := checkEntities(flow.Link, entities, filter); err != nil {
		return nil, err
	}
	if err := s.checkInstances(ctx, flow.Link, instances, entities); err != nil {
		return nil, err
	}
	started, err := s.start(ctx, work{direction: flow.Link, instances: instances, entities: entities, filter: filter, trigger: "api"})
	if err != nil {
		return nil, err
	}
	return gen.LinkMatches202JSONResponse{Body: started, Headers: gen.LinkMatches202ResponseHeaders{Location: located("operations", started.ID)}}, nil
}

// narrowed gives the one of a matching's instances or entities that is named, or all.
func narrowed(field string, all []string, one string) ([]string, error) {
	switch {
	case one == "":
		return all, nil
	case !slices.Contains(all, one):
		return nil, fault.Field(field, "must be one that was matched: %s", strings.Join(all, ", "))
	default:
		return []string{one}, nil
	}
}

// matchRules are what an entity can be matched by; nothing for one that cannot be.
func matchRules(name string) []gen.MatchRule {
	m, err := entity.Matcher(name)
	if err != nil {
		return nil
	}
	return rulesOf(m)
}

func rulesOf(m mapping.Matcher) []gen.MatchRule {
	all, usual := m.Rules()
	return collect(all, func(rule string) gen.MatchRule { return gen.MatchRule{Name: rule, Usual: slices.Contains(usual, rule)} })
}
