package woo

import "encoding/json"

// Webhook is a subscription of an URL to a topic. The secret never comes back from the store.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#webhook-properties
type Webhook struct {
	ID           ID       `json:"id"`
	Name         string   `json:"name"`
	Status       string   `json:"status"` // active, paused or disabled (by the store, after failures)
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
