// Package instance is one store connection: its credentials, its life and its whole configuration.
package instance

import (
	"maps"
	"time"

	"tandem/erp"
)

// State is where an instance is in its life.
type State string

// The states, in the order a new instance goes through them.
const (
	Draft       State = "draft"       // just entered
	Connected   State = "connected"   // the store answered with these credentials (yellow)
	Active      State = "active"      // fully configured; schedules run (green)
	Deactivated State = "deactivated" // schedules are paused; nothing is dropped (red)
)

// Instance is one store connection. ID is a short name chosen at creation ("demo"): it is part of every external key
// and never changes.
type Instance struct {
	ID         string
	Name       string
	StoreURL   string
	State      State
	Connection Connection
	Backend    string // the ERP it is kept in step with, by the name of its driver
	// ERPConnection says how the ERP is reached, by the settings of its driver; one that is built in has none. The ERP's key is
	// one of the Credentials, the company that is written to is Config.General.Company.
	ERPConnection erp.Connection
	Config        Config
	Store         StoreInfo // what Connect found in the store
	ERP           ERPInfo   // what Connect found behind it
	Version       int       // grows with every change; guards against lost updates
	CreatedAt     time.Time // UTC
	UpdatedAt     time.Time // UTC
	ConnectedAt   time.Time // UTC; zero before the first Connect
}

// Connection says how to reach the store's API.
type Connection struct {
	APIVersion string `json:"api_version"` // "wc/v3"
	VerifySSL  bool   `json:"verify_ssl"`
	ForceQuery bool   `json:"force_authorization"` // send the key in the query string, for hosts that strip the Authorization header
	RestRoute  bool   `json:"rest_route"`          // the store has no pretty permalinks: use ?rest_route=
	Readers    int    `json:"readers"`             // parallel readers, 1–8; two saturate a usual store
}

// Credentials are the store's REST API keys and the ERP's. They are sealed at rest and never come back from the API.
type Credentials struct {
	ConsumerKey    string
	ConsumerSecret string
	ERPSecret      string // an API key or a password; empty for an ERP that has none
	// Webhooks are the secrets with which the store signs what it delivers, by topic. Tandem makes them; nobody enters them.
	Webhooks map[string]string `json:",omitempty"`
}

// Equal reports whether two credentials are the same.
func (c Credentials) Equal(o Credentials) bool {
	return c.ConsumerKey == o.ConsumerKey && c.ConsumerSecret == o.ConsumerSecret && c.ERPSecret == o.ERPSecret && maps.Equal(c.Webhooks, o.Webhooks)
}

// IsZero reports whether there are none.
func (c Credentials) IsZero() bool { return c.Equal(Credentials{}) }

// String hides the keys from logs.
func (Credentials) String() string { return "[redacted]" }

// StoreInfo is what the store said of itself at Connect.
type StoreInfo struct {
	WooCommerce      string `json:"woocommerce_version"`
	WordPress        string `json:"wordpress_version"`
	Currency         string `json:"currency"`
	Decimals         int    `json:"price_decimals"`
	Timezone         string `json:"timezone"`
	PricesIncludeTax bool   `json:"prices_include_tax"`
	RoundAtSubtotal  bool   `json:"round_at_subtotal"`
	WeightUnit       string `json:"weight_unit"`
	DimensionUnit    string `json:"dimension_unit"`
	HPOS             bool   `json:"hpos"`
	// OrderCurrencies are those of the newest orders, e.g. "EUR,USD": what is not configured would park the next ones.
	OrderCurrencies string `json:"order_currencies,omitempty"`
	// SubOrders is whether some of the newest orders are parts of others, as marketplaces split orders into one per vendor.
	SubOrders bool `json:"sub_orders,omitempty"`
	// Tracking is where it can keep what is known of shipments, e.g. "fulfillments,note": some of TrackingTargets, the preferred first.
	Tracking string `json:"tracking,omitempty"`
	// Language is that of the site, as WordPress names it, e.g. "fr_FR": of translated products, the one in it counts. Empty when the key's
	// user may not read the system status.
	Language         string `json:"language,omitempty"`
	ClockSkewSeconds int    `json:"clock_skew_seconds,omitempty"` // how far its clock is ahead of ours; 0 for less than a minute
}

// ERPInfo is what the ERP said of itself at Connect, or when a worker last looked at it: that happens once a day, because
// keys run out and rights are taken away while nobody connects anything.
type ERPInfo struct {
	Name      string   `json:"name"`
	Version   string   `json:"version"`
	Company   string   `json:"company"`
	CompanyID string   `json:"company_id"`
	Warnings  []string `json:"warnings,omitempty"` // what works, but not as well as it could, and what to do
	// KeyWarning is the one of Warnings that says that the key is about to end.
	KeyWarning  string    `json:"key_warning,omitempty"`
	Problem     string    `json:"problem,omitempty"`      // why the last look failed; the rest is then of the look before
	ProblemCode string    `json:"problem_code,omitempty"` // the same for programs
	CheckedAt   time.Time `json:"checked_at,omitzero"`    // UTC
}
