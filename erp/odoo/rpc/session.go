package rpc

import (
	"context"
	"net/http"
	"net/url"
	"sync"
)

// session names a database to Odoo, as the cookie of a browser does that looks at its login page. Nobody is logged in with
// it. On a server with several databases, versions 14 and 15 answer a failed call that comes without one with a bare
// status 500 instead of the error.
type session struct {
	mu     sync.Mutex
	cookie *http.Cookie
}

// header gives the header of a call, with the cookie where Odoo gave one. It is fetched once; forget has it fetched again.
func (s *session) header(ctx context.Context, w *wire, database string) (http.Header, error) {
	if s == nil {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cookie == nil {
		r, err := w.send(ctx, request{method: http.MethodGet, path: "/web/login?db=" + url.QueryEscape(database), kind: "login page"})
		if err != nil {
			return nil, err
		}
		s.cookie = &http.Cookie{Name: "session_id"} // a proxy may keep the page from us: calls are made without it then
		for _, cookie := range (&http.Response{Header: r.header}).Cookies() {
			if cookie.Name == s.cookie.Name {
				s.cookie = cookie
			}
		}
	}
	if s.cookie.Value == "" {
		return nil, nil
	}
	return http.Header{"Cookie": {s.cookie.Name + "=" + s.cookie.Value}}, nil
}

// forget drops the cookie: Odoo deletes sessions after some time, and all of them when it moves.
func (s *session) forget() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cookie = nil
}
