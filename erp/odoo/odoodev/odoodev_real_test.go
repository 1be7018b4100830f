//go:build odoo

package odoodev

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// These tests need root and Debian's packages, so they only run with -tags odoo; see odoo.mk. The folder is the one of
// `make odoo-up` unless ODOO_FOLDER says otherwise; a version that runs there is used, and left running.
func realFolder() string {
	if folder := os.Getenv("ODOO_FOLDER"); folder != "" {
		return folder
	}
	return "../../../.tandem"
}

// realAccess gives a running Odoo of the version.
func realAccess(t *testing.T, version string) Access {
	t.Helper()
	access, err := Running(t.Context(), realFolder(), version)
	if err == nil {
		return access
	}
	options := Options{Folder: realFolder(), Version: version, Report: func(line string) { t.Log(line) }}
	started, err := Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, started.Stop()) })
	return started.Access()
}

func TestRealOdoo(t *testing.T) {
	for _, version := range Versions() {
		t.Run(version, func(t *testing.T) {
			access := realAccess(t, version)
			_, err := Start(t.Context(), Options{Folder: realFolder(), Version: version})
			require.True(t, fault.Is(err, fault.Conflict), "one at a time uses a folder")

			fresh, err := access.CreateDatabase(t.Context(), fmt.Sprintf("odoodev_test_%d", os.Getpid()))
			require.NoError(t, err)
			defer func() { require.NoError(t, access.DeleteDatabase(context.Background(), fresh.Database)) }()
			for login, secret := range map[string]string{fresh.Login: fresh.APIKey, "admin": fresh.AdminPassword} {
				requireUsable(t, fresh, login, secret)
			}
		})
	}
}

// requireUsable finds what invoicing in several currencies takes.
func requireUsable(t *testing.T, access Access, login, secret string) {
	t.Helper()
	var user int
	require.NoError(t, access.call(t.Context(), &user, "common", "login", access.Database, login, secret))
	count := func(model string, domain ...any) (n int) {
		require.NoError(t, access.call(t.Context(), &n, "object", "execute_kw",
			access.Database, user, secret, model, "search_count", []any{append([]any{}, domain...)}))
		return n
	}
	in := func(field, operator string, value any) []any { return []any{field, operator, value} }
	found, err := findRelease(access.Version)
	require.NoError(t, err)
	require.Equal(t, len(found.modules),
		count("ir.module.module", in("state", "=", "installed"), in("name", "in", found.modules)))
	require.Equal(t, 3, count("res.currency", in("name", "in", []string{"EUR", "GBP", "USD"})))
	require.Equal(t, 1, count("res.company", in("currency_id.name", "=", "EUR")))
	require.Equal(t, 1, count("account.journal", in("type", "=", "sale")))
	require.NotZero(t, count("account.journal", in("type", "=", "bank")))
	require.Zero(t, count("sale.order"), "a fresh database has nothing in it")
}

// Nothing a killed run started may live on, and none of its mounts may show outside.
func TestNothingOutlivesAKilledRun(t *testing.T) {
	before := mounts(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), standInVariable+"=fork")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	said, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "started\n", said)
	require.Equal(t, before, mounts(t))
	shell := child(t, cmd.Process.Pid)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Eventually(t, func() bool { return syscall.Kill(shell, 0) == syscall.ESRCH }, 2*time.Minute, 10*time.Millisecond)
}

func mounts(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/mounts")
	require.NoError(t, err)
	return string(text)
}

// child gives the number of the only child of a process.
func child(t *testing.T, parent int) (pid int) {
	t.Helper()
	found, err := exec.Command("pgrep", "--parent", fmt.Sprint(parent)).Output()
	require.NoError(t, err)
	_, err = fmt.Sscan(strings.TrimSpace(string(found)), &pid)
	require.NoError(t, err)
	return pid
}
