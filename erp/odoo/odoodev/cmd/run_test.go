package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/odoodev"
	"tandem/fault"
)

// running pretends that an Odoo runs in a new folder, and keeps the methods that its database service is asked for.
func running(t *testing.T) (folder string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var call struct {
			Params struct{ Service, Method string }
		}
		if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		result := `false`
		if call.Params.Service == "common" {
			result = `{"server_serie":"14.0"}`
		} else {
			*asked = append(*asked, call.Params.Method)
		}
		_, _ = w.Write([]byte(`{"result":` + result + `}`))
	}))
	t.Cleanup(server.Close)
	folder = t.TempDir()
	text, err := json.Marshal(odoodev.Access{Version: "14", URL: server.URL, Database: "tandem"})
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(folder, "odoo/14"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "odoo/14/access.json"), text, 0o600))
	return folder, asked
}

func TestRunGivesAProgramADatabaseOfItsOwn(t *testing.T) {
	folder, asked := running(t)
	out, err := execute(t, "run", "--folder", folder, "--version", "14", "--", "sh", "-c", `cat "$TANDEM_ODOO"`)
	require.NoError(t, err)
	var got odoodev.Access
	about, printed, _ := strings.Cut(out, "\n")
	require.Contains(t, about, "Odoo 14 at http://")
	require.NoError(t, json.Unmarshal([]byte(printed), &got))
	require.Regexp(t, `^run_\d+$`, got.Database)
	require.Equal(t, []string{"db_exist", "duplicate_database", "drop"}, *asked)
}

func TestRunFailsAsItsProgramDoes(t *testing.T) {
	folder, asked := running(t)
	_, err := execute(t, "run", "--folder", folder, "--version", "14", "--", "sh", "-c", "exit 3")
	var exit *exec.ExitError
	require.True(t, errors.As(err, &exit))
	require.Equal(t, 3, exit.ExitCode())
	require.Contains(t, *asked, "drop", "the database goes all the same")
}

func TestInstallRefusesUnknownVersions(t *testing.T) {
	_, err := execute(t, "install", "--folder", t.TempDir(), "2")
	require.True(t, fault.Is(err, fault.Invalid))
}
