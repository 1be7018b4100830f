package wootest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	hookAgent       = "WooCommerce/10.5.0 Hookshot (WordPress/7.0.2)"
	deliveryTimeout = time.Minute
	pingTimeout     = 5 * time.Second

	// maxHookFailures is how far the counter of failures in a row goes: the failure after it disables the webhook.
	maxHookFailures = 6
)

// hookSender reaches this machine only: a simulated store must not call strangers.
var hookSender = &http.Client{
	Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: pingTimeout, Control: onlyLoopback}).DialContext, DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

func onlyLoopback(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("the simulated store delivers webhooks to this machine only, not to %s", address)
}

// deliverWebhooks works the queue off, one delivery after another, until ctx ends.
func (s *Server) deliverWebhooks(ctx context.Context) {
	for {
		d, ok := s.deliveries.next(ctx)
		if !ok {
			return
		}
		s.deliver(ctx, d)
	}
}

// deliver sends a payload. A webhook that was paused since gets it all the same; one that was deleted does not.
func (s *Server) deliver(ctx context.Context, d delivery) {
	s.mu.RLock()
	h := s.webhooks.get(d.webhook)
	var body []byte
	if h != nil {
		body = s.payload(h, d)
	}
	s.mu.RUnlock()
	if h == nil {
		s.leaveEmptyWebhook()
		return
	}
	status := post(ctx, deliveryTimeout, string(h.DeliveryURL), body, s.deliveryHeader(h, d, body))
	if ctx.Err() != nil {
		return // the store goes down with a delivery under way
	}
	s.recordDelivery(d.webhook, status >= 200 && status <= 302)
	s.ping(ctx, d.webhook, false)
}

// leaveEmptyWebhook is what older versions do with a delivery whose webhook is gone: they save a webhook that has nothing but
// a status.
func (s *Server) leaveEmptyWebhook() {
	if !s.opts.LeaveEmptyWebhooks {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhooks.put(&webhook{ID: take(&s.counters.hook), Status: hookDisabled, created: s.now()})
}

// payload reads the record as it is now, without parameters: an error object when it is gone. A deleted record has its id only.
func (s *Server) payload(h *webhook, d delivery) []byte {
	resource, event, _ := strings.Cut(string(h.Topic), ".")
	if event == "deleted" {
		return []byte(`{"id":` + strconv.Itoa(d.record) + `}`)
	}
	c := &call{store: s, method: http.MethodGet, query: url.Values{}, home: d.home, now: s.now(), budget: -1}
	route, handle, vars := s.router.find(http.MethodGet, resource+"s/"+strconv.Itoa(d.record))
	c.route, c.vars = route, vars
	answer, err := handle(c)
	if err != nil {
		answer = errorReply(asRestError(err))
	}
	return answer.body
}

func (s *Server) deliveryHeader(h *webhook, d delivery, body []byte) http.Header {
	resource, event, _ := strings.Cut(string(h.Topic), ".")
	mac := hmac.New(sha256.New, []byte(h.Secret))
	mac.Write(body)
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("X-WC-Webhook-Source", d.home+"/")
	header.Set("X-WC-Webhook-Topic", string(h.Topic))
	header.Set("X-WC-Webhook-Resource", resource)
	header.Set("X-WC-Webhook-Event", event)
	header.Set("X-WC-Webhook-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	header.Set("X-WC-Webhook-ID", strconv.Itoa(h.ID))
	header.Set("X-WC-Webhook-Delivery-ID", deliveryID(h.ID, s.now()))
	return header
}

// deliveryID is the same for all that a webhook sends within one second.
func deliveryID(webhook int, now int64) string {
	digest := sha256.Sum256([]byte(strconv.Itoa(webhook) + "/" + strconv.FormatInt(now, 10)))
	return hex.EncodeToString(digest[:16])
}

// recordDelivery counts failures in a row. Setting the status back to active does not reset the counter.
func (s *Server) recordDelivery(id int, good bool) {
	s.changeWebhook(id, func(h *webhook) {
		switch {
		case good:
			h.failures = 0
		case h.failures >= maxHookFailures:
			h.Status = hookDisabled
		default:
			h.failures++
		}
	})
}

// changeWebhook saves a change that the store makes itself, when the webhook is still there.
func (s *Server) changeWebhook(id int, change func(*webhook)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.webhooks.get(id); h != nil {
		changed := *h
		change(&changed)
		changed.modified = s.now()
		s.webhooks.put(&changed)
	}
}

// ping tells an address that it was subscribed, unsigned, until it once answers with exactly 200. It is repeated whenever the
// webhook is saved, thus at each delivery, while it is active.
func (s *Server) ping(ctx context.Context, id int, always bool) {
	s.mu.RLock()
	h := s.webhooks.get(id)
	s.mu.RUnlock()
	if h == nil || !always && (h.pinged || h.Status != hookActive) {
		return
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	if post(ctx, pingTimeout, string(h.DeliveryURL), []byte("webhook_id="+strconv.Itoa(id)), header) == http.StatusOK {
		s.changeWebhook(id, func(h *webhook) { h.pinged = true })
	}
}

// post sends a request and gives the status of the answer, 0 when there is none.
func post(ctx context.Context, timeout time.Duration, target string, body []byte, header http.Header) int {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	r.Header = header
	r.Header.Set("User-Agent", hookAgent)
	answer, err := hookSender.Do(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
