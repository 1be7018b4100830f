package devstack

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"tandem/fault"
)

// minPostgres is the oldest major version that will do: the tables are compressed with lz4, which came with 14, and the
// tests copy databases as only 15 and later can.
const minPostgres = 15

// programs are the PostgreSQL server programs of one version.
type programs struct {
	dir   string
	major int
}

// path gives the full path of one program.
func (p programs) path(name string) string { return filepath.Join(p.dir, name) }

// findPrograms gives the newest version in the folders, or the given major version when that is not 0. The second result
// is false when there is none.
func findPrograms(dirs []string, major int) (programs, bool) {
	var best programs
	for _, dir := range dirs {
		found, ok := programsIn(dir)
		if ok && found.major > best.major && (major == 0 || found.major == major) {
			best = found
		}
	}
	return best, best.major >= minPostgres
}

// serverVersion finds the major version in "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)".
var serverVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// programsIn looks into one folder.
func programsIn(dir string) (programs, bool) {
	if _, err := exec.LookPath(filepath.Join(dir, "initdb")); err != nil {
		return programs{}, false
	}
	text, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return programs{}, false
	}
	match := serverVersion.FindSubmatch(text)
	if match == nil {
		return programs{}, false
	}
	major, err := strconv.Atoi(string(match[1]))
	return programs{dir: dir, major: major}, err == nil
}

// searchDirs gives the folders where PostgreSQL is usually found: PATH, what pg_config says, and where Debian, the
// PostgreSQL project's RPMs and Homebrew put the versions.
func searchDirs() []string {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	if text, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(text)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
	} {
		found, _ := filepath.Glob(pattern) // the only error is a malformed pattern
		dirs = append(dirs, found...)
	}
	return dirs
}

// resolvePrograms finds the programs that fit the cluster, installing them when they are missing and may be.
func resolvePrograms(options PostgresOptions, major int) (programs, error) {
	if major != 0 && major < minPostgres {
		return programs{}, fault.New(fault.Unsupported, "the data was made by PostgreSQL %d, but %d or newer is needed: "+
			"upgrade it with pg_upgrade, or remove it to start afresh", major, minPostgres)
	}
	dirs := options.SearchDirs
	if dirs == nil {
		dirs = searchDirs()
	}
	if found, ok := findPrograms(dirs, major); ok {
		return found, nil
	}
	pkg := "postgresql"
	if major != 0 {
		pkg = "postgresql-" + strconv.Itoa(major)
	}
	if options.NoInstall {
		return programs{}, missingPostgres(pkg)
	}
	if err := installPostgres(options.Folder, pkg, options.report); err != nil {
		return programs{}, err
	}
	if found, ok := findPrograms(searchDirs(), major); ok {
		return found, nil
	}
	return programs{}, fault.New(fault.NotFound, "apt installed %s, but the server programs of PostgreSQL %d or newer "+
		"are nowhere to be found: install them from https://www.postgresql.org/download/", pkg, max(major, minPostgres))
}
