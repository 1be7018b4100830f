package woo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

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
