package record

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAStampTellsWhatIsStillToBeDone(t *testing.T) {
	require.Equal(t, "digest", Stamped{Stamp: "digest"}.Before())
	require.Equal(t, "new digest", Stamped{Stamp: "digest", Mark: "new"}.Before())
	require.Equal(t, "confirm ", Stamped{Mark: "confirm"}.Before())
}
