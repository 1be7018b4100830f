package mapping_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
)

// The reason of an id in the trash says that it can be restored, since it was not deleted.
func TestAMissingIDInTheTrashCanBeRestored(t *testing.T) {
	require.Contains(t, mapping.MissingInTrash("78").Reason, "restore it")
}
