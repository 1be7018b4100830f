package wootest

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oauthWindow is how far a timestamp may be off, and how long a nonce must not come again.
const oauthWindow = 15 * time.Minute

var oauthParams = []string{
	"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method",
}

// oauth checks a one-legged OAuth 1.0a signature in the query string.
func (a *authenticator) oauth(r *http.Request, c *call) (*Key, *restError) {
	if !c.query.Has("oauth_consumer_key") && !c.query.Has("oauth_signature") {
		return nil, nil
	}
	for _, name := range oauthParams {
		if c.param(name) == "" {
			e := unauthorized("Missing OAuth parameter " + name)
			e.code = "woocommerce_rest_authentication_missing_parameter"
			return nil, e
		}
	}
	key, known := a.key(c.param("oauth_consumer_key"))
	if !known {
		return nil, unauthorized("Consumer key is invalid.")
	}
	want, err := a.signature(r, c, key.Secret)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal([]byte(want), []byte(c.param("oauth_signature"))) {
		return nil, unauthorized("Invalid signature - provided signature does not match.")
	}
	if err := a.fresh(key.Key, c); err != nil {
		return nil, err
	}
	return &key, nil
}

// signature computes what the client should have signed: method & address & sorted parameters, each percent-encoded
// once more than on the wire.
func (a *authenticator) signature(r *http.Request, c *call, secret string) (string, *restError) {
	var algorithm func() hash.Hash
	switch c.param("oauth_signature_method") {
	case "HMAC-SHA1":
		algorithm = sha1.New
	case "HMAC-SHA256":
		algorithm = sha256.New
	default:
		return "", unauthorized("Invalid signature - signature method is invalid.")
	}
	address := homeOf(r, "") + r.URL.EscapedPath()
	if r.URL.Path == a.base+"/" {
		address = strings.TrimSuffix(address, "/") // WooCommerce signs the root of a site without its slash
	}
	base := r.Method + "&" + percentEncode(address) + "&" + percentEncode(normalized(c.query))
	mac := hmac.New(algorithm, []byte(secret+"&"))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// normalized joins the parameters but the signature, sorted. PHP numbers the values of "x[]", so x[0], x[1] are signed.
func normalized(query url.Values) string {
	var pairs []string
	for name, values := range query {
		if name == "oauth_signature" {
			continue
		}
		for i, value := range values {
			signed := name
			if list, ok := strings.CutSuffix(name, "[]"); ok {
				signed = fmt.Sprintf("%s[%d]", list, i)
			}
			pairs = append(pairs, percentEncode(signed)+"="+percentEncode(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// percentEncode is RFC 3986, as PHP's rawurlencode.
func percentEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// fresh refuses old timestamps and nonces seen before. A store whose clock is wrong still takes signed requests here: it is
// its dates that are on trial.
func (a *authenticator) fresh(key string, c *call) *restError {
	seconds, err := strconv.ParseInt(c.param("oauth_timestamp"), 10, 64)
	now := a.clock()
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > oauthWindow {
		return unauthorized("Invalid timestamp.")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	id := key + "\x00" + c.param("oauth_nonce")
	if until, seen := a.nonces[id]; seen && until.After(now) {
		return unauthorized("Invalid nonce - nonce has already been used.")
	}
	a.nonces[id] = now.Add(2 * oauthWindow)
	a.forget(now)
	return nil
}

// forget drops nonces that can no longer be replayed, now and then.
func (a *authenticator) forget(now time.Time) {
	if len(a.nonces)%4096 != 0 {
		return
	}
	for id, until := range a.nonces {
		if until.Before(now) {
			delete(a.nonces, id)
		}
	}
}
