package wootest

import (
	"net/http"
	"time"
)

// The key and secret every store accepts unless Options.Keys says otherwise. They open nothing but a simulator.
const (
	DefaultKey    = "ck_simulated00000000000000000000000000000000"
	DefaultSecret = "cs_simulated00000000000000000000000000000000"
)

// Permission is what an API key may do.
type Permission string

// The permissions of a key.
const (
	Read      Permission = "read"
	Write     Permission = "write"
	ReadWrite Permission = "read_write"
)

// Key is one REST API key of the store.
type Key struct {
	Key, Secret string
	Permission  Permission
}

// Options describe a simulated store. The zero value is an empty shop as WooCommerce installs it; Demo gives a full one.
type Options struct {
	Seed       int64    // the same seed and sizes give the same store, record by record
	Products   int      // seeded products, variations not counted
	Variable   int      // how many of Products are variable, with two to six variations each
	Customers  int      // seeded registered customers
	Orders     int      // seeded orders an import must land; one in a hundred hidden ones (drafts, trash) comes on top
	Currencies []string // currencies of orders; the first is the store's own and has four orders in five

	// PricesIncludeTax and RoundAtSubtotal are the settings of the same names; both are off in a store as installed.
	PricesIncludeTax, RoundAtSubtotal bool
	// ShippingDisabled switches shipping off: its zones answer 404, its methods and classes still answer.
	ShippingDisabled bool
	// NoRefundList leaves out the list of refunds over all orders, which WooCommerce has since 9.0.
	NoRefundList bool
	// Fulfillments switches the feature of that name on, which is off in a store as installed.
	Fulfillments bool
	// ShipmentTracking and AdvancedShipmentTracking are plugins that keep tracking numbers: WooCommerce's own, and Zorem's.
	ShipmentTracking, AdvancedShipmentTracking bool
	// NoWebP refuses WebP pictures, as older stores do.
	NoWebP bool
	// RenameUploads gives pictures names of its own, as plugins do.
	RenameUploads bool

	Until    time.Time      // date of the newest seeded order; orders spread over the 180 days before. Default mid 2025
	Zone     *time.Location // time zone of the site; default UTC
	BasePath string         // sub-folder of the site, e.g. "/shop"
	// PlainPermalinks is a site without pretty ones: every path but that of index.php leads to its front page, so the REST API answers
	// under ?rest_route= only, and nobody gets to the page that makes keys.
	PlainPermalinks bool
	Keys            []Key // default: DefaultKey with read_write

	// PlainHTTPAuth accepts Basic and query-string keys over plain http. A real store does so only when it believes the
	// request is https; over http it takes OAuth 1.0a alone.
	PlainHTTPAuth bool
	// CustomStatuses are order statuses a plugin added, without the "wc-" prefix.
	CustomStatuses []string

	Faults      Faults
	PageLatency time.Duration // each list request takes at least this long
	// BatchLatency is how long each batch request takes at least: a real store saves a product in some 50 ms.
	BatchLatency time.Duration
	Readers      int // so many requests are served at once, the rest queue; 0 is no limit

	// WebhookDelay is how long a delivery waits in the store's queue; meanwhile further changes of the record join it. Default 1 s.
	WebhookDelay time.Duration
	// LeaveEmptyWebhooks does as older versions did when a delivery's webhook was deleted meanwhile: an empty disabled one appears.
	LeaveEmptyWebhooks bool

	Client *http.Client // posts keys to applications that asked for them; default http.DefaultClient

	Now func() time.Time // clock for what is written after the start; default time.Now
}

// Demo is the shop shown to people and used end to end: every kind of record and every status occurs.
func Demo() Options {
	return Options{
		Seed:           1,
		Products:       320,
		Variable:       60,
		Customers:      200,
		Orders:         500,
		Currencies:     []string{"EUR", "USD", "GBP"},
		CustomStatuses: []string{"packed"},
	}
}

// Sized is the demo store with other sizes; the share of variable products stays.
func Sized(products, customers, orders int) Options {
	o := Demo()
	o.Products, o.Customers, o.Orders = products, customers, orders
	o.Variable = products * 3 / 16
	return o
}

func (o Options) withDefaults() Options {
	if len(o.Currencies) == 0 {
		o.Currencies = []string{"EUR"}
	}
	if o.Until.IsZero() {
		o.Until = time.Date(2025, time.June, 30, 12, 0, 0, 0, time.UTC)
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if len(o.Keys) == 0 {
		o.Keys = []Key{{Key: DefaultKey, Secret: DefaultSecret, Permission: ReadWrite}}
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.WebhookDelay == 0 {
		o.WebhookDelay = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Variable = min(o.Variable, o.Products)
	return o
}

// populated tells a seeded shop from one as installed: it decides on taxes, terms, coupons and French settings.
func (o Options) populated() bool { return o.Products+o.Customers+o.Orders > 0 }
