// Package web holds the built page, which the API serves. It is made of the sources beside it by `make web`, and committed so
// that building the program needs Go alone.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files gives the built page: index.html, and in assets what it loads, named by content.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant that fs.ValidPath accepts
	}
	return files
}
