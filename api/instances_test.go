package api_test

import (
	"maps"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

func TestNewInstanceIsADraftWithDefaults(t *testing.T) {
	h := newHarness(t)
	reply := h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	require.Equal(t, "/instances/demo", reply.location())
	made := decode[gen.Instance](reply)
	require.Equal(t, instance.Draft, made.State)
	require.Equal(t, "https://shop.example.com", made.StoreURL, "in its usual form")
	require.Equal(t, "ledger", made.Backend)
	require.Equal(t, instance.DefaultConnection(), made.Connection)
	require.Equal(t, []string{"processing", "completed"}, made.Config.Order.Statuses)
	require.Contains(t, made.Missing, "config.general.warehouse")

	h.call("POST", "/instances", newInstance()).problem(http.StatusConflict)
}

func TestNewInstanceKeepsWhatIsGiven(t *testing.T) {
	h := newHarness(t)
	body := newInstance()
	body["connection"] = map[string]any{"verify_ssl": false}
	body["config"] = map[string]any{"order": map[string]any{"prefix": "WEB-"}, "product": map[string]any{"import_images": false}}
	made := decode[gen.Instance](h.call("POST", "/instances", body).is(http.StatusCreated))
	require.False(t, made.Connection.VerifySSL)
	require.Equal(t, 2, made.Connection.Readers, "the default stays")
	require.Equal(t, "WEB-", made.Config.Order.Prefix)
	require.False(t, made.Config.Product.ImportImages)
	require.True(t, made.Config.Product.ImportPrice, "the default stays")
}

func TestInstanceRefusalsNameTheField(t *testing.T) {
	h := newHarness(t)
	h.connected()
	for name, c := range map[string]struct {
		method string
		change map[string]any
		fields []string
	}{
		"address":          {"POST", map[string]any{"store_url": "ftp://shop"}, []string{"store_url"}},
		"unknown ERP":      {"POST", map[string]any{"backend": "abacus"}, []string{"backend"}},
		"two problems":     {"PATCH", config("order", "statuses", []string{"trash"}, "prefix", "12345678901234567"), []string{"config.order.statuses[0]", "config.order.prefix"}},
		"amount":           {"PATCH", config("order", "rounding_limit", "much"), []string{"config.order.rounding_limit"}},
		"no such choice":   {"PATCH", config("general", "warehouse", "99"), []string{"config.general.warehouse"}},
		"no such account":  {"PATCH", config("tax", "invoice_account", "99"), []string{"config.tax.invoice_account"}},
		"unknown workflow": {"PATCH", config("order", "workflows", []map[string]string{{"match": "processing", "workflow": "none"}}), []string{"config.order.workflows[0].workflow"}},
		"webhook topic":    {"PATCH", config("webhook", "topics", []string{"order.exploded"}), []string{"config.webhook.topics[0]"}},
		"recipient":        {"PATCH", config("email", "recipients", []string{"nobody"}), []string{"config.email.recipients[0]"}},
	} {
		t.Run(name, func(t *testing.T) {
			path, body := "/instances/demo", c.change
			if c.method == "POST" {
				path, body = "/instances", newInstance()
				body["id"] = "other"
				maps.Copy(body, c.change)
			}
			h.in(t).call(c.method, path, body).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
}

// config is a patch of one section.
func config(section string, pairs ...any) map[string]any {
	fields := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		fields[pairs[i].(string)] = pairs[i+1]
	}
	return map[string]any{"config": map[string]any{section: fields}}
}

func TestPatchChangesOnlyWhatItNames(t *testing.T) {
	h := newHarness(t)
	h.active()
	before := decode[gen.Instance](h.call("GET", "/instances/demo", nil).is(http.StatusOK))
	after := decode[gen.Instance](h.call("PATCH", "/instances/demo", config("order", "guest_customers", false)).is(http.StatusOK))
	require.True(t, before.Config.Order.GuestCustomers)
	before.Config.Order.GuestCustomers = false
	before.Version, before.UpdatedAt = after.Version, after.UpdatedAt
	before.Imports, before.Schedules = nil, nil // shown only in the view of a single instance
	require.Equal(t, before, after)

	emptied := decode[gen.Instance](h.call("PATCH", "/instances/demo", config("order", "statuses", []string{})).is(http.StatusOK))
	require.Empty(t, emptied.Config.Order.Statuses, "an empty list is a value")
}

func TestPatchGuardsAgainstLostUpdates(t *testing.T) {
	h := newHarness(t)
	h.connected()
	read := decode[gen.Instance](h.call("GET", "/instances/demo", nil).is(http.StatusOK))
	mine := map[string]any{"version": read.Version, "name": "Mine"}
	h.call("PATCH", "/instances/demo", map[string]any{"version": read.Version, "name": "Theirs"}).is(http.StatusOK)
	require.Equal(t, fault.Conflict, h.call("PATCH", "/instances/demo", mine).problem(http.StatusConflict).Code)
	h.call("PATCH", "/instances/demo", map[string]any{"name": "Whoever"}).is(http.StatusOK)
}

func TestAnotherStoreMakesADraftAgain(t *testing.T) {
	h := newHarness(t)
	h.active()
	move := map[string]any{"store_url": "https://new.example.com"}
	h.call("PATCH", "/instances/demo", move).problem(http.StatusConflict)
	h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK)
	moved := decode[gen.Instance](h.call("PATCH", "/instances/demo", move).is(http.StatusOK))
	require.Equal(t, instance.Draft, moved.State)
	require.Zero(t, moved.Store, "nothing is known of the new store")
	require.Zero(t, moved.ERP)
}

func TestLifeOfAnInstance(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.call("POST", "/instances/demo/activate", nil).problem(http.StatusConflict)

	found := decode[gen.Instance](h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK))
	require.Equal(t, instance.Connected, found.State)
	require.Equal(t, "10.0.2", found.Store.WooCommerce)
	require.WithinDuration(t, time.Now(), found.ERP.CheckedAt, time.Minute)
	found.ERP.CheckedAt = time.Time{}
	require.Equal(t, instance.ERPInfo{
		Name: "Stub", Version: "1.0", Company: "One", CompanyID: "1", Warnings: []string{"no lots: install stock"},
	}, found.ERP)
	require.NotZero(t, found.ConnectedAt)

	h.call("POST", "/instances/demo/activate", nil).fields(http.StatusUnprocessableEntity, "config.general.warehouse",
		"config.general.currency", "config.payment.term", "config.order.sales_team", "config.order.salesperson")
	h.call("PATCH", "/instances/demo", map[string]any{"config": complete()}).is(http.StatusOK)
	h.call("POST", "/schedules", map[string]any{"instance": "demo", "kind": "order_import", "every_seconds": 60}).is(http.StatusCreated)
	h.plans.applied = nil

	active := decode[gen.Instance](h.call("POST", "/instances/demo/activate", nil).is(http.StatusOK))
	require.Equal(t, instance.Active, active.State)
	require.Empty(t, active.Missing)
	require.Len(t, h.plans.applied, 1, "its schedule follows")
	h.call("POST", "/instances/demo/activate", nil).problem(http.StatusConflict)
	checked := decode[gen.Instance](h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK))
	require.Equal(t, instance.Active, checked.State, "connecting an active one is a check")

	h.plans.err = fault.New(fault.Unavailable, "Temporal is away")
	off := decode[gen.Instance](h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK))
	require.Equal(t, instance.Deactivated, off.State, "the schedule follows later")
	require.Len(t, h.plans.applied, 2)
}

