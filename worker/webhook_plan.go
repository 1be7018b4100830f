package worker

import (
	"net/url"

	"tandem/db"
	"tandem/woo"
)

// webhookPlan is what is to be done about an instance's webhook of one topic.
type webhookPlan struct {
	keep   *woo.Webhook  // the one that delivers; nil: one is to be made
	remove []woo.Webhook // ours, and of no use
	found  string        // what was wrong; empty when nothing was
}

// planWebhook compares what is known of a webhook with what the store has. Ours is what delivers to our address, and the one that was
// made last even if it delivers elsewhere: to an earlier address of ours, or to where somebody pointed it. Nothing else is touched: not
// the empty disabled webhooks that older stores leave, and not those of another program at the same store.
//
// One that the store has disabled is recreated: set active again, it keeps its count of failures, and the next one disables it. One that
// a person disabled here has none.
func planWebhook(known db.Webhook, address string, all []woo.Webhook) webhookPlan {
	var p webhookPlan
	var last *woo.Webhook
	for i := range all {
		w := &all[i]
		made := known.HookID != "" && w.ID.String() == known.HookID
		switch {
		case w.Topic != known.Topic:
		case made && (w.DeliveryURL == address || samePath(w.DeliveryURL, address) || w.Name == webhookName(known)):
			last = w
		case w.DeliveryURL == address:
			p.remove = append(p.remove, *w)
		}
	}
	if len(p.remove) > 0 {
		p.found = "the store had another webhook for the same topic and address, which was deleted"
	}
	switch {
	case last == nil && known.HookID != "":
		p.found = "the webhook was deleted in the store"
	case last == nil:
	case last.DeliveryURL != address:
		p.found = "the webhook delivered to another address, " + withoutQuery(last.DeliveryURL)
		p.remove = append(p.remove, *last)
	case last.Status == woo.WebhookDisabled && known.Status != db.WebhookDisabled && known.Wanted == db.WebhookActive:
		p.found = "the store had disabled the webhook, as it does after seven failed deliveries in a row"
		p.remove = append(p.remove, *last)
	default:
		p.keep = last
	}
	return p
}

// webhookName is what the store calls the webhook, so that people know whose it is.
func webhookName(w db.Webhook) string { return "Tandem " + w.Instance + " " + w.Topic }

// withoutQuery gives an address without what may be secret in it.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "which is not a valid one"
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return u.String()
}

// samePath reports whether two addresses differ in their host alone, as when Tandem has moved.
func samePath(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Path == y.Path
}
