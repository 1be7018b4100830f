package woo

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"tandem/fault"
)

// StoreInfo is what a connection test learns about a store.
type StoreInfo struct {
	Name               string
	WooCommerceVersion string // "" when the keys' user may not read the system status
	WordPressVersion   string // likewise
	PHPVersion         string // likewise
	HPOS               bool   // orders live in their own tables
	Currency           string // ISO 4217
	PriceDecimals      int
	Timezone           string // IANA name, or an offset like "UTC+02:00"
	PricesIncludeTax   bool
	TaxRoundAtSubtotal bool // taxes are rounded per order, not per line
	TaxesEnabled       bool
	WeightUnit         string // kg, g, lbs or oz
	DimensionUnit      string // m, cm, mm, in or yd
	PrettyPermalinks   bool
	Language           string   // of the site, e.g. "fr_FR"; "" when the keys' user may not read the system status
	TrackingAPIs       []string // of plugins for tracking numbers, e.g. ShipmentTrackingAPI
	StatusRefused      bool     // the keys work, but may not read the system status
}

// Probe tests address and keys with five requests and tells what the store is like. An address where no WooCommerce answers gives a
// fault of kind invalid that names the field "url"; the resource refused to the keys is in the error otherwise.
func (c *Client) Probe(ctx context.Context) (StoreInfo, error) {
	info := StoreInfo{PrettyPermalinks: !c.cfg.RestRoute}
	for _, step := range []func(context.Context, *StoreInfo) error{
		c.probeIndex, c.probeGeneral, c.probeTax, c.probeProducts, c.probeStatus,
	} {
		if err := step(ctx, &info); err != nil {
			return StoreInfo{}, err
		}
	}
	return info, nil
}

// probeIndex asks without need of keys whether this is a WooCommerce at all.
func (c *Client) probeIndex(ctx context.Context, info *StoreInfo) error {
	index, err := c.System.Index(ctx)
	if reason := ReasonOf(err); reason == NotWooCommerce || reason == Unsupported {
		return notWooCommerce(err)
	}
	if err != nil {
		return err
	}
	if !slices.Contains(index.Namespaces, c.cfg.Version) {
		return notWooCommerce(nil)
	}
	info.Name, info.Timezone, info.TrackingAPIs = index.Name, timezone(index), trackingAPIs(index)
	return nil
}

func notWooCommerce(cause error) error {
	e := fault.Field("url", "no WooCommerce REST API answers there: check the address, that WooCommerce is active, and the permalinks "+
		"(plain ones need rest_route)")
	e.Err = cause
	return e
}

// timezone names the zone; WordPress leaves the name empty when the shop chose a bare offset.
func timezone(index Index) string {
	if index.Timezone != "" {
		return index.Timezone
	}
	minutes := index.GMTOffset.Mul(decimal.NewFromInt(60)).IntPart()
	sign := '+'
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return fmt.Sprintf("UTC%c%02d:%02d", sign, minutes/60, minutes%60)
}

func (c *Client) probeGeneral(ctx context.Context, info *StoreInfo) error {
	settings, err := settingsOf(ctx, c.System.SettingsGeneral)
	if err != nil {
		return err
	}
	info.Currency = settings["woocommerce_currency"]
	info.TaxesEnabled = truthy(settings["woocommerce_calc_taxes"])
	info.PriceDecimals, err = strconv.Atoi(settings["woocommerce_price_num_decimals"])
	if err != nil {
		info.PriceDecimals = 2 // what WooCommerce takes without the setting
	}
	return nil
}

func (c *Client) probeTax(ctx context.Context, info *StoreInfo) error {
	settings, err := settingsOf(ctx, c.System.SettingsTax)
	info.PricesIncludeTax = truthy(settings["woocommerce_prices_include_tax"])
	info.TaxRoundAtSubtotal = truthy(settings["woocommerce_tax_round_at_subtotal"])
	return err
}

func (c *Client) probeProducts(ctx context.Context, info *StoreInfo) error {
	settings, err := settingsOf(ctx, c.System.SettingsProducts)
	info.WeightUnit = settings["woocommerce_weight_unit"]
	info.DimensionUnit = settings["woocommerce_dimension_unit"]
	return err
}

// probeStatus does without the status report when the keys' user may not see it: the import needs nothing from it.
func (c *Client) probeStatus(ctx context.Context, info *StoreInfo) error {
	status, err := c.System.Status(ctx)
	if reason := ReasonOf(err); reason == Unauthorized || reason == Forbidden {
		info.StatusRefused = true
		return nil
	}
	info.WooCommerceVersion = status.Environment.Version
	info.WordPressVersion = status.Environment.WPVersion
	info.PHPVersion = status.Environment.PHPVersion
	info.Language = status.Environment.Language
	info.HPOS = bool(status.Settings.HPOSEnabled)
	return err
}

func settingsOf(ctx context.Context, group *Directory[Setting]) (map[string]string, error) {
	list, err := group.List(ctx)
	settings := make(map[string]string, len(list))
	for _, setting := range list {
		settings[setting.ID] = setting.Text()
	}
	return settings, err
}
