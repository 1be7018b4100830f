package woo

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"syscall"
)

// describeDialError says in the operator's words why there is no answer; "" when the cause says nothing useful.
func describeDialError(cause error) string {
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		plain       tls.RecordHeaderError
		network     net.Error
	)
	switch {
	case errors.As(cause, &name) && name.IsNotFound:
		return ": host not found: check the address"
	case errors.As(cause, &name):
		return ": the name server did not resolve the host"
	case errors.As(cause, &certificate):
		return ": the store's certificate is not valid or not trusted: renew it, or switch off Verify SSL for a private one"
	case errors.As(cause, &plain), errors.Is(cause, http.ErrSchemeMismatch):
		return ": the server does not support https on this port: check the address and its port"
	case errors.Is(cause, syscall.ECONNREFUSED):
		return ": the connection was refused: check the address, its port and that the store's web server runs"
	case errors.Is(cause, syscall.EHOSTUNREACH), errors.Is(cause, syscall.ENETUNREACH):
		return ": the network is unreachable: check the address and the network"
	case errors.Is(cause, context.DeadlineExceeded), errors.As(cause, &network) && network.Timeout():
		return ": no answer came in time: the store is overloaded, or a firewall drops the request"
	default:
		return ""
	}
}
