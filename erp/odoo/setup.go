package odoo

import (
	"context"
	"strings"
	"time"

	"tandem/erp/odoo/rpc"
)

// setupAge is how long a setup is believed: a currency or a field that a person adds is seen after this time.
const setupAge = 5 * time.Minute

// setup is what hardly ever changes in an Odoo.
type setup struct {
	readAt     time.Time
	currency   string                     // the company's, its ISO 4217 code
	currencies map[string]currency        // active ones, by ISO 4217 code
	countries  map[string]int64           // by ISO 3166-1 alpha-2 code
	states     map[string]int64           // by "<country code>-<state code>"
	languages  map[string]bool            // installed ones, by code
	rich       bool                       // notes are HTML
	coupons    bool                       // the module that keeps coupons is installed
	custom     map[string]map[string]bool // custom fields that a person added, by model and name
}

type currency struct {
	rpc.Row
	Name     string `json:"name"`
	Decimals int32  `json:"decimal_places"`
}

// prepared gives the setup, and adds Tandem's custom fields to Odoo when they are missing.
func (b *Backend) prepared(ctx context.Context) (*setup, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.setup != nil && time.Since(b.setup.readAt) < setupAge {
		return b.setup, nil
	}
	if b.setup == nil {
		if err := b.ensureSchema(ctx); err != nil {
			return nil, err
		}
	}
	s, err := b.readSetup(ctx)
	if err != nil {
		return nil, err
	}
	b.setup = s
	return s, nil
}

func (b *Backend) readSetup(ctx context.Context) (*setup, error) {
	s := &setup{readAt: time.Now(), currencies: map[string]currency{}, countries: map[string]int64{}, states: map[string]int64{}, languages: map[string]bool{},
		rich: rpc.RichTexts.For(b.rpc.Release)}
	session, err := b.readSessionContext(ctx)
	if err != nil {
		return nil, err
	}
	s.currency = session.company.Currency.Name
	currencies, err := rpc.SearchIn[currency](ctx, b.rpc, b.rpc.BaseContext(), "res.currency", nil, "name", "decimal_places")
	if err != nil {
		return nil, err
	}
	for _, c := range currencies {
		s.currencies[c.Name] = c
	}
	if err := s.readPlaces(ctx, b); err != nil {
		return nil, err
	}
	type language struct {
		rpc.Row
		Code string `json:"code"`
	}
	languages, err := rpc.SearchIn[language](ctx, b.rpc, b.rpc.BaseContext(), "res.lang", nil, "code")
	for _, l := range languages {
		s.languages[l.Code] = true
	}
	if err != nil {
		return nil, err
	}
	if s.custom, err = b.readCustomFields(ctx); err != nil {
		return nil, err
	}
	models, err := rpc.Search[model](ctx, b.rpc, "ir.model", []any{rpc.Where("model", "=", rpc.CouponModels.For(b.rpc.Release))}, "model")
	s.coupons = len(models) > 0
	return s, err
}

func (b *Backend) readCustomFields(ctx context.Context) (map[string]map[string]bool, error) {
	rows, err := rpc.Search[modelField](ctx, b.rpc, "ir.model.fields", []any{rpc.Where("name", "=like", freeField+"%")}, "model", "name")
	custom := map[string]map[string]bool{}
	for _, r := range rows {
		if custom[string(r.Model)] == nil {
			custom[string(r.Model)] = map[string]bool{}
		}
		custom[string(r.Model)][string(r.Name)] = !strings.HasPrefix(string(r.Name), stampField)
	}
	return custom, err
}

func (s *setup) readPlaces(ctx context.Context, b *Backend) error {
	type place struct {
		rpc.Row
		Code    rpc.Text `json:"code"`
		Country rpc.Link `json:"country_id"`
	}
	countries, err := rpc.Search[place](ctx, b.rpc, "res.country", nil, "code")
	if err != nil {
		return err
	}
	codes := make(map[int64]string, len(countries))
	for _, c := range countries {
		s.countries[string(c.Code)] = c.ID
		codes[c.ID] = string(c.Code)
	}
	states, err := rpc.Search[place](ctx, b.rpc, "res.country.state", nil, "code", "country_id")
	for _, state := range states {
		s.states[codes[state.Country.ID]+"-"+string(state.Code)] = state.ID
	}
	return err
}

// decimals of a currency; 2 for one that is unknown.
func (s *setup) decimals(code string) int32 {
	if c, ok := s.currencies[code]; ok {
		return c.Decimals
	}
	return 2
}

// installed gives the language when Odoo has it, or "".
func (s *setup) installed(language string) string {
	language = strings.ReplaceAll(language, "-", "_")
	if s.languages[language] {
		return language
	}
	return ""
}
