package devstack

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// startPostgres starts a server that the end of the test stops.
func startPostgres(t *testing.T, options PostgresOptions) *Postgres {
	t.Helper()
	server, err := StartPostgres(testContext(t), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return server
}

// query gives the one value of a query.
func query(t *testing.T, dsn, text string) (value string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close()
	require.NoError(t, db.QueryRowContext(t.Context(), text).Scan(&value))
	return value
}

// execute runs one statement.
func execute(t *testing.T, dsn, text string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), text)
	require.NoError(t, err)
}

func TestPostgresLife(t *testing.T) {
	folder := testFolder(t)
	busy := listen(t)
	var report lines
	options := PostgresOptions{Folder: folder, Port: busy, Report: report.add}
	server := startPostgres(t, options)
	require.Contains(t, report.text(), "cluster in "+filepath.Join(folder, "postgres"))
	require.Greater(t, server.Port(), busy)
	require.Contains(t, report.text(), fmt.Sprintf("Port %d is busy: PostgreSQL takes %d", busy, server.Port()))
	dsn := server.DSN()

	t.Run("settings", func(t *testing.T) {
		for setting, want := range map[string]string{
			"server_encoding": "UTF8", "synchronous_commit": "on", "fsync": "on", "listen_addresses": "127.0.0.1",
			"shared_buffers": "256MB", "max_wal_size": "2GB", "password_encryption": "scram-sha-256", "TimeZone": "UTC",
		} {
			require.Equal(t, want, query(t, dsn, "SHOW "+setting), setting)
		}
		require.Equal(t, "C.UTF-8", query(t, dsn, "SELECT datcollate FROM pg_database WHERE datname = 'tandem'"))
	})

	t.Run("nobody gets in without the password", func(t *testing.T) {
		db, err := sql.Open("postgres", fmt.Sprintf("postgres://tandem:x@127.0.0.1:%d/tandem?sslmode=disable", server.Port()))
		require.NoError(t, err)
		defer db.Close()
		require.ErrorContains(t, db.PingContext(t.Context()), "password authentication failed")
	})

	t.Run("log without customers' data", func(t *testing.T) {
		db, err := sql.Open("postgres", dsn)
		require.NoError(t, err)
		defer db.Close()
		_, err = db.ExecContext(t.Context(), `CREATE TEMP TABLE c (mail text PRIMARY KEY CHECK (mail <> 'a@example.com'));
			INSERT INTO c VALUES ('a@example.com')`)
		require.Error(t, err)
		text, err := os.ReadFile(filepath.Join(folder, "logs", "postgres.log"))
		require.NoError(t, err)
		require.Contains(t, string(text), "violates check constraint")
		require.NotContains(t, string(text), "a@example.com")
	})

	execute(t, dsn, "CREATE TABLE kept (id int)")

	t.Run("restart keeps address and data", func(t *testing.T) {
		before := query(t, dsn, "SELECT pg_postmaster_start_time()")
		require.NoError(t, server.Restart(testContext(t)))
		require.Equal(t, dsn, server.DSN())
		require.NotEqual(t, before, query(t, dsn, "SELECT pg_postmaster_start_time()"))
		require.Equal(t, "0", query(t, dsn, "SELECT count(*) FROM kept"))
	})

	t.Run("next start reuses the data", func(t *testing.T) {
		require.NoError(t, server.Stop())
		next := startPostgres(t, options)
		require.Equal(t, "0", query(t, next.DSN(), "SELECT count(*) FROM kept"))
	})
}

func TestPostgresAfterACrash(t *testing.T) {
	folder := testFolder(t)
	server := startPostgres(t, PostgresOptions{Folder: folder})
	execute(t, server.DSN(), "CREATE TABLE kept (id int)")
	crash(server.server)

	t.Run("its number now belongs to another program", func(t *testing.T) {
		stranger := startStranger(t, "/another/folder")
		usurp(t, server.cluster, stranger.Process.Pid)
		next := startPostgres(t, PostgresOptions{Folder: folder})
		require.Equal(t, "0", query(t, next.DSN(), "SELECT count(*) FROM kept"))
	})

	t.Run("the killed run's server still runs", func(t *testing.T) {
		orphan, err := StartPostgres(testContext(t), PostgresOptions{Folder: folder})
		require.NoError(t, err)
		orphan.server.end() // as if its Tandem had been killed
		next := startPostgres(t, PostgresOptions{Folder: folder, Port: orphan.Port()})
		receive(t, orphan.server.process.Done(), "the end of the server left behind")
		require.Equal(t, "0", query(t, next.DSN(), "SELECT count(*) FROM kept"))
		require.NoError(t, next.Stop())
	})

	t.Run("its settings are broken", func(t *testing.T) {
		settings := filepath.Join(server.cluster.data(), "postgresql.conf")
		require.NoError(t, server.cluster.owner.writeFile(settings, "nonsense = 1\n"))
		_, err := StartPostgres(testContext(t), PostgresOptions{Folder: folder})
		require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
		require.ErrorContains(t, err, `unrecognized configuration parameter "nonsense"`)
		require.ErrorContains(t, err, filepath.Join(folder, "logs", "postgres.log"))
	})
}

// crash kills a server that nothing brings back.
func crash(s *server) {
	s.end()
	s.process.Signal(syscall.SIGKILL)
	<-s.process.Done()
}

// usurp writes another process into the pid file that a killed server left, as if that had got its number.
func usurp(t *testing.T, c cluster, pid int) {
	t.Helper()
	file := filepath.Join(c.data(), "postmaster.pid")
	require.FileExists(t, file)
	require.NoError(t, c.owner.writeFile(file, strconv.Itoa(pid)+"\n"+c.data()+"\n"))
}

func TestPostgresOfAnotherVersion(t *testing.T) {
	folder := testFolder(t)
	data := cluster{dir: filepath.Join(folder, "postgres")}.data()
	require.NoError(t, os.MkdirAll(data, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("98\n"), 0o600))

	_, err := StartPostgres(testContext(t), PostgresOptions{Folder: folder, NoInstall: true})

	require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	require.ErrorContains(t, err, "postgresql-98")
}
