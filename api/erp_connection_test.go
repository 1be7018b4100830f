package api_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

func TestNewInstanceOnAnOdoo(t *testing.T) {
	h := newHarness(t)
	made := decode[gen.Instance](h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated))
	require.Equal(t, "odoo", made.Backend)
	require.Equal(t, erp.Connection{"url": odooURL, "database": "acme", "login": "", "protocol": "", "language": ""}, made.ERPConnection, "in its usual form")
	kept, err := h.db.Credentials(t.Context(), "shop")
	require.NoError(t, err)
	require.Equal(t, instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret, ERPSecret: erpSecret}, kept)

	found := decode[gen.Instance](h.call("POST", "/instances/shop/connect", nil).is(http.StatusOK))
	require.Equal(t, "Stub", found.ERP.Name)
	require.NotEmpty(t, found.ERP.Warnings)
	require.NotEmpty(t, decode[gen.Options](h.call("GET", "/instances/shop/options", nil).is(http.StatusOK)).Taxes)
}

func TestRefusedWaysToAnERPNameTheField(t *testing.T) {
	h := newHarness(t)
	for name, c := range map[string]struct {
		change map[string]any
		fields []string
	}{
		"nothing":            {map[string]any{"erp_connection": map[string]any{}}, []string{"erp_connection.url", "erp_connection.database"}},
		"address":            {way("url", "ftp://acme"), []string{"erp_connection.url"}},
		"protocol":           {way("protocol", "xmlrpc"), []string{"erp_connection.protocol"}},
		"no login":           {way("protocol", "jsonrpc"), []string{"erp_connection.login"}},
		"unknown field":      {way("password", "x"), []string{"erp_connection.password"}},
		"a way to a ledger":  {map[string]any{"backend": "ledger", "erp_secret": ""}, []string{"erp_connection"}},
		"a key for a ledger": {map[string]any{"backend": "ledger", "erp_connection": map[string]any{}}, []string{"erp_secret"}},
	} {
		t.Run(name, func(t *testing.T) {
			body := newOdooInstance()
			maps.Copy(body, c.change)
			h.in(t).call("POST", "/instances", body).fields(http.StatusUnprocessableEntity, c.fields...)
		})
	}
}

// way is a connection with one field changed.
func way(field, value string) map[string]any {
	connection := map[string]any{"url": odooURL, "database": "acme"}
	connection[field] = value
	return map[string]any{"erp_connection": connection}
}

// A form is drawn from this, and from nothing else.
func TestERPsAreListedWithTheirSettings(t *testing.T) {
	h := newHarness(t)
	list := decode[gen.ERPList](h.call("GET", "/erps", nil).is(http.StatusOK))
	require.Equal(t, []string{"ledger", "odoo"}, []string{list.Items[0].Name, list.Items[1].Name})
	require.Empty(t, list.Items[0].Settings)
	require.Empty(t, list.Items[0].Secret)
	odoo := list.Items[1]
	require.NotEmpty(t, odoo.Secret)
	require.Equal(t, []string{"url", "database", "login", "protocol", "language"}, []string{odoo.Settings[0].Name,
		odoo.Settings[1].Name, odoo.Settings[2].Name, odoo.Settings[3].Name, odoo.Settings[4].Name})
	require.True(t, odoo.Settings[0].Required)
	require.True(t, odoo.Settings[1].Books)
	require.False(t, odoo.Settings[2].Required)
	require.Equal(t, []string{"jsonrpc", "json2"}, odoo.Settings[3].Choices)
}

// A newer version may have made an instance on an ERP that this one does not know. It can be read, moved and removed.
func TestAnInstanceOnAnUnknownERP(t *testing.T) {
	h := newHarness(t)
	newer := instance.Instance{
		ID: "newer", Name: "Newer", StoreURL: "https://shop.example.com", State: instance.Draft, Backend: "abacus",
		ERPConnection: erp.Connection{"token_id": "7"}, Connection: instance.DefaultConnection(), Config: instance.DefaultConfig(),
	}
	_, err := h.db.CreateInstance(t.Context(), newer, instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret, ERPSecret: erpSecret})
	require.NoError(t, err)
	read := decode[gen.Instance](h.call("GET", "/instances/newer", nil).is(http.StatusOK))
	require.Equal(t, newer.ERPConnection, read.ERPConnection)
	h.call("GET", "/instances", nil).is(http.StatusOK)
	h.call("PATCH", "/instances/newer", map[string]any{"name": "Other"}).fields(http.StatusUnprocessableEntity, "backend")
	h.call("PUT", "/instances/newer/erp-credentials", map[string]string{"secret": erpSecret}).is(http.StatusNoContent)

	h.call("PATCH", "/instances/newer", map[string]any{"backend": "ledger"}).is(http.StatusOK)
	kept, err := h.db.Credentials(t.Context(), "newer")
	require.NoError(t, err)
	require.Empty(t, kept.ERPSecret)
	h.call("DELETE", "/instances/newer", nil).is(http.StatusNoContent)
}

