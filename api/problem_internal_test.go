package api

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
	"tandem/instance"
)

func TestEveryFaultHasAStatusAndATitle(t *testing.T) {
	for _, kind := range []fault.Kind{
		fault.Invalid, fault.NotFound, fault.Conflict, fault.Unauthorized, fault.RateLimited, fault.Unavailable,
		fault.Unsupported, fault.Parked, fault.Internal,
	} {
		require.NotZero(t, statuses[kind], kind)
		require.NotEmpty(t, titles[kind], kind)
	}
}

func TestFieldErrorsAreFoundWhereverTheyAre(t *testing.T) {
	a, b := fault.Field("a", "is wrong"), fault.Field("b", "is missing")
	wantA, wantB := gen.FieldError{Field: "a", Message: "is wrong"}, gen.FieldError{Field: "b", Message: "is missing"}
	for name, c := range map[string]struct {
		err  error
		want []gen.FieldError
	}{
		"none":           {errors.New("x"), nil},
		"no field":       {fault.New(fault.Invalid, "x"), nil},
		"one":            {a, []gen.FieldError{wantA}},
		"wrapped":        {fmt.Errorf("saving: %w", a), []gen.FieldError{wantA}},
		"in a fault":     {fault.Wrap(fault.Invalid, a, "saving"), []gen.FieldError{wantA}},
		"many":           {instance.Problems{a, b}, []gen.FieldError{wantA, wantB}},
		"joined":         {errors.Join(a, errors.New("x"), b), []gen.FieldError{wantA, wantB}},
		"many, wrapped":  {fmt.Errorf("saving: %w", instance.Problems{a, b}), []gen.FieldError{wantA, wantB}},
		"joined problem": {errors.Join(instance.Problems{a}, b), []gen.FieldError{wantA, wantB}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, fieldErrors(c.err)) })
	}
}

func TestConfigurationFieldsAreNamedAsInRequests(t *testing.T) {
	for field, want := range map[string]string{
		"order.statuses[2]": "config.order.statuses[2]", "general.currency": "config.general.currency", "meta.enabled": "config.meta.enabled",
		"connection.readers": "connection.readers", "name": "name", "store_url": "store_url", "orders": "orders",
	} {
		require.Equal(t, want, configField(field))
	}
	other := errors.New("no problem of fields")
	require.Equal(t, other, underConfig(other))
	require.NoError(t, underConfig(nil))
}

func TestPathsOfFields(t *testing.T) {
	for want, pointer := range map[string][]string{
		"a": {"a"}, "a.b": {"a", "b"}, "a[0]": {"a", "0"}, "a[0].b[12]": {"a", "0", "b", "12"}, "": nil,
	} {
		require.Equal(t, want, fieldPath("", pointer))
	}
	require.Equal(t, "limit", fieldPath("limit", nil))
	require.Equal(t, "ids[3]", fieldPath("ids", []string{"3"}))
}
