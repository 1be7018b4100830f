package worker

import (
	"context"
	"time"

	"tandem/fault"
)

const (
	// setUpEvery is how often a worker makes sure that Temporal still knows the installation: a Temporal whose database was
	// lost or set back knows neither its search attributes nor its schedules, and nothing could be started.
	setUpEvery = 30 * time.Second
	// setUpAgainAfter is how soon a worker that could not begin tries again, and setUpTimeout bounds a try.
	setUpAgainAfter = 2 * time.Second
	setUpTimeout    = 30 * time.Second
	// jobSetUp is the name under which the set-up's success is recorded among the periodic jobs.
	jobSetUp = "set-up-temporal"
)

// awaitTemporal sets Temporal up, and waits for it while it does not answer. It fails only when waiting does not help.
func (w *Worker) awaitTemporal(ctx context.Context) error {
	said := ""
	for {
		_, err := w.setUp(ctx)
		if err == nil || ctx.Err() != nil || !fault.Is(err, fault.Unavailable) {
			return err
		}
		if message := fault.From(err).Error(); message != said {
			said = message
			w.log.WarnContext(ctx, "the worker waits for Temporal", "error", message)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(setUpAgainAfter):
		}
	}
}

// setUpAgain sets Temporal up while the worker runs, and says so when that was needed.
func (w *Worker) setUpAgain(ctx context.Context) {
	found, err := w.setUp(ctx)
	if ctx.Err() != nil {
		return
	}
	if err == nil {
		err = w.db.CheckKeys(ctx)
	}
	switch {
	case err != nil:
		w.log.WarnContext(ctx, "the installation is not in order; it is checked again", "error", fault.From(err).Error())
	case found != "":
		w.log.WarnContext(ctx, "Temporal had lost what Tandem sets up there; it was set up again", "lost", found)
	}
	if err := w.db.RecordPeriodicJob(ctx, jobSetUp, err); err != nil {
		w.log.WarnContext(ctx, "the set-up cannot be recorded", "error", err)
	}
}

// setUp makes Temporal ready for this installation, and says what was not: the namespace's mark, search attributes, the
// schedules of the periodic jobs.
func (w *Worker) setUp(ctx context.Context) (missing string, err error) {
	ctx, cancel := context.WithTimeout(ctx, setUpTimeout)
	defer cancel()
	for _, part := range []struct {
		name string
		do   func(context.Context) (bool, error)
	}{
		{"namespace", w.claimNamespace}, {"search attributes", w.ensureSearchAttributes}, {"schedules", w.schedulePeriodicJobs},
	} {
		changed, err := part.do(ctx)
		if err != nil {
			return missing, err
		}
		if changed && missing == "" {
			missing = part.name
		} else if changed {
			missing += ", " + part.name
		}
	}
	return missing, nil
}
