package catalog

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"slices"

	_ "golang.org/x/image/bmp"  // decoded for stores
	_ "golang.org/x/image/tiff" // likewise
	_ "golang.org/x/image/webp" // likewise

	"tandem/fault"
	"tandem/woo"
)

// maxPixels bounds what is decoded: a small file may unfold to gigabytes.
const maxPixels = 50_000_000

// convertedQuality is that of JPEGs that are made of other images.
const convertedQuality = 90

// takenTypes are the media types that stores of all versions take; newer ones take WebP too.
var takenTypes = []string{"image/jpeg", "image/png", "image/gif"}

const webPType = "image/webp"

// takenForm gives an image in a form that the store takes: as it is, or else as PNG when it is see-through and as JPEG when it is not.
// AVIF and HEIC, which no part of WooCommerce takes, cannot be read.
func takenForm(content []byte, webP bool) (mediaType string, converted []byte, err error) {
	if len(content) > woo.MaxImage {
		return "", nil, fault.New(fault.Invalid, "it is larger than %d MiB", woo.MaxImage>>20)
	}
	mediaType = http.DetectContentType(content)
	if slices.Contains(takenTypes, mediaType) || mediaType == webPType && webP {
		return mediaType, content, nil
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return "", nil, fault.Wrap(fault.Unsupported, err, "it is of a kind that stores do not take: make it JPEG, PNG, GIF or WebP")
	}
	if config.Width*config.Height > maxPixels {
		return "", nil, fault.New(fault.Invalid, "it has %d × %d pixels: make it smaller", config.Width, config.Height)
	}
	decoded, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, err, "it is damaged")
	}
	return encodeImage(decoded)
}

func encodeImage(decoded image.Image) (mediaType string, content []byte, err error) {
	var file bytes.Buffer
	if opaque, ok := decoded.(interface{ Opaque() bool }); ok && opaque.Opaque() {
		mediaType, err = "image/jpeg", jpeg.Encode(&file, decoded, &jpeg.Options{Quality: convertedQuality})
	} else {
		mediaType, err = "image/png", png.Encode(&file, decoded)
	}
	if err == nil && file.Len() > woo.MaxImage {
		err = fault.New(fault.Invalid, "it is larger than %d MiB in a form that the store takes: make it smaller", woo.MaxImage>>20)
	}
	return mediaType, file.Bytes(), err
}
