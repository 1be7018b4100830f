// Package siteurl keeps the addresses of stores and ERPs in one form, so that two of them can be compared, and a key is never
// sent to another server than the one it was made for.
package siteurl

import (
	"net/url"
	"strings"

	"tandem/fault"
)

// Kind is what an address is of.
type Kind struct {
	What     string   // e.g. "the store"
	Example  string   // e.g. "https://shop.example.com"
	Suffixes []string // of pages there, which people paste along with the address
}

// Normalize returns an address in the one form it is kept in: scheme and host in small letters, no default port, no trailing
// slash, none of the suffixes. https is taken where no scheme is given. What is not the address of a site is fault.Invalid,
// without the name of the field.
func (k Kind) Normalize(raw string) (string, error) {
	text := strings.TrimSpace(raw)
	if text == "" {
		return "", fault.New(fault.Invalid, "is missing: give the address of %s, e.g. %s", k.What, k.Example)
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " \t") {
		return "", fault.New(fault.Invalid, "is not a web address, e.g. %s", k.Example)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" {
		return "", fault.New(fault.Invalid, "must begin with https:// or http://")
	}
	if u.User != nil {
		return "", fault.New(fault.Invalid, "must not hold a user name or password: keys have fields of their own")
	}
	return u.Scheme + "://" + canonicalHost(u) + k.canonicalPath(u), nil
}

// canonicalHost drops the port that the scheme implies.
func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// canonicalPath keeps the sub-folder a site may live in.
func (k Kind) canonicalPath(u *url.URL) string {
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, suffix := range k.Suffixes {
		path = strings.TrimRight(strings.TrimSuffix(path, suffix), "/")
	}
	return path
}

// Origin is what of a normalized address says which server is asked: scheme, host and port. An address that cannot be read is
// an origin of its own.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + canonicalHost(u)
}
