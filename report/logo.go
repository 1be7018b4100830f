package report

import (
	"bytes"
	"image"
	"image/draw"
	_ "image/jpeg" // logos are PNG or JPEG
	"image/png"

	"tandem/fault"
)

// Limits of a logo.
const (
	MaxLogoBytes = 256 << 10
	maxLogoSide  = 2000 // pixels
)

// CheckLogo reads a PNG or JPEG and gives it as the plain kind of PNG that every report can print.
func CheckLogo(data []byte) ([]byte, error) {
	if len(data) > MaxLogoBytes {
		return nil, fault.Field("logo", "has %d KiB: %d are the most", len(data)>>10, MaxLogoBytes>>10)
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || format != "png" && format != "jpeg" {
		return nil, fault.Field("logo", "must be a PNG or a JPEG")
	}
	if config.Width > maxLogoSide || config.Height > maxLogoSide || config.Width == 0 || config.Height == 0 {
		return nil, fault.Field("logo", "is %d × %d pixels: %d each way are the most", config.Width, config.Height, maxLogoSide)
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fault.Field("logo", "is damaged: save the picture again")
	}
	plain := image.NewNRGBA(decoded.Bounds())
	draw.Draw(plain, plain.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, plain); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the logo cannot be written")
	}
	return out.Bytes(), nil
}
