package api

import (
	"context"
	"time"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
)

// ListEntities lists what can be synced, in dependency order; last what goes into the store only.
func (s *server) ListEntities(context.Context, gen.ListEntitiesRequestObject) (gen.ListEntitiesResponseObject, error) {
	return gen.ListEntities200JSONResponse{Items: collect(entity.Known(), entityInfo)}, nil
}

func entityInfo(e mapping.Entity) gen.Entity {
	info := gen.Entity{
		Name: e.Name(), Title: e.Title(), After: append([]string{}, e.After()...),
		Filters: filterInfos(e), Export: exportInfo(e.Name()), MatchRules: matchRules(e.Name()),
	}
	if _, err := entity.Get(flow.Import, e.Name()); err != nil {
		for i := range info.Filters {
			info.Filters[i] = gen.EntityFilterInfo{Kind: info.Filters[i].Kind, Reason: "it is not imported: it goes into the store only"}
		}
	}
	return info
}

// exportInfo says how an entity can be exported; nothing for one that cannot.
func exportInfo(name string) *gen.EntityExport {
	e, err := entity.Get(flow.Export, name)
	if err != nil {
		return nil
	}
	return &gen.EntityExport{Switch: entity.ExportSwitch(name), After: append([]string{}, e.After()...), Filters: filterInfos(e)}
}

func filterInfos(e mapping.Entity) []gen.EntityFilterInfo {
	return collect(sampleFilters(), func(f flow.Filter) gen.EntityFilterInfo { return filterInfo(e, f) })
}

// sampleFilters has one sound filter of each kind: whether an entity can do it does not depend on its values.
func sampleFilters() []flow.Filter {
	day := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	return []flow.Filter{
		{Kind: flow.All},
		{Kind: flow.Changes},
		{Kind: flow.Range, From: day, To: day.AddDate(0, 0, 1)},
		{Kind: flow.IDs, IDs: []string{"1"}},
	}
}

func filterInfo(e mapping.Entity, f flow.Filter) gen.EntityFilterInfo {
	if err := e.Accepts(f); err != nil {
		return gen.EntityFilterInfo{Kind: f.Kind, Reason: fault.From(err).Message}
	}
	return gen.EntityFilterInfo{Kind: f.Kind, Accepted: true}
}
