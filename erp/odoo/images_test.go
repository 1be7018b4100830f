package odoo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"tandem/erp"
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
		return tell(b.KeepImages(ctx, []erp.ShownImage{{Key: s.product.Key, Image: picture}}, paint))
	}
}
