package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/lib/pq"

	"tandem/fault"
)

// classify turns a driver's error into one of ours, the only place that does. An error that has a kind keeps it. The
// server's own text may quote values and is therefore never part of the message.
func classify(err error, doing string) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	var server *pq.Error
	switch {
	case errors.As(err, &server):
		return classifyServer(server, doing)
	case errors.Is(err, sql.ErrNoRows):
		return fault.Wrap(fault.NotFound, err, "%s: not found", doing)
	case unreachable(err):
		return fault.Wrap(fault.Unavailable, err, "%s: the database does not answer", doing)
	default:
		return fault.Wrap(fault.Internal, err, "%s: the database driver failed", doing)
	}
}

// named says which record is missing or in the way where a classified error says only that one is.
func named(err error, kind fault.Kind, format string, args ...any) error {
	if !fault.Is(err, kind) {
		return err
	}
	return fault.Wrap(kind, err, format, args...)
}

// unreachable reports whether err says that a connection broke or never came to be, or that time ran out.
func unreachable(err error) bool {
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.Canceled) ||
		errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network)
}

// classifyServer reads PostgreSQL's error codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
func classifyServer(err *pq.Error, doing string) error {
	kind, text := fault.Internal, "the database refused the statement"
	switch err.Code {
	case "23505": // unique_violation
		kind, text = fault.Conflict, "it exists already"
	case "23503": // foreign_key_violation
		kind, text = fault.Conflict, "it is in use, or refers to something that does not exist"
	case "23502", "23514": // not_null_violation, check_violation
		kind, text = fault.Invalid, "a value is missing or not allowed"
	case "22P02", "22021", "22P05": // not a uuid; a NUL byte or bytes that are no UTF-8
		kind, text = fault.Invalid, "a value is malformed"
	case "3D000": // database missing
		kind, text = fault.NotFound, "database not found: create it"
	case "42P01", "42703", "3F000": // table, column or schema missing; NotFound would read as a record that is not there
		kind, text = fault.Unavailable, "the database's tables are missing or old: run tandem migrate"
	case "55P03": // lock not available
		kind, text = fault.Unavailable, "it was in use at the same moment"
	case "25P03", "25P04", "57014": // the session's limits, see sessionLimits
		kind, text = fault.Unavailable, "it took longer than allowed"
	default:
		kind, text = classifyClass(string(err.Code[:2]), kind, text)
	}
	return &fault.Error{Kind: kind, Code: string(err.Code), Message: doing + ": " + text, Err: err}
}

// classifyClass falls back to the first two characters of the code.
func classifyClass(class string, kind fault.Kind, text string) (fault.Kind, string) {
	switch class {
	case "08", "53", "57", "58": // connection, resources, shutting down or starting up, system error
		return fault.Unavailable, "the database is not available"
	case "40": // serialization failure, deadlock
		return fault.Unavailable, "it was changed at the same moment"
	case "28":
		return fault.Unauthorized, "the database refuses the user or password"
	default:
		return kind, text
	}
}
