package wootest

import (
	"net/http"
	"slices"
	"strings"
)

// webhook is a subscription. The simulator keeps it but sends nothing.
type webhook struct {
	ID          int  `json:"-"`
	Name        text `json:"name"`
	Status      text `json:"status"`
	Topic       text `json:"topic"`
	DeliveryURL text `json:"delivery_url"`
	Secret      text `json:"secret"` // never shown again

	created, modified int64
}

var (
	hookStatuses  = []string{"all", "active", "paused", "disabled"}
	hookResources = []string{"coupon", "customer", "order", "product"}
	hookEvents    = []string{"created", "updated", "deleted", "restored"}
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
		sortText: func(h *webhook, _ string) string { return string(h.Name) },
		encode:   encodeWebhook,
		write:    s.writeWebhook,
		remove: func(_ *call, h *webhook, force bool) error {
			if !force {
				return noTrash("Webhooks do not support trashing.")
			}
			s.webhooks.remove(h.ID)
			return nil
		},
		missing: fail(http.StatusNotFound, "woocommerce_rest_shop_webhook_invalid_id", "Invalid ID."),
	}
	res.mountBatch(&s.router)
	res.mount(&s.router)
}

func (s *Server) writeWebhook(c *call, old *webhook, in []byte) (*webhook, error) {
	next := webhook{Status: "active", created: c.now}
	if old != nil {
		next = *old
		next.modified = c.now
	}
	if err := decode(in, &next); err != nil {
		return nil, err
	}
	if !validTopic(string(next.Topic)) {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_webhook_invalid_topic",
			"Webhook topic is required and must be valid.")
	}
	if !strings.HasPrefix(string(next.DeliveryURL), "http") {
		return nil, fail(http.StatusBadRequest, "woocommerce_rest_webhook_invalid_delivery_url",
			"Webhook delivery URL must be a valid URL starting with http:// or https://.")
	}
	if err := oneOf("status", "status", string(next.Status), hookStatuses[1:]); err != nil {
		return nil, err
	}
	if old == nil {
		next.ID = take(&s.counters.hook)
	}
	s.webhooks.put(&next)
	return &next, nil
}

func validTopic(topic string) bool {
	resource, event, _ := strings.Cut(topic, ".")
	if resource == "action" {
		return strings.HasPrefix(event, "woocommerce_") || strings.HasPrefix(event, "wc_")
	}
	return slices.Contains(hookResources, resource) && slices.Contains(hookEvents, event)
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
	e.next()
	e.quote("woocommerce_" + strings.TrimSuffix(event, "d") + "_" + resource)
	e.close(']')
	e.str("delivery_url", string(h.DeliveryURL))
	e.dates("date_created", h.created)
	e.dates("date_modified", h.modified)
}
