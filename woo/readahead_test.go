package woo

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

// A panic in a reader, which has a goroutine of its own, would end the worker and the imports of all other stores with it.
func TestAPanicOfAReaderIsTheErrorOfItsPage(t *testing.T) {
	client, mux := setup(t)
	mux.HandleFunc("GET "+api+"/products/tags", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-WP-Total", "3")
		answer(w, 200, `[{"id":1},{"id":2},{"id":3}]`)
	})
	client.Tags.decode = func([]byte) (Tag, error) { panic("Jane is not a number") }
	var errs []error
	for _, err := range client.Tags.Scan(t.Context(), ListOptions{}, Cursor{}) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	require.Len(t, errs, 1)
	require.ErrorIs(t, errs[0], fault.ErrDefect)
	require.True(t, fault.Is(errs[0], fault.Internal))
	require.NotContains(t, errs[0].Error(), "Jane", "the value of the panic may be personal data")
}
