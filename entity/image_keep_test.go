package entity

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/woo"
)

// frames is a backend that keeps images: those whose digest it does not have, it fetches.
type frames struct {
	ledgerStub
	shown  []erp.ShownImage
	errors []error
}

func (f *frames) KeepImages(ctx context.Context, batch []erp.ShownImage, fetch erp.FetchImage) ([]erp.Outcome, error) {
	f.shown = append(f.shown, batch...)
	outcomes := make([]erp.Outcome, len(batch))
	for i, s := range batch {
		outcomes[i] = erp.Outcome{Key: s.Key, Status: erp.Unchanged}
		if s.Image == nil {
			continue
		}
		outcomes[i].Status = erp.Updated
		if _, err := fetch(ctx, *s.Image); err != nil {
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
		return erp.Variant{Key: key("product", id), Image: image}
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
			for _, s := range shownImages(erp.Product{Key: key("product", "1"), Images: c.images, Variants: c.variants}) {
				got[s.Key.ID] = s.Image
			}
			require.Equal(t, c.want, got)
		})
	}
}

// pictured is a simple product with an image.
func pictured(t *testing.T, ec Context, id woo.ID, src string) productRecord {
	t.Helper()
	record, err := loadProduct(t.Context(), ec, woo.Product{ID: id, Name: "P", Type: "simple", Status: "publish",
		Images: []woo.Image{{ID: id, Src: src, DateModified: someTime}}})
	require.NoError(t, err)
	return record
}

func TestImagesGoAlongWithProducts(t *testing.T) {
	ec, base, fetched := gallery(t)
	ec.Digests = &memory{known: map[string]picture{base + "/down" + someTime.String(): {digest: "known"}}}
	keeper := &frames{ledgerStub: ledgerStub{outcomes: map[erp.Key]erp.Outcome{
		key("product", "3"): {Status: erp.Parked, Code: "unknown_category"},
	}}}
	ec.Backend = keeper
	records := []productRecord{
		pictured(t, ec, 1, base+"/ok"), pictured(t, ec, 2, base+"/down"), pictured(t, ec, 3, base+"/c"), pictured(t, ec, 4, base+"/d"), managed(5),
	}
	before := fetched.Load()

	results, err := product.Land(t.Context(), ec, pageOf(product, records...))

	require.NoError(t, err)
	require.Len(t, keeper.shown, 3, "neither of a product that waits, nor of one whose images are not imported")
	require.Contains(t, results[0].Steps, "image updated")
	require.Contains(t, results[1].Steps, "image not landed: the image cannot be fetched")
	require.Contains(t, results[3].Steps, "image not landed: the image cannot be fetched")
	require.Equal(t, erp.Created, results[1].Status, "it holds up nothing")
	require.EqualValues(t, 2, fetched.Load()-before, "a host that does not answer is not asked again")
	require.Len(t, keeper.errors, 2)
}

// An ERP that keeps copies shows one image of a product: the rest of its gallery is neither handed over nor fetched.
func TestOnlyTheFrontImageIsCopied(t *testing.T) {
	ec, base, fetched := gallery(t)
	ec.Backend = &frames{}
	image := func(id woo.ID, path string) woo.Image {
		return woo.Image{ID: id, Src: base + path, DateModified: someTime}
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
			record, err := loadProduct(t.Context(), ec, woo.Product{ID: 1, Name: "P", Type: "simple", Status: "publish", Images: c.gallery})
			require.NoError(t, err)
			p, err := mapProduct(ec, record)
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
