package api

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tandem/api/gen"
	"tandem/report"
)

// GetActivityReport counts what was queued over time, and what there is now.
func (s *server) GetActivityReport(ctx context.Context, in gen.GetActivityReportRequestObject) (gen.GetActivityReportResponseObject, error) {
	p := in.Params
	request := report.ActivityRequest{By: report.Day, From: p.From.Time, To: p.To.Time, Instances: p.Instance, Entities: p.Entity}
	if p.By != "" {
		request.By = report.Dimension(p.By)
	}
	zones, err := s.zones(ctx, request.Instances)
	if err != nil {
		return nil, err
	}
	for _, name := range request.Entities {
		if err := s.checkListed(ctx, "", name); err != nil {
			return nil, err
		}
	}
	activity, err := report.ReadActivity(ctx, s.DB, zones, request, time.Now())
	return gen.GetActivityReport200JSONResponse{
		By: string(request.By), Periods: collect(activity.Periods, salesPeriod), Queued: collect(activity.Queued, queuedCount),
		Now: collect(activity.Now, entityStanding), Totals: standingTotals(activity.Now),
	}, err
}

func queuedCount(q report.Queued) gen.QueuedCount {
	return gen.QueuedCount{
		Period: q.Period, Instance: q.Instance, Entity: q.Entity, Direction: q.Direction, Waiting: q.States["waiting"],
		InProgress: q.States["in_progress"], Done: q.States["done"], Parked: q.States["parked"], Failed: q.States["failed"],
	}
}

func entityStanding(n report.Standing) gen.EntityStanding {
	return gen.EntityStanding{
		Instance: n.Instance, Entity: n.Entity, Synchronised: n.Synchronised, Unsynchronised: n.Unsynchronised, Waiting: n.Waiting,
		Parked: n.Parked, Failed: n.Failed,
	}
}

// standingTotals adds up what there is over all instances, ordered by entity.
func standingTotals(list []report.Standing) []gen.EntityStanding {
	totals := []gen.EntityStanding{}
	for _, n := range list {
		at := slices.IndexFunc(totals, func(t gen.EntityStanding) bool { return t.Entity == n.Entity })
		if at < 0 {
			at = len(totals)
			totals = append(totals, gen.EntityStanding{Entity: n.Entity})
		}
		t := &totals[at]
		t.Synchronised, t.Unsynchronised, t.Waiting = t.Synchronised+n.Synchronised, t.Unsynchronised+n.Unsynchronised, t.Waiting+n.Waiting
		t.Parked, t.Failed = t.Parked+n.Parked, t.Failed+n.Failed
	}
	slices.SortFunc(totals, func(a, b gen.EntityStanding) int { return cmp.Compare(a.Entity, b.Entity) })
	return totals
}
