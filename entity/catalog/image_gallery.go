package catalog

import (
	"maps"
	"slices"

	"tandem/erp"
	"tandem/imageurl"
	"tandem/woo"
)

// galleryImage is one place of a gallery as the store is to show it.
type galleryImage struct {
	image erp.Image
	have  *woo.Image // which one it is in the store; nil for one that the store is to fetch
}

// knownImages says which of the store's images the ERP knows of, when it has others.
type knownImages int

const (
	knownNone  knownImages = iota // images are not imported
	knownFront                    // the ERP keeps a copy of the front one only
	knownAll
)

// shownAs reports whether an image of the store is one of the ERP: by the digest that the name of its file bears, by its bytes, or by
// its address where it came from this store.
func (p pictures) shownAs(image erp.Image, have woo.Image) bool {
	digest := imageurl.Digest(have.Src)
	switch {
	case digest == "" && image.URL == have.Src:
		return true
	case image.Digest == "":
		return false
	default:
		return digest == image.Digest || p[have.Src].digest == image.Digest
	}
}

// with adds what an image is.
func (p pictures) with(address string, pic picture) pictures {
	more := maps.Clone(p)
	if more == nil {
		more = pictures{}
	}
	more[address] = pic
	return more
}

// wholeGallery gives all images that the store shows of a product.
func (p productRecord) wholeGallery() []woo.Image {
	if p.gallery != nil {
		return p.gallery
	}
	return p.Images
}

// arrange finds the images of a gallery among those that the store has of the product, by what is known of them. Those that the ERP does
// not know of stay behind its own.
func (p productRecord) arrange(wanted []erp.Image, erpKnows knownImages, known pictures) []galleryImage {
	rest := slices.DeleteFunc(slices.Clone(p.wholeGallery()), func(h woo.Image) bool { return h.ID == 0 || !isImage(h) })
	if erpKnows == knownFront && len(rest) > 0 && !slices.ContainsFunc(wanted, func(w erp.Image) bool { return known.shownAs(w, rest[0]) }) {
		rest = rest[1:] // it was replaced in the ERP
	}
	list := make([]galleryImage, 0, len(wanted))
	for _, image := range wanted {
		place := galleryImage{image: image}
		if at := slices.IndexFunc(rest, func(h woo.Image) bool { return known.shownAs(image, h) }); at >= 0 {
			found := rest[at]
			place.have, rest = &found, slices.Delete(rest, at, at+1)
		}
		list = append(list, place)
	}
	if erpKnows == knownAll {
		return list
	}
	for _, left := range rest {
		list = append(list, galleryImage{image: erp.Image{URL: left.Src}, have: &left})
	}
	return list
}

// lacking gives the images that the store is to fetch.
func lacking(list []galleryImage) []erp.Image {
	var images []erp.Image
	for _, place := range list {
		if place.have == nil {
			images = append(images, place.image)
		}
	}
	return images
}

// shows reports whether the store's gallery is arranged so already.
func (p productRecord) shows(list []galleryImage) bool {
	have := slices.DeleteFunc(slices.Clone(p.wholeGallery()), func(h woo.Image) bool { return h.ID == 0 })
	return slices.EqualFunc(have, list, func(h woo.Image, place galleryImage) bool {
		return place.have != nil && place.have.ID == h.ID && (place.image.Alt == "" || place.image.Alt == h.Alt)
	})
}

// galleryFields gives a gallery as it is sent, with one image that the store is to fetch from an address; others that it lacks are left out.
func galleryFields(list []galleryImage, next erp.Image, address, name string) []woo.Fields {
	gallery := []woo.Fields{}
	for _, place := range list {
		if place.have != nil || place.image == next {
			gallery = append(gallery, place.field(address, name))
		}
	}
	return gallery
}

// field gives a place of a gallery as it is sent. The store keeps what else it has of an image that is named by its id.
func (g galleryImage) field(address, name string) woo.Fields {
	field := woo.Fields{"src": address, "name": name}
	if g.have != nil {
		field = woo.Fields{"id": g.have.ID}
	}
	if g.image.Alt != "" && (g.have == nil || g.have.Alt != g.image.Alt) {
		field["alt"] = g.image.Alt
	}
	return field
}

// distinct leaves out images that a gallery has already.
func distinct(images []erp.Image) []erp.Image {
	var list []erp.Image
	for _, image := range images {
		if !slices.ContainsFunc(list, func(other erp.Image) bool {
			return other == image || image.Digest != "" && other.Digest == image.Digest
		}) {
			list = append(list, image)
		}
	}
	return list
}

func without(images []erp.Image, image erp.Image) []erp.Image {
	return slices.DeleteFunc(slices.Clone(images), func(other erp.Image) bool { return other == image })
}
