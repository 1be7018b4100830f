package main

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp/open"
	"tandem/instance"
)

func TestAddAnInstanceOnAnOdoo(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop"})
	_, err := command(t, "ck_1\ncs_1\nkey\n", "instance", "add", "shop", "--url", "https://shop.example.com", "--backend", "odoo",
		"--erp-url", "https://acme.odoo.com", "--erp-database", "acme", "--erp-login", "bot", "--erp-protocol", "json2", "--erp-language", "fr_FR")
	require.NoError(t, err)
	require.Equal(t, "POST /instances", stub.path)
	var sent gen.NewInstance
	require.NoError(t, json.Unmarshal(stub.body, &sent))
	require.Equal(t, []string{"odoo", "ck_1", "cs_1", "key"}, []string{sent.Backend, sent.ConsumerKey, sent.ConsumerSecret, sent.ERPSecret})
	require.JSONEq(t, `{"url":"https://acme.odoo.com","database":"acme","login":"bot","protocol":"json2","language":"fr_FR"}`,
		string(sent.ERPConnection))
}

func TestERPsAreListedWithTheirFlags(t *testing.T) {
	stub := startAPI(t, gen.ERPList{Items: []gen.ERP{
		{Name: "ledger", Title: "Tandem ledger"},
		{Name: "acme", Title: "Acme", Secret: "token of its user", Settings: []gen.ERPSetting{
			{Name: "token_id", Help: "number of the token", Required: true}, {Name: "region", Help: "where it runs"},
		}},
	}})
	stdout, _, code := program(t, "erps")
	require.Zero(t, code)
	require.Equal(t, "GET /erps", stub.path)
	require.Regexp(t, `ledger +- +built in`, stdout)
	require.Regexp(t, `acme +--erp-token-id +required +number of the token`, stdout)
	require.Regexp(t, `acme +--erp-region +optional +where it runs`, stdout)
	require.Regexp(t, `acme +ERP_SECRET +required +token of its user`, stdout)
	stdout, _, _ = program(t, "erps", "--json")
	document(t, stdout)
}

func TestFlagsSayWhatTheERPsAskFor(t *testing.T) {
	stdout, _, code := program(t, "instance", "add", "--help")
	require.Zero(t, code)
	for _, d := range open.Drivers() {
		for _, s := range d.Settings {
			require.Regexp(t, "--"+erpFlag(s)+` string +.*`+regexp.QuoteMeta(d.Title+": "+s.Help), stdout)
		}
	}
}

func TestAddAnInstanceOnTheLedger(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop"})
	_, err := command(t, "ck_1\ncs_1\n", "instance", "add", "shop", "--url", "https://shop.example.com")
	require.NoError(t, err)
	require.NotContains(t, string(stub.body), "erp_")
}

func TestGiveTheERPsKey(t *testing.T) {
	stub := startAPI(t, nil)
	_, err := command(t, "key\n", "instance", "erp-credentials", "shop")
	require.NoError(t, err)
	require.Equal(t, "PUT /instances/shop/erp-credentials", stub.path)
	require.JSONEq(t, `{"secret":"key"}`, string(stub.body))

	t.Setenv("ERP_SECRET", "of the environment")
	_, err = command(t, "", "instance", "erp-credentials", "shop")
	require.NoError(t, err)
	require.JSONEq(t, `{"secret":"of the environment"}`, string(stub.body))

	t.Setenv("ERP_SECRET", "")
	_, err = command(t, "", "instance", "erp-credentials", "shop")
	require.ErrorContains(t, err, "ERP_SECRET")
}

func TestConnectSaysWhatERPWasFound(t *testing.T) {
	stub := startAPI(t, gen.Instance{ID: "shop", Warnings: []string{"recent orders are in USD"}, ERP: instance.ERPInfo{
		Name: "Odoo", Version: "19.0", Company: "Acme", Warnings: []string{"a key ends soon", "coupons cannot be landed"},
	}})
	out, err := command(t, "", "instance", "connect", "shop")
	require.NoError(t, err)
	require.Equal(t, "POST /instances/shop/connect", stub.path)
	require.Contains(t, out, "the ERP is Odoo 19.0, company Acme\nwarning: a key ends soon\nwarning: coupons cannot be landed\n")
	require.Contains(t, out, "warning: recent orders are in USD\n")
}
