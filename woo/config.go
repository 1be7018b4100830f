package woo

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tandem/budget"
	"tandem/fault"
)

// Auth is the way the keys are sent.
type Auth string

// The ways. WooCommerce takes Basic and query keys over https only.
const (
	AuthAuto  Auth = "auto"  // Basic over https, OAuth over http
	AuthBasic Auth = "basic" // the Authorization header
	AuthQuery Auth = "query" // in the address ("Force Authorization"), for proxies that drop the header; shows up in server logs
	AuthOAuth Auth = "oauth" // OAuth 1.0a, one-legged, HMAC-SHA256: the secret is never sent
)

// The defaults of [Config].
const (
	DefaultVersion  = "wc/v3"
	DefaultTimeout  = time.Minute
	DefaultMaxReply = 32 << 20
	DefaultReaders  = 2 // two readers keep a typical shop busy; more only slow its visitors down
	DefaultTries    = 5
	DefaultBackoff  = 200 * time.Millisecond
)

// scansAtOnce is how many lists of a store are usually read at the same time, each with its readers.
const scansAtOnce = 2

// Config says which store to talk to and how. Zero fields take the defaults.
type Config struct {
	URL            string // of the shop, with sub-folder, without /wp-json
	ConsumerKey    string
	ConsumerSecret string
	Auth           Auth
	// InsecureSkipVerify accepts any certificate: for shops on a private network with one of their own.
	InsecureSkipVerify bool
	Version            string         // REST namespace
	RestRoute          bool           // use ?rest_route=, for shops with plain permalinks
	PriceDecimals      int            // of the shop's prices: orders are read as exactly as WooCommerce calculates with them
	Timeout            time.Duration  // of one try, connection to last byte
	MaxReply           int64          // bytes of one reply after decompression
	Readers            int            // windows that a Scan reads at once
	Tries              int            // of one request, the first included
	FirstBackoff       time.Duration  // the wait before the second try; it doubles with every further one
	Budget             *budget.Budget // share one between all clients of a store; New makes one otherwise
	UserAgent          string
	// HTTP replaces the HTTP client, e.g. in tests; InsecureSkipVerify and where images may lie are then its business.
	HTTP *http.Client
}

// The decimals that orders are read with.
const (
	leastDecimals = 6  // WC_ROUNDING_PRECISION: what WooCommerce calculates with in most shops
	mostDecimals  = 10 // of a shop that sells in bitcoin; PHP's numbers are no more exact
)

// orderDecimals is how exact the amounts of orders are asked for: the default, that of the shop's prices, cuts the tax of a line.
// WooCommerce calculates with two decimals more than prices have (wc_get_rounding_precision).
func (cfg Config) orderDecimals() int {
	return min(max(leastDecimals, cfg.PriceDecimals+2), mostDecimals)
}

func (cfg Config) withDefaults() Config {
	cfg.URL = strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(cfg.URL), "/"), "/wp-json")
	cfg.ConsumerKey = strings.TrimSpace(cfg.ConsumerKey)
	cfg.ConsumerSecret = strings.TrimSpace(cfg.ConsumerSecret)
	setDefault(&cfg.Version, DefaultVersion)
	setDefault(&cfg.Timeout, DefaultTimeout)
	setDefault(&cfg.MaxReply, DefaultMaxReply)
	setDefault(&cfg.Readers, DefaultReaders)
	setDefault(&cfg.Tries, DefaultTries)
	setDefault(&cfg.FirstBackoff, DefaultBackoff)
	setDefault(&cfg.UserAgent, "Tandem")
	if cfg.Budget == nil {
		cfg.Budget = budget.New(budget.Options{Concurrency: max(1, scansAtOnce*cfg.Readers)})
	}
	return cfg
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// check validates the configuration and gives the shop's address. Errors name the field as the API calls it.
func (cfg Config) check() (*url.URL, error) {
	base, err := checkURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	if cfg.ConsumerKey == "" {
		return nil, fault.Field("consumer_key", "is missing: create one in WooCommerce, Settings, Advanced, REST API")
	}
	if cfg.ConsumerSecret == "" {
		return nil, fault.Field("consumer_secret", "is missing: WooCommerce shows it once, when the key is created")
	}
	if strings.Trim(cfg.Version, "/") != cfg.Version {
		return nil, fault.Field("version", "must look like %q", DefaultVersion)
	}
	for field, value := range map[string]int64{
		"timeout": int64(cfg.Timeout), "max_reply": cfg.MaxReply, "readers": int64(cfg.Readers), "tries": int64(cfg.Tries),
	} {
		if value < 0 {
			return nil, fault.Field(field, "must not be negative")
		}
	}
	return base, cfg.checkAuth(base)
}

func checkURL(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	switch {
	case text == "":
		return nil, fault.Field("url", "is missing")
	case err != nil || base.Hostname() == "":
		return nil, fault.Field("url", "is not an address like https://shop.example")
	case base.Scheme != "https" && base.Scheme != "http":
		return nil, fault.Field("url", "must start with https:// or http://")
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, fault.Field("url", "must not hold a user, a query or a fragment")
	}
	return base, nil
}

// checkAuth refuses to send keys in clear over a network. On this machine there is no wire to listen on.
func (cfg Config) checkAuth(base *url.URL) error {
	switch cfg.Auth {
	case "", AuthAuto, AuthOAuth:
		return nil
	case AuthBasic, AuthQuery:
		if base.Scheme == "https" || isLoopback(base.Hostname()) {
			return nil
		}
		return fault.Field("auth", "%s would send the keys in clear over http, where WooCommerce ignores them: use oauth or https", cfg.Auth)
	default:
		return fault.Field("auth", "must be auto, basic, query or oauth")
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// httpClient never follows redirects: a POST would silently become a GET, and an OAuth signature fits one address only.
func (cfg Config) httpClient() *http.Client {
	client := cfg.newClient()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client
}

func (cfg Config) newClient() *http.Client {
	if cfg.HTTP != nil {
		client := *cfg.HTTP
		return &client
	}
	return &http.Client{Transport: cfg.transport()}
}

func (cfg Config) transport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 2 * cfg.Readers
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: cfg.InsecureSkipVerify} //nolint:gosec // the operator's Verify SSL switch
	return transport
}
