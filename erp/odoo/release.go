package odoo

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"tandem/fault"
)

// The oldest version that is supported and the newest one that was tried.
const (
	oldest = 14
	newest = 19
)

// release is one version of Odoo, with what the tables below say of it.
type release struct {
	version string // as Odoo names it, e.g. "19.0"
	major   int
}

// releaseOf reads a version like "19.0", "saas~18.2" or "17.0+e". Versions older than 14 are fault.Unsupported.
func releaseOf(version string) (release, error) {
	number, _, _ := strings.Cut(strings.TrimPrefix(version, "saas~"), ".")
	major, err := strconv.Atoi(number)
	if err != nil {
		return release{}, fault.New(fault.Unsupported, "Odoo does not say which version it is")
	}
	if major < oldest {
		return release{}, fault.New(fault.Unsupported, "Odoo %d is too old: %d or later is needed", major, oldest)
	}
	return release{version: version, major: major}, nil
}

// unknown reports whether the version is newer than any that was tried. It is treated like the newest.
func (r release) unknown() bool { return r.major > newest }

// version asks the server for its version, which needs no key: 19 and later under an address of its own, where older
// ones answer with whatever error, and those over JSON-RPC.
func (w *wire) version(ctx context.Context) (string, error) {
	r, err := w.send(ctx, http.MethodGet, "/web/version", nil, nil)
	if err != nil {
		return "", err
	}
	var found struct {
		Version string `json:"version"`
	}
	if r.status == http.StatusOK && json.Unmarshal(r.body, &found) == nil && found.Version != "" {
		return found.Version, nil
	}
	var old struct {
		Version string `json:"server_version"`
	}
	r, err = w.postRPC(ctx, nil, map[string]any{"service": "common", "method": "version", "args": []any{}})
	if err != nil {
		return "", err
	}
	if err := w.readRPC(r, call{model: "common", method: "version"}, &old); err != nil {
		return "", strange(r, err)
	}
	return old.Version, nil
}

// since is one row of a version table: what holds from a version on.
type since[T any] struct {
	major int
	value T
}

// pick gives the row of a table that holds for a version. Rows are in the order of their versions.
func pick[T any](r release, table []since[T]) T {
	var value T
	for _, row := range table {
		if r.major >= row.major {
			value = row.value
		}
	}
	return value
}
