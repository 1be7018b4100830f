package erptest

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// imageTests are about backends that keep copies of images.
var imageTests = []test{
	{"an image is fetched when its digest is new", imagesByDigest},
	{"an image that is gone is taken away", imagesGo},
	{"a variation has an image of its own", imagesOfVariations},
	{"a bad image holds up no other", badImages},
}

// album serves pictures by digest and notes which were fetched.
type album struct {
	erp.ImageSink
	t       *testing.T
	fetched []string
}

func openAlbum(t *testing.T, s shop) *album {
	t.Helper()
	keeper, err := erp.Images.Of(s.Backend)
	require.NoError(t, err)
	return &album{ImageSink: keeper, t: t}
}

func (a *album) fetch(_ context.Context, picture erp.Image) ([]byte, error) {
	a.fetched = append(a.fetched, picture.Digest)
	switch picture.Digest {
	case "lost":
		return nil, fault.New(fault.Unavailable, "nobody there")
	case "text":
		return []byte("no picture"), nil
	}
	canvas := image.NewRGBA(image.Rect(0, 0, 4, 4))
	canvas.Set(1, 1, color.RGBA{R: picture.Digest[0], A: 255})
	var file bytes.Buffer
	require.NoError(a.t, png.Encode(&file, canvas))
	return file.Bytes(), nil
}

// keep shows a product with the image of a digest, or with none, and tells what was fetched for that.
func (a *album) keep(key erp.Key, digest string) (erp.Outcome, []string) {
	a.t.Helper()
	outcomes, fetched := a.keepAll(shown(key, digest))
	return outcomes[0], fetched
}

func (a *album) keepAll(batch ...erp.ShownImage) ([]erp.Outcome, []string) {
	a.t.Helper()
	a.fetched = nil
	outcomes, err := a.UpsertImages(a.t.Context(), batch, a.fetch)
	require.NoError(a.t, err)
	require.Len(a.t, outcomes, len(batch))
	for i, outcome := range outcomes {
		require.Equal(a.t, batch[i].Key, outcome.Key)
	}
	return outcomes, a.fetched
}

func shown(key erp.Key, digest string) erp.ShownImage {
	if digest == "" {
		return erp.ShownImage{Key: key}
	}
	return erp.ShownImage{Key: key, Image: &erp.Image{URL: "https://shop.example/a.png", Digest: digest}}
}

func imagesByDigest(t *testing.T, s shop) {
	a := openAlbum(t, s)
	product := s.product(1)
	land(t, s, putProducts, []erp.Product{product}, erp.Created)
	for _, step := range []struct {
		digest  string
		status  erp.Status
		fetched []string
	}{
		{"red", erp.Updated, []string{"red"}},
		{"red", erp.Unchanged, nil},
		{"blue", erp.Updated, []string{"blue"}},
		{"red", erp.Updated, []string{"red"}},
	} {
		outcome, fetched := a.keep(product.Key, step.digest)
		require.Equal(t, step.status, outcome.Status, outcome)
		require.Equal(t, step.digest, outcome.After)
		require.Equal(t, step.fetched, fetched)
		product.Name += "!"
		land(t, s, putProducts, []erp.Product{product}, erp.Updated)
	}
}

func imagesGo(t *testing.T, s shop) {
	a := openAlbum(t, s)
	land(t, s, putProducts, []erp.Product{s.product(1)}, erp.Created)
	key := s.product(1).Key
	for _, step := range []struct {
		digest string
		status erp.Status
	}{{"", erp.Unchanged}, {"red", erp.Updated}, {"", erp.Updated}, {"", erp.Unchanged}, {"red", erp.Updated}} {
		outcome, _ := a.keep(key, step.digest)
		require.Equal(t, step.status, outcome.Status, outcome)
	}
}

func imagesOfVariations(t *testing.T, s shop) {
	a := openAlbum(t, s)
	product := s.variable(1, 11, 12)
	land(t, s, putProducts, []erp.Product{product}, erp.Created)
	batch := []erp.ShownImage{shown(product.Key, "red"), shown(product.Variants[0].Key, "blue"), shown(product.Variants[1].Key, "")}
	outcomes, fetched := a.keepAll(batch...)
	require.Equal(t, []string{"red", "blue"}, fetched)
	require.Equal(t, []erp.Status{erp.Updated, erp.Updated, erp.Unchanged}, statusesOf(outcomes))
	outcomes, fetched = a.keepAll(batch...)
	require.Empty(t, fetched)
	require.Equal(t, times(3, erp.Unchanged), statusesOf(outcomes))
}

func badImages(t *testing.T, s shop) {
	a := openAlbum(t, s)
	land(t, s, putProducts, []erp.Product{s.product(1), s.product(2), s.product(3)}, times(3, erp.Created)...)
	batch := []erp.ShownImage{
		shown(s.product(1).Key, "text"), shown(s.product(2).Key, "lost"), shown(s.key("product", 99), "red"), shown(s.product(3).Key, "red"),
	}
	for _, last := range []erp.Status{erp.Updated, erp.Unchanged} {
		outcomes, _ := a.keepAll(batch...)
		require.Equal(t, []erp.Status{erp.Failed, erp.Failed, erp.Failed, last}, statusesOf(outcomes))
		require.Equal(t, "image_refused", outcomes[0].Code)
		require.Equal(t, "image_unreachable", outcomes[1].Code)
		require.Equal(t, "unknown_product", outcomes[2].Code)
	}
	outcome, _ := a.keep(s.product(1).Key, "green")
	require.Equal(t, erp.Updated, outcome.Status, "a good one takes its place")
}

func statusesOf(outcomes []erp.Outcome) []erp.Status {
	statuses := make([]erp.Status, len(outcomes))
	for i, outcome := range outcomes {
		statuses[i] = outcome.Status
	}
	return statuses
}
