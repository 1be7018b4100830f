package woo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"tandem/fault"
)

// Where plugins keep tracking numbers. Shipment Tracking of WooCommerce and Advanced Shipment Tracking of Zorem answer alike; the second
// one has both, and its older versions only its own.
const (
	ShipmentTrackingAPI         = "wc-shipment-tracking/v3"
	AdvancedShipmentTrackingAPI = "wc-ast/v3"
)

// ShipmentTracking is a tracking number of an order. It cannot be changed, only be made and deleted.
type ShipmentTracking struct {
	ID       String `json:"tracking_id"` // 32 hex digits
	Provider String `json:"tracking_provider"`
	Number   String `json:"tracking_number"`
	Link     String `json:"tracking_link"`

	Raw json.RawMessage `json:"-"`
}

func (t *ShipmentTracking) record() (ID, *json.RawMessage) { return 0, &t.Raw }

// ShipmentTrackings are the tracking numbers of one order.
type ShipmentTrackings struct {
	client *Client
	path   string
}

// ShipmentTrackings gives the tracking numbers of an order, as a plugin keeps them under an API.
func (c *Client) ShipmentTrackings(api string, order ID) *ShipmentTrackings {
	return &ShipmentTrackings{client: c, path: "/" + api + "/orders/" + order.String() + "/shipment-trackings"}
}

// List reads all of them.
func (s *ShipmentTrackings) List(ctx context.Context) ([]ShipmentTracking, error) {
	r, err := newCall(http.MethodGet, s.path, nil, nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return nil, err
	}
	items, err := splitList(answer.value)
	if err != nil {
		return nil, r.lost(err, true)
	}
	list := make([]ShipmentTracking, len(items))
	for i, raw := range items {
		if list[i], err = Decode[ShipmentTracking](raw); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Create adds one. When its answer is lost the error's reason is [Uncertain] and it may exist.
func (s *ShipmentTrackings) Create(ctx context.Context, fields Fields) (ShipmentTracking, error) {
	r, err := newCall(http.MethodPost, s.path, nil, fields)
	if err != nil {
		return ShipmentTracking{}, err
	}
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return ShipmentTracking{}, err
	}
	made, err := Decode[ShipmentTracking](answer.value)
	if err == nil && made.ID == "" {
		err = fault.New(fault.Invalid, "the tracking number cannot be read: it has no id")
	}
	return made, err
}

// Delete removes one. One that is gone already is no error.
func (s *ShipmentTrackings) Delete(ctx context.Context, id string) error {
	r, err := newCall(http.MethodDelete, s.path+"/"+url.PathEscape(id), nil, nil)
	if err != nil {
		return err
	}
	if _, err = s.client.do(ctx, r); ReasonOf(err) == NotFound {
		return nil
	}
	return err
}

// Providers lists the carriers that the plugin knows, and makes links for.
func (s *ShipmentTrackings) Providers(ctx context.Context) ([]string, error) {
	r, err := newCall(http.MethodGet, s.path+"/providers", nil, nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.client.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var names []string
	var byCountry map[string]map[string]json.RawMessage // an empty one is a list in PHP, which leaves it empty
	_ = json.Unmarshal(answer.value, &byCountry)
	for _, carriers := range byCountry {
		for name := range carriers {
			names = append(names, name)
		}
	}
	return names, nil
}

// trackingAPIs gives those of the plugins' APIs that a store has.
func trackingAPIs(index Index) []string {
	var found []string
	for _, api := range []string{ShipmentTrackingAPI, AdvancedShipmentTrackingAPI} {
		if slices.Contains(index.Namespaces, api) {
			found = append(found, api)
		}
	}
	return found
}

// HasFulfillments reports whether the store has fulfillments. It asks for those of no order: where the feature is off, there is not even
// the address. Keys that may not read orders see none.
func (c *Client) HasFulfillments(ctx context.Context) (bool, error) {
	_, err := c.Fulfillments.Of(0).List(ctx, ListOptions{})
	switch ReasonOf(err) {
	case NotFound:
		return true, nil
	case Unsupported, Unauthorized, Forbidden:
		return false, nil
	}
	return err == nil, err
}
