package woo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// maxHops bounds the redirects of an image address.
const maxHops = 5

// dialTimeout bounds the making of a connection for an image.
const dialTimeout = 30 * time.Second

var errPrivate = errors.New("the address lies in a private network")

// innerNets are no public addresses either, though netip does not say so: shared by carriers, this host, benchmarks, and the networks
// that carry IPv4 addresses inside IPv6.
var innerNets = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
}

// imageClient follows redirects, to a content network for instance, unlike the client for the API. A record may give any address, so it
// connects to public ones and to the store alone: otherwise whoever edits products could reach the services next to this one.
func (cfg Config) imageClient(base *url.URL) *http.Client {
	client := cfg.newClient()
	if cfg.HTTP == nil {
		transport := cfg.transport()
		transport.DialContext = (&net.Dialer{Timeout: dialTimeout, ControlContext: onlyPublic(trustedPlaces(transport, base))}).DialContext
		client.Transport = transport
	}
	client.CheckRedirect = func(_ *http.Request, via []*http.Request) error {
		if len(via) > maxHops {
			return errors.New("too many redirects")
		}
		return nil
	}
	return client
}

// place is where a server listens.
type place struct {
	host string
	port uint16
}

// trustedPlaces are the store and the proxy that requests go through, if there is one: it sees to it itself where they lead. A
// store at the usual port of one scheme is trusted at that of the other too; any other port of its host may be anybody's.
func trustedPlaces(transport *http.Transport, base *url.URL) []place {
	places := []place{placeOf(base)}
	if port := places[0].port; port == 80 || port == 443 {
		places = append(places, place{places[0].host, 80 + 443 - port})
	}
	for _, scheme := range []string{"http", "https"} {
		target := *base
		target.Scheme = scheme
		if proxy, err := transport.Proxy(&http.Request{URL: &target}); err == nil && proxy != nil {
			places = append(places, placeOf(proxy))
		}
	}
	return places
}

func placeOf(u *url.URL) place {
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	switch {
	case err == nil:
	case u.Scheme == "https":
		port = 443
	default:
		port = 80
	}
	return place{u.Hostname(), uint16(port)}
}

// onlyPublic checks the address that is connected to, after names are resolved and at every redirect, so that no name can lead astray.
func onlyPublic(trusted []place) func(context.Context, string, string, syscall.RawConn) error {
	return func(ctx context.Context, _, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err != nil {
			return errPrivate
		}
		ip := target.Addr().Unmap().WithZone("")
		if isPublic(ip) || slices.ContainsFunc(trusted, func(p place) bool {
			return p.port == target.Port() && resolvesTo(ctx, p.host, ip)
		}) {
			return nil
		}
		return errPrivate
	}
}

func isPublic(ip netip.Addr) bool {
	inner := slices.ContainsFunc(innerNets, func(n netip.Prefix) bool { return n.Contains(ip) })
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !inner
}

func resolvesTo(ctx context.Context, host string, ip netip.Addr) bool {
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	return err == nil && slices.ContainsFunc(addresses, func(a netip.Addr) bool { return a.Unmap().WithZone("") == ip })
}
