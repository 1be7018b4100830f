package catalog

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/semaphore"

	"tandem/entity/entitytest"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// frames is a backend that keeps images: those whose digest it does not have, it fetches.
type frames struct {
	entitytest.Ledger
	shown    []erp.ShownImage
	contents [][]byte
	errors   []error
}

func (f *frames) UpsertImages(ctx context.Context, batch []erp.ShownImage, fetch erp.FetchImage) ([]erp.Outcome, error) {
	f.shown = append(f.shown, batch...)
	outcomes := make([]erp.Outcome, len(batch))
	for i, s := range batch {
		outcomes[i] = erp.Outcome{Key: s.Key, Status: erp.Unchanged}
		if s.Image == nil {
			continue
		}
		outcomes[i].Status = erp.Updated
		content, err := fetch(ctx, *s.Image)
		f.contents = append(f.contents, content)
		if err != nil {
			f.errors = append(f.errors, err)
			outcomes[i] = erp.Outcome{Key: s.Key, Status: erp.Failed, Code: "image_unreachable", Reason: "the image cannot be fetched"}
		}
	}
	return outcomes, nil
}

func TestShownImages(t *testing.T) {
	front, own := erp.Image{URL: "front", Digest: "1"}, erp.Image{URL: "own", Digest: "2"}
	unknown := erp.Image{URL: "unknown"}
	variant := func(id string, image *erp.Image) erp.Variant {
		return erp.Variant{Key: entitytest.Key("product", id), Image: image}
	}
	for name, c := range map[string]struct {
		images   []erp.Image
		variants []erp.Variant
		want     map[string]*erp.Image // by id
	}{
		"none":                        {nil, []erp.Variant{variant("1", nil)}, map[string]*erp.Image{"1": nil}},
		"the first of a gallery":      {[]erp.Image{front, own}, nil, map[string]*erp.Image{"1": &front}},
		"not known":                   {[]erp.Image{unknown}, nil, map[string]*erp.Image{}},
		"a variation's own":           {[]erp.Image{front}, []erp.Variant{variant("2", &own)}, map[string]*erp.Image{"1": &front, "2": &own}},
		"a variation's own only":      {nil, []erp.Variant{variant("2", &own)}, map[string]*erp.Image{"1": nil, "2": &own}},
		"a variation without":         {[]erp.Image{front}, []erp.Variant{variant("2", nil)}, map[string]*erp.Image{"1": &front, "2": nil}},
		"the product's once more":     {[]erp.Image{front}, []erp.Variant{variant("2", &front)}, map[string]*erp.Image{"1": &front, "2": nil}},
		"one of a variation unknown":  {[]erp.Image{front}, []erp.Variant{variant("2", &unknown)}, map[string]*erp.Image{"1": &front}},
		"the product's alone unknown": {[]erp.Image{unknown}, []erp.Variant{variant("2", &own)}, map[string]*erp.Image{"2": &own}},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]*erp.Image{}
			for _, s := range shownImages(erp.Product{Key: entitytest.Key("product", "1"), Images: c.images, Variants: c.variants}) {
				got[s.Key.ID] = s.Image
			}
			require.Equal(t, c.want, got)
		})
	}
}

// pictured is a simple product with an image.
func pictured(t *testing.T, ec mapping.Context, id woo.ID, src string) productRecord {
	t.Helper()
	return loaded(t, ec, woo.Product{ID: id, Name: "P", Type: "simple", Status: "publish",
		Images: []woo.Image{{ID: id, Src: src, DateModified: entitytest.SomeTime}}})[0]
}

