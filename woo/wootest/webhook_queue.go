package wootest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// storeEvent is something that happened to a record during a request, with the topics that report it.
type storeEvent struct {
	id     int
	topics []string
}

// fire notes an event. Deliveries are put into the queue when the request ends.
func (c *call) fire(id int, topics ...string) {
	c.events = append(c.events, storeEvent{id: id, topics: topics})
}

// fireSaved notes that a record was created or changed.
func (c *call) fireSaved(resource string, id int, isNew bool) {
	event := ".updated"
	if isNew {
		event = ".created"
	}
	c.fire(id, resource+event)
}

// fireTrashed notes that a product or coupon went to the trash: the webhooks of both topics fire, whichever it was, because
// they share one WordPress action.
func (c *call) fireTrashed(id int) { c.fire(id, "product.deleted", "coupon.deleted") }

// delivery is one payload that is going to be sent. The record is read only then.
type delivery struct {
	webhook, record int
	home            string // address of the site as the client saw it that caused the delivery
	due             time.Time
}

// deliveryQueue is the store's Action Scheduler as far as webhooks go: first come, first served.
type deliveryQueue struct {
	mu      sync.Mutex
	pending []delivery
	wake    chan struct{}
}

func newDeliveryQueue() deliveryQueue { return deliveryQueue{wake: make(chan struct{}, 1)} }

// add queues a delivery, unless one for the same webhook and record waits already.
func (q *deliveryQueue) add(d delivery) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if slices.ContainsFunc(q.pending, func(p delivery) bool { return p.webhook == d.webhook && p.record == d.record }) {
		return
	}
	q.pending = append(q.pending, d)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// first gives the delivery whose turn it is.
func (q *deliveryQueue) first() (delivery, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.pending) == 0 {
		return delivery{}, false
	}
	return q.pending[0], true
}

// next waits for a delivery to be due and takes it; false when ctx ends first.
func (q *deliveryQueue) next(ctx context.Context) (delivery, bool) {
	for {
		d, found := q.first()
		switch {
		case !found:
			select {
			case <-q.wake:
			case <-ctx.Done():
				return delivery{}, false
			}
		case !pause(ctx, time.Until(d.due)) || ctx.Err() != nil:
			return delivery{}, false
		default:
			q.mu.Lock()
			q.pending = q.pending[1:]
			q.mu.Unlock()
			return d, true
		}
	}
}

// queueDeliveries turns the events of a request into deliveries; the store's lock is held. Of the active webhooks of a topic
// the newest comes first.
func (s *Server) queueDeliveries(c *call) {
	events := c.events
	c.events = nil
	for _, event := range events {
		for _, id := range slices.Backward(s.webhooks.added) {
			if h := s.webhooks.get(id); h.Status == hookActive && slices.Contains(event.topics, string(h.Topic)) {
				s.deliveries.add(delivery{webhook: id, record: event.id, home: c.home, due: time.Now().Add(s.opts.WebhookDelay)})
			}
		}
	}
}
