package odoo

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

func TestConnections(t *testing.T) {
	whole := func(change ...string) erp.Connection {
		c := erp.Connection{"url": "https://acme.odoo.com", "database": "acme"}
		for i := 0; i < len(change); i += 2 {
			c[change[i]] = change[i+1]
		}
		return c
	}
	for name, c := range map[string]struct {
		given erp.Connection
		want  []string
	}{
		"whole":                 {whole(), nil},
		"all of it":             {whole("login", "bot", "protocol", "jsonrpc", "language", "es_419"), nil},
		"nothing":               {nil, []string{"url", "database"}},
		"address":               {whole("url", "ftp://acme"), []string{"url"}},
		"key in the address":    {whole("url", "https://me:secret@acme.odoo.com"), []string{"url"}},
		"protocol":              {whole("protocol", "xmlrpc"), []string{"protocol"}},
		"no login for JSON-RPC": {whole("protocol", "jsonrpc"), []string{"login"}},
		"language":              {whole("language", "French"), []string{"language"}},
		"too long":              {whole("database", strings.Repeat("é", 129)), []string{"database"}},
		"long enough":           {whole("database", strings.Repeat("é", 128)), nil},
		"unknown":               {whole("password", "x"), []string{"password"}},
		"unknown and empty":     {whole("token", ""), nil},
	} {
		t.Run(name, func(t *testing.T) {
			normal, problems := Driver().Normalize(c.given)
			var fields []string
			for _, problem := range problems {
				fields = append(fields, problem.Field)
				require.NotContains(t, problem.Error(), "secret")
			}
			require.Equal(t, c.want, fields)
			require.Len(t, normal, 5, "replies hold every setting")
		})
	}
}

func TestAddressesInOneForm(t *testing.T) {
	for raw, want := range map[string]string{
		"acme.odoo.com":                          "https://acme.odoo.com",
		"https://ACME.odoo.com/web#action=menu":  "https://acme.odoo.com",
		"https://acme.odoo.com/odoo/":            "https://acme.odoo.com",
		"http://127.0.0.1:8069/web/login?db=x":   "http://127.0.0.1:8069",
		"https://erp.example.com/sub/":           "https://erp.example.com/sub",
		"https://erp.example.com:443/web/login/": "https://erp.example.com",
	} {
		normal, problems := Driver().Normalize(erp.Connection{"url": raw, "database": "acme"})
		require.Empty(t, problems, raw)
		require.Equal(t, want, normal["url"])
	}
}

func TestWebPages(t *testing.T) {
	at := erp.Connection{"url": "https://erp.example.com/sub", "database": "acme & co"}
	for version, want := range map[string]map[string]erp.WebPage{
		"19.0+e": {
			"product": {
				List:   "https://erp.example.com/sub/odoo/action-sale.product_template_action?db=acme+%26+co",
				Record: "https://erp.example.com/sub/odoo/product.template/{id}?db=acme+%26+co",
			},
			"coupon": {
				List:   "https://erp.example.com/sub/odoo/action-loyalty.loyalty_program_discount_loyalty_action?db=acme+%26+co",
				Record: "https://erp.example.com/sub/odoo/loyalty.program/{id}?db=acme+%26+co",
			},
			"tag": {Record: "https://erp.example.com/sub/odoo/product.tag/{id}?db=acme+%26+co"},
		},
		"14.0": {
			"invoice": {
				List:   "https://erp.example.com/sub/web?db=acme+%26+co#action=account.action_move_out_invoice_type",
				Record: "https://erp.example.com/sub/web?db=acme+%26+co#id={id}&model=account.move&view_type=form",
			},
			"coupon": {
				List:   "https://erp.example.com/sub/web?db=acme+%26+co#action=coupon.coupon_program_action_promo_program",
				Record: "https://erp.example.com/sub/web?db=acme+%26+co#id={id}&model=coupon.program&view_type=form",
			},
			"tag": {}, // kept in a model without views
		},
	} {
		t.Run(version, func(t *testing.T) {
			pages := Driver().WebPages(at, version)
			for kind, page := range want {
				require.Equal(t, page, pages[kind], kind)
			}
			for _, kind := range []string{"order", "credit_note", "delivery", "customer"} {
				require.NotEmpty(t, pages[kind].List, kind)
				require.Contains(t, pages[kind].Record, erp.RecordID, kind)
			}
			require.Empty(t, pages["stock"].Record, "a count is no record that anything links to")
		})
	}
	require.Empty(t, Driver().WebPages(at, ""), "it was never connected")
}
