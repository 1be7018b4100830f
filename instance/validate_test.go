package instance_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp/open"
	"tandem/fault"
	"tandem/instance"
)

func TestConfigValidate(t *testing.T) {
	require.NoError(t, instance.Config{}.Validate())
	require.NoError(t, instance.DefaultConfig().Validate())
	require.NoError(t, complete().Validate())
	for _, test := range []struct {
		name  string
		spoil func(*instance.Config)
		want  []string
	}{
		{"currency in small letters", func(c *instance.Config) { c.General.Currency = "eur" }, []string{"general.currency"}},
		{"a currency outside ISO 4217", func(c *instance.Config) {
			c.General.Currency, c.General.MultiCurrency, c.General.Currencies = "GGP", true, []string{"IRT", "BTC", "IMP", "JEP"}
		}, nil},
		{"owners", func(c *instance.Config) {
			c.Export.Images, c.Product.ImportImages, c.Product.ImportPrice = true, true, true
			c.Ownership.Product = instance.ProductOwners{Basic: "store", Price: "erp", Image: "newest", Stock: "ask"}
			c.Ownership.Customer.Basic = "ask"
		}, nil},
		{"owners that are none", func(c *instance.Config) {
			c.Ownership.Customer.Basic, c.Ownership.Product.Price, c.Product.ImportPrice = "shop", "odoo", true
		}, []string{"ownership.customer.basic", "ownership.product.price"}},
		{"owners of what is not compared", func(c *instance.Config) {
			c.Product.ImportPrice, c.Export.Images, c.Ownership.Product = false, false, instance.ProductOwners{Price: "erp", Image: "erp"}
		}, []string{"ownership.product.price", "ownership.product.image"}},
		{"odd status of exported orders", func(c *instance.Config) { c.Export.OrderStatus = "wc-processing" }, []string{"export.order_status"}},
		{"exported orders refunded", func(c *instance.Config) { c.Export.OrderStatus = "refunded" }, []string{"export.order_status"}},
		{"tracking", func(c *instance.Config) {
			c.Tracking = instance.Tracking{Target: "mail", Note: "none", NoteText: "sent", URLMeta: "a key"}
		}, []string{"tracking.target", "tracking.note_text", "tracking.number_meta", "tracking.url_meta"}},
		{"no such currency", func(c *instance.Config) { c.General.Currency = "EURO" }, []string{"general.currency"}},
		{"further currencies without the switch", func(c *instance.Config) { c.General.Currencies = []string{"USD"} },
			[]string{"general.currencies"}},
		{"further currencies", func(c *instance.Config) {
			c.General.MultiCurrency, c.General.Currencies = true, []string{"USD", "EUR", "x", "USD"}
		}, []string{"general.currencies[1]", "general.currencies[2]", "general.currencies[3]"}},
		{"way of import", func(c *instance.Config) { c.Order.ImportThrough = "date" }, []string{"order.import_through"}},
		{"address", func(c *instance.Config) { c.Order.CustomerAddress = "home" }, []string{"order.customer_address"}},
		{"sub-orders", func(c *instance.Config) { c.Order.SubOrders = "none" }, []string{"order.sub_orders"}},
		{"statuses", func(c *instance.Config) {
			c.Order.Statuses = []string{"packed", "wc-packed", "checkout-draft", "trash", "packed", "any", "", "a b", "auto-draft"}
		}, []string{"order.statuses[1]", "order.statuses[2]", "order.statuses[3]", "order.statuses[4]", "order.statuses[5]",
			"order.statuses[6]", "order.statuses[7]", "order.statuses[8]"}},
		{"status updates", func(c *instance.Config) {
			c.Order.StatusUpdates = []instance.StatusUpdate{{"shipped", "packed"}, {"sent", "packed"}, {"shipped", "completed"},
				{"paid", "wc-processing"}, {"invoiced", "refunded"}, {"cancelled", "trash"}, {"confirmed", ""}}
		}, []string{"order.status_updates[1].when", "order.status_updates[2].when", "order.status_updates[3].status",
			"order.status_updates[4].status", "order.status_updates[5].status", "order.status_updates[6].status"}},
		{"prefix too long", func(c *instance.Config) { c.Order.Prefix = strings.Repeat("é", 17) }, []string{"order.prefix"}},
		{"prefix with a line break", func(c *instance.Config) { c.Order.Prefix = "A\n" }, []string{"order.prefix"}},
		{"placeholder", func(c *instance.Config) { c.Order.Placeholder = "GIFT" }, []string{"order.placeholder_product"}},
		{"rounding limit", func(c *instance.Config) { c.Order.RoundingLimit = "a cent" }, []string{"order.rounding_limit"}},
		{"a rounding limit that is no rounding", func(c *instance.Config) { c.Order.RoundingLimit = "0.06" }, []string{"order.rounding_limit"}},
		{"a yen is a coin", func(c *instance.Config) { c.General.Currency, c.Order.RoundingLimit = "JPY", "5" }, nil},
		{"six yen are more than a few", func(c *instance.Config) { c.General.Currency, c.Order.RoundingLimit = "JPY", "6" }, []string{"order.rounding_limit"}},
		{"the default in a currency of smaller coins", func(c *instance.Config) { c.General.Currency = "KWD" }, nil},
		{"negative rounding limit", func(c *instance.Config) { c.Order.RoundingLimit = "-0.01" }, []string{"order.rounding_limit"}},
		{"cut-off", func(c *instance.Config) { c.Order.CutOff = "31.01.2026" }, []string{"order.cut_off"}},
		{"rules", func(c *instance.Config) {
			c.Order.Workflows = []instance.WorkflowRule{
				{Match: "processing", Workflow: "default"}, {Match: "", Workflow: "default"},
				{Match: "processing", Workflow: "default"}, {Match: "on-hold", Workflow: "No Way"},
			}
		}, []string{"order.workflows[1].match", "order.workflows[2].match", "order.workflows[3].workflow"}},
		{"stock field", func(c *instance.Config) { c.Stock.Field = "on_hand" }, []string{"stock.field"}},
		{"topics", func(c *instance.Config) {
			c.Webhook.Topics = []string{"order.created", "refund.created", "order.created"}
		},
			[]string{"webhook.topics[1]", "webhook.topics[2]"}},
		{"recipients", func(c *instance.Config) { c.Email.Recipients = []string{"a@example.com", "A <a@example.com>", "a"} },
			[]string{"email.recipients[1]", "email.recipients[2]"}},
		{"everything at once", func(c *instance.Config) { c.General.Currency, c.Stock.Field = "x", "x" },
			[]string{"general.currency", "stock.field"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := complete()
			test.spoil(&c)
			require.Equal(t, test.want, fields(t, c.Validate()))
		})
	}
}

