package record

import (
	"context"
	"strings"
	"time"

	"tandem/erp/odoo/rpc"
)

// setupAge is how long a setup is believed: a currency or a field that a person adds is seen after this time.
const setupAge = 5 * time.Minute

// Setup is what hardly ever changes in an Odoo.
type Setup struct {
	readAt        time.Time
	Currency      string                     // the company's, its ISO 4217 code
	Currencies    map[string]Currency        // active ones, by ISO 4217 code
	Countries     map[string]int64           // by ISO 3166-1 alpha-2 code
	States        map[string]int64           // by "<country code>-<state code>"
	Languages     map[string]bool            // installed ones, by code
	RichNotes     bool                       // notes are HTML
	KeepsCoupons  bool                       // the module that keeps coupons is installed
	KeepsKits     bool                       // the module that keeps bills of materials is installed
	TracksParcels bool                       // the module that keeps carriers and tracking numbers of deliveries is installed
	TellsShipping bool                       // the module that marks lines of orders as what a carrier charges is installed
	custom        map[string]map[string]bool // custom fields that a person added, by model and name
}

// kitModel is the model of bills of materials, among which are those of kits.
const kitModel = "mrp.bom"

// Currency is one that is active in Odoo.
type Currency struct {
	rpc.Row
	Name     string `json:"name"`
	Decimals int32  `json:"decimal_places"`
}

// Prepared returns the setup, and adds Tandem's custom fields to Odoo when they are missing.
func (s *Store) Prepared(ctx context.Context) (*Setup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.setup != nil && time.Since(s.setup.readAt) < setupAge {
		return s.setup, nil
	}
	if s.setup == nil {
		if err := s.ensureSchema(ctx); err != nil {
			return nil, err
		}
	}
	read, err := s.readSetup(ctx)
	if err != nil {
		return nil, err
	}
	s.setup = read
	return read, nil
}

func (s *Store) readSetup(ctx context.Context) (*Setup, error) {
	read := &Setup{readAt: time.Now(), Currencies: map[string]Currency{}, Countries: map[string]int64{}, States: map[string]int64{}, Languages: map[string]bool{},
		RichNotes: rpc.RichTexts.For(s.rpc.Release)}
	session, err := s.ReadSession(ctx)
	if err != nil {
		return nil, err
	}
	read.Currency = session.Company.Currency.Name
	currencies, err := rpc.SearchIn[Currency](ctx, s.rpc, s.rpc.BaseContext(), "res.currency", nil, "name", "decimal_places")
	if err != nil {
		return nil, err
	}
	for _, c := range currencies {
		read.Currencies[c.Name] = c
	}
	if err := read.readPlaces(ctx, s.rpc); err != nil {
		return nil, err
	}
	type language struct {
		rpc.Row
		Code string `json:"code"`
	}
	languages, err := rpc.SearchIn[language](ctx, s.rpc, s.rpc.BaseContext(), "res.lang", nil, "code")
	for _, l := range languages {
		read.Languages[l.Code] = true
	}
	if err != nil {
		return nil, err
	}
	if read.custom, err = s.readCustomFields(ctx); err != nil {
		return nil, err
	}
	coupons := rpc.CouponModels.For(s.rpc.Release)
	models, err := rpc.Search[model](ctx, s.rpc, "ir.model", []any{rpc.In("model", []string{coupons, kitModel})}, "model")
	for _, m := range models {
		read.KeepsCoupons = read.KeepsCoupons || m.Model == coupons
		read.KeepsKits = read.KeepsKits || m.Model == kitModel
	}
	if err != nil {
		return nil, err
	}
	carried, err := rpc.Search[modelField](ctx, s.rpc, "ir.model.fields",
		[]any{rpc.In("model", []string{"stock.picking", "sale.order.line"}), rpc.In("name", []string{"carrier_tracking_url", "is_delivery"})}, "model", "name")
	for _, f := range carried {
		read.TracksParcels = read.TracksParcels || f.Name == "carrier_tracking_url"
		read.TellsShipping = read.TellsShipping || f.Name == "is_delivery" && f.Model == "sale.order.line"
	}
	return read, err
}

func (s *Store) readCustomFields(ctx context.Context) (map[string]map[string]bool, error) {
	rows, err := rpc.Search[modelField](ctx, s.rpc, "ir.model.fields", []any{rpc.Where("name", "=like", freeField+"%")}, "model", "name")
	custom := map[string]map[string]bool{}
	for _, r := range rows {
		if custom[string(r.Model)] == nil {
			custom[string(r.Model)] = map[string]bool{}
		}
		custom[string(r.Model)][string(r.Name)] = !strings.HasPrefix(string(r.Name), StampField)
	}
	return custom, err
}

func (s *Setup) readPlaces(ctx context.Context, c *rpc.Client) error {
	type place struct {
		rpc.Row
		Code    rpc.Text `json:"code"`
		Country rpc.Link `json:"country_id"`
	}
	countries, err := rpc.Search[place](ctx, c, "res.country", nil, "code")
	if err != nil {
		return err
	}
	codes := make(map[int64]string, len(countries))
	for _, country := range countries {
		s.Countries[string(country.Code)] = country.ID
		codes[country.ID] = string(country.Code)
	}
	states, err := rpc.Search[place](ctx, c, "res.country.state", nil, "code", "country_id")
	for _, state := range states {
		s.States[codes[state.Country.ID]+"-"+string(state.Code)] = state.ID
	}
	return err
}

// Decimals returns the decimals of a currency; 2 for one that is unknown.
func (s *Setup) Decimals(code string) int32 {
	if c, ok := s.Currencies[code]; ok {
		return c.Decimals
	}
	return 2
}

// Installed gives the language when Odoo has it, or "".
func (s *Setup) Installed(language string) string {
	language = strings.ReplaceAll(language, "-", "_")
	if s.Languages[language] {
		return language
	}
	return ""
}
