package sales

import (
	"encoding/json"
	"slices"
	"strings"

	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/report/fact"
	"tandem/woo"
)

// KeptOrderFacts makes of the copy of an order that landed what reports count of it.
func KeptOrderFacts(ec mapping.Context, copied json.RawMessage) (json.RawMessage, error) {
	order, err := woo.Decode[woo.Order](copied)
	if err != nil {
		return nil, err
	}
	plan, err := planOrder(ec, orderRecord{Order: order})
	if err != nil {
		return nil, err
	}
	return json.Marshal(fact.Facts{Sale: orderFact(plan.order, plan.partner.Key, order)})
}

// KeptRefundFacts makes of the copies of an order and of all its refunds what reports count of one refund.
func KeptRefundFacts(ec mapping.Context, copied json.RawMessage, refunds map[string]json.RawMessage, id string) (json.RawMessage, error) {
	order, err := woo.Decode[woo.Order](copied)
	if err != nil {
		return nil, err
	}
	loaded := refundedOrder{Order: order}
	for _, raw := range refunds {
		refund, err := woo.Decode[woo.Refund](raw)
		if err != nil {
			return nil, err
		}
		loaded.refunds = append(loaded.refunds, refund)
	}
	slices.SortFunc(loaded.refunds, func(a, b woo.Refund) int { return int(a.ID - b.ID) })
	at := slices.IndexFunc(loaded.refunds, func(r woo.Refund) bool { return strings.HasSuffix(id, "/"+r.ID.String()) })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "no copy of refund %s is kept", id)
	}
	record := loaded.record(at)
	plan, err := planRefund(ec, record)
	if err != nil {
		return nil, err
	}
	return json.Marshal(fact.Facts{Sale: refundFact(ec, plan.refund, record)})
}
