package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/instance"
)

// apiStub answers every call with reply, and keeps the last request.
type apiStub struct {
	path string
	body []byte
}

func startAPI(t *testing.T, reply any) *apiStub {
	t.Helper()
	stub := &apiStub{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stub.path = r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1")
		stub.body, _ = io.ReadAll(r.Body)
		_ = json.NewEncoder(w).Encode(reply)
	}))
	t.Cleanup(server.Close)
	t.Setenv("TANDEM_URL", server.URL)
	for _, name := range []string{"TANDEM_TOKEN", "WOO_CONSUMER_KEY", "WOO_CONSUMER_SECRET", "ERP_SECRET"} {
		t.Setenv(name, "")
	}
	return stub
}

// command runs a command as a person would, and gives what it printed.
func command(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	root := newRoot()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetIn(strings.NewReader(input))
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

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
	stub := startAPI(t, gen.Instance{ID: "shop", ERP: instance.ERPInfo{
		Name: "Odoo", Version: "19.0", Company: "Acme", Warnings: []string{"a key ends soon", "coupons cannot be landed"},
	}})
	out, err := command(t, "", "instance", "connect", "shop")
	require.NoError(t, err)
	require.Equal(t, "POST /instances/shop/connect", stub.path)
	require.Contains(t, out, "the ERP is Odoo 19.0, company Acme\nwarning: a key ends soon\nwarning: coupons cannot be landed\n")
}
