package db

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestInstallationStaysTheSame(t *testing.T) {
	d := newDB(t)
	first, err := d.Installation(t.Context())
	require.NoError(t, err)
	require.NoError(t, uuid.Validate(first))
	again, err := d.Installation(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, again)
}
