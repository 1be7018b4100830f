package wootest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// grantPath is where applications ask for keys, as in WooCommerce's class WC_Auth.
const grantPath = "/wc-auth/v1/"

// grantTimeout is how long WooCommerce waits for the application to take the keys.
const grantTimeout = time.Minute

// grantPage is what WooCommerce asks the person who is signed in, which in the simulator everybody is.
var grantPage = template.Must(template.New("grant").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Application authentication request</title></head><body>
<h1>{{.App}} would like to connect to your store</h1>
<p>This will give "{{.App}}" <strong>{{.Scope}}</strong> access which will allow it to work with your store's records.</p>
<p><a href="{{.Granted}}">Approve</a> <a href="{{.Denied}}">Deny</a></p>
</body></html>
`))

// grantRequest is what an application asks for.
type grantRequest struct{ app, user, back, callback, scope string }

// grant shows the question and, once it is answered, makes keys and posts them to the application.
func (s *Server) grant(w http.ResponseWriter, r *http.Request, route string) {
	asked, err := readGrant(r.URL.Query())
	switch {
	case err != nil:
		denied(w, err)
	case route == "authorize":
		s.askForGrant(w, r, asked)
	case route == "access_granted":
		s.giveKeys(w, r, asked)
	default:
		denied(w, fmt.Errorf("You do not have permission to access this page")) //nolint:staticcheck // WooCommerce's words
	}
}

// denied is the page on which WooCommerce gives up.
func denied(w http.ResponseWriter, err error) {
	writeHTML(w, http.StatusUnauthorized, "Error: "+template.HTMLEscapeString(err.Error())+".")
}

//nolint:staticcheck // the errors are WooCommerce's words, shown to people
func readGrant(q url.Values) (grantRequest, error) {
	for _, name := range []string{"app_name", "user_id", "return_url", "callback_url", "scope"} {
		if v := q.Get(name); v == "" || v == "0" {
			return grantRequest{}, fmt.Errorf("Missing parameter %s", name)
		}
	}
	asked := grantRequest{q.Get("app_name"), q.Get("user_id"), grantAddress(q.Get("return_url")), grantAddress(q.Get("callback_url")), q.Get("scope")}
	if !slices.Contains([]string{"read", "write", "read_write"}, asked.scope) {
		return asked, fmt.Errorf("Invalid scope %s", asked.scope)
	}
	for _, address := range []string{asked.back, asked.callback} {
		if u, err := url.Parse(address); err != nil || u.Host == "" {
			return asked, fmt.Errorf("The %s is not a valid URL", address)
		}
	}
	if !strings.HasPrefix(strings.ToLower(asked.callback), "https://") {
		return asked, fmt.Errorf("The callback_url needs to be over SSL")
	}
	return asked, nil
}

// grantAddress decodes once more, as WooCommerce does, and takes https where there is no scheme.
func grantAddress(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		text = decoded
	}
	if !strings.Contains(text, "://") {
		return "https://" + text
	}
	return text
}

func (s *Server) askForGrant(w http.ResponseWriter, r *http.Request, asked grantRequest) {
	granted := r.URL.Query()
	granted.Set("wc_auth_nonce", s.nonce)
	scope := map[string]string{"read": "Read", "write": "Write", "read_write": "Read/Write"}[asked.scope]
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	_ = grantPage.Execute(w, struct{ App, Scope, Granted, Denied string }{ // a client that went away is its own business
		asked.app, scope, homeOf(r, s.opts.BasePath) + grantPath + "access_granted?" + granted.Encode(), returnedTo(asked, "0"),
	})
}

// returnedTo is where the person goes afterwards.
func returnedTo(asked grantRequest, success string) string {
	u, _ := url.Parse(asked.back) // readGrant has seen to it
	q := u.Query()
	q.Set("success", success)
	q.Set("user_id", asked.user)
	u.RawQuery = q.Encode()
	return u.String()
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// giveKeys makes keys and posts them. Unless the application answers 200, they are deleted again.
func (s *Server) giveKeys(w http.ResponseWriter, r *http.Request, asked grantRequest) {
	if r.URL.Query().Get("wc_auth_nonce") != s.nonce {
		denied(w, fmt.Errorf("Invalid nonce verification")) //nolint:staticcheck // WooCommerce's words
		return
	}
	key := Key{Key: "ck_" + randomHex(20), Secret: "cs_" + randomHex(20), Permission: Permission(asked.scope)}
	id := s.auth.add(key)
	if err := s.postKeys(r.Context(), asked, id, key); err != nil {
		s.auth.remove(key.Key)
		denied(w, err)
		return
	}
	http.Redirect(w, r, returnedTo(asked, "1"), http.StatusFound)
}

func (s *Server) postKeys(ctx context.Context, asked grantRequest, id int, key Key) error {
	body, err := json.Marshal(map[string]any{
		"key_id": id, "user_id": asked.user, "consumer_key": key.Key, "consumer_secret": key.Secret, "key_permissions": asked.scope,
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, grantTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, asked.callback, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json;charset=UTF-8")
	answer, err := s.opts.Client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("An error occurred in the request and at the time were unable to send the consumer data") //nolint:staticcheck // WooCommerce's words
	}
	return nil
}
