package api

import (
	"context"
	"net/url"

	"github.com/gin-gonic/gin"
)

// pageSize is the contract's default for limit.
const pageSize = 50

// nextLink writes where the next page is found, as RFC 8288 asks; nil on the last page. The address keeps every filter.
func nextLink(ctx context.Context, next string) *string {
	g, ok := ctx.(*gin.Context)
	if !ok || next == "" {
		return nil
	}
	query := g.Request.URL.Query()
	query.Set("after", next)
	link := "<" + g.Request.URL.Path + "?" + query.Encode() + `>; rel="next"`
	return &link
}

// located is the address of a thing of the API, its parts escaped.
func located(parts ...string) string {
	address := basePath
	for _, part := range parts {
		address += "/" + url.PathEscape(part)
	}
	return address
}

// collect maps a list; an empty one is [] in JSON, never null.
func collect[From, To any](list []From, one func(From) To) []To {
	out := make([]To, len(list))
	for i, item := range list {
		out[i] = one(item)
	}
	return out
}
