package woo

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDescribeDialError(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Err: err} }
	for _, test := range []struct {
		name  string
		cause error
		tells string // "": nothing
	}{
		{"unknown host", dial(&net.DNSError{IsNotFound: true}), "host not found"},
		{"name server down", dial(&net.DNSError{IsTimeout: true}), "name server"},
		{"certificate", &tls.CertificateVerificationError{Err: errors.New("expired")}, "Verify SSL"},
		{"refused", dial(syscall.ECONNREFUSED), "refused"},
		{"no route", dial(syscall.EHOSTUNREACH), "network is unreachable"},
		{"timeout", fmt.Errorf("x: %w", context.DeadlineExceeded), "in time"},
		{"cut", io.ErrUnexpectedEOF, ""},
		{"an HTTP status", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.tells == "" {
				require.Empty(t, describeDialError(test.cause))
				return
			}
			require.Contains(t, describeDialError(test.cause), test.tells)
		})
	}
}

// What Go's client really gives is told too.
func TestConnectErrorsSayWhy(t *testing.T) {
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	slow, secure, gone := httptest.NewServer(handler), httptest.NewUnstartedServer(handler), httptest.NewServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the refused handshake
	secure.StartTLS()
	t.Cleanup(slow.Close)
	t.Cleanup(secure.Close)
	gone.Close()
	for _, test := range []struct {
		name, address, tells string
		timeout              time.Duration
	}{
		{"refused", gone.URL, "refused", time.Minute},
		{"certificate", secure.URL, "Verify SSL", time.Minute},
		{"timeout", slow.URL, "in time", 50 * time.Millisecond},
		{"no https", "https" + slow.URL[len("http"):], "does not support https", time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, err := New(Config{
				URL: test.address, ConsumerKey: "ck_test", ConsumerSecret: "cs_test", Tries: 1, Timeout: test.timeout,
			})
			require.NoError(t, err)
			_, err = client.Products.Get(t.Context(), 1)
			require.Equal(t, Unavailable, ReasonOf(err))
			require.ErrorContains(t, err, test.tells)
			require.NotContains(t, err.Error(), "cs_test")
		})
	}
}
