package api

import (
	"context"
	"strconv"

	"tandem/api/gen"
	"tandem/entity/mapping"
	"tandem/flow"
)

// planLimit is how many records a page of a plan has when the request does not say. Each may take a request to the store.
const planLimit = 20

// Planner says what an export would write.
type Planner interface {
	// PlanExport says it of records by the ERP's ids. It reads both sides and writes nothing.
	PlanExport(ctx context.Context, instance, entity string, ids, parts []string) ([]mapping.Planned, error)
}

// PlanPush says what a push would write, a page at a time.
func (s *server) PlanPush(ctx context.Context, in gen.PlanPushRequestObject) (gen.PlanPushResponseObject, error) {
	asked := *in.Body
	wanted := gen.Transfer{
		Instances: []string{asked.Instance}, Entity: asked.Entity, WooIds: asked.WooIds, ERPIds: asked.ERPIds, State: asked.State, Parts: asked.Parts,
	}
	if err := checkNamed(flow.Export, wanted); err != nil {
		return nil, err
	}
	if _, err := s.DB.Instance(ctx, asked.Instance); err != nil {
		return nil, err
	}
	ids, refused, err := s.pick(ctx, flow.Export, asked.Instance, wanted)
	if err != nil {
		return nil, err
	}
	from, _ := strconv.Atoi(asked.After) // the contract lets only digits through
	page := gen.PushPlan{Count: len(ids), Items: []gen.PlannedRecord{}, Refused: []gen.TransferRefusal{}}
	if from == 0 {
		page.Refused = append(page.Refused, refused...)
	}
	if from >= len(ids) {
		return gen.PlanPush200JSONResponse(page), nil
	}
	size := asked.Limit
	if size == 0 {
		size = planLimit
	}
	to := min(from+size, len(ids))
	plan, err := s.Planner.PlanExport(ctx, asked.Instance, asked.Entity, ids[from:to], partNames(asked.Parts))
	if err != nil {
		return nil, err
	}
	page.Items = collect(plan, plannedRecord)
	if to < len(ids) {
		page.Next = strconv.Itoa(to)
	}
	return gen.PlanPush200JSONResponse(page), nil
}

func plannedRecord(p mapping.Planned) gen.PlannedRecord {
	return gen.PlannedRecord{
		ERPID: p.ERPID, WooID: p.WooID, Action: p.Action, Code: p.Code, Reason: p.Reason, Differences: append([]flow.Difference{}, p.Differences...),
	}
}

func partNames(parts []gen.PushPart) []string {
	return collect(parts, func(p gen.PushPart) string { return string(p) })
}
