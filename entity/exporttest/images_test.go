package exporttest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// offers is where the store fetches images.
type offers struct {
	server *httptest.Server

	mu      sync.Mutex
	files   map[string][]byte
	fetched map[string]bool
}

// offerImages turns the export of images on and lets the store fetch them.
func (p *pair) offerImages() *offers {
	p.t.Helper()
	o := &offers{files: map[string][]byte{}, fetched: map[string]bool{}}
	o.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		file := path.Base(r.URL.Path)
		o.fetched[file] = true
		_, _ = w.Write(o.files[file])
	}))
	p.t.Cleanup(o.server.Close)
	p.ec.Offers = o
	p.ec.Instance.Config.Product.ImportImages = true
	p.ec.Instance.Config.Product.ExportVariantImages = true
	p.ec.Instance.Config.Export.Images = true
	return o
}

func (o *offers) OfferImage(_ context.Context, file string, content []byte) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files[file], o.fetched[file] = content, false
	return o.server.URL + "/images/token/" + file, nil
}

func (o *offers) ImageFetched(_ context.Context, file string) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fetched[file], nil
}

// keepImage gives the ledger an image of one colour.
func (p *pair) keepImage(shade uint8, alt string) erp.Image {
	p.t.Helper()
	canvas := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range 16 {
		canvas.SetGray(i%4, i/4, color.Gray{Y: shade})
	}
	var file bytes.Buffer
	require.NoError(p.t, png.Encode(&file, canvas))
	return p.keep(file.Bytes(), alt)
}

func (p *pair) keep(content []byte, alt string) erp.Image {
	p.t.Helper()
	kept, err := p.desk().KeepImage(p.t.Context(), content)
	require.NoError(p.t, err)
	kept.Alt = alt
	return kept
}

// lamp makes a product with images in the ledger.
func (p *pair) lamp(images ...erp.Image) string {
	p.t.Helper()
	made, err := p.desk().Products().Create(p.t.Context(), "lamp", erp.Product{
		Kind: erp.Simple, Name: "Lamp", Status: "publish", SKU: "L-1", Images: images, Variants: []erp.Variant{{SKU: "L-1", Active: true}},
	})
	require.NoError(p.t, err)
	return made.ID
}

func (p *pair) change(id string, change func(*erp.Product)) {
	p.t.Helper()
	before, err := p.desk().Products().Get(p.t.Context(), id)
	require.NoError(p.t, err)
	record := before.Record
	record.Images, record.Variants = slices.Clone(record.Images), slices.Clone(record.Variants)
	change(&record)
	_, err = p.desk().Products().Update(p.t.Context(), before, record)
	require.NoError(p.t, err)
}

// gallery gives the names of the store's files without their extensions, in order.
func (p *pair) gallery(o flow.Outcome) (files []string) {
	p.t.Helper()
	for _, shown := range p.stored("products", o)["images"].([]any) {
		name := path.Base(shown.(map[string]any)["src"].(string))
		files = append(files, strings.TrimSuffix(name, path.Ext(name)))
	}
	return files
}

func fileOf(i erp.Image) string { return strings.TrimPrefix(i.Digest, "sha256:") }

// C16, N28, B10: an image reaches the store once, whatever is changed besides it, and does not come back as another one.
func TestImagesReachTheStoreOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.offerImages()
	front, back := p.keepImage(1, "Front"), p.keepImage(2, "")
	id := p.lamp(front, back)
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	require.Equal(t, []string{fileOf(front), fileOf(back)}, p.gallery(o))
	shown := p.stored("products", o)["images"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"Front", "Lamp"}, []any{shown["alt"], shown["name"]})

	writes := p.writes()
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, writes, p.writes(), "a gallery without change is not sent")
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")

	p.change(id, func(product *erp.Product) { slices.Reverse(product.Images) })
	require.Equal(t, flow.Updated, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, []string{fileOf(back), fileOf(front)}, p.gallery(o))
	require.Equal(t, 1, p.writes()-writes, "by their ids")

	side := p.keepImage(3, "")
	p.change(id, func(product *erp.Product) { product.Images = []erp.Image{product.Images[1], side} })
	require.Equal(t, flow.Updated, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, []string{fileOf(front), fileOf(side)}, p.gallery(o))
	require.Equal(t, 3, p.shop.Uploads())

	p.run(flow.Import, "category")
	p.ask(http.MethodPut, "products/"+o.Key.ID, map[string]any{"name": "Renamed in the store"})
	require.Equal(t, flow.Updated, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status)
	now, err := p.desk().Products().Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, []string{front.Digest, side.Digest}, []string{now.Record.Images[0].Digest, now.Record.Images[1].Digest}, "they are the same images")
	content, err := p.desk().ReadImage(t.Context(), side.Digest)
	require.NoError(t, err)
	require.NotEmpty(t, content)
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, 3, p.shop.Uploads())
}

// C16: a store whose plugins rename files has no image twice either, whether images are imported or not.
func TestAStoreThatRenamesFiles(t *testing.T) {
	t.Parallel()
	for _, imported := range []bool{true, false} {
		p := connect(t, wootest.Options{RenameUploads: true})
		p.offerImages()
		p.ec.Instance.Config.Product.ImportImages = imported
		p.ec.Digests = &digests{known: map[string]string{}}
		id := p.lamp(p.keepImage(1, ""), p.keepImage(2, ""))
		o := p.run(flow.Export, "product", id)[id]
		require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
		require.Equal(t, []string{"media", "media-1"}, p.gallery(o))
		require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
		require.Equal(t, 2, p.shop.Uploads())
		require.Len(t, p.gallery(o), 2)
	}
}

