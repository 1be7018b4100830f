package worker

import (
	"cmp"
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

const (
	// checkInterval is how long the result of a check is valid: keys expire and rights are revoked within days.
	checkInterval = 24 * time.Hour
	// recheckInterval is how soon an ERP with a problem is checked again: a person who solved it wants to see that.
	recheckInterval = time.Hour
	// checkTimeout bounds one check, and checksAtOnce how many an ERP that hangs can hold up.
	checkTimeout = 2 * time.Minute
	checksAtOnce = 4
)

// checkERPs probes the ERPs of all connected instances, so that a key about to expire, or a revoked right or an uninstalled
// module, shows before imports fail, and not only at the next connect. What it finds never changes an instance's state.
func (w *Worker) checkERPs(ctx context.Context) error {
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(checksAtOnce)
	for _, inst := range instances {
		if dueForCheck(inst) {
			group.Go(func() error { return w.checkERP(ctx, inst) })
		}
	}
	return group.Wait()
}

func dueForCheck(inst instance.Instance) bool {
	if inst.State != instance.Connected && inst.State != instance.Active {
		return false
	}
	after := checkInterval
	if inst.ERP.Problem != "" {
		after = recheckInterval
	}
	return time.Since(inst.ERP.CheckedAt) >= after
}

func (w *Worker) checkERP(ctx context.Context, inst instance.Instance) error {
	probing, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	found, err := w.probe(probing, inst)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		failure := fault.From(err)
		inst.ERP.Problem, inst.ERP.ProblemCode, inst.ERP.CheckedAt = failure.Error(), cmp.Or(failure.Code, string(failure.Kind)), time.Now().UTC()
		w.log.WarnContext(ctx, "the ERP has a problem", "instance", inst.ID, "kind", fault.KindOf(err), "problem", inst.ERP.Problem)
	} else {
		inst.ERP = entity.ERPInfo(found, inst.Store, time.Now())
		for _, warning := range inst.ERP.Warnings {
			w.log.WarnContext(ctx, "the ERP needs attention", "instance", inst.ID, "warning", warning)
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
