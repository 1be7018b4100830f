package woo

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/fault"
)

// States of a webhook. The store disables one itself after seven failed deliveries in a row, and events of that time are lost.
const (
	WebhookActive   = "active"
	WebhookPaused   = "paused"
	WebhookDisabled = "disabled"
)

// Webhook is a subscription of an URL to a topic. The secret never comes back from the store.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#webhook-properties
type Webhook struct {
	ID           ID       `json:"id"`
	Name         string   `json:"name"`
	Status       string   `json:"status"`
	Topic        string   `json:"topic"`
	Resource     string   `json:"resource"`
	Event        string   `json:"event"`
	Hooks        []string `json:"hooks"`
	DeliveryURL  string   `json:"delivery_url"`
	DateCreated  Time     `json:"date_created_gmt"`
	DateModified Time     `json:"date_modified_gmt"`

	Raw json.RawMessage `json:"-"`
}

func (w *Webhook) record() (ID, *json.RawMessage) { return w.ID, &w.Raw }

// Subscription is what a new webhook is made of. The store signs deliveries with the secret; letters and digits only, since some
// versions escape other characters before they sign.
type Subscription struct {
	Name, Topic, DeliveryURL, Secret string
}

func (s Subscription) fields() Fields {
	return Fields{"name": s.Name, "topic": s.Topic, "delivery_url": s.DeliveryURL, "secret": s.Secret}
}

// matches reports whether a webhook is what the subscription asked for.
func (s Subscription) matches(w Webhook) bool {
	return w.Topic == s.Topic && w.DeliveryURL == s.DeliveryURL && w.Name == s.Name
}

// WebhookService is the store's list of webhooks.
type WebhookService struct{ *Service[Webhook] }

// maxWebhookPages is a list of ten thousand: a store that has more is not asked for them.
const maxWebhookPages = 100

// All reads every webhook, in order of id. The store ignores offset for this list, and a cache in front of it may ignore page: a page that
// brings nothing new ends the list.
func (s *WebhookService) All(ctx context.Context) ([]Webhook, error) {
	var all []Webhook
	known := map[ID]bool{}
	for page := 1; page <= maxWebhookPages; page++ {
		listed, err := s.List(ctx, ListOptions{Page: page, PerPage: MaxPerPage, OrderBy: "id", Order: "asc"})
		if err != nil {
			return nil, err
		}
		before := len(known)
		for _, w := range listed.Records {
			if !known[w.ID] {
				known[w.ID] = true
				all = append(all, w)
			}
		}
		for _, unreadable := range listed.Rejected {
			known[unreadable.ID] = true
		}
		if len(known) == before || len(listed.Records)+len(listed.Rejected) < MaxPerPage {
			return all, nil
		}
	}
	return nil, fault.New(fault.Unsupported, "the store has more than %d webhooks: delete those that nothing needs", maxWebhookPages*MaxPerPage)
}

// Subscribe makes a webhook, which the store calls at once and sets active. When the answer is lost, the store is asked whether it made it, and
// only otherwise told again: the store would keep both.
func (s *WebhookService) Subscribe(ctx context.Context, wanted Subscription) (Webhook, error) {
	made, err := s.Create(ctx, wanted.fields())
	if ReasonOf(err) != Uncertain {
		return made, err
	}
	all, err := s.All(ctx)
	if err != nil {
		return Webhook{}, err
	}
	slices.Reverse(all)
	if at := slices.IndexFunc(all, wanted.matches); at >= 0 {
		return s.Update(ctx, all[at].ID, Fields{"secret": wanted.Secret}) // it may be an older one with another secret
	}
	return s.Create(ctx, wanted.fields())
}

// SetStatus sets a webhook active, paused or disabled. Active again, it keeps its count of failures: one more disables it.
func (s *WebhookService) SetStatus(ctx context.Context, id ID, status string) (Webhook, error) {
	return s.Update(ctx, id, Fields{"status": status})
}

// Remove deletes a webhook for good; that it is gone already is no error. It is paused first: older versions leave an empty webhook behind
// when one is deleted that still has something to deliver, and a paused one gets nothing more to deliver.
func (s *WebhookService) Remove(ctx context.Context, id ID) error {
	if _, err := s.SetStatus(ctx, id, WebhookPaused); err != nil {
		return unlessGone(err)
	}
	_, err := s.Delete(ctx, id, true)
	return unlessGone(err)
}

func unlessGone(err error) error {
	if ReasonOf(err) == NotFound {
		return nil
	}
	return err
}