// digests remembers what images are.
type digests struct{ known map[string]string }

func (d *digests) ImageDigests(_ context.Context, urls []string, _ []time.Time, found func(i int, digest, mediaType string, size int64)) error {
	for i, url := range urls {
		if digest, ok := d.known[url]; ok {
			found(i, digest, "image/png", 1)
		}
	}
	return nil
}

func (d *digests) SetImageDigest(_ context.Context, url string, _ time.Time, digest, _ string, _ int64) error {
	d.known[url] = digest
	return nil
}

// A write whose answer is lost is not sent again: the store is asked what it has.
func TestALostAnswerDoublesNoImage(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.offerImages()
	id := p.lamp(p.keepImage(1, ""), p.keepImage(2, ""), p.keepImage(3, ""))
	p.shop.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{{Route: "products/#", Method: http.MethodPut, Times: 2, Body: json.RawMessage(`{`)}}})
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	require.Contains(t, o.Steps, "image sent; the store's answer was lost")
	require.Len(t, p.gallery(o), 3)
	require.Equal(t, 3, p.shop.Uploads())
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, 3, p.shop.Uploads())
}

// An image that the store did not come to before it broke down is sent with the next export, and the product is there meanwhile.
func TestABrokenStoreGetsTheImageLater(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.offerImages()
	id := p.lamp(p.keepImage(1, ""))
	p.shop.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{{Route: "products/#", Method: http.MethodPut, Times: 1, Status: 500}}})
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status)
	require.Contains(t, strings.Join(o.Steps, "\n"), "export the product again later")
	require.Equal(t, flow.Updated, p.run(flow.Export, "product", id)[id].Status)
	require.Equal(t, 1, p.shop.Uploads())
}

// nowhere offers images where no store reaches them.
type nowhere struct{ offers }

func (*nowhere) OfferImage(context.Context, string, []byte) (string, error) {
	return "http://127.0.0.1:1/images/token/x.png", nil
}

func TestProductsTravelWithoutImages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*pair)
		step   string
	}{
		"off":           {func(p *pair) { p.ec.Instance.Config.Export.Images = false }, ""},
		"not offered":   {func(p *pair) { p.ec.Offers = nil }, "image not sent: this process offers no images to stores"},
		"not reachable": {func(p *pair) { p.ec.Offers = &nowhere{} }, "set TANDEM_PUBLIC_URL to an address that the store's server reaches"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, wootest.Options{})
			p.offerImages()
			id := p.lamp(p.keepImage(1, ""), p.keepImage(2, ""))
			c.change(p)
			o := p.run(flow.Export, "product", id)[id]
			require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
			require.Contains(t, strings.Join(o.Steps, "\n"), c.step)
			require.NotContains(t, strings.Join(o.Steps, "\n"), "127.0.0.1", "no address is written down")
			require.Empty(t, p.gallery(o))
		})
	}
}

// N26: an older store gets JPEG in place of WebP.
func TestAStoreWithoutWebP(t *testing.T) {
	t.Parallel()
	webP, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	require.NoError(t, err)
	for _, refuses := range []bool{false, true} {
		p := connect(t, wootest.Options{NoWebP: refuses})
		p.offerImages()
		id := p.lamp(p.keep(webP, ""))
		o := p.run(flow.Export, "product", id)[id]
		require.Equal(t, flow.Created, o.Status)
		src := p.stored("products", o)["images"].([]any)[0].(map[string]any)["src"].(string)
		require.Equal(t, map[bool]string{false: ".webp", true: ".jpg"}[refuses], path.Ext(src))
		require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", id)[id].Status)
		require.Equal(t, 1, p.shop.Uploads())
	}
}

// A variation is shown with an image of the gallery by its id, and with one of its own.
func TestVariationsHaveImages(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.offerImages()
	product := variable()
	product.Status = "publish"
	front, own := p.keepImage(1, ""), p.keepImage(2, "")
	product.Images = []erp.Image{front}
	product.Variants[0].Image, product.Variants[1].Image = &front, &own
	made, err := p.desk().Products().Create(t.Context(), "shirt", product)
	require.NoError(t, err)
	o := p.run(flow.Export, "product", made.ID)[made.ID]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	shown := map[any]string{}
	for _, v := range p.list("products/" + o.Key.ID + "/variations") {
		shown[v["sku"]] = path.Base(v["image"].(map[string]any)["src"].(string))
	}
	require.Equal(t, map[any]string{"S-S": fileOf(front) + ".png", "": fileOf(own) + ".png"}, shown)
	require.Equal(t, 2, p.shop.Uploads())
	require.Equal(t, flow.Unchanged, p.run(flow.Export, "product", made.ID)[made.ID].Status)
	require.Equal(t, flow.Unchanged, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Status, "no echo")
	require.Equal(t, 2, p.shop.Uploads())
}

// What was imported with its images is not written.
func TestImportedImagesAreNotSentBack(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(20, 4, 0))
	p.offerImages()
	p.importCatalogue()
	writes := p.writes()
	p.requireAll(flow.Export, "product", flow.Unchanged)
	require.Equal(t, writes, p.writes())
	require.Zero(t, p.shop.Uploads())
}
