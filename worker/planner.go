package worker

import (
	"context"

	"tandem/entity"
	"tandem/entity/mapping"
)

// Plan says what an export or import would write of records, as the instance is configured now.
func (c *Connections) Plan(ctx context.Context, asked mapping.PlanRequest) ([]mapping.Planned, error) {
	planner, err := entity.Planner(asked.Direction, asked.Entity)
	if err != nil {
		return nil, err
	}
	ec, err := afresh{c}.Connect(ctx, asked.Instance)
	if err != nil {
		return nil, err
	}
	ec.Parts, ec.Force = asked.Parts, asked.Force
	return planner.Plan(ctx, ec, asked.IDs)
}