func TestTheSameStoreIsRefusedAtActivation(t *testing.T) {
	h := newHarness(t)
	h.active()
	again := newInstance()
	again["id"], again["config"] = "again", complete()
	h.call("POST", "/instances", again).is(http.StatusCreated)
	h.call("POST", "/instances/again/connect", nil).is(http.StatusOK)

	refused := h.call("POST", "/instances/again/activate", nil).problem(http.StatusConflict)
	require.Contains(t, refused.Detail, `"demo"`)
	require.Contains(t, refused.Detail, "allow_same_store")
	h.call("POST", "/instances/again/activate", map[string]any{"allow_same_store": false}).problem(http.StatusConflict)
	found := decode[gen.Instance](h.call("GET", "/instances/again", nil).is(http.StatusOK))
	require.Equal(t, instance.Connected, found.State)

	found = decode[gen.Instance](h.call("POST", "/instances/again/activate", map[string]any{"allow_same_store": true}).is(http.StatusOK))
	require.Equal(t, instance.Active, found.State)
	h.call("POST", "/instances/demo/deactivate", nil).is(http.StatusOK)
	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
	h.call("POST", "/instances/demo/activate", nil).problem(http.StatusConflict)
}

func TestConnectSaysWhatIsWrong(t *testing.T) {
	h := newHarness(t)
	body := newInstance()
	delete(body, "consumer_key")
	delete(body, "consumer_secret")
	h.call("POST", "/instances", body).is(http.StatusCreated)
	h.call("POST", "/instances/demo/connect", nil).fields(http.StatusUnprocessableEntity, "consumer_key", "consumer_secret")

	keys := map[string]string{"consumer_key": "ck_wrong", "consumer_secret": "cs_wrong"}
	h.call("PUT", "/instances/demo/credentials", keys).is(http.StatusNoContent)
	p := h.call("POST", "/instances/demo/connect", nil).problem(http.StatusUnprocessableEntity)
	require.Equal(t, fault.Unauthorized, p.Code)
	require.Equal(t, "the store refuses the keys", p.Detail)

	h.store.err = fault.New(fault.Unavailable, "the store does not answer")
	h.call("POST", "/instances/demo/connect", nil).problem(http.StatusServiceUnavailable)
	require.Equal(t, instance.Draft, decode[gen.Instance](h.call("GET", "/instances/demo", nil)).State)
}