// Rows of older versions have empty settings for the ledger too; replies leave such a connection out, as they always have.
func TestTheLedgerShowsNoConnection(t *testing.T) {
	h := newHarness(t)
	_, err := h.db.CreateInstance(t.Context(), instance.Instance{
		ID: "old", Name: "Old", StoreURL: "https://shop.example.com", State: instance.Draft, Backend: "ledger",
		ERPConnection: erp.Connection{"url": "", "database": "", "login": "", "protocol": "", "language": ""},
		Connection:    instance.DefaultConnection(), Config: instance.DefaultConfig(),
	}, instance.Credentials{ConsumerKey: consumerKey, ConsumerSecret: consumerSecret})
	require.NoError(t, err)
	require.NotContains(t, h.call("GET", "/instances/old", nil).is(http.StatusOK).Body.String(), "erp_connection")
	require.NotContains(t, h.call("PATCH", "/instances/old", map[string]any{"name": "Older"}).is(http.StatusOK).Body.String(), "erp_connection")
}

// What the ERP finds at fault in its settings is named as requests name it.
func TestConnectNamesTheFieldAtFault(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		field string
	}{
		"login":    {fault.Field("login", "is needed"), "erp_connection.login"},
		"protocol": {fault.Field("protocol", "Odoo 14 has no JSON-2"), "erp_connection.protocol"},
		"database": {fault.Field("database", "there is none"), "erp_connection.database"},
		"language": {fault.Field("language", "is not installed"), "erp_connection.language"},
		"key":      {fault.Field("secret", "is missing"), "erp_secret"},
		"company":  {fault.Field("company", "there is none"), "config.general.company"},
		"other":    {fault.Field("other", "is wrong"), "other"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
			h.odoo.err = c.err
			h.call("POST", "/instances/shop/connect", nil).fields(http.StatusUnprocessableEntity, c.field)
		})
	}
	h := newHarness(t)
	body := newOdooInstance()
	maps.Copy(body, way("url", "https://elsewhere.example.com"))
	h.call("POST", "/instances", body).is(http.StatusCreated)
	h.call("POST", "/instances/shop/connect", nil).fields(http.StatusUnprocessableEntity, "erp_connection.url")
}

func TestConnectChoosesTheCompany(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	h.call("POST", "/instances/shop/connect", nil).is(http.StatusOK)
	kept, err := h.db.Instance(t.Context(), "shop")
	require.NoError(t, err)
	require.Equal(t, "1", kept.Config.General.Company)
}

func TestConnectNeedsTheKeyOfTheERP(t *testing.T) {
	h := newHarness(t)
	body := newOdooInstance()
	delete(body, "erp_secret")
	h.call("POST", "/instances", body).is(http.StatusCreated)
	h.call("POST", "/instances/shop/connect", nil).fields(http.StatusUnprocessableEntity, "erp_secret")
	h.call("PUT", "/instances/shop/erp-credentials", map[string]string{"secret": erpSecret}).is(http.StatusNoContent)
	h.call("POST", "/instances/shop/connect", nil).is(http.StatusOK)

	h.call("PUT", "/instances/shop/credentials", map[string]string{"consumer_key": "ck_2", "consumer_secret": "cs_2"}).is(http.StatusNoContent)
	kept, err := h.db.Credentials(t.Context(), "shop")
	require.NoError(t, err)
	require.Equal(t, instance.Credentials{ConsumerKey: "ck_2", ConsumerSecret: "cs_2", ERPSecret: erpSecret}, kept)
}

