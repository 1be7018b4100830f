package catalog

import (
	"cmp"
	"strings"

	"tandem/erp"
	"tandem/imageurl"
	"tandem/woo"
)

// picture is what the bytes of an image are.
type picture struct {
	digest    string // "sha256:…"; empty when they could not be fetched
	mediaType string
	size      int64
	content   *imageContent // the bytes, as long as their page is under way to an ERP that keeps copies; nil when they are not held
}

// pictures are those of one product by address. nil says that images are not imported.
type pictures map[string]picture

// allImages lists the real images of a product and of its variations.
func allImages(p productRecord) []woo.Image {
	var list []woo.Image
	for _, image := range p.Images {
		if isImage(image) {
			list = append(list, image)
		}
	}
	for _, v := range p.VariationRecords {
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

// of maps a gallery; nil when images are not imported.
func (p pictures) of(images []woo.Image) []erp.Image {
	if p == nil {
		return nil
	}
	list := []erp.Image{}
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
	return &erp.Image{URL: image.Src, Alt: image.Alt, Digest: pic.digestOf(*image), Type: pic.mediaType, Size: pic.size}
}

// digestOf gives the digest by which an image of the store is known. That of one which the store fetched from Tandem is the ERP's own,
// although the store may have scaled the image down.
func (p picture) digestOf(image woo.Image) string {
	return cmp.Or(imageurl.Digest(image.Src), p.digest)
}
