package worker

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"tandem/db"
	"tandem/fault"
	"tandem/hooks"
	"tandem/instance"
	"tandem/woo"
)

// Webhooks makes the webhooks of stores and keeps them working. Connecting a store makes none: they are made when a person asks for
// it, and from then on mended.
type Webhooks struct {
	DB          *db.DB
	Connections *Connections
	PublicURL   string // where stores reach the API; empty: no webhooks are made
	Logger      *slog.Logger
}

// Address gives the public address and why stores may not reach it.
func (w *Webhooks) Address() (string, []string) { return w.PublicURL, publicURLWarnings(w.PublicURL) }

// Check tries the public address from here and gives all there is to say about it. An address that cannot work is refused.
func (w *Webhooks) Check(ctx context.Context) ([]string, error) {
	if w.PublicURL == "" {
		return nil, fault.New(fault.Invalid, "TANDEM_PUBLIC_URL is not set: give API and workers the address under which stores reach "+
			"the API, such as https://tandem.example.com")
	}
	warning, err := reachPublicURL(ctx, w.PublicURL)
	if err != nil {
		return nil, err
	}
	warnings := publicURLWarnings(w.PublicURL)
	if warning != "" {
		warnings = append(warnings, warning)
	}
	return warnings, nil
}

// Sync makes the webhooks of these topics in the store, or mends them, and sets those active that are new or were disabled by a person.
// Paused ones stay paused.
func (w *Webhooks) Sync(ctx context.Context, inst instance.Instance, topics []string) error {
	rows, err := w.rows(ctx, inst.ID)
	if err != nil {
		return err
	}
	var wanted []db.Webhook
	for _, topic := range topics {
		row := rows[topic]
		row.Instance, row.Topic = inst.ID, topic
		if row.Wanted != db.WebhookPaused {
			row.Wanted = db.WebhookActive
		}
		wanted = append(wanted, row)
	}
	_, err = w.mend(ctx, inst, wanted)
	return err
}

// toggled is what a webhook becomes that is toggled.
var toggled = map[string]string{
	db.WebhookActive: db.WebhookPaused, db.WebhookPaused: db.WebhookDisabled, db.WebhookDisabled: db.WebhookActive,
}

// Toggle pauses an active webhook, disables a paused one, and sets a disabled one active. What happened meanwhile is then read from the
// store.
func (w *Webhooks) Toggle(ctx context.Context, inst instance.Instance, topic string) error {
	rows, err := w.rows(ctx, inst.ID)
	if err != nil {
		return err
	}
	row := rows[topic]
	if row.HookID == "" {
		return fault.New(fault.Conflict, "the store has no webhook of Tandem for %s yet: sync it first", topic)
	}
	row.Wanted = cmp.Or(toggled[row.Wanted], db.WebhookActive)
	_, err = w.mend(ctx, inst, []db.Webhook{row})
	return err
}

func (w *Webhooks) rows(ctx context.Context, instance string) (map[string]db.Webhook, error) {
	list, err := w.DB.Webhooks(ctx, instance)
	rows := map[string]db.Webhook{}
	for _, row := range list {
		rows[row.Topic] = row
	}
	return rows, err
}

// mended is what was found of a webhook and done about it.
type mended struct {
	row   db.Webhook
	found string // what was wrong; empty when nothing was
	gap   bool   // events may have been lost
}

// mend makes each of an instance's webhooks what is wanted of it. What the store did not report meanwhile is read before a row says that
// all is well: whoever dies in between leaves a webhook that the next one takes for another's and recreates.
func (w *Webhooks) mend(ctx context.Context, inst instance.Instance, wanted []db.Webhook) ([]mended, error) {
	client, err := w.Connections.Store(ctx, inst)
	if err != nil {
		return nil, err
	}
	all, err := client.Webhooks.All(ctx)
	if err != nil {
		return nil, err
	}
	var done []mended
	for _, row := range wanted {
		one, err := w.mendOne(ctx, client, row, all)
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	if err := w.readGap(ctx, inst, done); err != nil {
		return done, err
	}
	for _, one := range done {
		if err := w.DB.SaveWebhook(ctx, one.row, ""); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (w *Webhooks) mendOne(ctx context.Context, client *woo.Client, row db.Webhook, all []woo.Webhook) (mended, error) {
	address := w.PublicURL + "/webhooks/" + row.Instance + "/" + row.Topic
	plan := planWebhook(row, address, all)
	for _, useless := range plan.remove {
		if err := client.Webhooks.Remove(ctx, useless.ID); err != nil {
			return mended{}, err
		}
	}
	one := mended{row: row, found: plan.found, gap: plan.keep == nil && row.HookID != ""}
	hook := plan.keep
	if hook == nil {
		made, err := w.make(ctx, client, row, address)
		if err != nil {
			return one, err
		}
		hook, one.row.CreatedAt = &made, time.Now().UTC()
	}
	hook, resumed, err := setWanted(ctx, client, row, *hook, all)
	if err != nil {
		return one, err
	}
	one.gap = one.gap || resumed
	one.row.HookID, one.row.Status, one.row.DeliveryURL, one.row.CheckedAt = hook.ID.String(), hook.Status, address, time.Now().UTC()
	one.row.Problem = problemOf(one)
	return one, nil
}

// make makes a webhook with a secret of its own, which is kept before the store has it: the store calls at once.
func (w *Webhooks) make(ctx context.Context, client *woo.Client, row db.Webhook, address string) (woo.Webhook, error) {
	secret := hooks.NewSecret()
	row.DeliveryURL = address
	if err := w.DB.SaveWebhook(ctx, row, secret); err != nil {
		return woo.Webhook{}, err
	}
	made, err := client.Webhooks.Subscribe(ctx, woo.Subscription{
		Name: webhookName(row), Topic: row.Topic, DeliveryURL: address, Secret: secret,
	})
	if err != nil {
		return made, err
	}
	kept, err := w.DB.WebhookSecret(ctx, row.Instance, row.Topic)
	if err != nil || kept == secret {
		return made, err
	}
	if err := client.Webhooks.Remove(ctx, made.ID); err != nil {
		return made, err
	}
	return made, fault.New(fault.Conflict, "the webhook for %s is being made by somebody else at the same time: look again in a moment", row.Topic)
}

// setWanted sets the status that a person chose; resumed says that the webhook delivered nothing until now.
func setWanted(ctx context.Context, client *woo.Client, row db.Webhook, hook woo.Webhook, all []woo.Webhook) (set *woo.Webhook, resumed bool, err error) {
	if hook.Status == row.Wanted {
		return &hook, false, nil
	}
	changed, err := client.Webhooks.SetStatus(ctx, hook.ID, row.Wanted)
	known := slices.ContainsFunc(all, func(w woo.Webhook) bool { return w.ID == hook.ID })
	return &changed, known && row.Wanted == db.WebhookActive, err
}

// problemOf is what a person reads at the webhook. What was mended stays there until a delivery proves that it works again.
func problemOf(one mended) string {
	switch {
	case one.found != "" && one.gap:
		return one.found + "; it was recreated at " + one.row.CreatedAt.Format(time.RFC3339) + ", and what it did not report is read from the store"
	case one.found != "":
		return one.found
	case one.row.Problem != "" && one.row.LastDeliveryAt.After(one.row.CreatedAt):
		return ""
	}
	return one.row.Problem
}
