// Package hooks understands what WooCommerce's webhooks send: pings, signatures and notices. A notice is a hint that something
// happened to a record, and nothing in it is used but which record that is: plugins change payloads, leave lines out, or empty them.
package hooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
)

// Headers with which a delivery comes.
const (
	HeaderSignature  = "X-Wc-Webhook-Signature"
	HeaderHookID     = "X-Wc-Webhook-Id"
	HeaderDeliveryID = "X-Wc-Webhook-Delivery-Id" // the same for deliveries of one second: no proof of anything
)

// MaxBody bounds a delivery. An order of a thousand lines takes about two megabytes; a refused delivery counts as a failure of the
// webhook, which the store then switches off.
const MaxBody = 8 << 20

// topics are those that stores offer. WooCommerce fires nothing for customer.restored, since it has no trash for customers.
var topics = func() (all []string) {
	for _, resource := range []string{"coupon", "customer", "order", "product"} {
		for _, event := range []string{"created", "updated", "deleted", "restored"} {
			all = append(all, resource+"."+event)
		}
	}
	return all
}()

// Topics lists the topics that are received.
func Topics() []string { return slices.Clone(topics) }

// IsTopic reports whether a topic is one that is received.
func IsTopic(topic string) bool { return slices.Contains(topics, topic) }

// ping is the body that a store sends, form-encoded and without a signature, to try a webhook's address.
var ping = regexp.MustCompile(`^webhook_id=[0-9]{1,18}$`)

// IsPing reports whether a body is a store's trial of the address. It holds nothing else than the webhook's id.
func IsPing(body []byte) bool { return ping.Match(body) }

// Verify reports whether the store that knows the secret has signed exactly these bytes. A blank signature and a missing secret
// verify nothing.
func Verify(secret string, body []byte, signature string) bool {
	given, err := base64.StdEncoding.DecodeString(strings.TrimSpace(signature))
	if secret == "" || err != nil || len(given) == 0 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), given)
}

// Sign is what a store puts into HeaderSignature.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// NewSecret makes a secret of letters and digits only: WooCommerce mangles some other characters when it keeps one, and signs with
// what is left.
func NewSecret() string { return rand.Text() + rand.Text() }
