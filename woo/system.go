package woo

import "encoding/json"

// SystemStatus is what the store says about itself. Only users with manage_woocommerce may read it.
//
// https://woocommerce.github.io/woocommerce-rest-api-docs/#system-status-properties
type SystemStatus struct {
	Environment Environment    `json:"environment"`
	Settings    StatusSettings `json:"settings"`

	Raw json.RawMessage `json:"-"`
}

// Environment names the versions.
type Environment struct {
	HomeURL         string `json:"home_url" lax:"true"`
	SiteURL         string `json:"site_url" lax:"true"`
	StoreID         string `json:"store_id" lax:"true"`
	Version         string `json:"version"` // WooCommerce
	WPVersion       string `json:"wp_version"`
	PHPVersion      string `json:"php_version"`
	Language        string `json:"language" lax:"true"` // of the site, e.g. "fr_FR"
	ServerInfo      string `json:"server_info" lax:"true"`
	MaxExecution    Int    `json:"php_max_execution_time" lax:"true"` // seconds
	DefaultTimezone string `json:"default_timezone" lax:"true"`       // of PHP, not of the shop
}

// StatusSettings are the settings shown in the status report.
type StatusSettings struct {
	Currency         string   `json:"currency" lax:"true"`
	NumberOfDecimals Int      `json:"number_of_decimals" lax:"true"`
	OrderDatastore   string   `json:"order_datastore" lax:"true"`
	HPOSEnabled      Bool     `json:"HPOS_enabled"` // orders live in their own tables
	HPOSSyncEnabled  Bool     `json:"HPOS_sync_enabled" lax:"true"`
	EnabledFeatures  []string `json:"enabled_features" lax:"true"`
}

// Setting is one option of a settings group.
type Setting struct {
	ID          string          `json:"id"`
	Label       string          `json:"label" lax:"true"`
	Description string          `json:"description" lax:"true"`
	Type        string          `json:"type" lax:"true"`
	Default     json.RawMessage `json:"default" lax:"true"`
	Value       json.RawMessage `json:"value"` // a string, or a list for multiselect

	Raw json.RawMessage `json:"-"`
}

// Text gives the value of a setting that is a single text, "" otherwise.
func (s Setting) Text() string {
	text, err := scalarText(s.Value)
	if err != nil {
		return ""
	}
	return text
}

// Currency is an ISO 4217 currency.
type Currency struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Symbol string `json:"symbol"` // HTML-escaped

	Raw json.RawMessage `json:"-"`
}

// Index is the root of the WordPress API: it is public and tells what is installed.
type Index struct {
	Name       string   `json:"name"`
	URL        string   `json:"url"`
	Home       string   `json:"home"`
	GMTOffset  Decimal  `json:"gmt_offset"`      // hours
	Timezone   string   `json:"timezone_string"` // IANA name; "" when the shop has a bare offset
	Namespaces []string `json:"namespaces"`

	Raw json.RawMessage `json:"-"`
}

// ReportTotal counts the records of one kind, e.g. orders of a status.
type ReportTotal struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Total Int    `json:"total"`

	Raw json.RawMessage `json:"-"`
}

func (s *SystemStatus) record() (ID, *json.RawMessage) { return 0, &s.Raw }
func (s *Setting) record() (ID, *json.RawMessage)      { return 0, &s.Raw }
func (c *Currency) record() (ID, *json.RawMessage)     { return 0, &c.Raw }
func (i *Index) record() (ID, *json.RawMessage)        { return 0, &i.Raw }
func (t *ReportTotal) record() (ID, *json.RawMessage)  { return 0, &t.Raw }
