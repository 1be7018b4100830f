package catalog

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// pixel begins like a GIF, which is enough to be one.
const pixel = "GIF89a\x01\x00\x01\x00"

// pixelDigest is the SHA-256 of pixel.
const pixelDigest = "sha256:fb6567d497606314a968515ebf9063dcee9fcff777897c384ed8e6a26dbd7190"

// memory is Digests in a map.
type memory struct {
	mu    sync.Mutex
	known map[string]picture
	asked int
	err   error
}

func (m *memory) ImageDigests(_ context.Context, urls []string, modified []time.Time, found func(int, string, string, int64)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	for i, url := range urls {
		if p, ok := m.known[url+modified[i].String()]; ok {
			found(i, p.digest, p.mediaType, p.size)
		}
	}
	return m.err
}

func (m *memory) SetImageDigest(_ context.Context, url string, modified time.Time, digest, mediaType string, size int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.known[url+modified.String()] = picture{digest: digest, mediaType: mediaType, size: size}
	}
	return m.err
}

// gallery serves images: /ok is one, /page is a web page, /down fails. It counts what is fetched.
func gallery(t *testing.T) (mapping.Context, string, *atomic.Int32) {
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
	ec := entitytest.Demo()
	ec.Store = client
	ec.Instance.Config.Product.ImportImages = true
	return ec, server.URL, &fetched
}

func TestPicturesAreFetchedOnce(t *testing.T) {
	ec, base, fetched := gallery(t)
	ec.Digests = &memory{known: map[string]picture{}}
	front, back := woo.Image{ID: 1, Src: base + "/ok", Alt: "Front", DateModified: entitytest.SomeTime}, woo.Image{ID: 2, Src: base + "/back"}
	in := woo.Product{ID: 5, Type: "simple", Images: []woo.Image{front, back, front}}
	for range 2 {
		record := loaded(t, ec, in)[0]
		p, err := mapProduct(ec, record)
		require.NoError(t, err)
		require.Len(t, p.Images, 3)
		require.Equal(t, "Front", p.Images[0].Alt)
		require.Equal(t, pixelDigest, p.Images[0].Digest)
		require.Equal(t, "image/gif", p.Images[0].Type)
		require.EqualValues(t, len(pixel), p.Images[0].Size)
		require.EqualValues(t, 2, fetched.Load(), "the second import fetches nothing")
	}
	in.Images[0].DateModified = woo.NewTime(entitytest.SomeTime.Add(time.Hour))
	loaded(t, ec, in)
	require.EqualValues(t, 3, fetched.Load(), "a new date means new bytes")
}

func TestPicturesWithoutMemory(t *testing.T) {
	ec, base, fetched := gallery(t)
	image := woo.Image{ID: 1, Src: base + "/ok"}
	for range 2 {
		require.Empty(t, loaded(t, ec, woo.Product{Images: []woo.Image{image}})[0].notes)
	}
	require.EqualValues(t, 2, fetched.Load())
	ec.Digests = &memory{err: fault.New(fault.Unavailable, "gone")}
	record := loaded(t, ec, woo.Product{Images: []woo.Image{image}})[0]
	require.Equal(t, pixelDigest, record.pictures[image.Src].digest, "a memory that does not answer costs a fetch, no more")
}

func TestPicturesThatCannotBeFetched(t *testing.T) {
	ec, base, fetched := gallery(t)
	at := func(id woo.ID, path string) woo.Image { return woo.Image{ID: id, Src: base + path} }
	record := loaded(t, ec, woo.Product{Images: []woo.Image{at(1, "/page"), at(2, "/ok"), at(3, "/down"), at(4, "/late")}})[0]
	found, notes := record.pictures, record.notes
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
	_, err := loadedPages(ctx, ec, woo.Product{Images: []woo.Image{{ID: 1, Src: base + "/ok"}}})
	require.Error(t, err)
}

func TestImagesAreNotImported(t *testing.T) {
	var none pictures
	require.Nil(t, none.of([]woo.Image{{ID: 1, Src: "https://shop.example.com/a.png"}}))
}

