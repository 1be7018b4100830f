package odoodev

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// fakeOdoo knows databases and its version, and nothing else.
type fakeOdoo struct {
	series    string
	databases []string
	copied    []string
	calls     []string
}

func (f *fakeOdoo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Params struct {
			Service, Method string
			Args            []any
		}
	}
	if r.URL.Path != "/jsonrpc" || json.NewDecoder(r.Body).Decode(&request) != nil {
		http.Error(w, "<h1>Bad Request</h1>", http.StatusBadRequest)
		return
	}
	method, args := request.Params.Service+"."+request.Params.Method, request.Params.Args
	f.calls = append(f.calls, method)
	var result any = true
	switch method {
	case "common.version":
		result = map[string]string{"server_serie": f.series}
	case "db.db_exist":
		result = slices.Contains(f.databases, args[0].(string))
	case "db.duplicate_database":
		f.databases, f.copied = append(f.databases, args[2].(string)), append(f.copied, args[1].(string))
	case "object.execute_kw":
		result = args
	default:
		f.refuse(w)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "id": 1, "result": result})
}

// refuse answers as Odoo does: with a 200.
func (f *fakeOdoo) refuse(w http.ResponseWriter) {
	_, _ = w.Write([]byte(`{"jsonrpc":"2.0","id":1,"error":{"code":200,"message":"Odoo Server Error",
		"data":{"name":"odoo.exceptions.AccessDenied","message":"Access Denied","debug":"Traceback …"}}}`))
}

func startFake(t *testing.T, fake *fakeOdoo) Access {
	t.Helper()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return newAccess("19", server.URL)
}

func TestCreateDatabase(t *testing.T) {
	fake := &fakeOdoo{databases: []string{"tandem_template", "taken"}}
	access := startFake(t, fake)
	access.APIKey = "key"
	tests := []struct {
		name string
		want fault.Kind
	}{
		{"fresh_1", ""},
		{"fresh_1", fault.Conflict},
		{"taken", fault.Conflict},
		{"", fault.Invalid},
		{"Upper", fault.Invalid},
		{`drop"table`, fault.Invalid},
		{"../x", fault.Invalid},
	}
	for _, test := range tests {
		made, err := access.CreateDatabase(t.Context(), test.name)
		require.Equal(t, test.want, fault.KindOf(err), test.name)
		if err == nil {
			require.Equal(t, test.name, made.Database)
			require.Equal(t, "key", made.APIKey)
		}
	}
	require.Equal(t, []string{"tandem_template", "taken", "fresh_1"}, fake.databases)
}

func TestDeleteDatabase(t *testing.T) {
	fake := &fakeOdoo{}
	access := startFake(t, fake)
	require.True(t, fault.Is(access.DeleteDatabase(t.Context(), templateDatabase), fault.Invalid))
	require.Empty(t, fake.calls, "the template is protected here, not by Odoo")

	err := access.DeleteDatabase(t.Context(), "tandem")
	require.EqualError(t, err, "Odoo refused db.drop: odoo.exceptions.AccessDenied: Access Denied")
	require.NotContains(t, err.Error(), "Traceback")
}

func TestRunning(t *testing.T) {
	fake := &fakeOdoo{series: "19.0"}
	access := startFake(t, fake)
	p := newTestPlace(t, "19")

	_, err := Running(t.Context(), p.folder, "19")
	require.True(t, fault.Is(err, fault.NotFound), "nothing was started")

	require.NoError(t, p.writeAccess(access))
	found, err := Running(t.Context(), p.folder, "19")
	require.NoError(t, err)
	require.Equal(t, access, found)

	fake.series = "14.0"
	_, err = Running(t.Context(), p.folder, "19")
	require.True(t, fault.Is(err, fault.NotFound), "another server has the port now")

	_, err = Running(t.Context(), p.folder, "3")
	require.True(t, fault.Is(err, fault.Invalid))
}

func TestCallFails(t *testing.T) {
	html := httptest.NewServer(http.NotFoundHandler())
	defer html.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	tests := []struct{ name, url, want string }{
		{"no JSON", html.URL, "404 Not Found instead of JSON"},
		{"nobody there", gone.URL, "does not answer"},
		{"no address", "::", "is no address"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newAccess("19", test.url).HasDatabase(t.Context(), "x")
			require.True(t, fault.Is(err, fault.Internal))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestCopyDatabase(t *testing.T) {
	fake := &fakeOdoo{series: "19.0"}
	access := startFake(t, fake)
	copied, err := access.CopyDatabase(t.Context(), "other")
	require.NoError(t, err)
	require.Equal(t, "other", copied.Database)
	_, err = copied.CreateDatabase(t.Context(), "fresh")
	require.NoError(t, err)
	require.Equal(t, []string{"tandem", templateDatabase}, fake.copied)
}

func TestExecute(t *testing.T) {
	access := startFake(t, &fakeOdoo{series: "19.0"})
	var told []any
	err := access.Execute(t.Context(), &told, "res.partner", "read", []any{[]int{7}}, map[string]any{"fields": []string{"name"}})
	require.NoError(t, err)
	require.Equal(t, []any{"tandem", 2.0, "admin", "res.partner", "read", []any{[]any{7.0}},
		map[string]any{"fields": []any{"name"}}}, told)
}
