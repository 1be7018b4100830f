package wootest

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

//go:embed seed/system_status.json
var systemStatusSeed []byte

// currencyNames are the currencies a store here may use: code → name, HTML symbol, plain symbol.
var currencyNames = map[string][3]string{
	"EUR": {"Euro", "&euro;", "€"},
	"USD": {"United States (US) dollar", "&#36;", "$"},
	"GBP": {"Pound sterling", "&pound;", "£"},
	"CHF": {"Swiss franc", "&#67;&#72;&#70;", "CHF"},
	"SEK": {"Swedish krona", "&#107;&#114;", "kr"},
	"JPY": {"Japanese yen", "&yen;", "¥"},
	"KWD": {"Kuwaiti dinar", "&#x62f;.&#x643;", "د.ك"},
}

var currencyCodes = []string{"CHF", "EUR", "GBP", "JPY", "KWD", "SEK", "USD"}

func (s *Server) routeSystem() {
	s.routeGateways()
	s.routeReports()
	s.router.at("system_status").on(http.MethodGet, s.systemStatus)
	s.router.at("data/currencies").on(http.MethodGet, s.listCurrencies)
	s.router.at("data/currencies/*").on(http.MethodGet, s.getCurrency)
}

// index is what a client reads first to see whether this is a WooCommerce at all.
func (s *Server) index(c *call) *reply {
	e := c.encoder()
	e.open('{')
	e.str("name", "Demo store")
	e.str("description", "")
	e.str("url", c.home)
	e.str("home", c.home)
	e.str("gmt_offset", "0")
	e.str("timezone_string", s.opts.Zone.String())
	e.raw("namespaces", `["oembed/1.0","wc/v1","wc/v2","wc/v3",`+s.pluginNames()+`"wc-telemetry","wc/store","wp/v2"]`)
	e.raw("authentication", "[]")
	e.raw("routes", "{}")
	e.close('}')
	return newReply(http.StatusOK, e.b)
}

// pluginNames lists the APIs of plugins as a part of a JSON list.
func (s *Server) pluginNames() string {
	names := ""
	for _, api := range s.plugins {
		names += `"` + api + `",`
	}
	return names
}

func (s *Server) systemStatus(c *call) (*reply, error) {
	var status map[string]map[string]any
	if err := json.Unmarshal(systemStatusSeed, &status); err != nil {
		status = map[string]map[string]any{}
	}
	currency := s.option("general", "woocommerce_currency")
	status["environment"]["home_url"], status["environment"]["site_url"] = c.home, c.home
	status["environment"]["default_timezone"] = s.opts.Zone.String()
	status["settings"]["currency"] = currency
	status["settings"]["currency_symbol"] = currencyNames[currency][1]
	e := c.encoder()
	e.document(status)
	e.close('}')
	e.project()
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) listCurrencies(c *call) (*reply, error) {
	e := c.encoder()
	e.open('[')
	for _, code := range currencyCodes {
		encodeCurrency(e, c, code)
	}
	e.close(']')
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) getCurrency(c *call) (*reply, error) {
	code := c.vars[0]
	if code == "current" {
		code = s.option("general", "woocommerce_currency")
	}
	if _, known := currencyNames[code]; !known {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_data_invalid_currency",
			"There are no currencies matching these parameters.")
	}
	e := c.encoder()
	encodeCurrency(e, c, code)
	return newReply(http.StatusOK, e.b), nil
}

func encodeCurrency(e *encoder, c *call, code string) {
	e.open('{')
	e.str("code", code)
	e.str("name", currencyNames[code][0])
	e.str("symbol", currencyNames[code][1])
	c.links(e, "data/currencies", code, readOnly, "")
	e.close('}')
}
