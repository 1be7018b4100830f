package e2e

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/instance"
	"tandem/woo/wootest"
)

// readers is how many requests the slow stores of the benchmarks serve at a time, and an instance makes.
const readers = 2

// BenchmarkFirstImport compares the whole first import from a store that answers a page in 500 ms, to two readers at a time,
// with the bare reading of everything the import asked the store for by two readers: the small lists, the variations of each
// product and the images included.
func BenchmarkFirstImport(b *testing.B) {
	for range b.N {
		o := wootest.Sized(300, 200, 3_000)
		o.PageLatency, o.Readers = 500*time.Millisecond, readers
		store := watch(b, openShop(b, o))
		x := benchInstallation(b)
		x.connectForBench(store.URL, []instance.WorkflowRule{})
		x.importImages()
		store.seen()
		began := time.Now()
		op := x.watched(x.begin(everything).ID)
		m := firstMeasure{took: time.Since(began), progress: op.Progress}
		asked := store.seen()
		m.bare = store.readBare(b, asked)
		m.pages = len(slices.DeleteFunc(slices.Clone(asked), isImage))
		m.images = len(asked) - m.pages
		b.ReportMetric(m.ratio(), "total/reading")
		measured.first = append(measured.first, m)
	}
}

// importImages has images imported, which benchmarks leave out otherwise.
func (x *tandem) importImages() {
	x.t.Helper()
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID,
		map[string]any{"config": map[string]any{"product": map[string]any{"import_images": true}}}, nil))
	x.stop()
	x.serve()
}

// watchedStore serves a store and remembers what it was asked for.
type watchedStore struct {
	*shop
	URL string

	mu    sync.Mutex
	asked []string // paths with their query, without the signature
}

// watch serves a store on a port of its own until the benchmark ends.
func watch(b *testing.B, store *shop) *watchedStore {
	b.Helper()
	w := &watchedStore{shop: store}
	server := httptest.NewServer(http.HandlerFunc(func(reply http.ResponseWriter, r *http.Request) {
		w.note(r)
		store.ServeHTTP(reply, r)
	}))
	b.Cleanup(server.Close)
	w.URL = server.URL
	return w
}

func (w *watchedStore) note(r *http.Request) {
	query := r.URL.Query()
	maps.DeleteFunc(query, func(name string, _ []string) bool { return strings.HasPrefix(name, "oauth_") })
	unsigned := url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, unsigned.String())
}

// seen gives what was asked for since the last call.
func (w *watchedStore) seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

// isImage tells the bytes of an image from the pages of the API.
func isImage(path string) bool { return strings.HasPrefix(path, "/wp-content/") }
