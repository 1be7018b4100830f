package api

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"tandem/fault"
)

const (
	// maxBody is far above any request of the contract.
	maxBody = 1 << 20
	// requestTimeout covers the slowest call, a store that is asked who it is.
	requestTimeout = 60 * time.Second
	requestHeader  = "X-Request-Id"
	requestKey     = "request_id"
)

var soundRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// requestID names the request, so that an answer, a log line and a proxy's log can be matched.
func requestID(g *gin.Context) {
	id := g.GetHeader(requestHeader)
	if !soundRequestID.MatchString(id) {
		id = uuid.Must(uuid.NewV7()).String()
	}
	g.Set(requestKey, id)
	g.Header(requestHeader, id)
}

func requestIDOf(g *gin.Context) string { return g.GetString(requestKey) }

// accessLog writes one line per request. The route stands for the address: an address may hold what identifies a person.
func accessLog(logger *slog.Logger) gin.HandlerFunc {
	return func(g *gin.Context) {
		began := time.Now()
		g.Next()
		level := slog.LevelInfo
		if g.Writer.Status() >= http.StatusInternalServerError {
			level = slog.LevelError
		}
		logger.LogAttrs(g.Request.Context(), level, "request",
			slog.String("request", requestIDOf(g)), slog.String("method", g.Request.Method),
			slog.String("route", routeOf(g)), slog.Int("status", g.Writer.Status()),
			slog.Int("bytes", max(g.Writer.Size(), 0)), slog.Float64("took_ms", milliseconds(time.Since(began))),
			slog.String("by", callerOf(g).name))
	}
}

// routeOf is the request's route, or "unmatched": whatever strangers ask for must not become a label.
func routeOf(g *gin.Context) string {
	if path := g.FullPath(); path != "" {
		return path
	}
	return "unmatched"
}

// recovered answers for a handler that panicked, and keeps the process. The value of the panic may hold data: the log has its
// type and the stack.
func (s *server) recovered(g *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		s.Logger.ErrorContext(g.Request.Context(), "a defect stopped the request", "request", requestIDOf(g), "route", g.FullPath(),
			"panic", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
		if g.Writer.Written() {
			g.Abort()
			return
		}
		s.fail(g, fault.Wrap(fault.Internal, fault.ErrDefect, "internal error"))
	}()
	g.Next()
}

// secureHeaders tell browsers to take answers for data and nothing else.
func secureHeaders(g *gin.Context) {
	h := g.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
}

// onlyLocal keeps an API without tokens for this machine: a page of another site must not reach it through the browser
// of the person at it, neither by a cross-site request nor under a host name that it points at 127.0.0.1.
func onlyLocal(g *gin.Context) {
	if g.FullPath() == webhookRoute && g.Request.Method == http.MethodPost || g.FullPath() == imageRoute {
		return // signed, and the store may be anywhere
	}
	if g.FullPath() == keysRoute {
		return // it bears a one-time token
	}
	origin := g.GetHeader("Origin")
	foreign := g.GetHeader("Sec-Fetch-Site") == "cross-site"
	if !loopback(g.Request.Host) || foreign || (origin != "" && !loopback(hostOf(origin))) {
		abort(g, http.StatusForbidden, fault.Unauthorized, "without API tokens only this machine may call: use http://127.0.0.1 or http://localhost")
	}
}

func hostOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Host
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(trimBrackets(host))
	return ip != nil && ip.IsLoopback()
}

func trimBrackets(host string) string {
	if len(host) > 2 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}

// limitBody stops reading a body that is larger than any request needs.
func limitBody(c *contract) gin.HandlerFunc {
	return func(g *gin.Context) {
		limit := int64(maxBody)
		if r := c.rule(g); r != nil && r.maxBody > 0 {
			limit = r.maxBody
		}
		if g.Request.ContentLength > limit {
			refuseSize(g, limit)
			return
		}
		g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, limit)
	}
}

func refuseSize(g *gin.Context, limit int64) {
	abort(g, http.StatusRequestEntityTooLarge, fault.Invalid, fmt.Sprintf("the body is larger than %d MiB", limit>>20))
}

// limitTime bounds every request but streams, which end with their subject or their reader.
func limitTime(c *contract) gin.HandlerFunc {
	return func(g *gin.Context) {
		if r := c.rule(g); r != nil && r.stream {
			return
		}
		ctx, cancel := context.WithTimeout(g.Request.Context(), requestTimeout)
		defer cancel()
		g.Request = g.Request.WithContext(ctx)
		g.Next()
	}
}
