package worker

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

const (
	// looksAfter is how long what an ERP said of itself stands: keys run out and rights are taken away within days.
	looksAfter = 24 * time.Hour
	// looksAgainAfter is how soon an ERP is looked at again that had a problem: a person who solved it wants to see that.
	looksAgainAfter = time.Hour
	// lookTimeout bounds one look, and looksAtOnce how many an ERP that hangs can hold up.
	lookTimeout = 2 * time.Minute
	looksAtOnce = 4
)

// lookAtERPs asks the ERPs of all instances at work who they are, so that a key about to run out, a right or a module
// taken away shows before imports stop, and not only at the next connect. What is found never changes an instance's state.
func (w *Worker) lookAtERPs(ctx context.Context) error {
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(looksAtOnce)
	for _, inst := range instances {
		if dueForLook(inst) {
			group.Go(func() error { return w.lookAtERP(ctx, inst) })
		}
	}
	return group.Wait()
}

func dueForLook(inst instance.Instance) bool {
	if inst.State != instance.Connected && inst.State != instance.Active {
		return false
	}
	after := looksAfter
	if inst.ERP.Problem != "" {
		after = looksAgainAfter
	}
	return time.Since(inst.ERP.CheckedAt) >= after
}

func (w *Worker) lookAtERP(ctx context.Context, inst instance.Instance) error {
	looking, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	found, err := w.probe(looking, inst)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		inst.ERP.Problem, inst.ERP.CheckedAt = fault.From(err).Error(), time.Now().UTC()
		w.log.WarnContext(ctx, "the ERP has a problem", "instance", inst.ID, "kind", fault.KindOf(err), "problem", inst.ERP.Problem)
	} else {
		inst.ERP = entity.ERPInfo(found, inst.Store, time.Now())
		for _, warning := range inst.ERP.Warnings {
			w.log.WarnContext(ctx, "the ERP wants looking after", "instance", inst.ID, "warning", warning)
		}
	}
	_, err = w.db.SetERPInfo(ctx, inst)
	return err
}

func (w *Worker) probe(ctx context.Context, inst instance.Instance) (erp.Info, error) {
	backend, err := w.connections.Backend(ctx, inst)
	if err != nil {
		return erp.Info{}, err
	}
	return backend.Probe(ctx)
}
