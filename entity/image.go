package entity

import (
	"context"
	"fmt"
	"strings"

	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

// picture is what the bytes of an image are; the bytes themselves are not kept.
type picture struct {
	digest    string // "sha256:…"; empty when they could not be fetched
	mediaType string
	size      int64
}

// pictures are those of one product by address. nil says that images are not imported.
type pictures map[string]picture

// loadPictures finds out what every image of a product and of its variations is, fetching only those whose address or
// date is new. One that cannot be fetched is noted and lands by its address alone: a broken picture holds up no product.
func loadPictures(ctx context.Context, ec Context, p productRecord) (pictures, []string, error) {
	found := pictures{}
	var notes []string
	for _, image := range allImages(p) {
		if _, known := found[image.Src]; known {
			continue
		}
		pic, err := loadPicture(ctx, ec, image)
		if ctx.Err() != nil {
			return nil, nil, err
		}
		found[image.Src] = pic
		if err == nil {
			continue
		}
		notes = append(notes, fmt.Sprintf("image %s not fetched (%s)", image.ID, fault.KindOf(err)))
		if fault.Retryable(err) {
			break // its host does not answer: trying each further image would hold up the import for minutes
		}
	}
	return found, notes, nil
}

// loadPicture asks what is remembered before it fetches the bytes. A memory that does not answer costs a fetch, no more.
func loadPicture(ctx context.Context, ec Context, image woo.Image) (picture, error) {
	if ec.Digests != nil {
		digest, mediaType, size, err := ec.Digests.ImageDigest(ctx, image.Src, image.DateModified.Time)
		if err == nil && digest != "" {
			return picture{digest, mediaType, size}, nil
		}
	}
	file, err := ec.Store.FetchImage(ctx, image.Src)
	if fault.Retryable(err) {
		// The second round makes it unlikely that a store in trouble shows up as a changed product.
		file, err = ec.Store.FetchImage(ctx, image.Src)
	}
	if err != nil {
		return picture{}, err
	}
	pic := picture{"sha256:" + file.SHA256, file.ContentType, int64(file.Size)}
	if ec.Digests != nil {
		_ = ec.Digests.SetImageDigest(ctx, image.Src, image.DateModified.Time, pic.digest, pic.mediaType, pic.size)
	}
	return pic, nil
}

// allImages lists the real images of a product and of its variations.
func allImages(p productRecord) []woo.Image {
	var list []woo.Image
	for _, image := range p.Images {
		if isImage(image) {
			list = append(list, image)
		}
	}
	for _, v := range p.variations {
		if v.Image != nil && isImage(*v.Image) {
			list = append(list, *v.Image)
		}
	}
	return list
}

// isImage leaves out the grey placeholder that older stores send for a product without images.
func isImage(image woo.Image) bool {
	return image.Src != "" && (image.ID != 0 || !strings.Contains(image.Src, "placeholder"))
}

// of maps a gallery.
func (p pictures) of(images []woo.Image) []erp.Image {
	var list []erp.Image
	for _, image := range images {
		if mapped := p.one(&image); mapped != nil {
			list = append(list, *mapped)
		}
	}
	return list
}

// one maps a single image; nil when there is none or images are not imported.
func (p pictures) one(image *woo.Image) *erp.Image {
	if p == nil || image == nil || !isImage(*image) {
		return nil
	}
	pic := p[image.Src]
	return &erp.Image{URL: image.Src, Alt: image.Alt, Digest: pic.digest, Type: pic.mediaType, Size: pic.size}
}
