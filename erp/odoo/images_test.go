package odoo

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/odootest"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// dot is a picture of one colour. Each has bytes of its own.
func dot(shade uint8) *erp.Image {
	return &erp.Image{URL: fmt.Sprintf("https://shop.example/%d.png", shade), Digest: fmt.Sprintf("sha256:%d", shade)}
}

// paint gives the bytes of a dot.
func paint(_ context.Context, of erp.Image) ([]byte, error) {
	var shade uint8
	if _, err := fmt.Sscanf(of.Digest, "sha256:%d", &shade); err != nil {
		return nil, err
	}
	canvas := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		canvas.SetGray(i%8, i/8, color.Gray{Y: shade})
	}
	var file bytes.Buffer
	err := png.Encode(&file, canvas)
	return file.Bytes(), err
}

// show has the product be shown with a picture, or without one.
func (s story) show(picture *erp.Image) act {
	return func(ctx context.Context, b *Backend) (string, error) {
		return tell(b.UpsertImages(ctx, []erp.ShownImage{{Key: s.product.Key, Image: picture}}, paint))
	}
}

// deadly kills the connection of each call that carries one of the images, as an image does that is too large for Odoo.
type deadly struct{ digests []string }

func (d deadly) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, digest := range d.digests {
		if bytes.Contains(body, []byte(`"`+digest+` `)) {
			return nil, io.EOF
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Images that kill a worker of Odoo each time hold up neither the others of their page nor, after some tries, the page.
func TestImagesThatOdooDoesNotSurvive(t *testing.T) {
	for name, bad := range map[string][]string{
		"one": {"sha256:2"}, "the first": {"sha256:1"}, "three": {"sha256:1", "sha256:2", "sha256:3"},
	} {
		t.Run(name, func(t *testing.T) {
			server, _, tale := inStock(t, 19)
			b, err := Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login, Secret: odootest.Key,
				Protocol: JSONRPC, HTTP: &http.Client{Transport: deadly{bad}, Timeout: time.Minute}, Budget: unlimited()})
			require.NoError(t, err)
			var batch []erp.ShownImage
			for shade := uint8(1); shade <= 4; shade++ {
				product := tale.product
				product.Key.ID, product.SKU = strconv.Itoa(int(shade)), strconv.Itoa(int(shade))
				product.Variants = []erp.Variant{{Key: product.Key, Active: true, TrackStock: true}}
				_, err := b.UpsertProducts(t.Context(), []erp.Product{product})
				require.NoError(t, err)
				batch = append(batch, erp.ShownImage{Key: product.Key, Image: dot(shade)})
			}
			for range record.MostStrikes - 1 {
				_, err = b.UpsertImages(t.Context(), batch, paint)
				require.True(t, fault.Retryable(err), "%v", err)
				last, err := b.UpsertImages(t.Context(), batch[3:], paint)
				require.NoError(t, err)
				require.Equal(t, erp.Unchanged, last[0].Status, "it has landed behind the broken ones")
			}
			outcomes, err := b.UpsertImages(t.Context(), batch, paint)
			require.NoError(t, err)
			for _, outcome := range outcomes {
				digest := "sha256:" + outcome.Key.ID
				require.Equal(t, !slices.Contains(bad, digest), outcome.Landed(), "%v", outcome)
				if !outcome.Landed() {
					require.Equal(t, "image_refused", outcome.Code)
				}
			}
		})
	}
}

// checksum is how Odoo knows the bytes of a dot.
func checksum(t *testing.T, of *erp.Image) (content []byte, digest string) {
	t.Helper()
	content, err := paint(t.Context(), *of)
	require.NoError(t, err)
	sum := sha1.Sum(content)
	return content, "sha1:" + hex.EncodeToString(sum[:])
}

// An image of Odoo is known by Odoo's checksum of it. One that a store was sent comes back as the same one and is not written.
func TestImagesOfOdooAreReadAndNotLandedAgain(t *testing.T) {
	for _, version := range []int{14, 19} {
		_, b, tale := inStock(t, version)
		_, err := tale.show(dot(1))(t.Context(), b)
		require.NoError(t, err)
		content, landed := checksum(t, dot(1))
		read, err := b.ReadImage(t.Context(), landed)
		require.NoError(t, err)
		require.Equal(t, content, read)

		ids, err := b.Lookup(t.Context(), []erp.Key{tale.product.Key})
		require.NoError(t, err)
		content, own := checksum(t, dot(2))
		require.NoError(t, b.rpc.Write(t.Context(), "product.template", []int64{rpc.ParseID(ids[0])},
			map[string]any{"image_1920": base64.StdEncoding.EncodeToString(content)}))
		_, err = b.ReadImage(t.Context(), landed)
		require.Equal(t, fault.NotFound, fault.KindOf(err), "it was replaced")
		read, err = b.ReadImage(t.Context(), own)
		require.NoError(t, err)
		require.Equal(t, content, read)
		_, err = b.ReadImage(t.Context(), "sha256:1")
		require.Equal(t, fault.NotFound, fault.KindOf(err))

		stored := tale.product
		stored.Images = []erp.Image{{URL: "https://shop.example/own.png", Digest: own}}
		require.NoError(t, b.AdoptProducts(t.Context(), []erp.Adoption[erp.Product]{{ID: ids[0], Record: stored}}))
		outcomes, err := b.UpsertImages(t.Context(), []erp.ShownImage{{Key: stored.Key, Image: &stored.Images[0]}}, nil)
		require.NoError(t, err)
		require.Equal(t, erp.Unchanged, outcomes[0].Status)
		read, err = b.ReadImage(t.Context(), own)
		require.NoError(t, err)
		require.Equal(t, content, read)
	}
}
