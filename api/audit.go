package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tandem/api/gen"
	"tandem/db"
)

// auditTimeout bounds how long keeping an entry may take. The request was answered before.
const auditTimeout = 5 * time.Second

// audit keeps who asked for what, for each request that changes or starts something and got as far as its handler or its scope.
// Requests without a valid token or session are kept only when they tried to sign in: anybody can make any number of others.
func (s *server) audit(c *contract) gin.HandlerFunc {
	return func(g *gin.Context) {
		g.Set(identifiedKey, &caller{})
		g.Next()
		r := c.rule(g)
		if r == nil || g.Request.Method == http.MethodGet || g.Request.Method == http.MethodHead {
			return
		}
		who := callerOf(g)
		if who.kind == "" {
			if r.operation.OperationID != "SignIn" {
				return
			}
			who.kind = db.ActorAnonymous
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(g.Request.Context()), auditTimeout)
		defer cancel()
		err := s.DB.NoteAudit(ctx, db.AuditEntry{
			ActorKind: who.kind, ActorID: who.id, Actor: who.name, Address: g.ClientIP(), Instance: g.Param("instance"),
			Action: r.operation.OperationID, Target: strings.TrimPrefix(g.Request.URL.Path, basePath), Status: g.Writer.Status(), RequestID: requestIDOf(g),
		})
		if err != nil {
			s.Logger.ErrorContext(ctx, "the audit trail could not be kept", "request", requestIDOf(g), "action", r.operation.OperationID, "by", who.name, "error", err)
		}
	}
}

// ListAudit lists who did what, newest first.
func (s *server) ListAudit(ctx context.Context, in gen.ListAuditRequestObject) (gen.ListAuditResponseObject, error) {
	p := in.Params
	filter := db.AuditFilter{Actor: p.Actor, Action: p.Action, Instance: p.Instance, From: p.From, To: p.To}
	list, next, err := s.DB.Audit(ctx, filter, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListAudit200JSONResponse{
		Body:    gen.AuditPage{Items: collect(list, auditEntry), Next: next},
		Headers: gen.ListAudit200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

func auditEntry(e db.AuditEntry) gen.AuditEntry {
	return gen.AuditEntry{
		ID: e.ID, At: e.At, ActorKind: e.ActorKind, ActorID: e.ActorID, Actor: e.Actor, Address: e.Address, Instance: e.Instance,
		Action: e.Action, Target: e.Target, Status: e.Status, RequestID: e.RequestID,
	}
}
