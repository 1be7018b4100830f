package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"tandem/db"
)

const (
	idempotencyHeader = "Idempotency-Key"
	replayedHeader    = "Idempotency-Replayed"
	subjectKey        = "idempotency_subject"
)

// subjectOf is the id that what a request creates is to have, so that its repetition finds it; "" without a key.
func subjectOf(ctx context.Context) string {
	id, _ := ctx.Value(subjectKey).(string)
	return id
}

// replay answers the repetition of a request that bears an idempotency key with the first answer.
func replay(s *server, c *contract) gin.HandlerFunc {
	return func(g *gin.Context) {
		key := g.GetHeader(idempotencyHeader)
		if r := c.rule(g); key == "" || !r.idempotent {
			return
		}
		request := &repeatable{store: s.DB, key: key, principal: callerOf(g).id}
		claim, err := request.claim(g)
		switch {
		case err != nil:
			s.fail(g, err)
		case claim.Claimed:
			g.Set(subjectKey, claim.Subject)
			request.answer(g)
		default:
			repeat(g, claim.Response)
		}
	}
}

// repeatable is one request that bears a key.
type repeatable struct {
	store          *db.DB
	key, principal string
}

// claim asks whether the request is the first of its key.
func (r *repeatable) claim(g *gin.Context) (db.Claim, error) {
	body, err := io.ReadAll(g.Request.Body)
	if err != nil {
		return db.Claim{}, err
	}
	g.Request.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(g.Request.Method), []byte(g.Request.URL.Path), body} {
		sum.Write(part)
		sum.Write([]byte{0})
	}
	return r.store.Idempotent(g.Request.Context(), r.key, r.principal, sum.Sum(nil))
}

// answer lets the handler answer and keeps a good answer. A refused or failed request leaves nothing to protect: it may be
// sent again. Losing the answer is no harm either, since what a repetition creates has the same id.
func (r *repeatable) answer(g *gin.Context) {
	recorder := &recorder{ResponseWriter: g.Writer}
	g.Writer = recorder
	g.Next()
	ctx := context.WithoutCancel(g.Request.Context())
	if status := recorder.Status(); status < http.StatusBadRequest {
		_ = r.store.SaveResponse(ctx, r.key, r.principal, db.Response{
			Status: status, Location: recorder.Header().Get("Location"), Body: recorder.body.Bytes(),
		})
		return
	}
	_ = r.store.ReleaseKey(ctx, r.key, r.principal)
}

// recorder keeps what is written.
type recorder struct {
	gin.ResponseWriter
	body bytes.Buffer
}

// Write keeps and writes.
func (r *recorder) Write(data []byte) (int, error) {
	r.body.Write(data)
	return r.ResponseWriter.Write(data)
}

func repeat(g *gin.Context, first db.Response) {
	g.Header(replayedHeader, "true")
	if first.Location != "" {
		g.Header("Location", first.Location)
	}
	g.Data(first.Status, "application/json", first.Body)
	g.Abort()
}
