package woo

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestTransientFailuresAreTriedAgain(t *testing.T) {
	cut := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, `{"id":1`)
	}
	for name, fail := range map[string]func(http.ResponseWriter){
		"500":            func(w http.ResponseWriter) { answer(w, 500, "") },
		"429":            func(w http.ResponseWriter) { answer(w, 429, "") },
		"page":           func(w http.ResponseWriter) { fmt.Fprint(w, "<html>One moment</html>") },
		"cut":            cut,
		"cut, no length": func(w http.ResponseWriter) { fmt.Fprint(w, `{"id":1`) },
		"closed":         func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			client, mux := setup(t)
			var requests atomic.Int64
			mux.HandleFunc("GET "+api+"/orders/1", func(w http.ResponseWriter, _ *http.Request) {
				if requests.Add(1) < 3 {
					fail(w)
					return
				}
				answer(w, 200, `{"id":1}`)
			})
			_, err := client.Orders.Get(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, int64(3), client.Requests())
			require.Equal(t, int64(2), client.Stats().Retries)
		})
	}
}

func TestGivesUpAfterAllTries(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Tries = 3 })
	mux.HandleFunc("GET "+api+"/orders/1", func(w http.ResponseWriter, _ *http.Request) { answer(w, 503, "") })
	_, err := client.Orders.Get(t.Context(), 1)
	require.Equal(t, Unavailable, ReasonOf(err))
	require.True(t, fault.Retryable(err))
	require.Equal(t, int64(3), client.Requests())
}

func TestPermanentFailuresAreNotTriedAgain(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products", readFixture(t, "bad_key_error").serve)
	_, err := client.Products.List(t.Context(), ListOptions{})
	require.Equal(t, Unauthorized, ReasonOf(err))
	require.Contains(t, err.Error(), "Force Authorization")
	require.Equal(t, int64(1), client.Requests())
}

func TestLongRetryAfterIsLeftToTheCaller(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/orders/1", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		answer(w, 429, "")
	})
	_, err := client.Orders.Get(t.Context(), 1)
	require.Equal(t, RateLimited, ReasonOf(err))
	require.Equal(t, 10*time.Minute, fault.From(err).After)

	_, err = client.Orders.Get(t.Context(), 2)
	require.Equal(t, RateLimited, ReasonOf(err), "the silence is kept by every request of the store")
	require.Greater(t, fault.From(err).After, 9*time.Minute)
	require.Equal(t, int64(1), client.Requests())
}

func TestACreateIsNeverDoneTwice(t *testing.T) {
	for _, test := range []struct {
		name   string
		fail   func(http.ResponseWriter)
		reason Reason
		tries  int64
	}{
		{"answer lost", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, Uncertain, 1},
		{"gateway timeout", func(w http.ResponseWriter) { answer(w, 504, "") }, Uncertain, 1},
		{"page", func(w http.ResponseWriter) { fmt.Fprint(w, "<html></html>") }, Uncertain, 1},
		{"503 without a wait", func(w http.ResponseWriter) { answer(w, 503, "") }, Uncertain, 1},
		{"throttled before it ran", func(w http.ResponseWriter) { answer(w, 429, "") }, RateLimited, 5},
		{"refused", func(w http.ResponseWriter) { answer(w, 400, `{"code":"rest_invalid_param","message":"x"}`) }, Invalid, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			client, mux := setup(t)
			mux.HandleFunc("POST "+api+"/orders", func(w http.ResponseWriter, _ *http.Request) { test.fail(w) })
			_, err := client.Orders.Create(t.Context(), Fields{"status": "pending"})
			require.Equal(t, test.reason, ReasonOf(err))
			require.Equal(t, test.reason == RateLimited, fault.Retryable(err))
			require.Equal(t, test.tries, client.Requests())
		})
	}
}

func TestACreateThatWasNeverSentIsTriedAgain(t *testing.T) {
	var dials atomic.Int64
	client, mux := setup(t, func(cfg *Config) {
		cfg.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if dials.Add(1) < 3 {
				return nil, errors.New("connection refused")
			}
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}}}
	})
	mux.HandleFunc("POST "+api+"/orders", func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, `{"id":9}`) })
	order, err := client.Orders.Create(t.Context(), Fields{})
	require.NoError(t, err)
	require.Equal(t, ID(9), order.ID)
}

func TestRepliesAreBounded(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.MaxReply = 1000 })
	long := `[{"id":1,"name":"` + strings.Repeat("x", 2000) + `"}]`
	mux.HandleFunc("GET "+api+"/products", func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, long) })
	mux.HandleFunc("GET "+api+"/coupons", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		var buf bytes.Buffer
		zip := gzip.NewWriter(&buf)
		fmt.Fprint(zip, long)
		require.NoError(t, zip.Close())
		w.Write(buf.Bytes()) //nolint:errcheck // the client hangs up on purpose
	})
	_, err := client.Products.List(t.Context(), ListOptions{})
	require.Equal(t, TooLarge, ReasonOf(err))
	_, err = client.Coupons.List(t.Context(), ListOptions{})
	require.Equal(t, TooLarge, ReasonOf(err), "counted after decompression")
	require.Equal(t, int64(2), client.Requests())
}

func TestEveryTryHasATimeout(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Timeout, cfg.Tries = 30*time.Millisecond, 2 })
	mux.HandleFunc("GET "+api+"/orders/1", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := client.Orders.Get(t.Context(), 1)
	require.Equal(t, Unavailable, ReasonOf(err))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, int64(2), client.Requests())
}

func TestCancelledCallsEndAtOnceAndDoNotSlowTheStore(t *testing.T) {
	client, mux := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	mux.HandleFunc("GET "+api+"/orders/1", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := client.Orders.Get(ctx, 1)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.Zero(t, client.Stats().Failures)
	require.Zero(t, client.Stats().InFlight)
}

func TestRedirectsAreRefusedWithTheAddressToUse(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("POST "+api+"/orders", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://www.shop.example/wp-json/wc/v3/orders?consumer_key=ck_test", http.StatusMovedPermanently)
	})
	_, err := client.Orders.Create(t.Context(), Fields{})
	requireField(t, err, "url")
	require.Equal(t, Redirected, ReasonOf(err))
	require.Contains(t, err.Error(), "https://www.shop.example/wp-json/wc/v3/orders")
	require.NotContains(t, err.Error(), "ck_test")
}

// Keys stand in the address with query authentication, and Go's own errors quote addresses.
func TestErrorsHoldNoSecrets(t *testing.T) {
	client, err := New(Config{URL: "http://127.0.0.1:1", ConsumerKey: "ck_test", ConsumerSecret: "cs_test", Auth: AuthQuery, Tries: 1})
	require.NoError(t, err)
	_, err = client.Customers.List(t.Context(), ListOptions{Search: "jane@example.com"})
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		require.NotContains(t, cause.Error(), "cs_test")
		require.NotContains(t, cause.Error(), "jane")
	}
	require.Equal(t, Unavailable, ReasonOf(err))
}

func TestFieldsThatAreNoJSON(t *testing.T) {
	client, _ := setup(t)
	_, err := client.Orders.Create(t.Context(), Fields{"status": func() {}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.Zero(t, client.Requests())
}
