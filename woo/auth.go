package woo

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// keys are the credentials and the way to send them.
type keys struct {
	key, secret string
	auth        Auth
}

// newKeys settles what "auto" means for the address.
func newKeys(cfg Config, base *url.URL) keys {
	k := keys{key: cfg.ConsumerKey, secret: cfg.ConsumerSecret, auth: cfg.Auth}
	if k.auth == "" || k.auth == AuthAuto {
		k.auth = AuthOAuth
		if base.Scheme == "https" {
			k.auth = AuthBasic
		}
	}
	return k
}

// apply puts the credentials on a request. Every try needs a new call: an OAuth nonce may be used once.
func (k keys) apply(req *http.Request) {
	query := req.URL.Query()
	switch k.auth {
	case AuthBasic:
		req.SetBasicAuth(k.key, k.secret)
		return
	case AuthQuery:
		query.Set("consumer_key", k.key)
		query.Set("consumer_secret", k.secret)
	case AuthOAuth:
		k.sign(req.Method, req.URL, query, rand.Text(), time.Now())
	}
	req.URL.RawQuery = encodeQuery(query)
}

// sign adds the OAuth parameters and the signature to a query (RFC 5849, section 3.4, without a token).
func (k keys) sign(method string, target *url.URL, query url.Values, nonce string, now time.Time) {
	query.Set("oauth_consumer_key", k.key)
	query.Set("oauth_nonce", nonce)
	query.Set("oauth_signature_method", "HMAC-SHA256")
	query.Set("oauth_timestamp", strconv.FormatInt(now.Unix(), 10))
	query.Set("oauth_version", "1.0")
	query.Set("oauth_signature", k.signature(method, target, query))
}

func (k keys) signature(method string, target *url.URL, query url.Values) string {
	address := target.Scheme + "://" + strings.ToLower(target.Host) + target.EscapedPath()
	text := method + "&" + escape(address) + "&" + escape(encodeQuery(query))
	mac := hmac.New(sha256.New, []byte(k.secret+"&"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// encodeQuery sorts by name and escapes as OAuth demands: a space is %20, never +.
func encodeQuery(query url.Values) string {
	return strings.ReplaceAll(query.Encode(), "+", "%20")
}

func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
