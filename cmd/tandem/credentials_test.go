package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
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
