package woo

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"

	"tandem/budget"
)

// Client reads and writes one store. It is safe for concurrent use.
type Client struct {
	Products        *Service[Product]
	Variations      *Nested[Variation] // of a product
	Categories      *Service[Category]
	Tags            *Service[Tag]
	Brands          *Service[Brand]
	Attributes      *Service[Attribute]
	AttributeTerms  *Nested[AttributeTerm] // of an attribute
	ShippingClasses *Service[ShippingClass]
	Customers       *Service[Customer]
	Coupons         *Service[Coupon]
	Orders          *Service[Order]
	OrderNotes      *Nested[OrderNote]   // of an order
	Refunds         *Nested[Refund]      // of an order
	Fulfillments    *Nested[Fulfillment] // of an order; see HasFulfillments
	AllRefunds      *Service[Refund]     // over all orders, read only; WooCommerce has it since 9.0
	Taxes           *Service[TaxRate]
	Webhooks        *WebhookService

	TaxClasses          *Directory[TaxClass]
	PaymentGateways     *Directory[PaymentGateway]
	ShippingMethods     *Directory[ShippingMethod]
	ShippingZones       *Directory[ShippingZone]
	ShippingZoneMethods *NestedDirectory[ShippingZoneMethod] // of a zone
	ZoneLocations       *NestedDirectory[ZoneLocation]       // of a zone
	System              *SystemService
	Reports             *ReportService

	cfg      Config
	base     *url.URL
	keys     keys
	http     *http.Client
	images   *http.Client // without keys, to anybody's public address
	requests atomic.Int64
	sizes    sizes
}

// New makes a client without talking to the store. A wrong configuration gives a fault of kind invalid that names the field.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	base, err := cfg.check()
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, base: base, keys: newKeys(cfg, base), http: cfg.httpClient(), images: cfg.imageClient(base)}
	c.wireCatalogue()
	c.wireSales()
	c.wireSetup()
	return c, nil
}

// Requests counts the HTTP requests this client sent, repeated tries included.
func (c *Client) Requests() int64 { return c.requests.Load() }

// Stats tells how the store's request budget stands.
func (c *Client) Stats() budget.Stats { return c.cfg.Budget.Stats() }

func (c *Client) wireCatalogue() {
	c.Products = newService[Product](c, "products", traits{dates: true, key: "sku"})
	c.Variations = newNested[Variation](c, "products/%d/variations", traits{dates: true, key: "sku"})
	c.Categories = newService[Category](c, "products/categories", traits{key: "slug"})
	c.Tags = newService[Tag](c, "products/tags", traits{key: "slug"})
	c.Brands = newService[Brand](c, "products/brands", traits{key: "slug"})
	c.Attributes = newService[Attribute](c, "products/attributes", traits{whole: true})
	c.AttributeTerms = newNested[AttributeTerm](c, "products/attributes/%d/terms", traits{key: "slug"})
	c.ShippingClasses = newService[ShippingClass](c, "products/shipping_classes", traits{key: "slug"})
}

func (c *Client) wireSales() {
	exact := url.Values{"dp": {strconv.Itoa(c.cfg.orderDecimals())}}
	c.Customers = newService[Customer](c, "customers", traits{key: "email", query: url.Values{"role": {"all"}}})
	c.Coupons = newService[Coupon](c, "coupons", traits{dates: true, key: "code"})
	c.Orders = newService[Order](c, "orders", traits{dates: true, query: exact})
	c.OrderNotes = newNested[OrderNote](c, "orders/%d/notes", traits{whole: true})
	c.Refunds = newNested[Refund](c, "orders/%d/refunds", traits{dates: true, query: exact})
	c.Fulfillments = newNested[Fulfillment](c, "orders/%d/fulfillments", traits{whole: true})
	c.AllRefunds = newService[Refund](c, "refunds", traits{dates: true, query: exact})
}

func (c *Client) wireSetup() {
	c.Taxes = newService[TaxRate](c, "taxes", traits{})
	c.Webhooks = &WebhookService{Service: newService[Webhook](c, "webhooks", traits{})}
	c.TaxClasses = newDirectory[TaxClass](c, "taxes/classes")
	c.PaymentGateways = newDirectory[PaymentGateway](c, "payment_gateways")
	c.ShippingMethods = newDirectory[ShippingMethod](c, "shipping_methods")
	c.ShippingZones = newDirectory[ShippingZone](c, "shipping/zones")
	c.ShippingZoneMethods = newNestedDirectory[ShippingZoneMethod](c, "shipping/zones/%d/methods")
	c.ZoneLocations = newNestedDirectory[ZoneLocation](c, "shipping/zones/%d/locations")
	c.System = newSystemService(c)
	c.Reports = &ReportService{client: c}
}

// resource gives the API path of a resource.
func (c *Client) resource(path string) string { return "/" + c.cfg.Version + "/" + path }

// wooRoutes must stand in the address of a request, unescaped, for WooCommerce to look at its keys. "?rest_route=" alone
// does not contain it.
const wooRoutes = "wp-json/wc/"

// unescapeMark lets WooCommerce find wooRoutes in a query that was escaped. Its signature, which is over the decoded
// query, stays valid.
func unescapeMark(query string) string {
	return strings.Replace(query, url.QueryEscape(wooRoutes), wooRoutes, 1)
}

// endpoint gives the address of an API path.
func (c *Client) endpoint(path string, query url.Values) *url.URL {
	target := *c.base
	values := url.Values{}
	for name, list := range query {
		values[name] = list
	}
	if c.cfg.RestRoute {
		// As WordPress itself writes it. Under the bare "/" some servers redirect, and OAuth signatures are over another
		// address than the one asked for.
		target.Path = strings.TrimRight(target.Path, "/") + "/index.php"
		values.Set("rest_route", path)
		values.Set("_", wooRoutes)
	} else {
		target.Path = strings.TrimRight(target.Path, "/") + "/wp-json" + path
	}
	target.RawQuery = encodeQuery(values)
	return &target
}
