package mapping

import (
	"context"

	"tandem/fault"
	"tandem/flow"
)

// Plan says what an import by ids, whoever's edits it replaces, would write of some records into the ERP. It writes nothing.
func (f *ImportFlow[R, E]) Plan(ctx context.Context, ec Context, ids []string) ([]Planned, error) {
	if f.sides == nil {
		return nil, fault.Field("entity", "what would be written of %s cannot be planned", f.Entity)
	}
	ec.Overwrite = true
	var plan []Planned
	for b, err := range f.Source(ctx, ec, flow.Filter{Kind: flow.IDs, IDs: ids}, nil) {
		if err != nil {
			return nil, err
		}
		planned, err := f.sides.page(ec, f.Entity).plan(ctx, f.Attempts(ec, b))
		if err != nil {
			return nil, err
		}
		plan = append(plan, planned...)
		for _, m := range b.Missing {
			plan = append(plan, Planned{WooID: m.ID, Action: string(flow.Failed), Code: m.Code, Reason: m.Reason})
		}
		for _, r := range b.Rejected {
			plan = append(plan, Planned{WooID: r.ID, Action: string(flow.Failed), Code: "unreadable", Reason: fault.From(r.Err).Message})
		}
	}
	return plan, nil
}
