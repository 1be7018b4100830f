package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity/mapping"
)

// CountJobs counts queue jobs by state, and those that need a person by reason.
func (s *server) CountJobs(ctx context.Context, in gen.CountJobsRequestObject) (gen.CountJobsResponseObject, error) {
	p := in.Params
	if err := s.checkListed(ctx, p.Instance, p.Entity); err != nil {
		return nil, err
	}
	filter := db.JobFilter{Instance: p.Instance, Entity: p.Entity, Operation: p.Operation}
	states, err := s.DB.JobCounts(ctx, filter)
	if err != nil {
		return nil, err
	}
	groups, err := s.DB.JobGroups(ctx, filter)
	return gen.CountJobs200JSONResponse{States: states, Groups: collect(groups, jobGroup)}, err
}

func jobGroup(g db.JobGroup) gen.JobGroup {
	group := gen.JobGroup{
		Instance: g.Instance, Entity: g.Entity, Direction: g.Direction, State: gen.JobState(g.State), Code: g.Code, Count: g.Count,
	}
	if g.State == db.JobParked {
		group.Choices = collect(mapping.ChoicesOf(g.Code), jobChoice)
	}
	return group
}
