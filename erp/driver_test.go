package erp_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// drivers are an ERP that is built in and one that is not.
var drivers = erp.Drivers{
	{Name: "inner", Title: "Inner"},
	{Name: "outer", Title: "Outer", Secret: "a token", PerCompany: true, Settings: []erp.Setting{
		{Name: "host", Required: "give the host", MaxLength: 20, Books: true},
		{Name: "mode", MaxLength: 20, Choices: []string{"fast", "safe"}},
	}},
}

func TestBooks(t *testing.T) {
	books := func(name, host, mode, company string) string {
		return drivers.Books(name, erp.Connection{"host": host, "mode": mode}, company)
	}
	for _, name := range []string{"inner", "outer", "gone"} {
		require.Equal(t, books(name, "a", "fast", "1"), books(name, "a", "fast", "1"))
	}
	require.Equal(t, books("inner", "a", "fast", "1"), books("inner", "b", "safe", "2"), "there is only one of what is built in")
	require.NotEqual(t, books("outer", "a", "fast", "1"), books("outer", "b", "fast", "1"))
	require.NotEqual(t, books("outer", "a", "fast", "1"), books("outer", "a", "fast", "2"))
	require.Equal(t, books("outer", "a", "fast", "1"), books("outer", "a", "safe", "1"))
	require.NotEqual(t, books("gone", "a", "fast", "1"), books("gone", "a", "safe", "1"), "what it means is unknown")
	require.Equal(t, books("gone", "a", "", "1"), drivers.Books("gone", erp.Connection{"host": "a"}, "1"))
	require.NotEqual(t, drivers.Books("gone", nil, ""), drivers.Books("outer", nil, ""))
}

func TestUnknownERP(t *testing.T) {
	_, err := drivers.Open(t.Context(), "gone", erp.Access{})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.EqualError(t, err, `backend: "gone" is not an ERP that this version of Tandem knows: choose one of inner, outer`)
	require.True(t, drivers.NeedsSecret("gone"), "its key must not be refused, nor be lost")
	require.True(t, drivers.NeedsSecret("outer"))
	require.False(t, drivers.NeedsSecret("inner"))
}

func TestNormalizeNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		driver int
		given  erp.Connection
		want   []string
	}{
		"missing":                       {1, nil, []string{"host: is missing: give the host"}},
		"blank":                         {1, erp.Connection{"host": " "}, []string{"host: is missing: give the host"}},
		"long":                          {1, erp.Connection{"host": "aaaaaaaaaaaaaaaaaaaaa"}, []string{"host: must have at most 20 characters"}},
		"choice":                        {1, erp.Connection{"host": "a", "mode": "slow"}, []string{"mode: must be one of fast, safe"}},
		"unknown":                       {1, erp.Connection{"host": "a", "port": "1"}, []string{"port: is not a setting of Outer: its settings are host, mode"}},
		"unknown empty":                 {1, erp.Connection{"host": "a", "port": ""}, nil},
		"built in":                      {0, erp.Connection{"a": "1", "b": "2"}, []string{"must be left out: the inner is built in"}},
		"built in, of an older version": {0, erp.Connection{"a": "", "b": ""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := drivers[c.driver].Normalize(c.given)
			var texts []string
			for _, problem := range problems {
				texts = append(texts, problem.Error())
			}
			require.Equal(t, c.want, texts)
		})
	}
}

func TestNormalizeKeepsTheGivenConnection(t *testing.T) {
	given := erp.Connection{"host": "a"}
	normal, problems := drivers[1].Normalize(given)
	require.Empty(t, problems)
	require.Equal(t, erp.Connection{"host": "a", "mode": ""}, normal, "every setting")
	require.Equal(t, erp.Connection{"host": "a"}, given)
}

func TestOpenIsTheDrivers(t *testing.T) {
	refused := fault.New(fault.Unauthorized, "the token is refused")
	d := erp.Drivers{{Name: "outer", Open: func(context.Context, erp.Access) (erp.Backend, error) { return nil, refused }}}
	_, err := d.Open(t.Context(), "outer", erp.Access{})
	require.ErrorIs(t, err, refused)
}
