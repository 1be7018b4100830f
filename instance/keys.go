package instance

import (
	"cmp"

	"tandem/erp"
	"tandem/siteurl"
)

// KeysAfter gives what of the kept credentials may still be used once an instance has become what after says. Keys belong
// to the server they were made for: they never travel to another scheme, host or port, where a mistyped or a hostile
// address would collect them.
func (i Instance) KeysAfter(after Instance, kept Credentials, erps erp.Drivers) Credentials {
	if siteurl.Origin(i.StoreURL) != siteurl.Origin(after.StoreURL) {
		kept.ConsumerKey, kept.ConsumerSecret = "", ""
	}
	if !i.sameERPServer(after, erps) {
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
