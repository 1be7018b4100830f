package erp

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
)

// Shipments is telling what left the house for orders: carrier, tracking number and goods, which a store shows its customers.
var Shipments = Capability[ShipmentReader]{does: "tell which deliveries it has shipped, so no tracking numbers reach a store"}

// ShipmentReader is a backend that tells its deliveries: see Shipments.
type ShipmentReader interface {
	// ListShipments lists deliveries that were shipped for orders which the store of an instance has, as RecordReader lists records. A
	// delivery counts as changed when its tracking does, when its order gets a key, and when goods of it come back. By ids it gives those
	// of any order, with a pending key where the store does not have it.
	ListShipments(ctx context.Context, q RecordQuery) (ShipmentPage, error)
	// ShipmentsFromNow gives the Next behind which only shipments come that change from now on; a few that changed just before may come too.
	ShipmentsFromNow(ctx context.Context) (string, error)
	// ShipmentsOf gives what was shipped of some orders, the oldest first.
	ShipmentsOf(ctx context.Context, orders []Key) ([]Shipment, error)
}

// ShipmentPage is one page of shipments.
type ShipmentPage struct {
	Shipments []Shipment
	Next      string // to go on from; to be kept after the last page too
	Done      bool   // there is nothing more now
}

// Shipment is a delivery that left the house.
type Shipment struct {
	ID     string // the ERP's own
	Number string // what people call it, e.g. WH/OUT/00012
	Order  Key
	At     time.Time // UTC
	Tracking
	Lines    []ShipmentLine // what is not known of it is left out
	Returned bool           // some of its goods came back
}

// Tracking is by whom and under which number something is on its way.
type Tracking struct {
	Carrier string
	Number  string
	URL     string // where the parcel is followed
}

// ShipmentLine is how much of a line of the order was shipped.
type ShipmentLine struct {
	Line     string // the store's id of the order's line; "" when the store does not have it
	Quantity decimal.Decimal
}

// DeliveryDesk is deliveries as people work on them.
type DeliveryDesk interface {
	// Deliveries lists those of an order, by its id, the oldest first.
	Deliveries(ctx context.Context, order string) ([]Delivery, error)
	// ShipLines ships some lines of an order, or with none all that is left of it, once for each request. The same request again gives
	// the delivery as it is now. Parked with "no_stock" when some of that is not on hand; Conflict when the order has nothing to ship.
	ShipLines(ctx context.Context, request, order string, lines []ShipmentLine, tracking Tracking) (Delivery, error)
	// TrackDelivery says how a delivery went out.
	TrackDelivery(ctx context.Context, id string, tracking Tracking) (Delivery, error)
}

// Delivery is a delivery as people see it. Its lines are named as those of the order are.
type Delivery struct {
	Shipment
	State string // "ready", "done" or "cancelled"
}
