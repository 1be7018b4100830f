package worker

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/db"
	"tandem/flow"
	"tandem/instance"
	"tandem/workflows"
)

// TriggerWebhookGap marks operations that read what a webhook did not report.
const TriggerWebhookGap = "webhook_gap"

var webhooksMended = prometheus.NewCounterVec(prometheus.CounterOpts{
	Name: "tandem_webhooks_mended_total", Help: "Webhooks found disabled, deleted, doubled or at an earlier address, and mended.",
}, []string{"instance", "topic"})

// watchTimeout bounds the look at one store.
const watchTimeout = 3 * time.Minute

// watchWebhooks looks whether the webhooks that were made still deliver. A store that does not answer holds up no other: its imports say
// what is wrong with it.
func (w *Worker) watchWebhooks(ctx context.Context) error {
	if w.options.PublicURL == "" {
		return nil
	}
	instances, err := w.db.Instances(ctx)
	if err != nil {
		return err
	}
	hooks := &Webhooks{DB: w.db, Connections: w.connections, PublicURL: w.options.PublicURL, Logger: w.log}
	for _, inst := range instances {
		if inst.State != instance.Active {
			continue
		}
		watching, cancel := context.WithTimeout(ctx, watchTimeout)
		err := hooks.Watch(watching, inst)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			w.log.WarnContext(ctx, "the webhooks could not be checked", "instance", inst.ID, "error", err)
		}
	}
	return nil
}

// Watch mends the webhooks of an instance that a person has asked for.
func (w *Webhooks) Watch(ctx context.Context, inst instance.Instance) error {
	rows, err := w.DB.Webhooks(ctx, inst.ID)
	if err != nil {
		return err
	}
	wanted := slices.DeleteFunc(rows, func(r db.Webhook) bool { return r.HookID == "" || r.Wanted == "" })
	if len(wanted) == 0 {
		return nil
	}
	done, err := w.mend(ctx, inst, wanted)
	for _, one := range done {
		if one.found != "" {
			webhooksMended.WithLabelValues(inst.ID, one.row.Topic).Inc()
			w.Logger.WarnContext(ctx, "a webhook was mended", "instance", inst.ID, "topic", one.row.Topic, "found", one.found,
				"webhook", one.row.HookID, "last_delivery", one.row.LastDeliveryAt)
		}
	}
	return err
}

// readGap has the records read that changed while webhooks did not deliver: the import of changes begins where the last one ended, which
// was before the gap.
func (w *Webhooks) readGap(ctx context.Context, inst instance.Instance, done []mended) error {
	var entities, cause []string
	for _, one := range done {
		if !one.gap {
			continue
		}
		resource, _, _ := strings.Cut(one.row.Topic, ".")
		entities = append(entities, resource)
		cause = append(cause, one.row.Topic+"="+one.row.HookID+"/"+one.row.Status)
	}
	if len(entities) == 0 || inst.State != instance.Active {
		return nil
	}
	slices.Sort(entities)
	filter, err := json.Marshal(flow.Filter{Kind: flow.Changes})
	if err != nil {
		return err
	}
	op, created, err := w.DB.CreateOperation(ctx, db.Operation{
		Kind: "import", Direction: workflows.DirectionImport, Instances: []string{inst.ID},
		Entities: slices.Compact(entities), Filter: filter, Trigger: TriggerWebhookGap, RequestedBy: "webhooks",
	})
	if err == nil && created {
		w.Logger.InfoContext(ctx, "what webhooks did not report is read", "instance", inst.ID, "operation", op.ID, "because", cause)
	}
	return err
}
