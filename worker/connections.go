package worker

import (
	"context"
	"sync"
	"time"

	"tandem/db"
	"tandem/entity"
	"tandem/erp"
	"tandem/erp/open"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo"
)

// contextAge is how long an instance's configuration is used without looking again. Short steps come by the thousand;
// a change shows within seconds.
const contextAge = 2 * time.Second

// Connections opens stores and backends and keeps them: an instance has one client, so that all its readers share one
// request budget.
type Connections struct {
	db        *db.DB
	settings  open.Settings
	userAgent string
	digests   entity.Digests

	mu       sync.Mutex
	stores   map[string]store
	backends map[string]erp.Backend
	contexts map[string]cachedContext
}

type store struct {
	client *woo.Client
	config woo.Config
}

type cachedContext struct {
	entity.Context
	at time.Time
}

// NewConnections gives Connections over Tandem's database; the settings say how backends are opened, but for their name.
func NewConnections(d *db.DB, s open.Settings, version string) *Connections {
	return &Connections{
		db: d, settings: s, userAgent: "Tandem/" + version, digests: entity.CacheDigests(d),
		stores: map[string]store{}, backends: map[string]erp.Backend{}, contexts: map[string]cachedContext{},
	}
}

// Connect gives what an instance's records are read from and landed in.
func (c *Connections) Connect(ctx context.Context, id string) (entity.Context, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cached, ok := c.contexts[id]; ok && time.Since(cached.at) < contextAge {
		return cached.Context, nil
	}
	ec, err := c.load(ctx, id)
	if err != nil {
		return entity.Context{}, err
	}
	c.contexts[id] = cachedContext{Context: ec, at: time.Now()}
	return ec, nil
}

func (c *Connections) load(ctx context.Context, id string) (entity.Context, error) {
	inst, err := c.db.Instance(ctx, id)
	if err != nil {
		return entity.Context{}, err
	}
	ec := entity.Context{Instance: inst, Digests: c.digests}
	if ec.Workflows, err = c.db.SaleWorkflows(ctx); err != nil {
		return entity.Context{}, err
	}
	if ec.Meta, err = c.db.MetaMappings(ctx, id); err != nil {
		return entity.Context{}, err
	}
	credentials, err := c.db.Credentials(ctx, id)
	if err != nil {
		return entity.Context{}, err
	}
	if ec.Store, err = c.store(inst, credentials); err != nil {
		return entity.Context{}, err
	}
	ec.Backend, err = c.backend(ctx, inst.Backend)
	return ec, err
}

// store keeps a client as long as the way to reach the store stays the same.
func (c *Connections) store(inst instance.Instance, credentials instance.Credentials) (*woo.Client, error) {
	config := c.storeConfig(inst, credentials)
	if known, ok := c.stores[inst.ID]; ok && known.config == config {
		return known.client, nil
	}
	client, err := woo.New(config)
	if err != nil {
		return nil, err
	}
	c.stores[inst.ID] = store{client: client, config: config}
	return client, nil
}

func (c *Connections) storeConfig(inst instance.Instance, credentials instance.Credentials) woo.Config {
	config := woo.Config{
		URL: inst.StoreURL, ConsumerKey: credentials.ConsumerKey, ConsumerSecret: credentials.ConsumerSecret,
		InsecureSkipVerify: !inst.Connection.VerifySSL, Version: inst.Connection.APIVersion,
		RestRoute: inst.Connection.RestRoute, Readers: inst.Connection.Readers, UserAgent: c.userAgent,
	}
	if inst.Connection.ForceQuery {
		config.Auth = woo.AuthQuery
	}
	return config
}

func (c *Connections) backend(ctx context.Context, name string) (erp.Backend, error) {
	if known, ok := c.backends[name]; ok {
		return known, nil
	}
	settings := c.settings
	settings.Backend = name
	backend, err := open.Open(ctx, settings)
	if err != nil {
		return nil, err
	}
	c.backends[name] = backend
	return backend, nil
}

// Backend gives the ERP of the given name.
func (c *Connections) Backend(ctx context.Context, name string) (erp.Backend, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.backend(ctx, name)
}

// Probe tries a store's credentials and says what it found. Nothing is kept.
func (c *Connections) Probe(ctx context.Context, inst instance.Instance, credentials instance.Credentials) (instance.StoreInfo, error) {
	client, err := woo.New(c.storeConfig(inst, credentials))
	if err != nil {
		return instance.StoreInfo{}, err
	}
	found, err := client.Probe(ctx)
	if err != nil {
		return instance.StoreInfo{}, err
	}
	if found.Currency == "" {
		return instance.StoreInfo{}, fault.New(fault.Unsupported, "the store answered, but does not say its currency: check the WooCommerce settings")
	}
	return storeInfo(found), nil
}

func storeInfo(s woo.StoreInfo) instance.StoreInfo {
	return instance.StoreInfo{
		WooCommerce: s.WooCommerceVersion, WordPress: s.WordPressVersion, Currency: s.Currency, Decimals: s.PriceDecimals,
		Timezone: s.Timezone, PricesIncludeTax: s.PricesIncludeTax, RoundAtSubtotal: s.TaxRoundAtSubtotal,
		WeightUnit: s.WeightUnit, DimensionUnit: s.DimensionUnit, HPOS: s.HPOS,
	}
}
