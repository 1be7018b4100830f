package woo

import (
	"context"
	"slices"
	"time"

	"tandem/fault"
)

// Bounds of the question whether a store can make keys: a person waits for the answer.
const (
	authorizationLimit   = 30 * time.Second // of it all
	authorizationTimeout = 10 * time.Second // of one try
	authorizationTries   = 2
)

// CodePlainPermalinks is the code of the fault of a store that cannot make keys for that reason.
const CodePlainPermalinks = "plain_permalinks"

// CheckAuthorization asks a store, without keys, whether its page that makes keys (/wc-auth/v1/authorize) can work. It cannot where
// permalinks are plain: WordPress then ignores the path of an address, and WooCommerce redirects people to addresses that lead nowhere. Such
// a store gives a fault of kind conflict; one that does not answer, or is not WooCommerce, the fault that Probe would give.
func CheckAuthorization(ctx context.Context, cfg Config) error {
	ctx, cancel := context.WithTimeout(ctx, authorizationLimit)
	defer cancel()
	cfg.Timeout, cfg.Tries, cfg.RestRoute = authorizationTimeout, authorizationTries, false
	failure := cfg.askIndex(ctx)
	switch ReasonOf(failure) {
	case NotWooCommerce, Redirected:
	case Unauthorized, Forbidden:
		return nil // a plugin shows the index to those who sign in only; its address works
	default:
		return failure
	}
	cfg.RestRoute = true
	switch err := cfg.askIndex(ctx); {
	case err == nil, ReasonOf(err) == Unauthorized, ReasonOf(err) == Forbidden:
		return &fault.Error{Kind: fault.Conflict, Code: CodePlainPermalinks, Message: "WooCommerce can create keys on request only where permalinks are not plain, and those of this " +
			"store are: choose Post name in WordPress (Settings → Permalinks) and try again, or make the keys in WooCommerce (Settings → Advanced → REST API → Add key), " +
			"enter them, and switch Plain permalinks on (connection.rest_route: true)"}
	default:
		return failure
	}
}

// askIndex asks for the store's index without keys, and says what is wrong with the answer.
func (cfg Config) askIndex(ctx context.Context) error {
	cfg = cfg.withDefaults()
	base, err := checkURL(cfg.URL)
	if err != nil {
		return err
	}
	client := &Client{cfg: cfg, base: base, http: cfg.httpClient()}
	index, err := newSystemService(client).Index(ctx)
	if err == nil && !slices.Contains(index.Namespaces, cfg.Version) {
		return notWooCommerce(nil)
	}
	if reason := ReasonOf(err); reason == NotWooCommerce || reason == Unsupported {
		return notWooCommerce(err)
	}
	return err
}
