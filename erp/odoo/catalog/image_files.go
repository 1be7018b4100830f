package catalog

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // Odoo names files by it; it protects nothing
	"encoding/base64"
	"encoding/hex"
	"image"
	_ "image/gif"  // whose sizes are read
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"slices"
	"strings"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// attachment is the file in which Odoo keeps the image of a record.
type attachment struct {
	rpc.Row
	Record   int64    `json:"res_id"`
	Checksum rpc.Text `json:"checksum"` // SHA-1
	Type     rpc.Text `json:"mimetype"`
	Size     int64    `json:"file_size"`
	Content  rpc.Text `json:"datas"` // base64
}

const attachmentModel = "ir.attachment"

func (a attachment) image() erp.Image {
	return erp.Image{Digest: checksumPrefix + string(a.Checksum), Type: string(a.Type), Size: a.Size}
}

// checksumPrefix begins the digests of what Odoo has: it tells them without giving the bytes.
const checksumPrefix = "sha1:"

// imagesOf tells, by its id, with which image each record is shown. Those without one are left out.
func (w *Writer) imagesOf(ctx context.Context, kind frameKind, ids []int64) (map[int64]erp.Image, error) {
	files, err := rpc.SearchBy[attachment](ctx, w.rpc, attachmentModel, "res_id", ids,
		[]any{rpc.Where("res_model", "=", kind.model), rpc.Where("res_field", "=", kind.image)}, "res_id", "checksum", "mimetype", "file_size")
	images := make(map[int64]erp.Image, len(files))
	for _, file := range files {
		images[file.Record] = file.image()
	}
	return images, err
}

// ReadImage gives the bytes of an image by the checksum that Odoo has of it.
func (w *Writer) ReadImage(ctx context.Context, digest string) ([]byte, error) {
	checksum, own := strings.CutPrefix(digest, checksumPrefix)
	if !own {
		return nil, fault.New(fault.NotFound, "Odoo does not have these bytes")
	}
	files, err := rpc.Search[attachment](ctx, w.rpc, attachmentModel, []any{rpc.Where("checksum", "=", checksum),
		rpc.In("res_field", []string{templateFrames.image, variantFrames.image})})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fault.New(fault.NotFound, "Odoo does not have the image any more")
	}
	read, err := rpc.SearchByID[attachment](ctx, w.rpc, attachmentModel, []int64{files[0].ID}, "datas")
	if err != nil {
		return nil, err
	}
	content, err := base64.StdEncoding.DecodeString(string(read[files[0].ID].Content))
	if err != nil {
		return nil, fault.New(fault.Invalid, "Odoo's file of the image cannot be read")
	}
	return content, nil
}

// largestKept is the largest width and height of an image that Odoo keeps as it is given; others it scales down.
const largestKept = 1920

// checksumOf gives the checksum that Odoo is going to have of an image; "" where only Odoo can tell.
func checksumOf(content []byte) string {
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || config.Width > largestKept || config.Height > largestKept {
		return ""
	}
	sum := sha1.Sum(content) //nolint:gosec // see above
	return checksumPrefix + hex.EncodeToString(sum[:])
}

// noteOf is what is noted of an image that was put into a record: its digest, and the checksum that Odoo has of what it made of it.
func noteOf(digest, checksum string) string { return strings.TrimSpace(digest + " " + checksum) }

// notes reports whether a note is of an image by one of its digests.
func notes(note, digest string) bool { return slices.Contains(strings.Fields(note), digest) }

// stillLanded reports whether an image is still the one that was put there. Older notes do not say what Odoo made of it.
func stillLanded(note string, held erp.Image) bool {
	return notes(note, held.Digest) || note != "" && !strings.Contains(note, checksumPrefix)
}

// noteSent notes the images that a store was sent, so that they do not come back as others.
func (w *Writer) noteSent(ctx context.Context, batch []erp.Adoption[erp.Product]) error {
	sent := map[erp.Key]string{}
	for i := range batch {
		p := &batch[i].Record
		if len(p.Images) > 0 && strings.HasPrefix(p.Images[0].Digest, checksumPrefix) {
			sent[p.Key] = p.Images[0].Digest
		}
		for _, v := range p.Variants {
			if v.Key != p.Key && v.Image != nil && strings.HasPrefix(v.Image.Digest, checksumPrefix) {
				sent[v.Key] = v.Image.Digest
			}
		}
	}
	if len(sent) == 0 {
		return nil
	}
	keys := make([]erp.Key, 0, len(sent))
	for key := range sent {
		keys = append(keys, key)
	}
	frames, err := w.frames(ctx, keys)
	if err != nil {
		return err
	}
	for key, f := range frames {
		if notes(f.noted, sent[key]) {
			continue
		}
		if err := w.rpc.Write(ctx, f.model, []int64{f.id}, map[string]any{f.note: sent[key]}); err != nil {
			return err
		}
	}
	return nil
}