func TestImagesGoAlongWithProducts(t *testing.T) {
	ec, base, fetched := gallery(t)
	known := func(path string) string { return base + path + entitytest.SomeTime.String() }
	ec.Digests = &memory{known: map[string]picture{known("/down"): {digest: "known"}, known("/d"): {digest: "known too"}}}
	keeper := &frames{Ledger: entitytest.Ledger{Outcomes: map[erp.Key]erp.Outcome{
		entitytest.Key("product", "3"): {Status: erp.Parked, Code: "unknown_category"},
	}}}
	ec.Backend = keeper
	records := []productRecord{
		pictured(t, ec, 1, base+"/ok"), pictured(t, ec, 2, base+"/down"), pictured(t, ec, 3, base+"/c"), pictured(t, ec, 4, base+"/d"), managed(5),
	}
	before := fetched.Load()

	results, err := entitytest.Land(t.Context(), ec, Products, entitytest.PageOf(Products, records...))

	require.NoError(t, err)
	require.Len(t, keeper.shown, 3, "neither of a product that waits, nor of one whose images are not imported")
	require.Contains(t, results[0].Steps, "image updated")
	require.Contains(t, results[1].Steps, "image not landed: the image cannot be fetched")
	require.Contains(t, results[3].Steps, "image not landed: the image cannot be fetched")
	require.Equal(t, erp.Created, results[1].Status, "it holds up nothing")
	require.EqualValues(t, 1, fetched.Load()-before, "a host that does not answer is not asked again")
	require.Len(t, keeper.errors, 2)
}

// An ERP that keeps copies shows one image of a product: the rest of its gallery is neither handed over nor fetched.
func TestOnlyTheFrontImageIsCopied(t *testing.T) {
	ec, base, fetched := gallery(t)
	ec.Backend = &frames{}
	image := func(id woo.ID, path string) woo.Image {
		return woo.Image{ID: id, Src: base + path, DateModified: entitytest.SomeTime}
	}
	for name, c := range map[string]struct {
		gallery []woo.Image
		want    []string
	}{
		"a gallery":                 {[]woo.Image{image(1, "/front"), image(2, "/side"), image(3, "/back")}, []string{base + "/front"}},
		"a placeholder before them": {[]woo.Image{image(0, "/woocommerce-placeholder.png"), image(2, "/side"), image(3, "/back")}, []string{base + "/side"}},
		"a placeholder alone":       {[]woo.Image{image(0, "/woocommerce-placeholder.png")}, nil},
		"none":                      {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			before := fetched.Load()
			p, err := mapProduct(ec, loaded(t, ec, woo.Product{ID: 1, Name: "P", Type: "simple", Status: "publish", Images: c.gallery})[0])
			require.NoError(t, err)
			var got []string
			for _, image := range p.Images {
				got = append(got, image.URL)
			}
			require.Equal(t, c.want, got)
			require.EqualValues(t, len(c.want), fetched.Load()-before)
		})
	}
}

// At a first import, an image is fetched for its digest and is handed over as it was fetched.
func TestImageIsFetchedOnce(t *testing.T) {
	ec, base, fetched := gallery(t)
	ec.Digests = &memory{known: map[string]picture{}}
	keeper := &frames{}
	ec.Backend = keeper
	page := entitytest.PageOf(Products, pictured(t, ec, 1, base+"/ok"), pictured(t, ec, 2, base+"/b"))

	results, err := entitytest.Land(t.Context(), ec, Products, page)

	require.NoError(t, err)
	require.Contains(t, results[0].Steps, "image updated")
	require.Contains(t, results[1].Steps, "image updated")
	require.EqualValues(t, 2, fetched.Load())
	require.Equal(t, [][]byte{[]byte(pixel), []byte(pixel)}, keeper.contents)
}

// No more bytes are held than there is room for, and the room of those that are forgotten is free again.
func TestHeldImagesAreBounded(t *testing.T) {
	room := semaphore.NewWeighted(100)
	first := hold(room, make([]byte, 60))
	require.Nil(t, hold(room, make([]byte, 60)))
	require.Len(t, first.bytes, 60)
	runtime.KeepAlive(first)
	require.Eventually(t, func() bool {
		runtime.GC()
		return hold(room, make([]byte, 60)) != nil
	}, time.Minute, time.Millisecond)
}
