package worker

import (
	"context"

	"tandem/entity"
	"tandem/entity/mapping"
)

// PlanExport says what an export would write of records, by the ERP's ids, as the instance is configured now.
func (c *Connections) PlanExport(ctx context.Context, instance, name string, ids, parts []string) ([]mapping.Planned, error) {
	planner, err := entity.Planner(name)
	if err != nil {
		return nil, err
	}
	ec, err := afresh{c}.Connect(ctx, instance)
	if err != nil {
		return nil, err
	}
	ec.Parts = parts
	return planner.Plan(ctx, ec, ids)
}
