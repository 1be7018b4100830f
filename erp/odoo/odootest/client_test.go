package odootest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// client calls a server over one of its APIs.
type client struct {
	*Server
	json2 bool
	http  http.Client
}

// answer is what a client got.
type answer struct {
	status int
	raised string // Python's name of an exception
	value  any
}

// clients runs a test over both APIs.
func clients(t *testing.T, run func(t *testing.T, c client)) {
	for name, json2 := range map[string]bool{"JSON-RPC": false, "JSON-2": true} {
		t.Run(name, func(t *testing.T) { run(t, client{Server: Start(t, 19), json2: json2}) })
	}
}

// call calls a method by the names of its arguments.
func (c client) call(model, method string, args map[string]any) (answer, error) {
	path, document := "/json/2/"+model+"/"+method, args
	if !c.json2 {
		placed := []any{}
		if ids, ok := args["ids"]; ok {
			placed, args = []any{ids}, without(args, "ids")
		}
		path, document = "/jsonrpc", map[string]any{"params": map[string]any{"service": "object", "method": "execute_kw",
			"args": []any{Database, 1, Key, model, method, placed, args}}}
	}
	return c.post(path, document, Key)
}

func without(args map[string]any, name string) map[string]any {
	rest := map[string]any{}
	for n, v := range args {
		if n != name {
			rest[n] = v
		}
	}
	return rest
}

func (c client) post(path string, document any, key string) (answer, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return answer{}, err
	}
	request, err := http.NewRequest(http.MethodPost, c.URL+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Authorization", "bearer "+key)
	request.Header.Set("X-Odoo-Database", Database)
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	var read bytes.Buffer
	if _, err := read.ReadFrom(response.Body); err != nil {
		return answer{}, err
	}
	return c.read(response.StatusCode, read.Bytes())
}

func (c client) read(status int, body []byte) (answer, error) {
	a := answer{status: status}
	var told any
	if err := json.Unmarshal(body, &told); err != nil {
		return a, fmt.Errorf("no JSON: %w", err)
	}
	document, ok := told.(map[string]any)
	switch {
	case c.json2 && status == http.StatusOK:
		a.value = told
	case c.json2:
		a.raised, _ = document["name"].(string)
	case ok && document["error"] != nil:
		a.raised = document["error"].(map[string]any)["data"].(map[string]any)["name"].(string)
	case ok:
		a.value = document["result"]
	}
	return a, nil
}

// must calls a method that is to succeed.
func (c client) must(t *testing.T, model, method string, args map[string]any) any {
	t.Helper()
	a, err := c.call(model, method, args)
	require.NoError(t, err)
	require.Empty(t, a.raised)
	return a.value
}

// raises calls a method that is to raise an exception.
func (c client) raises(t *testing.T, exception, model, method string, args map[string]any) {
	t.Helper()
	a, err := c.call(model, method, args)
	require.NoError(t, err)
	require.Equal(t, exception, a.raised)
}

// make makes one record and gives its id.
func (c client) make(t *testing.T, model string, values map[string]any) any {
	t.Helper()
	return c.must(t, model, "create", map[string]any{"vals_list": []any{values}}).([]any)[0]
}

// value reads one field of one record.
func (c client) value(t *testing.T, model string, id any, field string) any {
	t.Helper()
	rows := c.must(t, model, "read", map[string]any{"ids": []any{id}, "fields": []any{field}}).([]any)
	require.Len(t, rows, 1)
	return rows[0].(map[string]any)[field]
}

// patience is how long a client waits for a reply that does not come.
const patience = 200 * time.Millisecond
