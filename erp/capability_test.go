package erp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// plainBackend does what every ERP does, and imageBackend keeps images too.
type (
	plainBackend struct{ erp.Backend }
	imageBackend struct {
		erp.Backend
		erp.ImageSink
	}
)

func TestACapabilityThatIsMissingIsUnsupported(t *testing.T) {
	able := &imageBackend{}
	sink, err := erp.Images.Of(able)
	require.NoError(t, err)
	require.Same(t, able, sink)
	_, err = erp.Images.Of(&plainBackend{})
	require.Equal(t, fault.Unsupported, fault.KindOf(err))
	require.EqualError(t, err, "the ERP cannot keep copies of product images")
}
