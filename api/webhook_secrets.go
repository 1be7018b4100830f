package api

import (
	"context"
	"time"

	lru "github.com/hashicorp/golang-lru/v2/expirable"

	"tandem/db"
	"tandem/hooks"
)

// How many secrets of webhooks are kept in memory, and for how long: a store in its busiest hour delivers two hundred times a second.
const (
	secretCount = 1024
	secretLife  = 2 * time.Second
)

type webhookID struct{ instance, topic string }

// webhookSecrets reads secrets of webhooks, and remembers them for a moment.
type webhookSecrets struct {
	db     *db.DB
	recent *lru.LRU[webhookID, string]
}

func newWebhookSecrets(d *db.DB) webhookSecrets {
	return webhookSecrets{d, lru.NewLRU[webhookID, string](secretCount, nil, secretLife)}
}

// verifiedLately reports whether a signature fits a secret that was read a moment ago. Where it does not, the secret may be new: verify.
func (s webhookSecrets) verifiedLately(instance, topic string, body []byte, signature string) bool {
	secret, ok := s.recent.Get(webhookID{instance, topic})
	return ok && hooks.Verify(secret, body, signature)
}

// read gives the secret that is kept now.
func (s webhookSecrets) read(ctx context.Context, instance, topic string) (string, error) {
	secret, err := s.db.WebhookSecret(ctx, instance, topic)
	if err == nil {
		s.recent.Add(webhookID{instance, topic}, secret)
	}
	return secret, err
}
