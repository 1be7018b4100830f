package entity

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/woo"
)

// pixel begins like a GIF, which is enough to be one.
const pixel = "GIF89a\x01\x00\x01\x00"

// pixelDigest is the SHA-256 of pixel.
const pixelDigest = "sha256:fb6567d497606314a968515ebf9063dcee9fcff777897c384ed8e6a26dbd7190"

// memory is Digests in a map.
type memory struct {
	known map[string]picture
	asked int
	err   error
}

func (m *memory) ImageDigest(_ context.Context, url string, modified time.Time) (string, string, int64, error) {
	m.asked++
	p := m.known[url+modified.String()]
	return p.digest, p.mediaType, p.size, m.err
}

func (m *memory) SetImageDigest(_ context.Context, url string, modified time.Time, digest, mediaType string, size int64) error {
	if m.err == nil {
		m.known[url+modified.String()] = picture{digest, mediaType, size}
	}
	return m.err
}

// gallery serves images: /ok is one, /page is a web page, /down fails. It counts what is fetched.
func gallery(t *testing.T) (Context, string, *atomic.Int32) {
	t.Helper()
	var fetched atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fetched.Add(1)
		switch r.URL.Path {
		case "/page":
			_, _ = w.Write([]byte("<!DOCTYPE html><html>log in</html>"))
		case "/down":
			http.Error(w, "down", http.StatusServiceUnavailable)
		default:
			_, _ = w.Write([]byte(pixel))
		}
	}))
	t.Cleanup(server.Close)
	client, err := woo.New(woo.Config{URL: server.URL, ConsumerKey: "ck", ConsumerSecret: "cs", Tries: 1})
	require.NoError(t, err)
	ec := demo()
	ec.Store = client
	ec.Instance.Config.Product.ImportImages = true
	return ec, server.URL, &fetched
}

func TestPicturesAreFetchedOnce(t *testing.T) {
	ec, base, fetched := gallery(t)
	ec.Digests = &memory{known: map[string]picture{}}
	front, back := woo.Image{ID: 1, Src: base + "/ok", Alt: "Front", DateModified: someTime}, woo.Image{ID: 2, Src: base + "/back"}
	in := woo.Product{ID: 5, Type: "simple", Images: []woo.Image{front, back, front}}
	for range 2 {
		record, err := loadProduct(context.Background(), ec, in)
		require.NoError(t, err)
		p, err := mapProduct(ec, record)
		require.NoError(t, err)
		require.Len(t, p.Images, 3)
		require.Equal(t, "Front", p.Images[0].Alt)
		require.Equal(t, pixelDigest, p.Images[0].Digest)
		require.Equal(t, "image/gif", p.Images[0].Type)
		require.EqualValues(t, len(pixel), p.Images[0].Size)
		require.EqualValues(t, 2, fetched.Load(), "the second import fetches nothing")
	}
	in.Images[0].DateModified = woo.NewTime(someTime.Add(time.Hour))
	_, err := loadProduct(context.Background(), ec, in)
	require.NoError(t, err)
	require.EqualValues(t, 3, fetched.Load(), "a new date means new bytes")
}

func TestPicturesWithoutMemory(t *testing.T) {
	ec, base, fetched := gallery(t)
	image := woo.Image{ID: 1, Src: base + "/ok"}
	for range 2 {
		_, notes, err := loadPictures(context.Background(), ec, productRecord{Product: woo.Product{Images: []woo.Image{image}}})
		require.NoError(t, err)
		require.Empty(t, notes)
	}
	require.EqualValues(t, 2, fetched.Load())
	ec.Digests = &memory{err: fault.New(fault.Unavailable, "gone")}
	found, _, err := loadPictures(context.Background(), ec, productRecord{Product: woo.Product{Images: []woo.Image{image}}})
	require.NoError(t, err, "a memory that does not answer costs a fetch, no more")
	require.Equal(t, pixelDigest, found[image.Src].digest)
}

func TestPicturesThatCannotBeFetched(t *testing.T) {
	ec, base, fetched := gallery(t)
	at := func(id woo.ID, path string) woo.Image { return woo.Image{ID: id, Src: base + path} }
	found, notes, err := loadPictures(context.Background(), ec, productRecord{
		Product: woo.Product{Images: []woo.Image{at(1, "/page"), at(2, "/ok"), at(3, "/down"), at(4, "/late")}},
	})
	require.NoError(t, err)
	require.Len(t, notes, 2)
	require.Contains(t, notes[0], "image 1 not fetched")
	require.Contains(t, notes[1], "image 3 not fetched")
	require.NotEmpty(t, found[base+"/ok"].digest)
	mapped := found.of([]woo.Image{at(1, "/page"), at(4, "/late")})
	require.Len(t, mapped, 2, "they land by address")
	require.Empty(t, mapped[0].Digest)
	require.EqualValues(t, 4, fetched.Load(), "page, ok, and down twice: a silent host is not asked for more")
}

func TestStoppedFetchIsNoNote(t *testing.T) {
	ec, base, _ := gallery(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err := loadPictures(ctx, ec, productRecord{Product: woo.Product{Images: []woo.Image{{ID: 1, Src: base + "/ok"}}}})
	require.Error(t, err)
}

func TestImagesAreNotImported(t *testing.T) {
	var none pictures
	require.Nil(t, none.of([]woo.Image{{ID: 1, Src: "https://shop.example.com/a.png"}}))
}

func TestAllImages(t *testing.T) {
	record := productRecord{
		Product: woo.Product{Images: []woo.Image{
			{ID: 1, Src: "a.png"}, {ID: 0, Src: "/woocommerce-placeholder.png"}, {ID: 0, Src: "https://cdn.example.com/b.png"}, {ID: 3},
		}},
		variations: []woo.Variation{{Image: &woo.Image{ID: 4, Src: "c.png"}}, {}},
	}
	var sources []string
	for _, image := range allImages(record) {
		sources = append(sources, image.Src)
	}
	require.Equal(t, []string{"a.png", "https://cdn.example.com/b.png", "c.png"}, sources)
}

func TestCacheDigests(t *testing.T) {
	behind := &memory{known: map[string]picture{}}
	cache := CacheDigests(behind)
	ask := func(url string) string {
		digest, _, _, err := cache.ImageDigest(context.Background(), url, someTime.Time)
		require.NoError(t, err)
		return digest
	}
	require.Empty(t, ask("a"))
	require.Empty(t, ask("a"), "what is unknown is asked again")
	require.Equal(t, 2, behind.asked)
	require.NoError(t, cache.SetImageDigest(context.Background(), "a", someTime.Time, "sha256:1", "image/png", 7))
	require.Equal(t, "sha256:1", ask("a"))
	require.Equal(t, 2, behind.asked, "answered from memory")
	behind.known["b"+someTime.String()] = picture{digest: "sha256:2"}
	require.Equal(t, "sha256:2", ask("b"))
	require.Equal(t, "sha256:2", ask("b"))
	require.Equal(t, 3, behind.asked)

	behind.err = fault.New(fault.Unavailable, "gone")
	require.Error(t, cache.SetImageDigest(context.Background(), "c", someTime.Time, "sha256:3", "", 0))
	_, _, _, err := cache.ImageDigest(context.Background(), "c", someTime.Time)
	require.True(t, fault.Is(err, fault.Unavailable), "what was not stored is not remembered")
}