func TestRefusedRecipientIsNotQuoted(t *testing.T) {
	c := instance.Config{Email: instance.Email{Recipients: []string{"Anna Example <anna@example.com>"}}}
	require.NotContains(t, c.Validate().Error(), "nna")
}

func TestInstanceValidate(t *testing.T) {
	good := instance.Instance{
		ID: "demo", Name: "Demo", StoreURL: "https://shop.example.com", Backend: "ledger",
		Connection: instance.DefaultConnection(), Config: complete(),
	}
	require.NoError(t, good.Validate(open.Drivers()))
	bad := instance.Instance{ID: "De mo", Connection: instance.Connection{APIVersion: "wc/v9", Readers: 9}}
	bad.Config.Stock.Field = "x"
	require.Equal(t, []string{"id", "name", "store_url", "backend", "connection.api_version", "connection.readers", "stock.field"},
		fields(t, bad.Validate(open.Drivers())))
}

func TestCredentialsValidate(t *testing.T) {
	require.NoError(t, instance.Credentials{ConsumerKey: "ck_1", ConsumerSecret: "cs_1"}.Validate())
	require.Equal(t, []string{"consumer_key", "consumer_secret"}, fields(t, instance.Credentials{}.Validate()))
	require.NotContains(t, instance.Credentials{ConsumerKey: "ck_1"}.Validate().Error(), "ck_1")
}

func TestImportSince(t *testing.T) {
	for text, want := range map[string]time.Time{
		"":                          {},
		"2026-01-31":                time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
		"2026-01-31T08:00:00+02:00": time.Date(2026, 1, 31, 6, 0, 0, 0, time.UTC),
	} {
		got, err := instance.Order{CutOff: text}.ImportSince()
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := instance.Order{CutOff: "yesterday"}.ImportSince()
	require.Equal(t, "order.cut_off", fault.From(err).Field)
}

func TestWebhookTopics(t *testing.T) {
	topics := instance.WebhookTopics()
	require.Len(t, topics, 16)
	require.Equal(t, "order.created", topics[0])
	require.Contains(t, topics, "coupon.restored")
}

func TestStatusFor(t *testing.T) {
	holding := func(events ...string) func(string) bool {
		return func(e string) bool { return slices.Contains(events, e) }
	}
	for name, tt := range map[string]struct {
		updates []instance.StatusUpdate
		holds   []string
		want    string
	}{
		"as installed, shipped":    {holds: []string{"confirmed", "paid", "shipped"}, want: "completed"},
		"as installed, cancelled":  {holds: []string{"cancelled"}, want: "cancelled"},
		"as installed, paid":       {holds: []string{"confirmed", "paid"}},
		"the furthest that counts": {updates: []instance.StatusUpdate{{When: "confirmed", Status: "processing"}, {When: "paid", Status: "packed"}}, holds: []string{"confirmed", "paid", "shipped"}, want: "packed"},
		"none that holds":          {updates: []instance.StatusUpdate{{When: "shipped", Status: "completed"}}, holds: []string{"confirmed"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, instance.Order{StatusUpdates: tt.updates}.StatusFor(holding(tt.holds...)))
		})
	}
}
