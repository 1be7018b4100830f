package woo

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f::1": true, "100.63.255.255": true, "172.32.0.1": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.16.0.1": false, "192.168.1.1": false, "fd00::1": false,
		"169.254.169.254": false, "fe80::1": false, "224.0.0.1": false, "255.255.255.255": false, "100.64.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		require.Equal(t, want, isPublic(netip.MustParseAddr(address)), address)
	}
}

func TestOnlyPublic(t *testing.T) {
	for _, test := range []struct {
		name, store, address string
		allowed              bool
	}{
		{"a content network", "https://203.0.113.5", "93.184.215.14:443", true},
		{"this machine", "https://203.0.113.5", "127.0.0.1:5432", false},
		{"this machine, written as IPv6", "https://203.0.113.5", "[::ffff:127.0.0.1]:5432", false},
		{"a cloud's metadata", "http://192.168.1.7", "169.254.169.254:80", false},
		{"a link-local address with its zone", "https://203.0.113.5", "[fe80::1%eth0]:80", false},
		{"the store's own private address", "http://192.168.1.7:8080", "192.168.1.7:8080", true},
		{"another port of it", "http://192.168.1.7:8080", "192.168.1.7:5432", false},
		{"the usual port of another scheme", "http://192.168.1.7:8080", "192.168.1.7:443", false},
		{"http beside https", "https://192.168.1.7", "192.168.1.7:80", true},
		{"https beside http", "http://192.168.1.7", "192.168.1.7:443", true},
		{"a service beside https", "https://192.168.1.7", "192.168.1.7:6379", false},
		{"its neighbour", "http://192.168.1.7:8080", "192.168.1.8:8080", false},
		{"the store by name", "http://localhost:8080", "127.0.0.1:8080", true},
		{"another port of the store by name", "http://localhost:8080", "127.0.0.1:8081", false},
		{"no address", "http://192.168.1.7", "/run/service.sock", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			base, err := url.Parse(test.store)
			require.NoError(t, err)
			err = onlyPublic(trustedPlaces(&http.Transport{Proxy: noProxy}, base))(t.Context(), "tcp", test.address, nil)
			require.Equal(t, test.allowed, err == nil)
		})
	}
}

func noProxy(*http.Request) (*url.URL, error) { return nil, nil } //nolint:nilnil // as net/http wants it

// The store's address is public here, so what listens on this machine is out of bounds.
func TestFetchImageKeepsOutOfPrivateNetworks(t *testing.T) {
	reached := 0
	inner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached++
		w.Write(png) //nolint:errcheck // never read
	}))
	t.Cleanup(inner.Close)
	client, err := New(Config{URL: "https://203.0.113.5", ConsumerKey: "ck_test", ConsumerSecret: "cs_test"})
	require.NoError(t, err)
	_, err = client.FetchImage(t.Context(), inner.URL+"/a.png")
	require.Equal(t, Private, ReasonOf(err))
	require.False(t, fault.Retryable(err))
	require.Zero(t, reached)
	require.Equal(t, int64(1), client.Requests(), "another try would be as wrong")
}

// A redirect leads from the store, which is this machine, to another address of this machine that is not the store's.
func TestFetchImageChecksRedirects(t *testing.T) {
	client, mux := setup(t)
	mux.Handle("GET /a.png", http.RedirectHandler("http://127.0.0.9:9/b.png", http.StatusFound))
	_, err := client.FetchImage(t.Context(), "http://"+client.base.Host+"/a.png")
	require.Equal(t, Private, ReasonOf(err))
}

func TestTrustedPlacesIncludeTheProxy(t *testing.T) {
	transport := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://10.0.0.3:3128") }}
	base := &url.URL{Scheme: "https", Host: "shop.example:8443"}
	proxy := place{"10.0.0.3", 3128}
	require.Equal(t, []place{{"shop.example", 8443}, proxy, proxy}, trustedPlaces(transport, base))
}
