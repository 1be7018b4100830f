package instance_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

// fields gives the fields an error names, in order.
func fields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var problems instance.Problems
	require.ErrorAs(t, err, &problems)
	var names []string
	for _, p := range problems {
		require.Equal(t, fault.Invalid, p.Kind)
		require.NotEmpty(t, p.Message)
		names = append(names, p.Field)
	}
	return names
}

func TestProblems(t *testing.T) {
	p := instance.Problems{fault.Field("a", "is missing"), fault.Field("b[1]", "is odd")}
	require.EqualError(t, p, "a: is missing; b[1]: is odd")
	require.True(t, fault.Is(p, fault.Invalid))
	require.Equal(t, "a", fault.From(p).Field)
	require.ErrorIs(t, errors.Join(p.Err()), p[1])
}

func TestNoProblemsIsNoError(t *testing.T) {
	var p instance.Problems
	require.NoError(t, p.Err())
}
