package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tandem/db"
	"tandem/fault"
	"tandem/hooks"
)

// webhookRoute is where stores deliver. It needs no API token: what it takes is signed.
const webhookRoute = "/webhooks/:instance/:topic"

// receiveTimeout bounds the keeping of a delivery: a store waits for the answer with one of its processes.
const receiveTimeout = 5 * time.Second

// receiveWebhook keeps a delivery and answers before anything is read: a store that does not get 200 five times in a row switches the
// webhook off, and sends nothing again.
func (s *server) receiveWebhook(g *gin.Context) {
	instance, topic := g.Param("instance"), g.Param("topic")
	if !hooks.IsTopic(topic) {
		abort(g, http.StatusNotFound, fault.NotFound, "unknown topic")
		return
	}
	body, err := readDelivery(g)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(g.Request.Context()), receiveTimeout)
	defer cancel()
	if !s.secrets.verifiedLately(instance, topic, body, g.GetHeader(hooks.HeaderSignature)) && !s.verified(ctx, g, body) {
		return
	}
	tell, err := s.DB.ReceiveDelivery(ctx, delivered(g, body))
	if err != nil {
		s.refuseDelivery(g, err)
		return
	}
	if tell {
		s.told.tell(instance)
	}
	g.Status(http.StatusOK)
}

// verified holds a delivery to the secret that is kept now. It answers the request when that does not fit, and pings.
func (s *server) verified(ctx context.Context, g *gin.Context, body []byte) bool {
	instance, topic := g.Param("instance"), g.Param("topic")
	secret, err := s.secrets.read(ctx, instance, topic)
	switch {
	case fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid):
		abort(g, http.StatusNotFound, fault.NotFound, "instance not found")
	case err != nil:
		s.refuseDelivery(g, err)
	case hooks.IsPing(body):
		s.answerPing(ctx, g, instance, topic)
	case !hooks.Verify(secret, body, g.GetHeader(hooks.HeaderSignature)):
		s.rejectUnsigned(ctx, g, instance, topic, secret)
	default:
		return true
	}
	return false
}

// readDelivery reads the raw bytes, which the signature is of, or answers the request.
func readDelivery(g *gin.Context) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(g.Writer, g.Request.Body, hooks.MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		abort(g, http.StatusRequestEntityTooLarge, fault.Invalid, "the delivery is larger than 8 MiB")
	case err != nil:
		abort(g, http.StatusBadRequest, fault.Invalid, "the delivery cannot be read")
	}
	return body, err
}

// answerPing answers a store that tries the address. It counts a failed ping, so nothing but the address decides.
func (s *server) answerPing(ctx context.Context, g *gin.Context, instance, topic string) {
	if err := s.DB.NoteWebhookPing(ctx, instance, topic); err != nil {
		s.Logger.WarnContext(ctx, "a ping was not noted", "instance", instance, "topic", topic, "error", fault.From(err).Error())
	}
	g.Status(http.StatusOK)
}

// rejectUnsigned answers a delivery whose signature does not fit, and notes it where people look.
func (s *server) rejectUnsigned(ctx context.Context, g *gin.Context, instance, topic, secret string) {
	reason := "the signature does not fit the webhook's secret: sync the webhooks to give the store a new one"
	switch {
	case secret == "":
		reason = "no secret is kept for this topic: the webhook was not made by Tandem, or belongs to a store before: sync the webhooks, or delete it in the store"
	case g.GetHeader(hooks.HeaderSignature) == "":
		reason = "the delivery was not signed: the webhook has no secret in the store, or somebody else sends: sync the webhooks"
	}
	if err := s.DB.NoteRefusedDelivery(ctx, instance, topic, reason); err != nil {
		s.Logger.WarnContext(ctx, "a refused delivery was not noted", "instance", instance, "topic", topic, "error", fault.From(err).Error())
	}
	abort(g, http.StatusUnauthorized, fault.Unauthorized, reason)
}

// refuseDelivery answers a delivery that cannot be kept now. The store does not send it again: the next import of changes reads what
// it reported.
func (s *server) refuseDelivery(g *gin.Context, err error) {
	s.Logger.ErrorContext(g.Request.Context(), "a delivery could not be kept; the next import of changes reads what it reported",
		"request", requestIDOf(g), "instance", g.Param("instance"), "topic", g.Param("topic"), "error", fault.From(err).Error())
	abort(g, http.StatusServiceUnavailable, fault.Unavailable, "the delivery cannot be kept right now")
}

// delivered is a delivery as it is kept.
func delivered(g *gin.Context, body []byte) db.NewDelivery {
	topic := g.Param("topic")
	notice, digest := hooks.Parse(topic, body), sha256.Sum256(body)
	return db.NewDelivery{
		Instance: g.Param("instance"), Topic: topic, WooID: notice.WooID, Entity: notice.Entity, RecordID: notice.RecordID,
		HookID: short(g.GetHeader(hooks.HeaderHookID)), DeliveryID: short(g.GetHeader(hooks.HeaderDeliveryID)),
		Digest: digest[:], Repeats: notice.Repeats, Code: notice.Code, Reason: notice.Reason,
	}
}

// short bounds what a header may add to a row, and leaves out what is not UTF-8: PostgreSQL would refuse the row.
func short(text string) string { return strings.ToValidUTF8(text[:min(len(text), 64)], "") }

// tellWaiting tells Temporal of deliveries that an instance kept while it was not active.
func (s *server) tellWaiting(ctx context.Context, instance string) {
	waiting, err := s.DB.InstancesWithDeliveries(ctx)
	if err != nil {
		s.Logger.WarnContext(ctx, "deliveries wait for a worker", "instance", instance, "error", fault.From(err).Error())
	}
	if slices.Contains(waiting, instance) {
		s.told.tell(instance)
	}
}

// tellWebhooks tells Temporal that deliveries of an instance wait. Should it be away, a worker finds them.
func (s *server) tellWebhooks(instance string) {
	ctx, cancel := context.WithTimeout(context.Background(), receiveTimeout)
	defer cancel()
	if err := s.Runs.TellWebhooks(ctx, instance); err != nil {
		s.Logger.WarnContext(ctx, "deliveries wait for Temporal", "instance", instance, "error", fault.From(err).Error())
	}
}
