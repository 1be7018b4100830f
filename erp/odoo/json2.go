package odoo

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"sync"
)

// json2 is the API of Odoo 19 and later: a URL per method, an API key as bearer token, arguments by name.
type json2 struct {
	*wire
	database string
	key      string

	mu  sync.Mutex
	uid int64 // 0 until the user has been looked up
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
		return lostAt(c, err)
	}
	if r.status/100 == 2 {
		return decode(r.body, result)
	}
	var told struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	switch {
	case json.Unmarshal(r.body, &told) == nil && told.Name != "":
		return a.planned(exception{name: told.Name, message: told.Message, status: r.status}.fault(c))
	case r.status == http.StatusNotFound:
		return a.databaseFault(ctx, a.database, statusFault(r))
	default:
		return a.planned(statusFault(r))
	}
}

// user gives the id of the user the key belongs to, which is asked for once.
func (a *json2) user(ctx context.Context) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.uid != 0 {
		return a.uid, nil
	}
	var found struct {
		UID int64 `json:"uid"`
	}
	err := a.call(ctx, call{model: "res.users", method: "context_get"}, &found)
	a.uid = found.UID
	return found.UID, err
}
