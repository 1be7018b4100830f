package instance

import (
	"net/url"
	"regexp"
	"strings"

	"tandem/fault"
)

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// ValidID reports whether id may name an instance or a sale workflow: 1 to 32 of a–z, 0–9 and "-", not beginning with
// "-". It becomes a part of external keys and of workflow ids, where a slash or a capital would make it ambiguous.
func ValidID(id string) bool { return idPattern.MatchString(id) }

// apiSuffixes are what people paste along with the address of a store.
var apiSuffixes = []string{"/wp-json/wc/v3", "/wp-json", "/wp-admin"}

// NormalizeStoreURL gives the address of a store in the one form it is kept in: scheme and host in small letters, no
// default port, no trailing slash, and none of what is often pasted along. https is taken where no scheme is given. It
// answers fault.Invalid for what cannot be the address of a store.
func NormalizeStoreURL(raw string) (string, error) {
	text := strings.TrimSpace(raw)
	if text == "" {
		return "", fault.Field("store_url", "is missing: give the address of the store, e.g. https://shop.example.com")
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " \t") {
		return "", fault.Field("store_url", "is not a web address, e.g. https://shop.example.com")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" {
		return "", fault.Field("store_url", "must begin with https:// or http://")
	}
	if u.User != nil {
		return "", fault.Field("store_url", "must not hold a user name or password: keys have fields of their own")
	}
	return u.Scheme + "://" + canonicalHost(u) + canonicalPath(u), nil
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
func canonicalPath(u *url.URL) string {
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, suffix := range apiSuffixes {
		path = strings.TrimRight(strings.TrimSuffix(path, suffix), "/")
	}
	return path
}
