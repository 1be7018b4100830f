package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
)

// Linker ties records of stores to records of ERPs that are the same.
type Linker interface {
	// Link ties pairs of an entity, and gives the error of each that cannot be; with check it only looks.
	Link(ctx context.Context, instance, entity string, pairs []mapping.Pair, check bool) ([]error, error)
}

// LinkRecords links pairs that a person names.
func (s *server) LinkRecords(ctx context.Context, in gen.LinkRecordsRequestObject) (gen.LinkRecordsResponseObject, error) {
	results := collect(in.Body.Links, func(l gen.NewLink) gen.LinkResult {
		return gen.LinkResult{Instance: l.Instance, Entity: l.Entity, WooID: l.WooID, ERPID: l.ERPID}
	})
	done, err := s.linkAll(ctx, results, in.Body.DryRun, in.Body.SkipInvalid)
	return gen.LinkRecords200JSONResponse(done), err
}

// linkGroup are the places of the pairs of one entity of one instance.
type linkGroup struct {
	instance, entity string
	places           []int
}

// linkAll links what can be linked, or nothing when one pair cannot be. Results come with the pairs, and with what was found wrong with
// some before.
func (s *server) linkAll(ctx context.Context, results []gen.LinkResult, dryRun, skipInvalid bool) (gen.LinkResults, error) {
	groups := groupLinks(results)
	for _, g := range groups {
		if err := s.linkGroup(ctx, g, results, true); err != nil {
			return gen.LinkResults{}, err
		}
	}
	done := gen.LinkResults{Results: results, Operations: []string{}, Refused: countState(results, gen.LinkResultStateRefused)}
	if dryRun || done.Refused > 0 && !skipInvalid {
		return done, nil
	}
	for _, g := range groups {
		if err := s.linkGroup(ctx, g, results, false); err != nil {
			return done, err
		}
	}
	done.Linked, done.Refused = countState(results, gen.LinkResultStateLinked), countState(results, gen.LinkResultStateRefused)
	return done, s.wakeLinked(ctx, groups, &done)
}

func countState(results []gen.LinkResult, state gen.LinkResultState) int {
	n := 0
	for _, r := range results {
		if r.State == state {
			n++
		}
	}
	return n
}

// groupLinks sorts pairs that are not refused yet by where their records are.
func groupLinks(results []gen.LinkResult) []*linkGroup {
	var groups []*linkGroup
	byName := map[[2]string]*linkGroup{}
	for i, r := range results {
		if r.State != "" {
			continue
		}
		name := [2]string{r.Instance, r.Entity}
		if byName[name] == nil {
			byName[name] = &linkGroup{instance: r.Instance, entity: r.Entity}
			groups = append(groups, byName[name])
		}
		byName[name].places = append(byName[name].places, i)
	}
	return groups
}

// linkGroup links the pairs of a group that are not refused, or only looks.
func (s *server) linkGroup(ctx context.Context, g *linkGroup, results []gen.LinkResult, check bool) error {
	if check {
		if err := s.checkLinked(ctx, g); err != nil {
			if fault.Retryable(fault.From(err)) {
				return err
			}
			for _, i := range g.places {
				refuseLink(&results[i], err)
			}
			return nil
		}
	}
	var places []int
	var pairs []mapping.Pair
	for _, i := range g.places {
		if r := results[i]; r.State != gen.LinkResultStateRefused {
			places, pairs = append(places, i), append(pairs, mapping.Pair{WooID: r.WooID, ERPID: r.ERPID})
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	refused, err := s.Linker.Link(ctx, g.instance, g.entity, pairs, check)
	if err != nil {
		return err
	}
	state := gen.LinkResultStateLinked
	if check {
		state = gen.LinkResultStateValid
	}
	for n, i := range places {
		results[i].State = state
		if refused[n] != nil {
			refuseLink(&results[i], refused[n])
		}
	}
	return nil
}

// checkLinked refuses entities that are not linked this way, and instances that cannot be asked.
func (s *server) checkLinked(ctx context.Context, g *linkGroup) error {
	in, err := s.DB.Instance(ctx, g.instance)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Invalid, "there is no instance %q", g.instance)
	}
	if err != nil {
		return err
	}
	if _, err := entity.Matcher(g.entity); err != nil {
		return err
	}
	return entity.CheckMatch(in)
}

func refuseLink(r *gen.LinkResult, err error) {
	f := fault.From(err)
	r.State, r.Code, r.Reason = gen.LinkResultStateRefused, f.Code, f.Message
	if r.Code == "" {
		r.Code = string(f.Kind)
	}
}

// wakeLinked lets the records go on that waited for what was linked.
func (s *server) wakeLinked(ctx context.Context, groups []*linkGroup, done *gen.LinkResults) error {
	byInstance := map[string][]string{}
	for _, g := range groups {
		for _, i := range g.places {
			if r := done.Results[i]; r.State == gen.LinkResultStateLinked {
				byInstance[g.instance] = append(byInstance[g.instance], db.WaitKeys(g.instance, g.entity, r.WooID, r.ERPID)...)
			}
		}
	}
	for _, g := range groups {
		keys := byInstance[g.instance]
		delete(byInstance, g.instance)
		woken, operation, err := s.wake(ctx, g.instance, keys)
		if err != nil {
			return err
		}
		done.Woken += woken
		if operation != "" {
			done.Operations = append(done.Operations, operation)
		}
	}
	return nil
}
