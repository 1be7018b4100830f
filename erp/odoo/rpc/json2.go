package rpc

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

func (a *json2) Call(ctx context.Context, c Call, result any) error {
	document := make(map[string]any, len(c.Args)+2)
	maps.Copy(document, c.Args)
	if c.IDs != nil {
		document["ids"] = c.IDs
	}
	if c.Context != nil {
		document["context"] = c.Context
	}
	header := http.Header{"Authorization": {"bearer " + a.key}}
	if a.database != "" {
		header.Set("X-Odoo-Database", a.database)
	}
	r, err := a.post(ctx, c, "/json/2/"+c.Model+"/"+c.Method, header, document)
	if err != nil {
		return lostAt(c, err)
	}
	if r.status/100 == 2 {
		return Decode(r.body, result)
	}
	var told struct {
		Name    string `json:"name"`
		Message string `json:"message"`
	}
	switch {
	case json.Unmarshal(r.body, &told) == nil && told.Name != "":
		return a.planned(Exception{Name: told.Name, Message: told.Message, Status: r.status}.Fault(c))
	case r.status == http.StatusNotFound:
		return a.databaseFault(ctx, a.database, statusFault(r))
	default:
		return a.planned(statusFault(r))
	}
}

// User gives the id of the user the key belongs to, which is asked for once.
func (a *json2) User(ctx context.Context) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.uid != 0 {
		return a.uid, nil
	}
	var found struct {
		UID int64 `json:"uid"`
	}
	err := a.Call(ctx, Call{Model: "res.users", Method: "context_get"}, &found)
	a.uid = found.UID
	return found.UID, err
}
