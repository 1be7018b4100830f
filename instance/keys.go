package instance

import (
	"cmp"
	"net/url"
)

// KeysAfter gives what of the kept credentials may still be used once an instance has become what after says. Keys belong
// to the server they were made for: they never travel to another scheme, host or port, where a mistyped or a hostile
// address would collect them.
func (i Instance) KeysAfter(after Instance, kept Credentials) Credentials {
	if origin(i.StoreURL) != origin(after.StoreURL) {
		kept.ConsumerKey, kept.ConsumerSecret = "", ""
	}
	if i.Backend != after.Backend || origin(i.ERPConnection.URL) != origin(after.ERPConnection.URL) {
		kept.ERPSecret = ""
	}
	return kept
}

// Over lays the credentials that were given over those that are kept.
func (c Credentials) Over(kept Credentials) Credentials {
	return Credentials{
		ConsumerKey:    cmp.Or(c.ConsumerKey, kept.ConsumerKey),
		ConsumerSecret: cmp.Or(c.ConsumerSecret, kept.ConsumerSecret),
		ERPSecret:      cmp.Or(c.ERPSecret, kept.ERPSecret),
	}
}

// origin is what of an address says which server is asked: scheme, host and port, in the form that NormalizeStoreURL keeps.
// An address that cannot be read is an origin of its own.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + canonicalHost(u)
}