func TestTheLedgerHasNoKey(t *testing.T) {
	h := newHarness(t)
	h.connected()
	secret := map[string]string{"secret": erpSecret}
	h.call("PUT", "/instances/demo/erp-credentials", secret).problem(http.StatusConflict)
	h.call("PUT", "/instances/none/erp-credentials", secret).problem(http.StatusNotFound)
	h.call("PUT", "/instances/demo/erp-credentials", map[string]string{"secret": ""}).fields(http.StatusUnprocessableEntity, "secret")
}

func TestAnotherERPMakesADraftAgain(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		state  instance.State
	}{
		"address":  {map[string]any{"erp_connection": map[string]any{"url": "https://erp.example.com"}}, instance.Draft},
		"database": {map[string]any{"erp_connection": map[string]any{"database": "other"}}, instance.Draft},
		"company":  {config("general", "company", "2"), instance.Draft},
		"backend":  {map[string]any{"backend": "ledger"}, instance.Draft},
		"login":    {map[string]any{"erp_connection": map[string]any{"login": "bot"}}, instance.Connected},
		"prefix":   {config("order", "prefix", "W-"), instance.Connected},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
			before := decode[gen.Instance](h.call("POST", "/instances/shop/connect", nil).is(http.StatusOK))
			after := decode[gen.Instance](h.call("PATCH", "/instances/shop", c.change).is(http.StatusOK))
			require.Equal(t, c.state, after.State)
			require.Equal(t, c.state == instance.Draft, after.ERP.Name == "", "nothing is known of another ERP")
			if name != "backend" {
				require.Equal(t, "acme", before.ERPConnection["database"], "what is not named stays")
			} else {
				require.Zero(t, after.ERPConnection, "the way to one ERP leads to no other")
			}
		})
	}
}

// A configuration can be changed while the ERP is away, as long as nothing of the ERP is chosen again.
func TestPatchWithoutTheERP(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	h.odoo.err = fault.New(fault.Unavailable, "Odoo does not answer")
	h.call("PATCH", "/instances/shop", map[string]any{"name": "Other"}).is(http.StatusOK)
	h.call("PATCH", "/instances/shop", config("order", "prefix", "W-")).is(http.StatusOK)
	h.call("PATCH", "/instances/shop", config("general", "warehouse", "1")).problem(http.StatusServiceUnavailable)
}

// Sale workflows are shared, but a journal belongs to one ERP.
func TestActivationWantsASaleWorkflowOfTheERP(t *testing.T) {
	h := newHarness(t)
	h.connected() // the default sale workflow gets the ledger's journal
	h.odoo.journal = "7"
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	h.call("POST", "/instances/shop/connect", nil).is(http.StatusOK)
	body := complete()
	order := body["order"].(map[string]any)
	rules := func(workflow string) []map[string]string {
		return []map[string]string{{"match": "processing", "workflow": workflow}}
	}
	order["workflows"] = rules("default")
	h.call("PATCH", "/instances/shop", map[string]any{"config": body}).is(http.StatusOK)
	h.call("POST", "/instances/shop/activate", nil).fields(http.StatusUnprocessableEntity, "config.order.workflows[0].workflow")

	own := paid("7", "manual")
	own["id"], own["name"] = "odoo", "Odoo"
	h.call("POST", "/sale-workflows", own).is(http.StatusCreated)
	h.call("PATCH", "/instances/shop", config("order", "workflows", rules("odoo"))).is(http.StatusOK)
	h.call("POST", "/instances/shop/activate", nil).is(http.StatusOK)
	h.call("PATCH", "/instances/shop", config("order", "workflows", rules("default"))).
		fields(http.StatusUnprocessableEntity, "config.order.workflows[0].workflow")
}

// An ERP that is away leaves the sale workflows of the others alone.
func TestSaleWorkflowsWhileAnERPIsAway(t *testing.T) {
	h := newHarness(t)
	h.call("POST", "/instances", newOdooInstance()).is(http.StatusCreated)
	h.odoo.err = fault.New(fault.Unavailable, "Odoo does not answer")
	own := paid("1", "manual")
	own["id"], own["name"] = "own", "Own"
	h.call("POST", "/sale-workflows", own).problem(http.StatusServiceUnavailable)
	h.connected()
	h.call("POST", "/sale-workflows", own).is(http.StatusCreated)
	own["id"], own["payment_journal"] = "other", "9"
	h.call("POST", "/sale-workflows", own).fields(http.StatusUnprocessableEntity, "payment_journal")
}
