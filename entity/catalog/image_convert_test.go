package catalog

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Pictures of one pixel, as there is no encoder of WebP.
const (
	opaqueWebP     = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	seeThroughWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func drawn(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	canvas := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	var file bytes.Buffer
	require.NoError(t, encode(&file, canvas))
	return file.Bytes()
}

func decoded(t *testing.T, encoded string) []byte {
	t.Helper()
	content, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	return content
}

// N26: what stores do not take is converted; what cannot be read is said.
func TestImagesInAFormThatStoresTake(t *testing.T) {
	photo := drawn(t, func(w *bytes.Buffer, m image.Image) error { return jpeg.Encode(w, m, nil) })
	drawing := drawn(t, func(w *bytes.Buffer, m image.Image) error { return png.Encode(w, m) })
	animation := drawn(t, func(w *bytes.Buffer, m image.Image) error { return gif.Encode(w, m, nil) })
	for name, c := range map[string]struct {
		content []byte
		webP    bool
		want    string
		as      bool // as it is
	}{
		"JPEG": {photo, false, "image/jpeg", true}, "PNG": {drawing, false, "image/png", true}, "GIF": {animation, false, "image/gif", true},
		"WebP for a newer store":              {decoded(t, opaqueWebP), true, "image/webp", true},
		"WebP for an older store":             {decoded(t, opaqueWebP), false, "image/jpeg", false},
		"see-through WebP for an older store": {decoded(t, seeThroughWebP), false, "image/png", false},
	} {
		t.Run(name, func(t *testing.T) {
			mediaType, got, err := takenForm(c.content, c.webP)
			require.NoError(t, err)
			require.Equal(t, c.want, mediaType)
			require.Equal(t, c.want, http.DetectContentType(got))
			require.Equal(t, c.as, bytes.Equal(c.content, got))
		})
	}
	for name, c := range map[string]struct {
		content []byte
		why     string
	}{
		"AVIF":    {[]byte("\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1miafMA1B"), "stores do not take"},
		"SVG":     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "stores do not take"},
		"nothing": {nil, "stores do not take"},
		"damaged": {decoded(t, opaqueWebP)[:34], ""},
		"a bomb":  {bombWebP(t), "pixels"},
		"large":   {[]byte(strings.Repeat("x", 11<<20)), "larger than 10 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := takenForm(c.content, false)
			require.ErrorContains(t, err, c.why)
		})
	}
}

// bombWebP is a lossless picture that says it is as large as the format allows.
func bombWebP(t *testing.T) []byte {
	t.Helper()
	content := decoded(t, seeThroughWebP)
	copy(content[21:], []byte{0xff, 0xff, 0xff, 0x1f})
	return content
}

// FuzzTakenForm: whatever an image holds, bringing it into a form that stores take ends, with one of their types or an error.
func FuzzTakenForm(f *testing.F) {
	for _, seed := range []string{opaqueWebP, seeThroughWebP} {
		content, err := base64.StdEncoding.DecodeString(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content, false)
	}
	f.Add([]byte("BM"), true)
	f.Fuzz(func(t *testing.T, content []byte, webP bool) {
		mediaType, got, err := takenForm(content, webP)
		if err == nil {
			require.NotEmpty(t, got)
			require.Contains(t, append([]string{webPType}, takenTypes...), mediaType)
		}
	})
}