func TestAllImages(t *testing.T) {
	record := productRecord{
		Product: mapping.Product{Product: woo.Product{Images: []woo.Image{
			{ID: 1, Src: "a.png"}, {ID: 0, Src: "/woocommerce-placeholder.png"}, {ID: 0, Src: "https://cdn.example.com/b.png"}, {ID: 3},
		}},
			VariationRecords: []woo.Variation{{Image: &woo.Image{ID: 4, Src: "c.png"}}, {}}},
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
	ask := func(url string) string { return askDigest(t, cache, url) }
	require.Empty(t, ask("a"))
	require.Empty(t, ask("a"), "what is unknown is asked again")
	require.Equal(t, 2, behind.asked)
	require.NoError(t, cache.SetImageDigest(context.Background(), "a", entitytest.SomeTime.Time, "sha256:1", "image/png", 7))
	require.Equal(t, "sha256:1", ask("a"))
	require.Equal(t, 2, behind.asked, "answered from memory")
	behind.known["b"+entitytest.SomeTime.String()] = picture{digest: "sha256:2"}
	require.Equal(t, "sha256:2", ask("b"))
	require.Equal(t, "sha256:2", ask("b"))
	require.Equal(t, 3, behind.asked)
	var places []int
	require.NoError(t, cache.ImageDigests(t.Context(), []string{"new", "a", "newer", "b"}, slices.Repeat([]time.Time{entitytest.SomeTime.Time}, 4),
		func(i int, _, _ string, _ int64) { places = append(places, i) }))
	require.Equal(t, []int{1, 3}, places)
	require.Equal(t, 4, behind.asked, "once for all that is unknown")

	behind.err = fault.New(fault.Unavailable, "gone")
	require.Error(t, cache.SetImageDigest(context.Background(), "c", entitytest.SomeTime.Time, "sha256:3", "", 0))
	err := cache.ImageDigests(t.Context(), []string{"c"}, []time.Time{entitytest.SomeTime.Time}, func(int, string, string, int64) {})
	require.True(t, fault.Is(err, fault.Unavailable), "what was not stored is not remembered")
}

// askDigest gives the digest of one image, "" when it is unknown.
func askDigest(t *testing.T, digests mapping.Digests, url string) (known string) {
	t.Helper()
	err := digests.ImageDigests(t.Context(), []string{url}, []time.Time{entitytest.SomeTime.Time}, func(_ int, digest, _ string, _ int64) { known = digest })
	require.NoError(t, err)
	return known
}

// loadedPages reads products without variations as an import does, their pictures included.
func loadedPages(ctx context.Context, ec mapping.Context, products ...woo.Product) ([]productRecord, error) {
	var in flow.Batch[productRecord]
	for _, p := range products {
		in.Records = append(in.Records, productRecord{Product: mapping.Product{Product: p}})
	}
	var records []productRecord
	for b, err := range withPictures(entitytest.FixedSource(in))(ctx, ec, flow.Filter{}, nil) {
		if err != nil {
			return nil, err
		}
		records = append(records, b.Records...)
	}
	return records, nil
}

func loaded(t *testing.T, ec mapping.Context, products ...woo.Product) []productRecord {
	t.Helper()
	records, err := loadedPages(t.Context(), ec, products...)
	require.NoError(t, err)
	return records
}

func TestMemoryIsAskedOnceForAPage(t *testing.T) {
	ec, base, fetched := gallery(t)
	remembered := &memory{known: map[string]picture{}}
	ec.Digests = remembered
	at := func(path string) woo.Image {
		return woo.Image{ID: 1, Src: base + path, DateModified: entitytest.SomeTime}
	}
	page := []woo.Product{{Images: []woo.Image{at("/a"), at("/b")}}, {Images: []woo.Image{at("/c")}}, {}, {Images: []woo.Image{at("/a")}}}
	loaded(t, ec, page...)
	require.Equal(t, 1, remembered.asked)
	before := fetched.Load()
	require.Len(t, loaded(t, ec, page...), len(page))
	require.Equal(t, 2, remembered.asked)
	require.Equal(t, before, fetched.Load(), "all are known")
	loaded(t, ec, woo.Product{}, woo.Product{})
	require.Equal(t, 2, remembered.asked, "no question without images")
}
