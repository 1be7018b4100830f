package odoodev

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"tandem/fault"
)

// place is where one version lives.
type place struct {
	folder  string // absolute, shared by all versions
	release release
}

func newPlace(folder, version string) (place, error) {
	found, err := findRelease(version)
	if err != nil {
		return place{}, err
	}
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return place{}, fault.Wrap(fault.Invalid, err, "cannot tell where the folder %s is", folder)
	}
	return place{folder: absolute, release: found}, nil
}

func (p place) path(name string) string {
	return filepath.Join(p.folder, "odoo", p.release.version, name)
}

func (p place) lockFile() string { return p.path("lock") }
func (p place) root() root       { return root{dir: p.path("root")} }

// log gives the path of a program's log.
func (p place) log(suffix string) string {
	return filepath.Join(p.folder, "logs", p.release.packageName()+suffix+".log")
}

// make makes the folders. All users may look, so that tests can read where a running Odoo is.
func (p place) make() error {
	for _, dir := range []string{p.path(""), filepath.Dir(p.log(""))} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fault.Wrap(fault.Internal, err, "cannot make the folder %s", dir)
		}
	}
	return nil
}

// writeAccess leaves the address for Running.
func (p place) writeAccess(access Access) error { return writeJSON(p.path("access.json"), access) }

func (p place) removeAccess() error {
	if err := os.Remove(p.path("access.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(fault.Internal, err, "cannot remove %s", p.path("access.json"))
	}
	return nil
}

// writeJSON replaces the file as a whole.
func writeJSON(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err == nil {
		err = os.WriteFile(path+".new", append(text, '\n'), 0o644)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fault.Wrap(fault.Internal, err, "cannot write %s", path)
	}
	return nil
}

// readJSON reports whether the file is there; one that cannot be read counts as missing, since all of them can be made again.
func readJSON(path string, value any) bool {
	text, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(text, value) == nil
}
