package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/odoodev"
	"tandem/fault"
)

// execute runs the command line and gives what it prints on stdout.
func execute(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestExitCode(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{fault.New(fault.Invalid, "x"), exitUsage},
		{fault.New(fault.Unavailable, "x"), exitNoPackages},
		{fault.New(fault.Unauthorized, "x"), exitNoPrivilege},
		{fault.New(fault.Internal, "x"), exitFailure},
		{errors.New("x"), exitFailure},
	}
	for _, test := range tests {
		require.Equal(t, test.want, exitCode(test.err))
	}
}

func TestUpRefusesUnknownVersions(t *testing.T) {
	_, err := execute(t, "up", "--folder", t.TempDir(), "--version", "2")
	require.True(t, fault.Is(err, fault.Invalid))
}

func TestNothingRuns(t *testing.T) {
	folder := t.TempDir()
	for _, args := range [][]string{{"show"}, {"create", "x"}, {"delete", "x"}} {
		_, err := execute(t, append(args, "--folder", folder)...)
		require.True(t, fault.Is(err, fault.NotFound), args[0])
	}
	out, err := execute(t, "down", "--folder", folder, "--version", "14")
	require.NoError(t, err)
	require.Equal(t, "Odoo 14 is not running\n", out)
}

func TestShow(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"result":{"server_serie":"14.0"}}`))
	}))
	defer server.Close()
	folder := t.TempDir()
	want := odoodev.Access{Version: "14", URL: server.URL, Database: "tandem", APIKey: "key"}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "odoo/14"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "odoo/14/access.json"), text, 0o600))

	out, err := execute(t, "show", "--folder", folder, "--version", "14")
	require.NoError(t, err)
	var got odoodev.Access
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, want, got)
}
