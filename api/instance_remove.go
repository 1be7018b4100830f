package api

import (
	"context"
	"fmt"
	"strings"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/instance"
)

// runsCancelledAtOnce bounds how many order runs a removal ends before it asks for another call.
const runsCancelledAtOnce = 200

// DeleteInstance removes an instance and what is kept of it. What it landed in the ERP stays.
func (s *server) DeleteInstance(ctx context.Context, in gen.DeleteInstanceRequestObject) (gen.DeleteInstanceResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if err := s.checkRemovable(ctx, found, in.Params.Confirm); err != nil {
		return nil, err
	}
	if err := s.cancelOrderRuns(ctx, found.ID); err != nil {
		return nil, err
	}
	schedules, err := s.DB.Schedules(ctx, found.ID)
	if err != nil {
		return nil, err
	}
	for _, row := range schedules {
		if err := s.Schedules.Delete(ctx, row); err != nil {
			return nil, err
		}
	}
	return gen.DeleteInstance204Response{}, s.DB.DeleteInstance(ctx, found.ID)
}

// checkRemovable refuses to remove an instance at work, and one that was used unless the caller has confirmed it.
func (s *server) checkRemovable(ctx context.Context, in instance.Instance, confirm string) error {
	if in.State == instance.Active {
		return fault.New(fault.Conflict, "the instance %q is active: deactivate it before removing it", in.ID)
	}
	running, err := s.DB.UnfinishedOperations(ctx, in.ID)
	if err != nil {
		return err
	}
	if len(running) > 0 {
		return fault.New(fault.Conflict, "the instance %q has operations under way: cancel %s first, or wait for them",
			in.ID, strings.Join(running, ", "))
	}
	counts, err := s.DB.Counters(ctx, in.ID)
	if err != nil {
		return err
	}
	used := in.State != instance.Draft || len(counts.Links)+len(counts.Jobs)+len(counts.OrderRuns) > 0
	if !used || confirm == in.ID {
		return nil
	}
	return fault.New(fault.Conflict, "%s", removalNotice(in.ID, counts))
}

// removalNotice explains what goes with an instance and what stays.
func removalNotice(id string, c db.Counters) string {
	links, jobs, runs := 0, 0, 0
	for total, counts := range map[*int]map[string]int{&links: c.Links, &jobs: c.Jobs, &runs: c.OrderRuns} {
		for _, n := range counts {
			*total += n
		}
	}
	return fmt.Sprintf("removing %q deletes its keys, configuration and schedules, %d links, %d open queue jobs, %d order runs and the records as "+
		"the store sent them. What it landed in the ERP stays, invoices and payments included; operations and logs stay until they are "+
		"pruned. To go on, confirm with its id: confirm=%s", id, links, jobs, runs, id)
}

// cancelOrderRuns ends the workflows of an instance's orders. One that has ended meanwhile is fine.
func (s *server) cancelOrderRuns(ctx context.Context, id string) error {
	orders, err := s.DB.UnfinishedOrderRuns(ctx, id, runsCancelledAtOnce+1)
	if err != nil {
		return err
	}
	if len(orders) > runsCancelledAtOnce {
		return fault.New(fault.Conflict, "more than %d orders of %q are under way: cancel them first", runsCancelledAtOnce, id)
	}
	for _, wooID := range orders {
		if err := s.Runs.CancelOrder(ctx, id, wooID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
