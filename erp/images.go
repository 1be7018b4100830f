package erp

import "context"

// ImageSink is a backend that keeps copies of product images and not only where they are: see Images.
type ImageSink interface {
	// UpsertImages gives landed products and variants the images they are shown with, and takes away its own copies where
	// there is no image any more. It fetches only what is not, by its digest, what it was given last. There is an outcome for
	// each, in order, with digests before and after. An image that cannot be had fails as "image_unreachable", one the ERP
	// cannot use as "image_refused", and one of a record that has not landed as "unknown_product".
	UpsertImages(ctx context.Context, batch []ShownImage, fetch FetchImage) ([]Outcome, error)
}

// ImageFiles is giving the bytes of images that the ERP keeps itself.
var ImageFiles = Capability[ImageSource]{does: "give the bytes of its images, so that none is exported"}

// ImageSource is a backend that keeps the bytes of images: see ImageFiles.
type ImageSource interface {
	// ReadImage gives the bytes of an image by its digest, as a listed record has it. NotFound when the ERP does not keep them.
	ReadImage(ctx context.Context, digest string) ([]byte, error)
}

// ShownImage is the picture that a product or variant is shown with.
type ShownImage struct {
	Key   Key    // of the product, or of one of its variants
	Image *Image // with its digest; nil when there is none of its own
}

// FetchImage gives the bytes of an image.
type FetchImage func(ctx context.Context, image Image) ([]byte, error)
