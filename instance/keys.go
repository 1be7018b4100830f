package instance

import (
	"cmp"
	"maps"

	"tandem/erp"
	"tandem/siteurl"
)

// KeysAfter gives what of the kept credentials may still be used once an instance has become what after says. Keys belong
// to the server they were made for: they never travel to another scheme, host or port, where a mistyped or a hostile
// address would collect them.
func (i Instance) KeysAfter(after Instance, kept Credentials, erps erp.Drivers) Credentials {
	if siteurl.Origin(i.StoreURL) != siteurl.Origin(after.StoreURL) {
		kept.ConsumerKey, kept.ConsumerSecret, kept.Webhooks = "", "", nil
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
		Webhooks:       overlaid(c.Webhooks, kept.Webhooks),
	}
}

// overlaid is what is kept with what was given in its place; nil when there is neither.
func overlaid(given, kept map[string]string) map[string]string {
	if len(given) == 0 {
		return kept
	}
	all := maps.Clone(kept)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, given)
	return all
}
