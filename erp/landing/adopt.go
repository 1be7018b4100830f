package landing

import (
	"tandem/erp"
	"tandem/fault"
)

// OrderEntity is the entity of keys of orders. Two keys may be mapped onto one record of anything else, such as a customer
// who registered twice; an order is booked, and two of a store's would overwrite each other in it.
const OrderEntity = "order"

// OrderTaken refuses to adopt an order that is landed under another key.
func OrderTaken(holder erp.Key) error {
	err := fault.New(fault.Conflict, "the order is %s already: map to an order of the ERP's that no other order of a store landed in", holder)
	err.Code = "order_taken"
	return err
}
