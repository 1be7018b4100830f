package rpc

import (
	"context"
	"errors"
	"net"
	"time"

	"tandem/fault"
)

// Codes of calls that ended without an answer of Odoo's. What they were about may be the reason.
const (
	CodeTimedOut = "timed_out"  // it took as long as Odoo, or a proxy in front of it, allows
	CodeLost     = "reply_lost" // the connection ended while Odoo worked on it, as it does when a worker is killed
)

// slowCall is how long a call without an answer must have taken to be called too slow. Proxies give up after 60 s where they
// are not told otherwise.
const slowCall = 50 * time.Second

// Unreachable classifies a request that got no reply. Its own text holds the address, so it is not shown.
func Unreachable(err error, took time.Duration) error {
	var dns *net.DNSError
	var op *net.OpError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return fault.Wrap(fault.Unavailable, err, "the call to Odoo was cancelled")
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault.Wrap(fault.Unavailable, err, "the name of the Odoo server cannot be resolved")
	case errors.As(err, &op) && op.Op == "dial":
		return fault.Wrap(fault.Unavailable, err, "Odoo does not answer")
	case took >= slowCall, errors.As(err, &timeout) && timeout.Timeout():
		return coded(CodeTimedOut, fault.Wrap(fault.Unavailable, err, "Odoo did not answer in time"))
	default:
		return coded(CodeLost, fault.Wrap(fault.Unavailable, err, "the connection to Odoo ended before it replied"))
	}
}

// lostAt says in an error about a lost reply what the reply was to.
func lostAt(c Call, err error) error {
	failure := fault.From(err)
	if failure.Code != CodeLost {
		return err
	}
	named := *failure
	named.Message += " to " + c.Model + "." + c.Method
	return &named
}

// coded gives an error a code.
func coded(code string, failure *fault.Error) error {
	failure.Code = code
	return failure
}

// TookTooLong reports whether a call was not answered in the time that Odoo is given.
func TookTooLong(err error) bool {
	if err == nil {
		return false
	}
	switch fault.From(err).Code {
	case CodeTimedOut, "odoo_TimeoutError", "odoo_QueryCanceled":
		return true
	default:
		return false
	}
}
