package woo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func requireField(t *testing.T, err error, field string) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.Equal(t, field, fault.From(err).Field)
}
