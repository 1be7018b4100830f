package rpc

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"tandem/fault"
)

const (
	oldest = 14 // the oldest version that is supported
	// Newest is the newest version that was tried.
	Newest = 19
)

// Release is one version of Odoo, with what the tables below say of it.
type Release struct {
	Version string // as Odoo names it, e.g. "19.0"
	Major   int    // read by the tables only
}

// ParseRelease reads a version like "19.0", "saas~18.2" or "17.0+e". Versions older than 14 are fault.Unsupported.
func ParseRelease(version string) (Release, error) {
	number, _, _ := strings.Cut(strings.TrimPrefix(version, "saas~"), ".")
	major, err := strconv.Atoi(number)
	if err != nil {
		return Release{}, fault.New(fault.Unsupported, "Odoo does not say which version it is")
	}
	if major < oldest {
		return Release{}, fault.New(fault.Unsupported, "Odoo %d is too old: %d or later is needed", major, oldest)
	}
	return Release{Version: version, Major: major}, nil
}

// IsNewerThanTried reports whether the version is newer than any that was tried. It is treated like the newest.
func (r Release) IsNewerThanTried() bool { return r.Major > Newest }

// version asks the server for its version, which needs no key: 19 and later under an address of its own, where older
// ones answer with whatever error, and those over JSON-RPC.
func (w *wire) version(ctx context.Context) (string, error) {
	r, err := w.send(ctx, request{method: http.MethodGet, path: "/web/version", kind: "version"})
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
	ask := Call{Model: "common", Method: "version"}
	r, err = w.postRPC(ctx, ask, nil, map[string]any{"service": "common", "method": "version", "args": []any{}})
	if err != nil {
		return "", err
	}
	if err := w.readRPC(r, ask, &old); err != nil {
		return "", strange(r, err)
	}
	return old.Version, nil
}

// Since is one row of a table: what holds from a version on.
type Since[T any] struct {
	Major int // the first version it holds for
	Value T
}

// Table says what holds in each version. Its rows are in the order of their versions.
type Table[T any] []Since[T]

// For returns what holds in a version.
func (t Table[T]) For(r Release) T {
	var value T
	for _, row := range t {
		if r.Major >= row.Major {
			value = row.Value
		}
	}
	return value
}
