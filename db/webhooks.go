package db

import (
	"context"
	"database/sql"
	"time"

	"github.com/jmoiron/sqlx"

	"tandem/fault"
)

// Statuses of a webhook.
const (
	WebhookActive   = "active"
	WebhookPaused   = "paused"
	WebhookDisabled = "disabled" // by a person, or by the store after failures
	WebhookMissing  = "missing"  // the store has no such webhook any more
)

// Webhook is what is known of an instance's webhook of a topic. Its secret is read with WebhookSecret only.
type Webhook struct {
	Instance    string
	Topic       string // e.g. "order.updated"
	HookID      string // the store's; empty until it was created there
	Wanted      string // as a person chose: WebhookActive, WebhookPaused or WebhookDisabled; empty before
	Status      string // in the store, as last seen; empty before
	DeliveryURL string
	Problem     string    // what is wrong with it and what to do; empty when nothing is
	CreatedAt   time.Time // in the store; zero before
	CheckedAt   time.Time // when the store was last asked; zero before

	// What was received; SaveWebhook leaves it alone.
	PingedAt       time.Time
	LastDeliveryAt time.Time // of a good delivery, up to five seconds too early
	Refused        int       // deliveries with a wrong or no signature since the secret was set
	RefusedAt      time.Time // the last of them
	RefusedReason  string
}

const webhookColumns = `instance, topic, hook_id AS hookid, wanted, status, delivery_url AS deliveryurl, problem, created_at AS createdat,
	checked_at AS checkedat, pinged_at AS pingedat, last_delivery_at AS lastdeliveryat, refused, refused_at AS refusedat,
	refused_reason AS refusedreason`

// webhookRow is a webhook with the columns that may be NULL.
type webhookRow struct {
	Webhook
	CreatedAt, CheckedAt, PingedAt, LastDeliveryAt, RefusedAt sql.NullTime
}

func (r webhookRow) webhook() Webhook {
	w := r.Webhook
	w.CreatedAt, w.CheckedAt, w.PingedAt = utc(r.CreatedAt), utc(r.CheckedAt), utc(r.PingedAt)
	w.LastDeliveryAt, w.RefusedAt = utc(r.LastDeliveryAt), utc(r.RefusedAt)
	return w
}

// Webhooks lists the webhooks of an instance, or of all when it is empty, by instance and topic.
func (d *DB) Webhooks(ctx context.Context, instance string) ([]Webhook, error) {
	var rows []webhookRow
	err := d.pool.SelectContext(ctx, &rows, `
		SELECT `+webhookColumns+` FROM tandem.webhooks WHERE $1 = '' OR instance = $1 ORDER BY instance, topic`, instance)
	return collect(rows, webhookRow.webhook), classify(err, "listing webhooks")
}

// SaveWebhook keeps what is known of a webhook, but for what was received. With a secret it replaces the one before, and the
// refused deliveries are counted from zero. Keep the secret before the store has it: a delivery may come at once. NotFound when there
// is no such instance.
func (d *DB) SaveWebhook(ctx context.Context, w Webhook, secret string) error {
	return d.tx(ctx, "keeping the webhook", func(tx *sqlx.Tx) error {
		if secret != "" {
			err := d.changeWebhookSecrets(ctx, tx, w.Instance, func(secrets map[string]string) { secrets[w.Topic] = secret })
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tandem.webhooks AS w (instance, topic, hook_id, wanted, status, delivery_url, problem, created_at, checked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (instance, topic) DO UPDATE SET hook_id = excluded.hook_id, wanted = excluded.wanted, status = excluded.status,
			  delivery_url = excluded.delivery_url, problem = excluded.problem, created_at = excluded.created_at,
			  checked_at = excluded.checked_at, refused = CASE WHEN $10 THEN 0 ELSE w.refused END,
			  refused_at = CASE WHEN $10 THEN NULL ELSE w.refused_at END,
			  refused_reason = CASE WHEN $10 THEN '' ELSE w.refused_reason END`,
			w.Instance, w.Topic, w.HookID, w.Wanted, w.Status, w.DeliveryURL, w.Problem, null(w.CreatedAt), null(w.CheckedAt), secret != "")
		return err
	})
}

// DeleteWebhook forgets a webhook and its secret: what it still delivers is refused. One that is not known is no error.
func (d *DB) DeleteWebhook(ctx context.Context, instance, topic string) error {
	return d.tx(ctx, "forgetting the webhook", func(tx *sqlx.Tx) error {
		err := d.changeWebhookSecrets(ctx, tx, instance, func(secrets map[string]string) { delete(secrets, topic) })
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM tandem.webhooks WHERE instance = $1 AND topic = $2`, instance, topic)
		return err
	})
}

// WebhookSecret gives the secret of an instance's webhook of a topic; empty when it has none. NotFound when there is no such
// instance; Unavailable, with CodeWrongKey, when the credentials do not open.
func (d *DB) WebhookSecret(ctx context.Context, instance, topic string) (string, error) {
	cred, err := d.credentialsOver(ctx, d.inbox, instance) // a delivery waits for it
	return cred.Webhooks[topic], named(err, fault.NotFound, "there is no instance %q", instance)
}

// NoteWebhookPing notes that the store tried a webhook's address.
func (d *DB) NoteWebhookPing(ctx context.Context, instance, topic string) error {
	_, err := d.inbox.ExecContext(ctx, `
		INSERT INTO tandem.webhooks AS w (instance, topic, pinged_at) VALUES ($1, $2, now())
		ON CONFLICT (instance, topic) DO UPDATE SET pinged_at = now()
		WHERE w.pinged_at IS NULL OR w.pinged_at < now() - interval '5 seconds'`, instance, topic)
	return classify(err, "noting the ping of a webhook")
}

// NoteRefusedDelivery notes that a delivery was refused, and why: the webhook's secret is not the one that is kept, or somebody else
// than the store sends.
func (d *DB) NoteRefusedDelivery(ctx context.Context, instance, topic, reason string) error {
	_, err := d.pool.ExecContext(ctx, `
		INSERT INTO tandem.webhooks AS w (instance, topic, refused, refused_at, refused_reason) VALUES ($1, $2, 1, now(), $3)
		ON CONFLICT (instance, topic) DO UPDATE SET refused = w.refused + 1, refused_at = now(), refused_reason = excluded.refused_reason`,
		instance, topic, reason)
	return classify(err, "noting a refused delivery")
}
