package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
	"tandem/instance"
)

// keysRoute is where a store posts the keys it made, and where it sends the person back to when nobody said where else. It needs no API
// token: both bear the one-time token of the request.
const keysRoute = "/wc-auth/:instance"

// authorizationLife is how long a person has to sign in to the store and approve.
const authorizationLife = 30 * time.Minute

// maxGrantedBody is far more than WooCommerce sends.
const maxGrantedBody = 4 << 10

// AuthorizeInstance begins to have the store make keys, and gives the address at which a person approves that.
func (s *server) AuthorizeInstance(ctx context.Context, in gen.AuthorizeInstanceRequestObject) (gen.AuthorizeInstanceResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	public, _ := s.Webhooks.Address()
	if !strings.HasPrefix(strings.ToLower(public), "https://") {
		return nil, fault.New(fault.Conflict, "the store posts the keys to Tandem over https only: set TANDEM_PUBLIC_URL to an https address, or make the keys in "+
			"WooCommerce (Settings → Advanced → REST API) and enter them")
	}
	if err := s.Stores.CheckAuthorization(ctx, found); err != nil {
		return nil, fieldsNamed(storeFields, err)
	}
	callback := strings.TrimSuffix(public, "/") + strings.Replace(keysRoute, ":instance", found.ID, 1)
	scope, back := string(gen.ReadWrite), callback
	if in.Body != nil && in.Body.Scope != "" {
		scope = string(in.Body.Scope)
	}
	if in.Body != nil && in.Body.ReturnURL != "" {
		back = in.Body.ReturnURL
	}
	token := rand.Text()
	kept, err := s.DB.StartAuthorization(ctx, db.Authorization{Instance: found.ID, StoreURL: found.StoreURL, Scope: scope}, token, authorizationLife)
	if err != nil {
		return nil, err
	}
	query := url.Values{
		"app_name": {"Tandem"}, "scope": {scope}, "user_id": {token}, "return_url": {back}, "callback_url": {callback},
	}
	view := authorizationView(kept)
	view.URL = strings.TrimSuffix(found.StoreURL, "/") + "/wc-auth/v1/authorize?" + query.Encode()
	return gen.AuthorizeInstance201JSONResponse(view), nil
}

// GetAuthorization says whether the store made the keys that it was asked for last.
func (s *server) GetAuthorization(ctx context.Context, in gen.GetAuthorizationRequestObject) (gen.GetAuthorizationResponseObject, error) {
	kept, err := s.DB.Authorization(ctx, in.Instance)
	return gen.GetAuthorization200JSONResponse(authorizationView(kept)), err
}

func authorizationView(a db.Authorization) gen.Authorization {
	state := gen.AuthorizationStateWaiting
	switch {
	case a.GrantedAt != nil:
		state = gen.AuthorizationStateGranted
	case a.DeniedAt != nil:
		state = gen.AuthorizationStateDenied
	case a.Expired:
		state = gen.AuthorizationStateExpired
	}
	return gen.Authorization{State: state, Scope: gen.KeyScope(a.Scope), Permissions: gen.KeyScope(a.Permissions), ExpiresAt: a.ExpiresAt}
}

// granted is what WooCommerce posts.
type granted struct {
	UserID      string `json:"user_id"`
	Key         string `json:"consumer_key"`
	Secret      string `json:"consumer_secret"`
	Permissions string `json:"key_permissions"`
}

// receiveKeys takes the keys that a store made. Anything but 200 has the store delete them again and tell the person. Neither the log nor the
// answer says what was sent.
func (s *server) receiveKeys(g *gin.Context) {
	body, err := io.ReadAll(http.MaxBytesReader(g.Writer, g.Request.Body, maxGrantedBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		abort(g, http.StatusRequestEntityTooLarge, fault.Invalid, "the keys take less than 4 KiB")
		return
	}
	var given granted
	if err != nil || json.Unmarshal(body, &given) != nil {
		abort(g, http.StatusBadRequest, fault.Invalid, "this is not what WooCommerce sends")
		return
	}
	keys := instance.Credentials{ConsumerKey: given.Key, ConsumerSecret: given.Secret}
	if given.Key == "" || given.Secret == "" || keys.Validate() != nil || !slices.Contains([]string{"read", "write", "read_write"}, given.Permissions) {
		abort(g, http.StatusBadRequest, fault.Invalid, "this is not what WooCommerce sends")
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(g.Request.Context()), receiveTimeout)
	defer cancel()
	switch err := s.DB.Grant(ctx, g.Param("instance"), given.UserID, given.Permissions, keys); {
	case fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid):
		abort(g, http.StatusNotFound, fault.NotFound, "no such request for keys is open: ask for the keys again")
	case err != nil:
		s.Logger.ErrorContext(ctx, "keys that a store made could not be kept", "request", requestIDOf(g), "instance", g.Param("instance"), "error", fault.From(err).Error())
		abort(g, http.StatusServiceUnavailable, fault.Unavailable, "the keys cannot be kept right now")
	default:
		g.Status(http.StatusOK)
	}
}

// returnFromStore is where the store sends a person who approved or denied, and who did not begin on a page. A denied request ends here.
func (s *server) returnFromStore(g *gin.Context) {
	if g.Query("success") != "0" {
		g.String(http.StatusOK, "The store has answered. Go back to where you asked for the keys; this window can be closed.\n")
		return
	}
	ctx, cancel := context.WithTimeout(g.Request.Context(), receiveTimeout)
	defer cancel()
	switch err := s.DB.Deny(ctx, g.Param("instance"), g.Query("user_id")); {
	case fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid):
		abort(g, http.StatusNotFound, fault.NotFound, "no such request for keys is open: ask for the keys again")
	case err != nil:
		s.fail(g, err)
	default:
		g.String(http.StatusOK, "Access was denied, so the store made no keys. Go back to where you asked for them; this window can be closed.\n")
	}
}
