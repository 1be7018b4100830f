package rpc

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tandem/fault"
)

// jsonRPC is the API of all versions up to 21: one URL, the user's id and secret with every call.
type jsonRPC struct {
	*wire
	database string
	login    string
	secret   string
	session  *session // nil where calls need none

	mu  sync.Mutex
	uid int64 // 0 until the user has been looked up
}

// positional names the parameters that must be given by place over JSON-RPC: older versions look into the first argument
// of create without regard to names, and some models call that of write by another one.
var positional = map[string]string{"create": "vals_list", "write": "vals", "search_count": "domain"}

func (a *jsonRPC) Call(ctx context.Context, c Call, result any) error {
	uid, err := a.User(ctx)
	if err != nil {
		return err
	}
	args, named := []any{}, maps.Clone(c.Args)
	if named == nil {
		named = map[string]any{}
	}
	if c.IDs != nil {
		args = append(args, c.IDs)
	}
	if name, ok := positional[c.Method]; ok {
		args = append(args, named[name])
		delete(named, name)
	}
	if c.Context != nil {
		named["context"] = c.Context
	}
	return a.run(ctx, c, "object", "execute_kw", []any{a.database, uid, a.secret, c.Model, c.Method, args, named}, result)
}

// User gives the id of the login, which is asked for once.
func (a *jsonRPC) User(ctx context.Context) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.uid != 0 {
		return a.uid, nil
	}
	var answer any // false when the login or the secret is wrong
	login := []any{a.database, a.login, a.secret, map[string]any{}}
	if err := a.run(ctx, Call{Model: "common", Method: "authenticate"}, "common", "authenticate", login, &answer); err != nil {
		return 0, a.databaseFault(ctx, a.database, err)
	}
	number, ok := answer.(json.Number)
	if !ok {
		return 0, a.planned(fault.New(fault.Unauthorized, "Odoo does not accept the login with this key: check both, and the database"))
	}
	uid, err := number.Int64()
	if err != nil {
		return 0, fault.Wrap(fault.Unavailable, err, "a reply of Odoo cannot be understood")
	}
	a.uid = uid
	return uid, nil
}

func (a *jsonRPC) run(ctx context.Context, c Call, service, method string, args []any, result any) error {
	header, err := a.session.header(ctx, a.wire, a.database)
	if err != nil {
		return err
	}
	r, err := a.postRPC(ctx, c, header, map[string]any{"service": service, "method": method, "args": args})
	if err != nil {
		return lostAt(c, err)
	}
	if r.status == http.StatusInternalServerError {
		a.session.forget() // it may have ended, which would hide what is wrong
	}
	return a.readRPC(r, c, result)
}

// rpc sends one JSON-RPC request. Odoo answers with status 200 whatever happens.
func (w *wire) rpc(ctx context.Context, c Call, params map[string]any, result any) error {
	r, err := w.postRPC(ctx, c, nil, params)
	if err != nil {
		return err
	}
	return w.readRPC(r, c, result)
}

func (w *wire) postRPC(ctx context.Context, c Call, header http.Header, params map[string]any) (reply, error) {
	return w.post(ctx, c, "/jsonrpc", header, map[string]any{"jsonrpc": "2.0", "method": "call", "id": 1, "params": params})
}

func (w *wire) readRPC(r reply, c Call, result any) error {
	if r.status != http.StatusOK {
		return w.planned(statusFault(r))
	}
	var told struct {
		Result json.RawMessage `json:"result"`
		Error  *struct {
			Data struct {
				Name    string `json:"name"`
				Message string `json:"message"`
			} `json:"data"`
		} `json:"error"`
	}
	if err := Decode(r.body, &told); err != nil {
		return err
	}
	if told.Error != nil {
		return w.planned(Exception{Name: told.Error.Data.Name, Message: told.Error.Data.Message}.Fault(c))
	}
	if len(told.Result) == 0 {
		return Decode([]byte("null"), result)
	}
	return Decode(told.Result, result)
}

// retryAfter reads how long a server asks to wait; 0 when it does not say.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
