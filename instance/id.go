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

// What people paste along with the address of a store or an ERP.
var (
	storeSuffixes = []string{"/wp-json/wc/v3", "/wp-json", "/wp-admin"}
	erpSuffixes   = []string{"/web/login", "/web/database/selector", "/web", "/odoo", "/jsonrpc"}
)

// NormalizeStoreURL gives the address of a store in the one form it is kept in: scheme and host in small letters, no
// default port, no trailing slash, and none of what is often pasted along. https is taken where no scheme is given. It
// answers fault.Invalid for what cannot be the address of a store.
func NormalizeStoreURL(raw string) (string, error) {
	return site{field: "store_url", what: "the store", example: "https://shop.example.com", suffixes: storeSuffixes}.normalize(raw)
}

// NormalizeERPURL does the same with the address of an ERP.
func NormalizeERPURL(raw string) (string, error) {
	return site{field: "erp_connection.url", what: "the ERP", example: "https://erp.example.com", suffixes: erpSuffixes}.normalize(raw)
}

// site is a kind of address.
type site struct {
	field, what, example string
	suffixes             []string // what is often pasted along
}

func (s site) normalize(raw string) (string, error) {
	text := strings.TrimSpace(raw)
	if text == "" {
		return "", fault.Field(s.field, "is missing: give the address of %s, e.g. %s", s.what, s.example)
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.ContainsAny(u.Host, " \t") {
		return "", fault.Field(s.field, "is not a web address, e.g. %s", s.example)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme != "https" && u.Scheme != "http" {
		return "", fault.Field(s.field, "must begin with https:// or http://")
	}
	if u.User != nil {
		return "", fault.Field(s.field, "must not hold a user name or password: keys have fields of their own")
	}
	return u.Scheme + "://" + canonicalHost(u) + s.canonicalPath(u), nil
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
func (s site) canonicalPath(u *url.URL) string {
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, suffix := range s.suffixes {
		path = strings.TrimRight(strings.TrimSuffix(path, suffix), "/")
	}
	return path
}
