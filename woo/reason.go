package woo

import "tandem/fault"

// Reason says why a store did not do what it was asked, finer than a fault kind.
type Reason string

// The reasons.
const (
	Unauthorized   Reason = "unauthorized"      // the keys were not accepted
	Forbidden      Reason = "forbidden"         // the keys are fine, the permission is missing
	Blocked        Reason = "blocked"           // 403 from something before WooCommerce, such as a firewall: it may pass
	NotFound       Reason = "not_found"         // no such record
	Invalid        Reason = "invalid"           // the request was wrong
	Duplicate      Reason = "duplicate"         // a record with that SKU, code, e-mail or name exists; ResourceID may say which
	RateLimited    Reason = "rate_limited"      // too many requests
	Unavailable    Reason = "store_unavailable" // no answer, a server error, maintenance, a cut reply
	Unsupported    Reason = "unsupported"       // this store has no such resource
	NotWooCommerce Reason = "not_a_woocommerce" // something answers, but not the WooCommerce API
	Redirected     Reason = "redirected"        // the store lives at another address
	TooLarge       Reason = "reply_too_large"   // the reply passes the limit
	Private        Reason = "private_address"   // an image's address leads into a private network
	Uncertain      Reason = "uncertain"         // the reply to a create was lost: it may have been done
)

// kinds classifies the reasons for everybody who knows only faults.
var kinds = map[Reason]fault.Kind{
	Unauthorized:   fault.Unauthorized,
	Forbidden:      fault.Unauthorized,
	Blocked:        fault.Unavailable,
	NotFound:       fault.NotFound,
	Invalid:        fault.Invalid,
	Duplicate:      fault.Conflict,
	RateLimited:    fault.RateLimited,
	Unavailable:    fault.Unavailable,
	Unsupported:    fault.Unsupported,
	NotWooCommerce: fault.Unavailable,
	Redirected:     fault.Invalid,
	TooLarge:       fault.Invalid, // the same again would be as large
	Private:        fault.Invalid,
	Uncertain:      fault.Parked, // not retryable: doing it again blindly is what must not happen
}
