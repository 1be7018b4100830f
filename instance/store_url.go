package instance

import (
	"strings"

	"tandem/fault"
	"tandem/siteurl"
)

var storeAddress = siteurl.Kind{
	What: "the store", Example: "https://shop.example.com", Suffixes: []string{"/wp-json/wc/v3", "/wp-json", "/wp-admin"},
}

// NormalizeStoreURL returns the address of a store in the one form it is kept in: without a trailing slash, for example, and
// with none of what is often pasted along. What cannot be the address of a store is fault.Invalid.
func NormalizeStoreURL(raw string) (string, error) {
	normal, err := storeAddress.Normalize(raw)
	if err != nil {
		return "", fault.Field("store_url", "%s", fault.From(err).Message)
	}
	return normal, nil
}

// SameStore reports whether both read one store, however it is reached: a store answers under http and https, with and
// without a slash at the end. Another sub-folder, port or subdomain may be a store of its own.
func (i Instance) SameStore(o Instance) bool {
	return storeSite(i.StoreURL) == storeSite(o.StoreURL)
}

// storeSite is what of a store's address says which store it is. An address that cannot be read is a store of its own.
func storeSite(address string) string {
	normal, err := NormalizeStoreURL(address)
	if err != nil {
		return address
	}
	_, site, _ := strings.Cut(normal, "://")
	return site
}
