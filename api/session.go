package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

// Names of a session's cookie. Browsers take the first only over HTTPS and for this host alone; the second is for trials on
// one machine.
const (
	sessionCookie      = "__Host-tandem_session"
	localSessionCookie = "tandem_session"
)

// SignIn starts a session.
func (s *server) SignIn(ctx context.Context, in gen.SignInRequestObject) (gen.SignInResponseObject, error) {
	origin, err := signInOrigin(ctx)
	if err != nil {
		return nil, err
	}
	plaintext, session, err := s.DB.SignIn(ctx, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	who := userCaller(session)
	note(ctx, who)
	return gen.SignIn200JSONResponse{
		Body:    sessionOf(who),
		Headers: gen.SignIn200ResponseHeaders{SetCookie: newSessionCookie(origin, plaintext, session.ExpiresAt).String()},
	}, nil
}

// signInOrigin gives the origin of the page that somebody signs in on; nil where there is none. Invalid over plain HTTP, but on
// this machine: anybody on the way could take the session.
func signInOrigin(ctx context.Context) (*url.URL, error) {
	origin, err := url.Parse(headerOf(ctx, "Origin"))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the header Origin is not valid")
	}
	if origin.Scheme == "http" && !loopback(origin.Host) {
		return nil, fault.New(fault.Invalid, "signing in takes HTTPS: open the page under its https:// address, or put a proxy with a certificate before Tandem")
	}
	return origin, nil
}

func headerOf(ctx context.Context, name string) string {
	if g, ok := ctx.(*gin.Context); ok {
		return g.GetHeader(name)
	}
	return ""
}

// newSessionCookie gives the cookie of a session to a page of an origin.
func newSessionCookie(origin *url.URL, value string, expires time.Time) *http.Cookie {
	cookie := &http.Cookie{
		Name: sessionCookie, Value: value, Path: "/", Expires: expires, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	if origin.Scheme == "http" {
		cookie.Name, cookie.Secure = localSessionCookie, false
	}
	return cookie
}

// sessionText gives what the request's cookie says; "" without one.
func sessionText(r *http.Request) (name, value string) {
	for _, name := range []string{sessionCookie, localSessionCookie} {
		if cookie, err := r.Cookie(name); err == nil && cookie.Value != "" {
			return name, cookie.Value
		}
	}
	return "", ""
}

// GetSession says who the caller is.
func (s *server) GetSession(ctx context.Context, _ gen.GetSessionRequestObject) (gen.GetSessionResponseObject, error) {
	return gen.GetSession200JSONResponse(sessionOf(callerOf(ctx))), nil
}

// SignOut ends the caller's session, or all sessions of its user.
func (s *server) SignOut(ctx context.Context, in gen.SignOutRequestObject) (gen.SignOutResponseObject, error) {
	removed := &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if g, ok := ctx.(*gin.Context); ok {
		if name, _ := sessionText(g.Request); name == localSessionCookie {
			removed.Name, removed.Secure = name, false
		}
	}
	reply := gen.SignOut204Response{Headers: gen.SignOut204ResponseHeaders{SetCookie: removed.String()}}
	who := callerOf(ctx)
	switch {
	case who.session.ID == "":
		return reply, nil
	case in.Params.Everywhere:
		return reply, s.DB.SignOutEverywhere(ctx, who.id, "")
	default:
		return reply, s.DB.SignOut(ctx, who.session.ID)
	}
}

// ChangePassword gives the caller a new password.
func (s *server) ChangePassword(ctx context.Context, in gen.ChangePasswordRequestObject) (gen.ChangePasswordResponseObject, error) {
	who := callerOf(ctx)
	if who.session.ID == "" {
		return nil, fault.New(fault.Conflict, "only a user who is signed in has a password")
	}
	return gen.ChangePassword204Response{}, s.DB.ChangePassword(ctx, who.session, in.Body.Current, in.Body.Password)
}

func sessionOf(who caller) gen.Session {
	return gen.Session{
		Kind: who.kind, Name: who.name, Role: gen.Scope(who.scope.String()), Email: who.session.User.Email, User: who.session.User.ID,
		ExpiresAt: who.session.ExpiresAt,
	}
}

// userCaller is the caller behind a session.
func userCaller(session db.Session) caller {
	return caller{kind: db.ActorUser, id: session.User.ID, name: session.User.Name, scope: scopeNames[session.User.Role], session: session}
}
