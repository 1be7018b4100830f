package sales

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
)

// fulfill has the store keep a shipment as a fulfillment, which names the delivery in a meta field of ours. The store checks neither
// quantities nor lines.
func (p *shipmentPush) fulfill(ctx context.Context, a *shipmentAttempt, order woo.Order) error {
	if len(a.Value.items) == 0 {
		return mapping.Parked("no_lines", "the ERP does not say which lines of the store's order the delivery shipped, so there is nothing to make a fulfillment of")
	}
	service := p.ec.Store.Fulfillments.Of(order.ID)
	list, err := service.List(ctx, woo.ListOptions{})
	if err != nil {
		return err
	}
	if len(list.Rejected) > 0 {
		return list.Rejected[0].Err
	}
	at := slices.IndexFunc(list.Records, func(f woo.Fulfillment) bool { return mapping.IsMarked(p.ec, f.MetaData, a.Record.ID) })
	if _, told := p.keptAt(a, instance.TrackingFulfillments); at < 0 && told {
		return deletedThere(a, "its fulfillment")
	}
	if err := checkFulfilled(a, order, list.Records, at); err != nil {
		return err
	}
	wanted := p.fulfillmentMeta(a)
	if at >= 0 && shows(list.Records[at], a, wanted) {
		p.settle(a, flow.Unchanged, instance.TrackingFulfillments, list.Records[at].ID.String())
		return nil
	}
	if err := p.confirm(ctx); err != nil {
		return err
	}
	status, now := flow.Created, woo.Fulfillment{}
	if at < 0 {
		now, err = service.Create(ctx, p.fulfillmentFields(wanted))
	} else {
		status = flow.Updated
		now, err = service.Update(ctx, list.Records[at].ID, p.fulfillmentFields(kept(list.Records[at], wanted)))
	}
	if err != nil {
		return err
	}
	a.Note("fulfillment " + now.ID.String() + " of order " + order.ID.String() + " " + string(status))
	p.settle(a, status, instance.TrackingFulfillments, now.ID.String())
	if !shows(now, a, wanted) {
		return differs("the fulfillment")
	}
	return nil
}

// checkFulfilled refuses more than was ordered, of all that the store shows as sent or to be sent.
func checkFulfilled(a *shipmentAttempt, order woo.Order, all []woo.Fulfillment, own int) error {
	sent := maps.Clone(a.Value.items)
	for i, f := range all {
		if i == own {
			continue
		}
		for line, quantity := range f.Items() {
			if _, ours := sent[line]; ours {
				sent[line] = sent[line].Add(quantity)
			}
		}
	}
	for _, line := range slices.Sorted(maps.Keys(sent)) {
		if ordered, _ := orderedQuantity(order, line); sent[line].GreaterThan(ordered) {
			return moreThanOrdered(order, line, ordered, sent[line])
		}
	}
	return nil
}

// metaField is a meta field as it is written.
type metaField struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// fulfillmentMeta gives all that a fulfillment is to say of a shipment; what is empty is left out.
func (p *shipmentPush) fulfillmentMeta(a *shipmentAttempt) []metaField {
	type item struct {
		Line     woo.ID      `json:"item_id"`
		Quantity json.Number `json:"qty"`
	}
	var items []item
	for _, line := range slices.Sorted(maps.Keys(a.Value.items)) {
		items = append(items, item{line, json.Number(a.Value.items[line].String())})
	}
	fields := []metaField{{woo.FulfillmentItems, items}}
	for _, text := range [][2]string{
		{woo.FulfillmentNumber, a.Record.Tracking.Number}, {woo.FulfillmentURL, a.Record.URL},
		{woo.FulfillmentProvider, provider(a.Record.Carrier)}, {woo.FulfillmentCarrier, a.Record.Carrier},
	} {
		if text[1] != "" {
			fields = append(fields, metaField{text[0], text[1]})
		}
	}
	for _, mark := range mapping.Mark(p.ec, a.Record.ID) {
		fields = append(fields, metaField{mark["key"], mark["value"]})
	}
	return fields
}

// provider has the store show the name of the carrier as it is, whether or not it knows one of that name.
func provider(carrier string) string {
	if carrier == "" {
		return ""
	}
	return woo.OtherProvider
}

// textFields are the texts of a fulfillment that are ours.
var textFields = []string{woo.FulfillmentNumber, woo.FulfillmentURL, woo.FulfillmentProvider, woo.FulfillmentCarrier}

// kept gives what a fulfillment is to say with what others have it say: an update deletes what it does not name.
func kept(f woo.Fulfillment, wanted []metaField) []metaField {
	all := slices.Clone(wanted)
	for _, field := range f.MetaData {
		ours := slices.Contains(textFields, field.Key) || slices.ContainsFunc(wanted, func(w metaField) bool { return w.Key == field.Key })
		if !ours {
			all = append(all, metaField{field.Key, field.Value})
		}
	}
	return all
}

// fulfillmentFields gives each meta field the id of a new one: without an id, the store overlooks it.
func (p *shipmentPush) fulfillmentFields(meta []metaField) woo.Fields {
	type newField struct {
		ID int `json:"id"`
		metaField
	}
	fields := make([]newField, len(meta))
	for i, field := range meta {
		fields[i].metaField = field
	}
	return woo.Fields{
		"status": woo.Fulfilled, "is_fulfilled": true, "meta_data": fields, "notify_customer": p.ec.Instance.Config.Tracking.NotifyCustomer,
	}
}

// shows reports whether a fulfillment says what it is to say of a shipment.
func shows(f woo.Fulfillment, a *shipmentAttempt, wanted []metaField) bool {
	texts := map[string]any{}
	for _, field := range wanted {
		texts[field.Key] = field.Value
	}
	for _, key := range textFields {
		if text, _ := texts[key].(string); f.Text(key) != text {
			return false
		}
	}
	return bool(f.IsFulfilled) && maps.EqualFunc(f.Items(), a.Value.items, decimal.Decimal.Equal)
}
