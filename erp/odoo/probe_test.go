package odoo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/erp/odoo/rpc/rpctest"
	"tandem/fault"
)

// probed is an Odoo as Probe looks at it.
type probed struct {
	version   string
	settings  Settings
	companies []int64
	share     bool
	languages []string
	modules   []string
	forbidden []string
	digits    int
	rounding  string
	journals  []string // without an outstanding account
	keys      []time.Time
}

const keyLike = "0123456789abcdef0123456789abcdef01234567"

func sound(version string) probed {
	return probed{version: version, settings: Settings{Secret: keyLike}, companies: []int64{1}, languages: []string{"en_US", "fr_FR"},
		modules: append([]string{"sale_loyalty", "sale_coupon"}, modules...), digits: 4, rounding: "round_globally",
		keys: []time.Time{time.Now().AddDate(0, 2, 0)}}
}

func (p probed) backend(t *testing.T) *Backend {
	t.Helper()
	return newBackend(p.settings, &rpc.Client{Caller: &rpctest.Calls{Answer: p.answer}, Release: at(t, p.version), Lang: p.settings.Language})
}

func (p probed) answer(c rpc.Call) (any, error) {
	record := func(field string) func(string) any {
		return func(value string) any { return map[string]any{"id": 1, field: value} }
	}
	switch {
	case c.Model == "res.users" && c.Method == "search_read":
		return []any{map[string]any{"id": 2, "company_id": []any{1, "Acme"}, "company_ids": p.companies, "share": p.share}}, nil
	case c.Model == "res.lang":
		return rpc.Map(p.languages, record("code")), nil
	case c.Model == "res.company":
		return []any{map[string]any{"id": 1, "name": "Acme", "currency_id": []any{1, "EUR"}, "tax_calculation_rounding_method": p.rounding}}, nil
	case c.Model == "ir.module.module" && c.Method == "search_read":
		return rpc.Map(p.modules, record("name")), nil
	case c.Model == "decimal.precision":
		return []any{map[string]any{"id": 1, "digits": p.digits}}, nil
	case c.Model == "account.payment.method.line":
		return rpc.Map(p.journals, func(name string) any { return map[string]any{"id": 1, "journal_id": []any{1, name}} }), nil
	case c.Model == "res.users.apikeys":
		return rpc.Map(p.keys, func(end time.Time) any {
			key := map[string]any{"id": 1, "scope": "rpc", "create_date": "2026-01-31 10:00:00", "expiration_date": false}
			if !end.IsZero() {
				key["expiration_date"] = end.UTC().Format(rpc.TimeLayout)
			}
			return key
		}), nil
	default:
		return !slices.Contains(p.forbidden, c.Model), nil
	}
}

func TestProbe(t *testing.T) {
	for _, version := range []string{"14.0", "17.0", "19.0"} {
		p := sound(version)
		info, err := p.backend(t).Probe(t.Context())
		require.NoError(t, err)
		require.Equal(t, erp.Info{Name: "Odoo", Version: version, Company: "Acme", CompanyID: "1", Rounding: erp.RoundOrders}, info)
		p.rounding = "round_per_line"
		info, err = p.backend(t).Probe(t.Context())
		require.NoError(t, err)
		require.Equal(t, erp.RoundLines, info.Rounding)
	}
}

func TestProbeWarns(t *testing.T) {
	soon := time.Now().AddDate(0, 0, 20)
	for want, spoil := range map[string]func(*probed){
		"newer than any version tried":                func(p *probed) { p.version = "20.0" },
		"install the module sale_loyalty":             func(p *probed) { p.modules = modules },
		"raise the decimal accuracy":                  func(p *probed) { p.digits = 2 },
		`writes to "Acme"`:                            func(p *probed) { p.companies = []int64{1, 2} },
		"payments in Bank, Cash post no entry":        func(p *probed) { p.journals = []string{"Bank", "Cash", "Bank"} },
		"the API key ends on":                         func(p *probed) { p.keys = []time.Time{soon} },
		"API key of 2026-01-31 ends on":               func(p *probed) { p.keys = []time.Time{soon, {}} },
		"ends on " + soon.UTC().Format(time.DateOnly): func(p *probed) { p.version, p.keys = "18.0", []time.Time{soon} },
	} {
		p := sound("19.0")
		spoil(&p)
		info, err := p.backend(t).Probe(t.Context())
		require.NoError(t, err)
		require.Len(t, info.Warnings, 1, want)
		require.Contains(t, info.Warnings[0], want)
	}
}

func TestProbeDoesNotWarnOfWhatIsNone(t *testing.T) {
	soon := time.Now().AddDate(0, 0, 5)
	for name, spoil := range map[string]func(*probed){
		"keys of 17 do not end":           func(p *probed) { p.version, p.keys = "17.0", []time.Time{soon} },
		"a password does not end":         func(p *probed) { p.settings.Secret, p.keys = "a password", []time.Time{soon} },
		"a key that has ended":            func(p *probed) { p.keys = []time.Time{time.Now().AddDate(0, 0, -1), {}} },
		"one of several companies chosen": func(p *probed) { p.settings.Company, p.companies = "1", []int64{1, 2} },
		"before 18 the company's account": func(p *probed) { p.version, p.journals = "17.0", []string{"Bank"} },
		"a language in the store's form":  func(p *probed) { p.settings.Language = "fr-FR" },
	} {
		p := sound("19.0")
		spoil(&p)
		info, err := p.backend(t).Probe(t.Context())
		require.NoError(t, err)
		require.Empty(t, info.Warnings, name)
	}
}

func TestProbeNamesWhatIsMissing(t *testing.T) {
	for want, c := range map[string]struct {
		spoil func(*probed)
		kind  fault.Kind
	}{
		"install stock":              {func(p *probed) { p.modules = []string{"sale", "account", "sale_stock", "delivery"} }, fault.Unsupported},
		"may not create account.tax": {func(p *probed) { p.forbidden = []string{"account.tax"} }, fault.Unauthorized},
		"may not read ir.module.module, create ir.model.fields: make it an administrator of Settings": {
			func(p *probed) { p.forbidden = []string{"ir.module.module", "ir.model.fields"} }, fault.Unauthorized},
		"a portal user cannot be used":     {func(p *probed) { p.share = true }, fault.Unauthorized},
		`language "de_DE" is not`:          {func(p *probed) { p.settings.Language = "de_DE" }, fault.Invalid},
		`may not work in a company "7"`:    {func(p *probed) { p.settings.Company = "7" }, fault.Invalid},
		`may not work in a company "Acme"`: {func(p *probed) { p.settings.Company = "Acme" }, fault.Invalid},
	} {
		p := sound("19.0")
		c.spoil(&p)
		_, err := p.backend(t).Probe(t.Context())
		require.Equal(t, c.kind, fault.KindOf(err), want)
		require.ErrorContains(t, err, want)
	}
}

func TestTheUsersOwnCompanyIsWrittenToWhenNoneIsChosen(t *testing.T) {
	p := sound("19.0")
	p.companies = []int64{2, 1}
	b := p.backend(t)
	_, err := b.Probe(t.Context())
	require.NoError(t, err)
	for _, c := range b.rpc.Caller.(*rpctest.Calls).Made {
		switch c.Model {
		case "res.users", "res.lang":
			require.NotContains(t, c.Context, "allowed_company_ids", "what is read before the company is known")
		default:
			require.Equal(t, []int64{1}, c.Context["allowed_company_ids"], strings.Join([]string{c.Model, c.Method}, "."))
		}
	}
}
