package erp

import "context"

// OrderRecords is reading single orders that the ERP holds, whoever made them: what is exported into a store.
var OrderRecords = Capability[OrderReader]{does: "give its orders, so none of them can be exported"}

// OrderReader is a backend whose orders can be read, and tied to what a store made of them: see OrderRecords.
type OrderReader interface {
	// ReadOrders gives the orders with these ids of the ERP, with the keys of an instance; those that do not exist are left out. What
	// has no key of the instance has a pending one: see PendingKey.
	ReadOrders(ctx context.Context, instance string, ids []string) ([]HeldOrder, error)
	// AdoptOrders binds orders to what a store made of them, which are the same amounts line by line: the keys of the order and of its
	// addresses, and the ids of its lines. When just that is landed, nothing has changed; what the store set aside counts from now on.
	// The orders keep what else they have. It is one call for a batch, which fails as a whole; NotFound when an order is gone.
	AdoptOrders(ctx context.Context, batch []Adoption[Order]) error
}

// HeldOrder is an order as the ERP holds it.
type HeldOrder struct {
	Held[Order]
	Stage OrderStage
	// Of is another instance whose store the order came from, or that it was exported to; empty when there is none.
	Of       string
	Invoice  Address // zero when the order names none; Delivery too
	Delivery Address
}