func TestConnectAsksTheERPToo(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"away":      {fault.New(fault.Unavailable, "the database does not answer"), http.StatusServiceUnavailable},
		"read only": {fault.New(fault.Unauthorized, "the database may only be read"), http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
			h.erp.err = c.err
			p := h.call("POST", "/instances/demo/connect", nil).problem(c.status)
			require.Equal(t, "the ERP ledger: "+c.err.Error(), p.Detail)
			kept := decode[gen.Instance](h.call("GET", "/instances/demo", nil).is(http.StatusOK))
			require.Equal(t, instance.Draft, kept.State)
			require.Zero(t, kept.Store, "half an answer is none")
		})
	}
}

func TestConnectCompletesTheDefaultWorkflow(t *testing.T) {
	h := newHarness(t)
	h.connected()
	shipped := decode[instance.SaleWorkflow](h.call("GET", "/sale-workflows/default", nil).is(http.StatusOK))
	require.Equal(t, "1", shipped.PaymentJournal)
	require.Equal(t, "manual", shipped.PaymentMethod)

	shipped.PaymentMethod = ""
	h.call("PUT", "/sale-workflows/default", shipped).is(http.StatusOK)
	h.call("POST", "/instances/demo/connect", nil).is(http.StatusOK)
	require.Equal(t, shipped, decode[instance.SaleWorkflow](h.call("GET", "/sale-workflows/default", nil)), "what a person chose stays")
}

// An instance that counts as connected has a default workflow it can use.
func TestConnectFailsWhenTheDefaultWorkflowCannotBeRead(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newInstance()).is(http.StatusCreated)
	h.exec(`ALTER TABLE tandem.sale_workflows RENAME TO gone`)
	h.call("POST", "/instances/demo/connect", nil).problem(http.StatusServiceUnavailable)
	require.Equal(t, instance.Draft, decode[gen.Instance](h.call("GET", "/instances/demo", nil)).State)
}

// The keys go in and never come out again, neither in answers nor in the log.
func TestKeysNeverComeBack(t *testing.T) {
	h := newHarness(t)
	var seen string
	key := []string{"Idempotency-Key", "creates-the-shop"}
	h.odoo.err = fault.New(fault.Unauthorized, "Odoo does not accept the API key")
	for _, r := range []reply{
		h.call("POST", "/instances", newOdooInstance(), key...), h.call("POST", "/instances", newOdooInstance(), key...),
		h.call("POST", "/instances/shop/connect", nil), h.call("GET", "/instances/shop", nil),
		h.call("PUT", "/instances/shop/erp-credentials", map[string]string{"secret": erpSecret}),
		h.call("PUT", "/instances/shop/erp-credentials", map[string]string{"secret": erpSecret, "more": "x"}),
		h.call("POST", "/instances", newInstance()),
		h.call("POST", "/instances/demo/connect", nil),
		h.call("PUT", "/instances/demo/credentials", map[string]string{"consumer_key": consumerKey, "consumer_secret": consumerSecret}),
		h.call("PATCH", "/instances/demo", map[string]any{"name": "x"}),
		h.call("GET", "/instances", nil), h.call("GET", "/instances/demo", nil),
		h.call("POST", "/instances", newInstance()),
	} {
		seen += r.Body.String()
	}
	seen += h.log.String() + h.read(`SELECT string_agg(convert_from(body, 'UTF8'), ' ') FROM tandem.idempotency_keys`)
	require.Contains(t, seen, odooURL)
	require.NotContains(t, seen, erpSecret)
	require.NotContains(t, seen, consumerKey)
	require.NotContains(t, seen, consumerSecret)
}

