package odoodev

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"tandem/fault"
)

// call is one call of Odoo's JSON-RPC, which all versions answer; see
// https://www.odoo.com/documentation/14.0/developer/reference/addons/http.html. The result may be nil when nobody wants
// it. Any error is fault.Internal: an Odoo that was started here has no excuse.
func (a Access) call(ctx context.Context, result any, service, method string, args ...any) error {
	if args == nil {
		args = []any{}
	}
	body, err := json.Marshal(map[string]any{
		"jsonrpc": "2.0", "method": "call", "id": 1,
		"params": map[string]any{"service": service, "method": method, "args": args},
	})
	if err != nil {
		return fault.Wrap(fault.Internal, err, "cannot write the call of %s.%s", service, method)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL+"/jsonrpc", bytes.NewReader(body))
	if err != nil {
		return fault.Wrap(fault.Internal, err, "%s is no address", a.URL)
	}
	request.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "Odoo does not answer at %s", a.URL)
	}
	defer reply.Body.Close()
	return decode(reply, result, service+"."+method)
}

// administrator is the id of the user admin: the first one that a database has besides the superuser.
const administrator = 2

// Execute calls a method of a model over JSON-RPC, as the administrator and with nothing in between. The error is that of
// all methods of Access.
func (a Access) Execute(ctx context.Context, result any, model, method string, args []any, named map[string]any) error {
	return a.call(ctx, result, "object", "execute_kw", a.Database, administrator, a.AdminPassword, model, method, args, named)
}

// decode reads the reply: Odoo tells failures in the body of a 200.
func decode(reply *http.Response, result any, method string) error {
	var body struct {
		Result json.RawMessage `json:"result"`
		Error  *struct {
			Data struct {
				Name    string `json:"name"`
				Message string `json:"message"`
			} `json:"data"`
		} `json:"error"`
	}
	if err := json.NewDecoder(reply.Body).Decode(&body); err != nil {
		return fault.Wrap(fault.Internal, err, "Odoo answered %s with %s instead of JSON", method, reply.Status)
	}
	if body.Error != nil {
		return fault.New(fault.Internal, "Odoo refused %s: %s: %s", method, body.Error.Data.Name, body.Error.Data.Message)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(body.Result, result); err != nil {
		return fault.Wrap(fault.Internal, err, "Odoo answered %s with something else than expected", method)
	}
	return nil
}
