package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"image"
	_ "image/gif"  // decoded before they are kept
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"

	_ "golang.org/x/image/webp" // likewise

	"tandem/erp"
	"tandem/fault"
)

// maxImagePixels bounds what is decoded: a small file may unfold to gigabytes.
const maxImagePixels = 50_000_000

// KeepImage keeps the bytes of an image once it was decoded whole.
func (l *Ledger) KeepImage(ctx context.Context, content []byte) (erp.Image, error) {
	if err := checkImage(content); err != nil {
		return erp.Image{}, err
	}
	sum := sha256.Sum256(content)
	kept := erp.Image{Digest: "sha256:" + hex.EncodeToString(sum[:]), Type: http.DetectContentType(content), Size: int64(len(content))}
	_, err := l.db.ExecContext(ctx, `INSERT INTO ledger.image_files (digest, type, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		kept.Digest, kept.Type, content)
	return kept, classify(err)
}

func checkImage(content []byte) error {
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return fault.New(fault.Invalid, "this is no image that browsers and stores show: give a JPEG, PNG, GIF or WebP")
	}
	if config.Width*config.Height > maxImagePixels {
		return fault.New(fault.Invalid, "the image has %d × %d pixels: make it smaller", config.Width, config.Height)
	}
	if _, _, err := image.Decode(bytes.NewReader(content)); err != nil {
		return fault.New(fault.Invalid, "the image is damaged: it cannot be decoded to its end")
	}
	return nil
}

// ReadImage gives the bytes of an image that was kept. Those of images that came from stores are not.
func (l *Ledger) ReadImage(ctx context.Context, digest string) ([]byte, error) {
	var content []byte
	err := l.db.GetContext(ctx, &content, `SELECT content FROM ledger.image_files WHERE digest = $1`, digest)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "the ledger has no such image, or only its address")
	}
	return content, classify(err)
}
