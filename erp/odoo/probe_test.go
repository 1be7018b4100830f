package odoo

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// probed is an Odoo as Probe looks at it.
type probed struct {
	version   string
	modules   []string
	forbidden []string
	digits    int
	keyEnds   time.Time
}

func (p probed) backend(t *testing.T) *Backend {
	t.Helper()
	c := &calls{answer: func(c call) (any, error) {
		switch c.model {
		case "res.company":
			return []any{map[string]any{"id": 1, "name": "Acme", "currency_id": []any{1, "EUR"}}}, nil
		case "ir.module.module":
			return mapped(p.modules, func(name string) any { return map[string]any{"id": 1, "name": name} }), nil
		case "decimal.precision":
			return []any{map[string]any{"id": 1, "digits": p.digits}}, nil
		case "res.users.apikeys":
			return []any{map[string]any{"id": 1, "expiration_date": p.keyEnds.UTC().Format(timeLayout)}}, nil
		default:
			return !slices.Contains(p.forbidden, c.model), nil
		}
	}}
	return &Backend{api: c, release: at(t, p.version)}
}

func sound(version string) probed {
	return probed{version: version, modules: append([]string{"sale_loyalty", "sale_coupon"}, modules...), digits: 4,
		keyEnds: time.Now().AddDate(0, 2, 0)}
}

func TestProbe(t *testing.T) {
	for _, version := range []string{"14.0", "19.0"} {
		info, err := sound(version).backend(t).Probe(t.Context())
		require.NoError(t, err)
		require.Equal(t, []string{"Odoo", version, "Acme"}, []string{info.Name, info.Version, info.Company})
		require.Empty(t, info.Warnings)
	}
}

func TestProbeWarns(t *testing.T) {
	for want, spoil := range map[string]func(*probed){
		"newer than any version tried": func(p *probed) { p.version = "20.0" },
		"install the module sale_loy":  func(p *probed) { p.modules = modules },
		"raise the decimal accuracy":   func(p *probed) { p.digits = 2 },
		"ends on":                      func(p *probed) { p.keyEnds = time.Now().AddDate(0, 0, 5) },
	} {
		p := sound("19.0")
		spoil(&p)
		info, err := p.backend(t).Probe(t.Context())
		require.NoError(t, err)
		require.Len(t, info.Warnings, 1)
		require.Contains(t, info.Warnings[0], want)
	}
}

func TestProbeNamesWhatIsMissing(t *testing.T) {
	for want, c := range map[string]struct {
		spoil func(*probed)
		kind  fault.Kind
	}{
		"install stock":              {func(p *probed) { p.modules = []string{"sale", "account", "sale_stock", "delivery"} }, fault.Unsupported},
		"may not create account.tax": {func(p *probed) { p.forbidden = []string{"account.tax"} }, fault.Unauthorized},
	} {
		p := sound("19.0")
		c.spoil(&p)
		_, err := p.backend(t).Probe(t.Context())
		require.Equal(t, c.kind, fault.KindOf(err))
		require.ErrorContains(t, err, want)
	}
}

func TestACompanyTheUserMayNotWorkInIsNamed(t *testing.T) {
	b := &Backend{settings: Settings{Company: "7"}, release: at(t, "19.0"),
		api: &calls{answer: func(c call) (any, error) {
			require.Equal(t, []int64{7}, c.context["allowed_company_ids"])
			return []any{}, nil
		}}}
	_, err := b.Probe(t.Context())
	require.Equal(t, "company", fault.From(err).Field)
}