func TestOptionsComeFromTheERP(t *testing.T) {
	h := newHarness(t)
	h.connected()
	options := decode[gen.Options](h.call("GET", "/instances/demo/options", nil).is(http.StatusOK))
	require.Equal(t, gen.Choice{ID: "1", Code: "BNK1", Name: "Bank", Kind: "bank"}, options.Journals[0])
	require.Contains(t, options.WebhookTopics, "order.created")
	h.erp.err = fault.New(fault.Unavailable, "the ERP does not answer")
	h.call("GET", "/instances/demo/options", nil).problem(http.StatusServiceUnavailable)
}

func TestUnknownInstanceIsNotFound(t *testing.T) {
	h := newHarness(t)
	for method, paths := range map[string][]string{
		"GET":  {"", "/options", "/counters", "/price-lists", "/meta-mappings"},
		"POST": {"/connect", "/activate", "/deactivate"},
	} {
		for _, path := range paths {
			require.Equal(t, fault.NotFound, h.call(method, "/instances/none"+path, nil).problem(http.StatusNotFound).Code)
		}
	}
	h.call("PATCH", "/instances/none", map[string]any{"name": "x"}).problem(http.StatusNotFound)
}

func TestPriceListsAreThoseTheERPHolds(t *testing.T) {
	h := newHarness(t)
	h.active()
	require.Empty(t, decode[gen.PriceListList](h.call("GET", "/instances/demo/price-lists", nil)).Items)
	h.erp.records["demo/price_list/regular-EUR"] = "71"
	lists := decode[gen.PriceListList](h.call("GET", "/instances/demo/price-lists", nil).is(http.StatusOK)).Items
	require.Equal(t, []gen.PriceList{{
		Key: "demo/price_list/regular-EUR", ERPID: "71", Name: "Demo Regular EUR", Kind: "regular", Currency: "EUR",
	}}, lists)
}

func TestPricesArePaged(t *testing.T) {
	h := newHarness(t)
	h.active()
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for id := range 3 {
		key := erp.Key{Instance: "demo", Entity: "product", ID: strconv.Itoa(id)}
		h.erp.prices = append(h.erp.prices, erp.ListedPrice{
			Product: key, Variant: key, Price: erp.Price{Amount: decimal.New(1995, -2), From: day},
		})
	}
	first := h.call("GET", "/instances/demo/price-lists/regular-EUR/prices?limit=2", nil).is(http.StatusOK)
	page := decode[gen.PricePage](first)
	require.Len(t, page.Items, 2)
	require.Equal(t, gen.Price{ProductKey: "demo/product/0", VariantKey: "demo/product/0", Amount: "19.95", From: day}, page.Items[0])
	require.NotContains(t, first.Body.String(), "until", "what has no value is left out")

	rest := h.call("GET", linkTo(first), nil).is(http.StatusOK)
	require.Len(t, decode[gen.PricePage](rest).Items, 1)
	require.Empty(t, linkTo(rest))
	require.Len(t, decode[gen.PricePage](h.call("GET", "/instances/demo/price-lists/regular-EUR/prices", nil)).Items, 3)

	h.call("GET", "/instances/demo/price-lists/sale-EUR/prices", nil).problem(http.StatusNotFound)
	h.call("GET", "/instances/demo/price-lists/all/prices", nil).fields(http.StatusUnprocessableEntity, "list")
	h.call("GET", "/instances/none/price-lists/sale-EUR/prices", nil).problem(http.StatusNotFound)
}
