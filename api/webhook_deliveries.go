package api

import (
	"context"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/hooks"
)

// ListWebhookDeliveries lists what webhooks delivered, newest first.
func (s *server) ListWebhookDeliveries(ctx context.Context, in gen.ListWebhookDeliveriesRequestObject) (gen.ListWebhookDeliveriesResponseObject, error) {
	p := in.Params
	if err := s.checkListed(ctx, p.Instance, ""); err != nil {
		return nil, err
	}
	if err := checkTopic("topic", p.Topic); err != nil {
		return nil, err
	}
	filter := db.DeliveryFilter{Instance: p.Instance, Topic: p.Topic, State: string(p.State), From: p.From, To: p.To}
	list, next, err := s.DB.Deliveries(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListWebhookDeliveries200JSONResponse{
		Body:    gen.WebhookDeliveryPage{Items: collect(list, webhookDelivery), Next: next},
		Headers: gen.ListWebhookDeliveries200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

// GetWebhookDelivery reads one delivery.
func (s *server) GetWebhookDelivery(ctx context.Context, in gen.GetWebhookDeliveryRequestObject) (gen.GetWebhookDeliveryResponseObject, error) {
	d, err := s.DB.Delivery(ctx, in.Delivery)
	return gen.GetWebhookDelivery200JSONResponse(webhookDelivery(d)), err
}

// ReplayWebhookDelivery has what a delivery reports read again.
func (s *server) ReplayWebhookDelivery(ctx context.Context, in gen.ReplayWebhookDeliveryRequestObject) (gen.ReplayWebhookDeliveryResponseObject, error) {
	d, err := s.DB.ReplayDelivery(ctx, in.Delivery)
	if err != nil {
		return nil, err
	}
	s.told.tell(d.Instance)
	return gen.ReplayWebhookDelivery202JSONResponse(webhookDelivery(d)), nil
}

// ReplayWebhookDeliveries has what all picked deliveries report read again, each record once.
func (s *server) ReplayWebhookDeliveries(ctx context.Context, in gen.ReplayWebhookDeliveriesRequestObject) (gen.ReplayWebhookDeliveriesResponseObject, error) {
	wanted := *in.Body
	if _, err := s.DB.Instance(ctx, wanted.Instance); err != nil {
		return nil, asInstanceField(err)
	}
	if err := checkTopic("topic", wanted.Topic); err != nil {
		return nil, err
	}
	picked := db.DeliveryFilter{Instance: wanted.Instance, Topic: wanted.Topic, State: wanted.State, From: wanted.From, To: wanted.To}
	if wanted.DryRun {
		count, err := s.DB.CountDeliveries(ctx, picked)
		return gen.ReplayWebhookDeliveries202JSONResponse{Count: count}, err
	}
	count, instances, err := s.DB.ReplayDeliveries(ctx, picked)
	for _, id := range instances {
		s.told.tell(id)
	}
	return gen.ReplayWebhookDeliveries202JSONResponse{Count: count}, err
}

// checkTopic refuses a topic that is not received; an empty one, in a filter, stands for all.
func checkTopic(field, topic string) error {
	if topic == "" || hooks.IsTopic(topic) {
		return nil
	}
	return fault.Field(field, "there is no topic %q: it is one of a resource (order, product, customer, coupon) and an event, such as order.updated", topic)
}

func webhookDelivery(d db.Delivery) gen.WebhookDelivery {
	return gen.WebhookDelivery{
		ID: d.ID, Instance: d.Instance, Topic: d.Topic, WooID: d.WooID, Entity: d.Entity, RecordID: d.RecordID,
		State: gen.WebhookDeliveryState(d.State), Code: d.Code, Reason: d.Reason, Operation: d.Operation, Times: d.Times,
		Attempts: d.Attempts, HookID: d.HookID, DeliveryID: d.DeliveryID, ReceivedAt: d.ReceivedAt, LastAt: d.LastAt, SettledAt: d.SettledAt,
	}
}
