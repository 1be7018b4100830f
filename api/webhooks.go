package api

import (
	"context"
	"slices"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/hooks"
	"tandem/instance"
)

// usualWebhooks are how many of the topics are made when none is chosen: those of the classic connector, which come first.
const usualWebhooks = 8

// ListWebhooks lists the topics and what is known of their webhooks.
func (s *server) ListWebhooks(ctx context.Context, in gen.ListWebhooksRequestObject) (gen.ListWebhooksResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	_, warnings := s.Webhooks.Address()
	list, err := s.webhooks(ctx, found.ID, warnings)
	return gen.ListWebhooks200JSONResponse(list), err
}

// SyncWebhooks makes webhooks in the store.
func (s *server) SyncWebhooks(ctx context.Context, in gen.SyncWebhooksRequestObject) (gen.SyncWebhooksResponseObject, error) {
	found, err := s.connectedInstance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	topics := found.Config.Webhook.Topics
	if in.Body != nil && len(in.Body.Topics) > 0 {
		topics = in.Body.Topics
	}
	if len(topics) == 0 {
		topics = instance.WebhookTopics()[:usualWebhooks]
	}
	if err := checkTopics(topics); err != nil {
		return nil, err
	}
	warnings, err := s.Webhooks.Check(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Webhooks.Sync(ctx, found, topics); err != nil {
		return nil, err
	}
	s.Logger.InfoContext(ctx, "webhooks were synced", "instance", found.ID, "topics", topics, "by", callerOf(ctx).name)
	list, err := s.webhooks(ctx, found.ID, warnings)
	return gen.SyncWebhooks200JSONResponse(list), err
}

// ToggleWebhook pauses a webhook or sets it active.
func (s *server) ToggleWebhook(ctx context.Context, in gen.ToggleWebhookRequestObject) (gen.ToggleWebhookResponseObject, error) {
	found, err := s.connectedInstance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	if !hooks.IsTopic(in.Topic) {
		return nil, fault.New(fault.NotFound, "there is no topic %q", in.Topic)
	}
	if err := s.Webhooks.Toggle(ctx, found, in.Topic); err != nil {
		return nil, err
	}
	s.Logger.InfoContext(ctx, "a webhook was toggled", "instance", found.ID, "topic", in.Topic, "by", callerOf(ctx).name)
	_, warnings := s.Webhooks.Address()
	list, err := s.webhooks(ctx, found.ID, warnings)
	return gen.ToggleWebhook200JSONResponse(list), err
}

// connectedInstance refuses a store whose keys nobody has tried.
func (s *server) connectedInstance(ctx context.Context, id string) (instance.Instance, error) {
	found, err := s.DB.Instance(ctx, id)
	if err == nil && found.State != instance.Connected && found.State != instance.Active {
		err = fault.New(fault.Conflict, "%s is %s: connect it first", id, found.State)
	}
	return found, err
}

// checkTopics refuses topics that are not received.
func checkTopics(topics []string) error {
	for _, topic := range topics {
		if err := checkTopic("topics", topic); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) webhooks(ctx context.Context, id string, warnings []string) (gen.WebhookList, error) {
	rows, err := s.DB.Webhooks(ctx, id)
	url, _ := s.Webhooks.Address()
	list := gen.WebhookList{PublicURL: url, Warnings: append([]string{}, warnings...)}
	for _, topic := range instance.WebhookTopics() {
		row := db.Webhook{Topic: topic}
		if at := slices.IndexFunc(rows, func(r db.Webhook) bool { return r.Topic == topic }); at >= 0 {
			row = rows[at]
		}
		list.Items = append(list.Items, webhookView(row))
	}
	return list, err
}

func webhookView(w db.Webhook) gen.Webhook {
	return gen.Webhook{
		Topic: w.Topic, HookID: w.HookID, Wanted: w.Wanted, Status: w.Status, DeliveryURL: w.DeliveryURL, Problem: w.Problem,
		CreatedAt: w.CreatedAt, CheckedAt: w.CheckedAt, PingedAt: w.PingedAt, LastDeliveryAt: w.LastDeliveryAt,
		Refused: w.Refused, RefusedAt: w.RefusedAt, RefusedReason: w.RefusedReason,
	}
}

// webhookProblem says what is wrong with the webhooks of an instance; empty when nothing is.
func (s *server) webhookProblem(ctx context.Context, id string) (string, error) {
	rows, err := s.DB.Webhooks(ctx, id)
	for _, row := range rows {
		problem := row.Problem
		if problem == "" && row.RefusedReason != "" {
			problem = "deliveries are refused: " + row.RefusedReason
		}
		if row.Wanted != "" && problem != "" {
			return "webhook " + row.Topic + ": " + problem, err
		}
	}
	return "", err
}
