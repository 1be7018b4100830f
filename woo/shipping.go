package woo

import "encoding/json"

// ShippingZone is a set of places that the shop ships to in the same ways. Zone 0 is the rest of the world.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#shipping-zone-properties
type ShippingZone struct {
	ID    ID     `json:"id"`
	Name  string `json:"name"`
	Order Int    `json:"order"`

	Raw json.RawMessage `json:"-"`
}

// ZoneLocation is one place of a zone.
type ZoneLocation struct {
	Code string `json:"code" lax:"true"` // e.g. "FR", "US:CA", "75*"
	Type string `json:"type" lax:"true"` // postcode, state, country or continent

	Raw json.RawMessage `json:"-"`
}

// ShippingZoneMethod is a way to ship inside one zone.
type ShippingZoneMethod struct {
	InstanceID  ID     `json:"instance_id"` // unique in the shop; shipping lines of orders carry it
	Title       string `json:"title"`
	Order       Int    `json:"order"`
	Enabled     Bool   `json:"enabled"`
	MethodID    string `json:"method_id"` // the kind, a ShippingMethod's id
	MethodTitle string `json:"method_title"`

	Raw json.RawMessage `json:"-"`
}

// ShippingMethod is a kind of shipping the shop knows, such as flat_rate.
type ShippingMethod struct {
	ID          string `json:"id" lax:"true"`
	Title       string `json:"title" lax:"true"`
	Description string `json:"description" lax:"true"`

	Raw json.RawMessage `json:"-"`
}

func (z *ShippingZone) record() (ID, *json.RawMessage)       { return z.ID, &z.Raw }
func (l *ZoneLocation) record() (ID, *json.RawMessage)       { return 0, &l.Raw }
func (m *ShippingZoneMethod) record() (ID, *json.RawMessage) { return m.InstanceID, &m.Raw }
func (m *ShippingMethod) record() (ID, *json.RawMessage)     { return 0, &m.Raw }
