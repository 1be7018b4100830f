package woo

import (
	"context"
	"net/url"
)

// SystemService reads what the store says about itself.
type SystemService struct {
	// SettingsGeneral, SettingsTax and SettingsProducts are the groups of the settings page.
	SettingsGeneral  *Directory[Setting]
	SettingsTax      *Directory[Setting]
	SettingsProducts *Directory[Setting]
	// Currencies is every currency WooCommerce knows, not those the shop sells in.
	Currencies *Directory[Currency]

	client *Client
}

func newSystemService(c *Client) *SystemService {
	return &SystemService{
		SettingsGeneral:  newSettings(c, "general"),
		SettingsTax:      newSettings(c, "tax"),
		SettingsProducts: newSettings(c, "products"),
		Currencies:       newDirectory[Currency](c, "data/currencies"),
		client:           c,
	}
}

// newSettings leaves the choices a setting offers out: all the world's states are 100 KB.
func newSettings(c *Client, group string) *Directory[Setting] {
	d := newDirectory[Setting](c, "settings/"+group)
	d.query = url.Values{"_fields": {"id,label,description,type,default,value"}}
	return d
}

// Status reads versions and storage. Only administrators and shop managers may; the full report takes seconds, so it asks for a part.
func (s *SystemService) Status(ctx context.Context) (SystemStatus, error) {
	return get[SystemStatus](ctx, s.client, s.client.resource("system_status"), url.Values{"_fields": {"environment,settings"}})
}

// Currency reads the shop's own currency.
func (s *SystemService) Currency(ctx context.Context) (Currency, error) {
	return get[Currency](ctx, s.client, s.client.resource("data/currencies/current"), nil)
}

// Index reads the root of the WordPress API, which needs no keys.
func (s *SystemService) Index(ctx context.Context) (Index, error) {
	fields := url.Values{"_fields": {"name,url,home,gmt_offset,timezone_string,namespaces"}}
	return get[Index](ctx, s.client, "/", fields)
}

// ReportService reads cheap counts, for comparing a store with what was imported from it.
type ReportService struct{ client *Client }

// Totals counts a resource by kind: "orders" by status, "products" by type, "customers", "coupons" and "reviews" likewise.
func (s *ReportService) Totals(ctx context.Context, resource string) ([]ReportTotal, error) {
	return newDirectory[ReportTotal](s.client, "reports/"+url.PathEscape(resource)+"/totals").List(ctx)
}
