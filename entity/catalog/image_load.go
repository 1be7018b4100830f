package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"

	"golang.org/x/sync/semaphore"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// picturesAtOnce is for how many products images are waited for at once. It is more than a store is asked for: each waits for its
// turn in the store's budget behind pages of the API, which take a hundred times as long as an image.
const picturesAtOnce = 16

// withPictures completes products with what their images are, where images are imported: the memory is asked once for a whole
// batch, and only what it does not know is fetched.
func withPictures(read flow.Source[mapping.Context, productRecord]) flow.Source[mapping.Context, productRecord] {
	return flow.ChangeBatches(read, func(ctx context.Context, ec mapping.Context, _ flow.Filter, b flow.Batch[productRecord]) (flow.Batch[productRecord], error) {
		return loadPictures(ctx, ec, b)
	})
}

func loadPictures(ctx context.Context, ec mapping.Context, b flow.Batch[productRecord]) (flow.Batch[productRecord], error) {
	if !ec.Instance.Config.Product.ImportImages {
		return b, nil
	}
	_, unsupported := erp.Images.Of(ec.Backend)
	copies := unsupported == nil
	if copies {
		for i := range b.Records {
			p := &b.Records[i]
			if p.gallery == nil {
				p.gallery = p.Images
			}
			p.Images = frontImage(p.Images)
		}
	}
	loader := pictureLoader{known: knownPictures(ctx, ec, b.Records), hold: copies}
	return flow.Enricher[mapping.Context, productRecord, productRecord]{
		AtOnce: func(mapping.Context) int { return picturesAtOnce }, Identify: identifyProduct, Load: loader.load,
	}.LoadAll(ctx, ec, b)
}

func identifyProduct(p productRecord) (string, json.RawMessage) { return p.ID.String(), p.Raw }

// knownPictures asks what is remembered of the images of products. A memory that does not answer costs fetches, no more.
func knownPictures(ctx context.Context, ec mapping.Context, products []productRecord) map[imageKey]picture {
	known := map[imageKey]picture{}
	images := imageList{}
	for _, p := range products {
		for _, image := range allImages(p) {
			images.add(image.Src, image.DateModified.Time)
		}
	}
	if ec.Digests == nil || len(images.urls) == 0 {
		return known
	}
	_ = ec.Digests.ImageDigests(ctx, images.urls, images.modified, func(i int, digest, mediaType string, size int64) {
		known[images.key(i)] = picture{digest: digest, mediaType: mediaType, size: size}
	})
	return known
}

// pictureLoader finds out what the images of products are.
type pictureLoader struct {
	known map[imageKey]picture
	hold  bool // the bytes of what is fetched are wanted too
}

// load finds out what every image of a product and of its variations is. One that cannot be fetched is noted and lands by its
// address alone: a broken picture holds up no product.
func (l pictureLoader) load(ctx context.Context, ec mapping.Context, p productRecord) (productRecord, error) {
	p.pictures = pictures{}
	for _, image := range allImages(p) {
		if _, known := p.pictures[image.Src]; known {
			continue
		}
		pic, err := l.picture(ctx, ec, image)
		if ctx.Err() != nil {
			return p, fault.Wrap(fault.Unavailable, ctx.Err(), "reading was stopped")
		}
		p.pictures[image.Src] = pic
		if err == nil {
			continue
		}
		p.notes = append(p.notes, fmt.Sprintf("image %s not fetched (%s)", image.ID, fault.KindOf(err)))
		if fault.Retryable(err) {
			break // its host does not answer: trying each further image would hold up the import for minutes
		}
	}
	return p, nil
}

func (l pictureLoader) picture(ctx context.Context, ec mapping.Context, image woo.Image) (picture, error) {
	if pic, ok := l.known[keyOfImage(image.Src, image.DateModified.Time)]; ok {
		return pic, nil
	}
	file, err := ec.Store.FetchImage(ctx, image.Src)
	if fault.Retryable(err) {
		// The second round makes it unlikely that a store in trouble shows up as a changed product.
		file, err = ec.Store.FetchImage(ctx, image.Src)
	}
	if err != nil {
		return picture{}, err
	}
	pic := picture{digest: "sha256:" + file.SHA256, mediaType: file.ContentType, size: int64(file.Size)}
	if ec.Digests != nil {
		_ = ec.Digests.SetImageDigest(ctx, image.Src, image.DateModified.Time, pic.digest, pic.mediaType, pic.size)
	}
	if l.hold {
		pic.content = hold(imageRoom, file.Bytes)
	}
	return pic, nil
}

// maxHeldImages bounds the images that a process holds for ERPs that keep copies, in bytes. What does not fit is fetched once
// more when it is handed over.
const maxHeldImages = 64 << 20

// imageRoom is one for the whole process, as its memory is.
var imageRoom = semaphore.NewWeighted(maxHeldImages)

// imageContent is the bytes of an image that were fetched for their digest and are about to be handed over.
type imageContent struct{ bytes []byte }

// hold keeps bytes if there is room for them. The room is free again when the page they belong to is forgotten, landed or not.
func hold(room *semaphore.Weighted, bytes []byte) *imageContent {
	size := int64(len(bytes))
	if !room.TryAcquire(size) {
		return nil
	}
	content := &imageContent{bytes}
	runtime.AddCleanup(content, room.Release, size)
	return content
}
