package wootest

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"slices"
)

//go:embed seed/gateways.json
var gatewaysSeed []byte

// gateway is one way to pay.
type gateway struct {
	ID                string                    `json:"id"`
	Title             string                    `json:"title"`
	Description       string                    `json:"description"`
	Order             json.RawMessage           `json:"order"` // "" until sorted, then a number
	Enabled           boolean                   `json:"enabled"`
	MethodTitle       string                    `json:"method_title"`
	MethodDescription string                    `json:"method_description"`
	MethodSupports    []string                  `json:"method_supports"`
	Settings          map[string]map[string]any `json:"settings"`
	NeedsSetup        bool                      `json:"needs_setup"`
	InstallScripts    []string                  `json:"post_install_scripts"`
	SettingsURL       string                    `json:"settings_url"`
	ConnectionURL     *string                   `json:"connection_url"`
	SetupHelp         *string                   `json:"setup_help_text"`
	RequiredSettings  []string                  `json:"required_settings_keys"`
}

func (g *gateway) refunds() bool { return slices.Contains(g.MethodSupports, "refunds") }

func (s *Server) routeGateways() {
	s.router.at("payment_gateways").on(http.MethodGet, s.listGateways)
	s.router.at("payment_gateways/*").edit(s.putGateway).on(http.MethodGet, s.getGateway)
}

func (s *Server) listGateways(c *call) (*reply, error) {
	e := c.encoder()
	e.open('[')
	for i := range s.gateways {
		encodeGateway(e, c, &s.gateways[i])
	}
	e.close(']')
	r := newReply(http.StatusOK, e.b)
	r.paged(c, page{number: 1, size: maxPageSize}, len(s.gateways))
	return r, nil
}

func encodeGateway(e *encoder, c *call, g *gateway) {
	shown := *g
	shown.SettingsURL = c.home + "/wp-admin/admin.php?page=wc-settings&tab=checkout&section=" + g.ID
	e.next()
	e.document(&shown)
	c.links(e, "payment_gateways", g.ID, editMethods, "")
	e.close('}')
}

func (s *Server) gateway(id string) *gateway {
	for i := range s.gateways {
		if s.gateways[i].ID == id {
			return &s.gateways[i]
		}
	}
	return nil
}

func (s *Server) getGateway(c *call) (*reply, error) {
	g := s.gateway(c.vars[0])
	if g == nil {
		return nil, fail(http.StatusNotFound, "woocommerce_rest_payment_gateway_invalid", "Resource does not exist.")
	}
	e := c.encoder()
	encodeGateway(e, c, g)
	return newReply(http.StatusOK, e.b), nil
}

func (s *Server) putGateway(c *call) (*reply, error) {
	g := s.gateway(c.vars[0])
	if g == nil {
		return s.getGateway(c)
	}
	in := struct {
		Title       *string  `json:"title"`
		Description *string  `json:"description"`
		Order       *integer `json:"order"`
		Enabled     *boolean `json:"enabled"`
	}{}
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	if in.Title != nil {
		g.Title = *in.Title
	}
	if in.Description != nil {
		g.Description = *in.Description
	}
	if in.Order != nil {
		g.Order = json.RawMessage(identifier(int(*in.Order)))
	}
	if in.Enabled != nil {
		g.Enabled = *in.Enabled
	}
	return s.getGateway(c)
}
