package devstack

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"tandem/fault"
)

// The Temporal CLI is pinned, because the dev server inside it decides how workflows behave. The two files are the go.mod
// and go.sum of a module of its own, under names with which they can be embedded. To change a version, copy them to an
// empty folder under their usual names, `go get` there what should change, run `go mod tidy`, and copy them back.
const (
	temporalPackage = "github.com/temporalio/cli/cmd/temporal"
	temporalVersion = "v1.5.1"
)

//go:embed temporalcli.mod
var temporalModule string

//go:embed temporalcli.sum
var temporalSums string

// cliKept is how long a CLI that is no longer used stays in the cache. Several checkouts may need different ones.
const cliKept = 30 * 24 * time.Hour

// temporalCLI returns the path of the CLI: the given one, or the pinned one in the user's cache, built there when missing.
func temporalCLI(ctx context.Context, options TemporalOptions) (string, error) {
	if options.CLI != "" {
		path, err := exec.LookPath(options.CLI)
		if err != nil {
			return "", fault.Wrap(fault.NotFound, err, "the Temporal CLI %s does not exist or is not executable", options.CLI)
		}
		return path, nil
	}
	cache := cliCache(options)
	if err := makeDir(cache, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(cache, cliName())
	if !isFile(path) {
		if err := buildOnce(ctx, path, options); err != nil {
			return "", err
		}
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // fails for another user's file, which that user keeps fresh
	removeUnused(cache, now.Add(-cliKept))
	return path, nil
}

// cliCache returns the folder that all installations of this user share, or one inside the installation's own folder for
// a user without a home.
func cliCache(options TemporalOptions) string {
	if options.Cache != "" {
		return options.Cache
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "tandem")
	}
	return filepath.Join(options.Folder, "cache")
}

// cliName names the CLI after everything it is built from, so that a change of any version builds another one.
func cliName() string {
	sum := sha256.Sum256([]byte(temporalModule + temporalSums))
	return strings.Join([]string{"temporal", temporalVersion, runtime.Version(), hex.EncodeToString(sum[:4])}, "-")
}

// isFile reports whether the path is a file.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// removeUnused removes the CLIs that were last used before the time, and what was left of their builds. What cannot be
// removed takes up room and does no harm.
func removeUnused(cache string, before time.Time) {
	found, err := os.ReadDir(cache)
	if err != nil {
		return
	}
	for _, entry := range found {
		if strings.HasPrefix(entry.Name(), "temporal-") && unusedSince(entry, before) {
			_ = os.RemoveAll(filepath.Join(cache, entry.Name()))
		}
	}
}

// unusedSince reports whether a file of the cache is old. A lock file never is: see lockFile.
func unusedSince(entry fs.DirEntry, before time.Time) bool {
	info, err := entry.Info()
	return err == nil && !strings.HasSuffix(entry.Name(), ".lock") && info.ModTime().Before(before)
}
