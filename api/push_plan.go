package api

import (
	"cmp"
	"context"
	"strconv"

	"tandem/api/gen"
	"tandem/entity/mapping"
	"tandem/flow"
)

// planLimit is how many records a page of a plan has when the request does not say. Each may take a request to the store.
const planLimit = 20

// Planner says what an export or import would write.
type Planner interface {
	// Plan says it of records by the ids of the side that is read. It reads both sides and writes nothing.
	Plan(ctx context.Context, asked mapping.PlanRequest) ([]mapping.Planned, error)
}

// PlanPush says what a push would write, a page at a time.
func (s *server) PlanPush(ctx context.Context, in gen.PlanPushRequestObject) (gen.PlanPushResponseObject, error) {
	plan, err := s.plan(ctx, flow.Export, *in.Body)
	return gen.PlanPush200JSONResponse(plan), err
}

// PlanPull says what a pull would write, a page at a time.
func (s *server) PlanPull(ctx context.Context, in gen.PlanPullRequestObject) (gen.PlanPullResponseObject, error) {
	plan, err := s.plan(ctx, flow.Import, *in.Body)
	return gen.PlanPull200JSONResponse(plan), err
}

func (s *server) plan(ctx context.Context, d flow.Direction, asked gen.PushPlanRequest) (gen.PushPlan, error) {
	page := gen.PushPlan{Items: []gen.PlannedRecord{}, Refused: []gen.TransferRefusal{}}
	wanted := gen.Transfer{
		Instances: []string{asked.Instance}, Entity: asked.Entity, WooIds: asked.WooIds, ERPIds: asked.ERPIds, State: asked.State, Parts: asked.Parts,
	}
	if err := checkNamed(d, wanted); err != nil {
		return page, err
	}
	if _, err := s.DB.Instance(ctx, asked.Instance); err != nil {
		return page, err
	}
	ids, refused, err := s.pick(ctx, d, asked.Instance, wanted)
	if err != nil {
		return page, err
	}
	from, _ := strconv.Atoi(asked.After) // the contract lets only digits through
	page.Count = len(ids)
	if from == 0 {
		page.Refused = append(page.Refused, refused...)
	}
	if from >= len(ids) {
		return page, nil
	}
	to := min(from+cmp.Or(asked.Limit, planLimit), len(ids))
	plan, err := s.Planner.Plan(ctx, mapping.PlanRequest{
		Instance: asked.Instance, Entity: asked.Entity, Direction: d, IDs: ids[from:to], Parts: partNames(asked.Parts), Force: asked.Force,
	})
	if err != nil {
		return page, err
	}
	page.Items = collect(plan, plannedRecord)
	if to < len(ids) {
		page.Next = strconv.Itoa(to)
	}
	return page, nil
}

func plannedRecord(p mapping.Planned) gen.PlannedRecord {
	return gen.PlannedRecord{
		ERPID: p.ERPID, WooID: p.WooID, Action: p.Action, Code: p.Code, Reason: p.Reason, Differences: append([]flow.Difference{}, p.Differences...), Kept: append([]flow.Difference{}, p.Kept...),
	}
}

func partNames(parts []gen.PushPart) []string {
	return collect(parts, func(p gen.PushPart) string { return string(p) })
}
