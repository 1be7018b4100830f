package entity

import (
	"encoding/json"

	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/entity/sales"
	"tandem/instance"
)

// OrderFacts makes of the copy of an order that landed what reports count of it.
func OrderFacts(in instance.Instance, copied json.RawMessage) (json.RawMessage, error) {
	return sales.KeptOrderFacts(mapping.Context{Instance: in}, copied)
}

// RefundFacts makes of the copies of an order and of all its refunds what reports count of one of these.
func RefundFacts(in instance.Instance, order json.RawMessage, refunds map[string]json.RawMessage, id string) (json.RawMessage, error) {
	return sales.KeptRefundFacts(mapping.Context{Instance: in}, order, refunds, id)
}

// ProductFacts makes of the copy of a product that landed what reports call it.
func ProductFacts(in instance.Instance, copied json.RawMessage) (json.RawMessage, error) {
	return catalog.KeptProductFacts(mapping.Context{Instance: in}, copied)
}
