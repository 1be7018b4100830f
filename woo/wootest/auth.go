package wootest

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"
)

// authenticator checks API keys the way WooCommerce 10.0.2 does: over https Basic or query-string keys, over http
// OAuth 1.0a only.
type authenticator struct {
	keys  map[string]Key
	plain bool // take Basic over http
	base  string
	clock func() time.Time // the right time, whatever the store's clock says

	mu     *sync.Mutex          // guards keys and nonces
	nonces map[string]time.Time // key and nonce → when it may be forgotten
}

func newAuthenticator(o Options) authenticator {
	a := authenticator{keys: map[string]Key{}, plain: o.PlainHTTPAuth, base: o.BasePath, clock: o.Now,
		mu: &sync.Mutex{}, nonces: map[string]time.Time{}}
	for _, k := range o.Keys {
		a.keys[k.Key] = k
	}
	return a
}

// key gives a key by its id.
func (a *authenticator) key(id string) (Key, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	key, known := a.keys[id]
	return key, known
}

// add takes a new key, and gives the id of its row.
func (a *authenticator) add(k Key) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keys[k.Key] = k
	return len(a.keys)
}

func (a *authenticator) remove(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.keys, id)
}

// check gives the reply of a refused request, or nil.
func (a *authenticator) check(r *http.Request, c *call) *restError {
	key, err := a.identify(r, c)
	if err != nil {
		return err
	}
	if key == nil {
		return cannot(c)
	}
	return permit(key.Permission, r.Method)
}

// asksWooCommerce reports whether WooCommerce looks at the keys of a request at all: it searches the address as it was
// sent for its own routes, and finds none in "/?rest_route=/wc/v3/orders" or behind an escaped slash.
func asksWooCommerce(r *http.Request) bool {
	sent := r.URL.RequestURI()
	return strings.Contains(sent, "wp-json/wc/") || strings.Contains(sent, "wp-json/wc-")
}

// identify finds the key a request proves to hold; nil without an error is an anonymous request.
func (a *authenticator) identify(r *http.Request, c *call) (*Key, *restError) {
	if !asksWooCommerce(r) {
		return nil, nil
	}
	if !isTLS(r) && (!a.plain || c.query.Has("oauth_consumer_key")) {
		return a.oauth(r, c)
	}
	id, secret := c.param("consumer_key"), c.param("consumer_secret")
	if id == "" || secret == "" {
		id, secret, _ = r.BasicAuth()
	}
	key, known := a.key(id)
	if !known {
		return nil, nil
	}
	if subtle.ConstantTimeCompare([]byte(key.Secret), []byte(secret)) != 1 {
		return nil, unauthorized("Consumer secret is invalid.")
	}
	return &key, nil
}

func unauthorized(message string) *restError {
	return fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error", message)
}

// permit refuses what the key's permission leaves out. The code is that of a wrong key.
func permit(p Permission, method string) *restError {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		if p == Write {
			return unauthorized("The API key provided does not have read permissions.")
		}
	default:
		if p == Read {
			return unauthorized("The API key provided does not have write permissions.")
		}
	}
	return nil
}

// cannot is the reply to an anonymous request; an unknown key counts as anonymous.
func cannot(c *call) *restError {
	code, message := "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."
	switch {
	case c.method == http.MethodDelete:
		code, message = "woocommerce_rest_cannot_delete", "Sorry, you are not allowed to delete this resource."
	case c.method != http.MethodGet && c.route.single:
		code, message = "woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource."
	case c.method != http.MethodGet:
		code, message = "woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources."
	case c.route.single:
		message = "Sorry, you cannot view this resource."
	}
	return fail(http.StatusUnauthorized, code, message)
}
