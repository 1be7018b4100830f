package woo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"tandem/budget"
	"tandem/fault"
)

var png = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)

func TestFetchImage(t *testing.T) {
	client, mux := setup(t)
	base := "http://" + client.base.Host
	digest := sha256.Sum256(png)
	failures := 1
	mux.HandleFunc("GET /a.png", func(w http.ResponseWriter, r *http.Request) {
		require.Empty(t, r.Header.Get("Authorization"), "the keys are not for whoever hosts an image")
		require.Equal(t, "2", r.URL.Query().Get("v"))
		if failures--; failures == 0 {
			answer(w, 500, "")
			return
		}
		w.Write(png) //nolint:errcheck // a lost reply fails the test anyway
	})
	mux.Handle("GET /moved.png", http.RedirectHandler("/a.png?v=2", http.StatusFound))
	for _, path := range []string{"/a.png?v=2", "/moved.png"} {
		image, err := client.FetchImage(t.Context(), base+path)
		require.NoError(t, err)
		require.Equal(t, png, image.Bytes)
		require.Equal(t, []any{hex.EncodeToString(digest[:]), len(png), "image/png"}, []any{image.SHA256, image.Size, image.ContentType})
	}
}

func TestFetchImageRefuses(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Tries = 1 })
	base := "http://" + client.base.Host
	serve := func(path, kind string, content []byte) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Write(content) //nolint:errcheck // the client may hang up
		})
	}
	serve("/page.png", "image/png", []byte("<!DOCTYPE html><html>Log in</html>"))
	serve("/text.png", "image/png", []byte("nothing to see"))
	serve("/huge.png", "image/png", bytes.Repeat(png, MaxImage/len(png)+1))
	mux.HandleFunc("GET /gone.png", http.NotFound)
	mux.Handle("GET /loop.png", http.RedirectHandler("/loop.png", http.StatusFound))
	for address, reason := range map[string]Reason{
		base + "/page.png": Invalid, base + "/text.png": Invalid, base + "/huge.png": TooLarge, base + "/gone.png": NotFound,
		base + "/loop.png": Unavailable,
	} {
		_, err := client.FetchImage(t.Context(), address)
		require.Equal(t, reason, ReasonOf(err), address)
	}
	for _, address := range []string{"file:///etc/passwd", "ftp://shop.example/a.png", "/a.png", "", "http://\x7f"} {
		_, err := client.FetchImage(t.Context(), address)
		require.Equal(t, fault.Invalid, fault.KindOf(err), address)
	}
}

func TestImageType(t *testing.T) {
	require.Equal(t, "image/avif", imageType("image/avif; q=1", []byte{0, 0, 0, 1, 2}))
	require.Empty(t, imageType("application/pdf", []byte("%PDF-1.4")))
	require.Empty(t, imageType("", []byte{0, 0, 0, 1, 2}))
}

// A store bears no more requests at once for serving its own images; what lies elsewhere is not held back with it.
func TestImagesTakePartInTheBudget(t *testing.T) {
	client, mux := setup(t, func(cfg *Config) { cfg.Budget = budget.New(budget.Options{Rate: 1e6, MaxRate: 1e6, Concurrency: 1}) })
	var busy, busiest atomic.Int32
	serve := func(w http.ResponseWriter, _ *http.Request) {
		busiest.Store(max(busiest.Load(), busy.Add(1)))
		defer busy.Add(-1)
		w.Write(png) //nolint:errcheck // the client may hang up
	}
	mux.HandleFunc("GET /a.png", serve)
	mux.HandleFunc("GET "+api+"/products/{id}", func(w http.ResponseWriter, r *http.Request) {
		serve(httptest.NewRecorder(), r)
		answer(w, 200, `{"id":1}`)
	})
	var group errgroup.Group
	for range 10 {
		group.Go(func() error {
			_, err := client.FetchImage(t.Context(), "http://"+client.base.Host+"/a.png")
			return err
		})
		group.Go(func() error {
			_, err := client.Products.Get(t.Context(), 1)
			return err
		})
	}
	require.NoError(t, group.Wait())
	require.EqualValues(t, 1, busiest.Load())
	require.EqualValues(t, 20, client.Stats().Requests)
}

func TestImagesElsewhereAreNotTheStoresLoad(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(png) //nolint:errcheck // the client may hang up
	}))
	t.Cleanup(elsewhere.Close)
	client, _ := setup(t, func(cfg *Config) {
		cfg.URL, cfg.Auth = "http://shop.example", AuthOAuth
		cfg.HTTP = elsewhere.Client()
	})
	silence, err := client.cfg.Budget.Acquire(t.Context())
	require.NoError(t, err)
	silence.Done(budget.Answer{Verdict: budget.Throttled, After: time.Hour})

	_, err = client.FetchImage(t.Context(), elsewhere.URL+"/a.png")

	require.NoError(t, err, "the store's silence holds it back as little as its rate")
	require.EqualValues(t, 1, client.Stats().Requests)
	_, err = client.FetchImage(t.Context(), "http://SHOP.example/a.png")
	require.Equal(t, RateLimited, ReasonOf(err))
}

// Stores may share a host: in folders of it, or on ports of one machine. An image of a neighbour is not this store's.
func TestServes(t *testing.T) {
	for _, test := range []struct {
		store, image string
		serves       bool
	}{
		{"https://shop.example", "https://shop.example/wp-content/uploads/a.png", true},
		{"https://shop.example", "http://SHOP.example:80/wp-content/uploads/a.png", true},
		{"https://shop.example", "https://cdn.example/wp-content/uploads/a.png", false},
		{"https://shop.example:8443", "https://shop.example/a.png", false},
		{"http://127.0.0.1:8243", "http://127.0.0.1:8090/a.png", false},
		{"https://shop.example/de", "https://shop.example/de/wp-content/uploads/a.png", true},
		{"https://shop.example/de", "https://shop.example/dealers/wp-content/uploads/a.png", false},
		{"https://shop.example/de", "https://shop.example/fr/wp-content/uploads/a.png", false},
		{"https://shop.example", "not an address\x7f", false},
	} {
		client, err := New(Config{URL: test.store, ConsumerKey: "ck_1", ConsumerSecret: "cs_1"})
		require.NoError(t, err)
		require.Equal(t, test.serves, client.Serves(test.image), "%s at %s", test.image, test.store)
	}
}
