package erp

import (
	"time"

	"github.com/shopspring/decimal"
)

// StockCount says how many of a product the store still offers. The store has already set aside what its own orders
// took, so this is the free-to-use quantity, not what lies on the shelf.
type StockCount struct {
	Key       Key // the variant
	Warehouse string
	Free      decimal.Decimal
	CountedAt time.Time // UTC, by the store's clock
	ChangedAt time.Time // UTC, when the store last changed the product, its stock included; zero when it does not say
}

// Quantities are the stock figures of one product in one warehouse.
type Quantities struct {
	Product  Key
	OnHand   decimal.Decimal // what lies on the shelf
	Reserved decimal.Decimal // set aside for orders: confirmed ones, and landed ones the store has set aside already
	Incoming decimal.Decimal // on its way in
	Outgoing decimal.Decimal // to be delivered
	Tracked  bool            // the ERP keeps stock of it: figures of what it does not keep are zero and mean nothing
	// CountedAt is up to when, by the store's clock, its last count showed what was sold, UTC: what the store has taken off since is
	// not missing from these figures. Zero when the store never counted it.
	CountedAt time.Time
}

// Free is the free-to-use quantity: on hand − reserved.
func (q Quantities) Free() decimal.Decimal { return q.OnHand.Sub(q.Reserved) }

// Forecast is the forecasted quantity: on hand − outgoing + incoming.
func (q Quantities) Forecast() decimal.Decimal {
	return q.OnHand.Sub(q.Outgoing).Add(q.Incoming)
}
