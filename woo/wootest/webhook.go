package wootest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// webhook is a subscription of an address to a topic.
type webhook struct {
	ID          int  `json:"-"`
	Name        text `json:"name"`
	Status      text `json:"status"`
	Topic       text `json:"topic"`
	DeliveryURL text `json:"delivery_url"`
	Secret      text `json:"secret"` // never shown again

	failures          int  // deliveries that failed in a row; no reply shows it
	pinged            bool // a ping was answered with 200
	created, modified int64
}

const (
	hookActive   = "active"
	hookDisabled = "disabled"
)

var (
	hookStatuses  = []string{"all", hookActive, "paused", hookDisabled}
	hookMissing   = fail(http.StatusNotFound, "woocommerce_rest_shop_webhook_invalid_id", "ID is invalid.")
	badHookTopic  = fail(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic is required and must be valid.")
	badHookTarget = fail(http.StatusBadRequest, "woocommerce_rest_shop_webhook_invalid_delivery_url",
		"Webhook delivery URL must be a valid URL starting with http:// or https://.")
)

func (s *Server) routeWebhooks() {
	res := &resource[webhook]{
		pattern:    "webhooks",
		records:    s.webhooks,
		orders:     []string{"date", "id", "title"},
		dated:      true,
		offsetless: true,
		statuses: func(c *call) (func(string) bool, error) {
			wanted := c.param("status")
			if wanted == "" {
				wanted = "all"
			}
			return func(status string) bool { return wanted == "all" || status == wanted },
				oneOf("status", "status", wanted, hookStatuses)
		},
		filter: func(c *call) (func(*webhook) bool, error) {
			search := strings.ToLower(c.param("search"))
			return func(h *webhook) bool { return strings.Contains(strings.ToLower(string(h.Name)), search) }, nil
		},
		sortText:   func(h *webhook, _ string) string { return string(h.Name) },
		encode:     encodeWebhook,
		write:      s.writeWebhook,
		remove:     s.removeWebhook,
		missing:    hookMissing,
		missingPut: http.StatusBadRequest,
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func (s *Server) removeWebhook(_ *call, h *webhook, force bool) error {
	if !force {
		return noTrash("Webhooks do not support trashing.")
	}
	s.webhooks.remove(h.ID)
	return nil
}

// writeWebhook saves a webhook. A new one is active whatever status was sent, and is pinged.
func (s *Server) writeWebhook(c *call, old *webhook, in []byte) (*webhook, error) {
	next := webhook{created: c.now}
	if old != nil {
		next = *old
	}
	was := next
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if old == nil {
		next.Status = hookActive
	}
	next.keep(&was)
	if err := checkWebhook(&next, &was); err != nil {
		return nil, err
	}
	if old == nil {
		next.ID = take(&s.counters.hook)
		next.fill(c.now, s.opts.Zone)
	} else {
		next.modified = c.now
	}
	s.webhooks.put(&next)
	if old == nil || next.Status == hookActive && (!next.pinged || next.DeliveryURL != was.DeliveryURL) {
		c.pings = append(c.pings, next.ID)
	}
	return &next, nil
}

// keep leaves fields as they were that were sent empty: WooCommerce takes those for not sent.
func (h *webhook) keep(was *webhook) {
	for _, field := range []struct{ now, before *text }{
		{&h.Name, &was.Name}, {&h.Topic, &was.Topic}, {&h.DeliveryURL, &was.DeliveryURL}, {&h.Secret, &was.Secret},
	} {
		if *field.now == "" {
			*field.now = *field.before
		}
	}
}

// fill gives a new webhook a name and a secret when it was sent without; nobody ever sees that secret.
func (h *webhook) fill(now int64, zone *time.Location) {
	if h.Name == "" {
		h.Name = text("Webhook created on " + time.Unix(now, 0).In(zone).Format("Jan 02, 2006 @ 03:04 PM"))
	}
	if h.Secret == "" {
		h.Secret = text(rand.Text() + rand.Text())
	}
}

// checkWebhook judges what was changed: a webhook that an older WooCommerce left without topic and address can still be disabled.
func checkWebhook(h, was *webhook) error {
	if h.Topic != was.Topic || h.ID == 0 {
		h.Topic = text(strings.ToLower(string(h.Topic)))
		if !validTopic(string(h.Topic)) {
			return badHookTopic
		}
	}
	if h.DeliveryURL != was.DeliveryURL || h.ID == 0 {
		target, err := url.Parse(string(h.DeliveryURL))
		if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
			return badHookTarget
		}
	}
	return oneOf("status", "status", string(h.Status), hookStatuses[1:])
}

func encodeWebhook(e *encoder, _ *call, h *webhook) {
	resource, event, _ := strings.Cut(string(h.Topic), ".")
	e.open('{')
	e.num("id", h.ID)
	e.str("name", string(h.Name))
	e.str("status", string(h.Status))
	e.str("topic", string(h.Topic))
	e.str("resource", resource)
	e.str("event", event)
	e.array("hooks")
	for _, action := range actionsOf(string(h.Topic)) {
		e.next()
		e.quote(action)
	}
	e.close(']')
	e.str("delivery_url", string(h.DeliveryURL))
	e.dates("date_created", h.created)
	e.dates("date_modified", h.modified)
}
