//go:build !linux

package db

import (
	"syscall"
)

// limitUnacknowledged leaves it to the statement's own time limit: only Linux has a setting for it.
func limitUnacknowledged(string, string, syscall.RawConn) error { return nil }
