package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// writeLog opens the log and writes to it as a child would.
func writeLog(t *testing.T, folder, text string) *Log {
	t.Helper()
	log, err := OpenLog(filepath.Join(folder, "logs", "server.log"))
	require.NoError(t, err)
	_, err = log.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, log.Close())
	return log
}

func TestTailShowsTheLastLinesOfThisRunOnly(t *testing.T) {
	folder := t.TempDir()
	writeLog(t, folder, "line of the run before\n")
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, "line %d\n", i)
	}

	tail := writeLog(t, folder, text.String()).Tail()

	require.Contains(t, tail, filepath.Join(folder, "logs", "server.log"))
	require.NotContains(t, tail, "before")
	require.NotContains(t, tail, "line 24\n")
	require.True(t, strings.HasSuffix(tail, "\n  | line 38\n  | line 39"), tail)
	require.Equal(t, tailLines, strings.Count(tail, "\n"))
}

func TestTailOfASilentRun(t *testing.T) {
	folder := t.TempDir()
	writeLog(t, folder, "line of the run before\n")
	log := writeLog(t, folder, "")
	require.Equal(t, "log: "+log.Path(), log.Tail())
}

func TestTailIsShortHoweverLongTheLines(t *testing.T) {
	log := writeLog(t, t.TempDir(), strings.Repeat("x", 10*tailBytes))
	require.Less(t, len(log.Tail()), 2*tailBytes)
}

func TestOpenLogRotatesAnOverlongOne(t *testing.T) {
	folder := t.TempDir()
	old := writeLog(t, folder, "old\n")
	require.NoError(t, os.Truncate(old.Path(), logLimit+1))

	log := writeLog(t, folder, "new\n")

	text, err := os.ReadFile(log.Path())
	require.NoError(t, err)
	require.Equal(t, "new\n", string(text))
	info, err := os.Stat(log.Path() + ".1")
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(logLimit))
}

func TestOpenLogIsPrivate(t *testing.T) {
	log := writeLog(t, t.TempDir(), "")
	info, err := os.Stat(log.Path())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
