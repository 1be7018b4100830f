package worker

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"tandem/fault"
)

// ParsePublicURL checks the address under which stores reach the API, such as https://tandem.example.com; empty is none.
func ParsePublicURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fault.Field("public_url", "%q is not an address like https://tandem.example.com", text)
	}
	return strings.TrimRight(text, "/"), nil
}

// publicURLWarnings says why stores may not reach an address, as far as its text tells.
func publicURLWarnings(text string) []string {
	u, err := url.Parse(text)
	if text == "" || err != nil {
		return []string{"TANDEM_PUBLIC_URL is not set: stores are not told where to deliver webhooks"}
	}
	var warnings []string
	if u.Scheme != "https" {
		warnings = append(warnings, "the public address is not https: customers' data travel readable")
	}
	if isInside(u.Hostname()) {
		warnings = append(warnings, "the public address is one of this machine or of a private network: only a store on the same one reaches it, "+
			"and WordPress refuses to deliver there unless a plugin allows it")
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" && port != "8080" {
		warnings = append(warnings, "WordPress delivers to the ports 80, 443 and 8080 only, unless a plugin allows others")
	}
	return warnings
}

// isInside reports a host that is no host of the internet.
func isInside(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsGlobalUnicast() || ip.IsPrivate()
	}
	return host == "localhost" || !strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

const reachTimeout = 10 * time.Second

// reachPublicURL calls the public address from here. An address that redirects is refused: stores do not follow, and by their version count
// it as delivered all the same. That it does not answer is a warning only: a network may not let a server reach its own public
// address, and that it answers here does not prove that the store reaches it.
func reachPublicURL(ctx context.Context, address string) (warning string, err error) {
	ctx, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/health/live", nil)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the public address %s cannot be called", address)
	}
	client := &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: reachTimeout}).DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(request)
	if err != nil {
		return "called from Tandem itself, the public address " + address + " does not answer: check that it does from outside", nil //nolint:nilerr // it is told
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	switch {
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		target, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
		return "", fault.New(fault.Invalid, "the public address %s redirects to %s: set TANDEM_PUBLIC_URL to the address that answers itself; "+
			"stores do not follow redirects when they deliver", address, target)
	case answer.StatusCode != http.StatusOK:
		return "called from Tandem itself, the public address " + address + " answers " + answer.Status + ": does it lead to Tandem?", nil
	}
	return "", nil
}
