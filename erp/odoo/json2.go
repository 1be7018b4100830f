package odoo

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"

	"tandem/fault"
)

// json2 is the API of Odoo 19 and later: a URL per method, an API key as bearer token, arguments by name.
type json2 struct {
	*wire
	database string
	key      string
}

func (a *json2) call(ctx context.Context, c call, result any) error {
	document := make(map[string]any, len(c.args)+2)
	maps.Copy(document, c.args)
	if c.ids != nil {
		document["ids"] = c.ids
	}
	if c.context != nil {
		document["context"] = c.context
	}
	header := http.Header{"Authorization": {"bearer " + a.key}}
	if a.database != "" {
		header.Set("X-Odoo-Database", a.database)
	}
	r, err := a.post(ctx, "/json/2/"+c.model+"/"+c.method, header, document)
	if err != nil {
		return err
	}
	if r.status/100 == 2 {
		return decode(r.body, result)
	}
	var told struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	if json.Unmarshal(r.body, &told) != nil || told.Name == "" {
		return statusFault(r)
	}
	return exception{name: told.Name, message: told.Message, status: r.status}.fault(c)
}

// statusFault classifies a reply that is not Odoo's own: a proxy's, or that of something else.
func statusFault(r reply) error {
	switch {
	case r.status == http.StatusTooManyRequests:
		return &fault.Error{Kind: fault.RateLimited, Message: "Odoo asks to slow down", After: retryAfter(r.header)}
	case r.status == http.StatusUnauthorized, r.status == http.StatusForbidden:
		return fault.New(fault.Unauthorized, "Odoo does not accept the API key: it may have expired or been revoked")
	case r.status == http.StatusNotFound:
		return fault.Field("url", "there is no Odoo with this database under this address")
	case r.status >= http.StatusInternalServerError:
		return fault.New(fault.Unavailable, "the Odoo server answers with status %d", r.status)
	default:
		return fault.New(fault.Unavailable, "status %d came instead of an answer of Odoo", r.status)
	}
}
