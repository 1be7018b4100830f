package worker

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tandem/activities"
	"tandem/db"
	"tandem/entity"
	"tandem/entity/catalog"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/erp/salebatch"
	"tandem/fault"
	"tandem/instance"
	"tandem/woo"
)

// contextAge is how long an instance's configuration is used without looking again. Short steps come by the thousand;
// a change shows within seconds.
const contextAge = 2 * time.Second

// Connections opens stores and backends and keeps them: an instance has one client, so that all its readers share one
// request budget. Instances do not wait for each other.
type Connections struct {
	db        *db.DB
	erps      erp.Drivers
	host      erp.Host
	userAgent string
	digests   mapping.Digests
	offers    mapping.ImageOffers
	turns     erp.Turns // of operations; nil where the host has none
	backends  *backends

	mu       sync.Mutex
	stores   map[string]store
	contexts map[string]*cachedContext
}

type store struct {
	client *woo.Client
	config woo.Config
}

// cachedContext is the place of one instance's context.
type cachedContext struct {
	lock *semaphore.Weighted // guards the rest
	connected
	at time.Time
}

// connected is what an instance's records are read from and landed in, and what takes its orders through their steps.
type connected struct {
	mapping.Context
	steps *salebatch.Batcher
}

// NewConnections returns Connections over Tandem's database to the ERPs of these drivers, which share what the host offers.
func NewConnections(d *db.DB, erps erp.Drivers, host erp.Host, version string) *Connections {
	c := &Connections{
		db: d, erps: erps, host: host, userAgent: "Tandem/" + version, digests: catalog.CacheDigests(d),
		backends: newBackends(), stores: map[string]store{}, contexts: map[string]*cachedContext{},
	}
	if host.Turns != nil {
		c.turns = host.Turns("operations")
	}
	return c
}

// OfferImages has exports let stores fetch images. It is called before the first Connect.
func (c *Connections) OfferImages(offers mapping.ImageOffers) { c.offers = offers }

// Connect gives what an instance's records are read from and landed in.
func (c *Connections) Connect(ctx context.Context, id string) (mapping.Context, error) {
	found, err := c.connect(ctx, id, contextAge)
	return found.Context, err
}

// SaleSteps gives what takes an instance's orders through their steps, many at a time where its ERP wants that.
func (c *Connections) SaleSteps(ctx context.Context, id string) (activities.SaleSteps, error) {
	found, err := c.connect(ctx, id, contextAge)
	return found.steps, err
}

// afresh connects with the configuration as it is now: what reads many records with it must not use the one of two seconds
// ago, which somebody may just have corrected.
type afresh struct{ *Connections }

// Connect gives what Connections gives, read again.
func (c afresh) Connect(ctx context.Context, id string) (mapping.Context, error) {
	found, err := c.connect(ctx, id, 0)
	return found.Context, err
}

// connect uses a configuration that was read no longer ago than an age.
func (c *Connections) connect(ctx context.Context, id string, age time.Duration) (connected, error) {
	cached := c.context(id)
	if err := acquire(ctx, cached.lock); err != nil {
		return connected{}, err
	}
	defer cached.lock.Release(1)
	if time.Since(cached.at) < age {
		return cached.connected, nil
	}
	found, err := c.load(ctx, id)
	if err != nil {
		return connected{}, err
	}
	cached.connected, cached.at = found, time.Now()
	return found, nil
}

func (c *Connections) context(id string) *cachedContext {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.contexts[id] == nil {
		c.contexts[id] = &cachedContext{lock: semaphore.NewWeighted(1)}
	}
	return c.contexts[id]
}

func (c *Connections) load(ctx context.Context, id string) (connected, error) {
	inst, err := c.db.Instance(ctx, id)
	if err != nil {
		return connected{}, err
	}
	ec := mapping.Context{Instance: inst, Digests: c.digests, Noted: c.db, Progress: c.db, States: c.db, Links: c.db, Stock: c.db, Offers: c.offers, Turns: c.turns}
	if ec.Workflows, err = c.db.SaleWorkflows(ctx); err != nil {
		return connected{}, err
	}
	if ec.Meta, err = c.db.MetaMappings(ctx, id); err != nil {
		return connected{}, err
	}
	credentials, err := c.db.Credentials(ctx, id)
	if err != nil {
		return connected{}, err
	}
	if ec.Store, err = c.store(inst, credentials); err != nil {
		return connected{}, err
	}
	backend, err := c.open(ctx, inst, credentials)
	ec.Backend = backend.Backend
	return connected{ec, backend.steps}, err
}

