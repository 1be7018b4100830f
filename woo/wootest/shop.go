package wootest

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// shop is the configuration side of a store: taxes, shipping, settings, gateways, webhooks.
type shop struct {
	taxes       *collection[taxRate]
	taxClasses  []taxClass
	zones       *collection[zone]
	zoneMethods *collection[zoneMethod]
	settings    map[string][]setting
	gateways    []gateway
	rules       taxRules // read from settings
	webhooks    *collection[webhook]

	// seedRates are the rates seeded orders were taxed with, whatever happens to the tax table later.
	seedRates []taxRate
	seedRules taxRules // … and the settings they were calculated by
}

// seedCountry is where a populated shop is.
const seedCountry = "FR"

// seedShop sets up what a fresh installation has, and for a populated store French taxes, shipping and units.
func (s *Server) seedShop() {
	s.taxes = newCollection(func(r *taxRate) head { return head{id: r.ID} })
	s.zones = newCollection(func(z *zone) head { return head{id: z.ID} })
	s.zoneMethods = newCollection(func(m *zoneMethod) head { return head{id: m.ID} })
	s.webhooks = newCollection(func(h *webhook) head {
		return head{id: h.ID, status: string(h.Status), created: h.created, modified: h.modified}
	})
	s.taxClasses = []taxClass{{standardClass, "Standard rate"}, {"reduced-rate", "Reduced rate"}, {"zero-rate", "Zero rate"}}
	s.zones.put(&zone{Name: "Locations not covered by your other zones"})
	mustParse(settingsSeed, &s.settings)
	mustParse(gatewaysSeed, &s.gateways)
	s.configure("general", "woocommerce_currency", s.opts.Currencies[0])
	s.configure("general", "woocommerce_price_num_decimals", strconv.Itoa(decimalsOf(s.opts.Currencies[0])))
	s.configure("tax", "woocommerce_prices_include_tax", yesNo(s.opts.PricesIncludeTax))
	s.configure("tax", "woocommerce_tax_round_at_subtotal", yesNo(s.opts.RoundAtSubtotal))
	s.readRules()
	s.seedRules = s.rules
	if s.opts.populated() {
		s.furnish()
	}
}

func yesNo(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

// decimalsOf is what a shop of a currency sets as its number of decimals.
func decimalsOf(currency string) int {
	switch currency {
	case "JPY":
		return 0
	case "KWD":
		return 3
	}
	return 2
}

// mustParse reads embedded data; it can only fail in a build with broken data, which no test would let pass.
func mustParse(data []byte, v any) {
	if err := json.Unmarshal(data, v); err != nil {
		panic(fmt.Sprintf("wootest: embedded data: %v", err))
	}
}

func (s *Server) furnish() {
	s.configure("general", "woocommerce_default_country", seedCountry)
	s.configure("products", "woocommerce_weight_unit", "kg")
	s.configure("products", "woocommerce_dimension_unit", "cm")
	for _, r := range []taxRate{
		{Rate: "20", Name: "TVA 20", Class: standardClass},
		{Rate: "5.5", Name: "TVA 5.5", Class: "reduced-rate"},
		{Rate: "0", Name: "TVA 0", Class: "zero-rate"},
	} {
		r.ID, r.Country, r.Priority, r.Shipping = take(&s.counters.tax), seedCountry, 1, true
		r.settle()
		s.taxes.put(&r)
		s.seedRates = append(s.seedRates, r)
	}
	s.zones.put(&zone{ID: take(&s.counters.zone), Name: "Europe", Order: 1,
		locations: []location{{"FR", "country"}, {"DE", "country"}, {"EU", "continent"}}})
	for _, m := range []zoneMethod{
		{MethodID: "flat_rate", Settings: map[string]text{"title": "Standard delivery", "tax_status": "taxable", "cost": "4.90"}},
		{MethodID: "free_shipping", Settings: map[string]text{"min_amount": "100"}},
	} {
		m.ID, m.zone, m.Enabled = take(&s.counters.zone), 1, true
		s.zoneMethods.put(&m)
	}
	card := gateway{ID: "card", Title: "Credit card", Description: "Pay by card", Order: json.RawMessage(`0`), Enabled: true,
		MethodTitle: "Credit card", MethodDescription: "Card payments", MethodSupports: []string{"products", "refunds"},
		Settings: map[string]map[string]any{}, InstallScripts: []string{}, RequiredSettings: []string{}}
	for i := range s.gateways {
		s.gateways[i].Enabled = true
	}
	s.gateways = append(s.gateways, card)
}