// Store gives a client of an instance's store, by the keys that are kept.
func (c *Connections) Store(ctx context.Context, inst instance.Instance) (*woo.Client, error) {
	credentials, err := c.db.Credentials(ctx, inst.ID)
	if err != nil {
		return nil, err
	}
	return c.store(inst, credentials)
}

// store keeps a client as long as the way to reach the store stays the same.
func (c *Connections) store(inst instance.Instance, credentials instance.Credentials) (*woo.Client, error) {
	config := c.storeConfig(inst, credentials)
	c.mu.Lock()
	defer c.mu.Unlock()
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
		PriceDecimals: inst.PriceDecimals(),
	}
	if inst.Connection.ForceQuery {
		config.Auth = woo.AuthQuery
	}
	return config
}

// Backend gives the ERP an instance is kept in step with, without asking the store for anything.
func (c *Connections) Backend(ctx context.Context, inst instance.Instance) (erp.Backend, error) {
	var credentials instance.Credentials
	if c.erps.NeedsSecret(inst.Backend) {
		var err error
		if credentials, err = c.db.Credentials(ctx, inst.ID); err != nil {
			return nil, err
		}
	}
	found, err := c.open(ctx, inst, credentials)
	return found.Backend, err
}

// open opens the ERP of an instance. What does not matter to it is left out: all instances on a built-in one share it.
func (c *Connections) open(ctx context.Context, inst instance.Instance, credentials instance.Credentials) (opened, error) {
	driver, err := c.erps.Find(inst.Backend)
	if err != nil {
		return opened{}, err
	}
	access := erp.Access{Secret: credentials.ERPSecret, Host: c.host}
	access.Connection, _ = driver.Normalize(inst.ERPConnection) // a value at fault stays, and the ERP says what is wrong with it
	if driver.PerCompany {
		access.Company = inst.Config.General.Company
	}
	return c.backends.get(ctx, inst.ID, newWay(driver, access))
}

// FindInStore asks an instance's store for what a person calls a record.
func (c *Connections) FindInStore(ctx context.Context, inst instance.Instance, text string) ([]entity.StoreRecord, error) {
	client, err := c.Store(ctx, inst)
	if err != nil {
		return nil, err
	}
	return entity.FindInStore(ctx, mapping.Context{Instance: inst, Store: client}, text)
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
	info := storeInfo(found)
	traits, err := orderTraits(ctx, client)
	info.OrderCurrencies, info.SubOrders = strings.Join(traits.Currencies, ","), traits.SubOrders
	if err != nil {
		return info, err
	}
	targets, err := trackingTargets(ctx, client, found.TrackingAPIs)
	info.Tracking = strings.Join(targets, ",")
	return info, err
}

// CheckAuthorization asks without keys whether a store can make some.
func (c *Connections) CheckAuthorization(ctx context.Context, inst instance.Instance) error {
	return woo.CheckAuthorization(ctx, c.storeConfig(inst, instance.Credentials{}))
}

// orderTraits says what the store's newest orders are like, so that a setting that is missing is noticed before orders park for
// it. Keys that may not read orders are no reason to refuse a store: its catalogue may be all that is wanted.
func orderTraits(ctx context.Context, client *woo.Client) (woo.OrderTraits, error) {
	traits, err := client.OrderTraits(ctx)
	if reason := woo.ReasonOf(err); reason == woo.Unauthorized || reason == woo.Forbidden {
		return woo.OrderTraits{}, nil
	}
	return traits, err
}

func storeInfo(s woo.StoreInfo) instance.StoreInfo {
	return instance.StoreInfo{
		WooCommerce: s.WooCommerceVersion, WordPress: s.WordPressVersion, Currency: s.Currency, Decimals: s.PriceDecimals,
		Timezone: s.Timezone, PricesIncludeTax: s.PricesIncludeTax, RoundAtSubtotal: s.TaxRoundAtSubtotal,
		WeightUnit: s.WeightUnit, DimensionUnit: s.DimensionUnit, HPOS: s.HPOS, Language: s.Language,
	}
}
