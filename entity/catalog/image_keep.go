package catalog

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// keepImages hands over the images of products, unless only their addresses are kept. An image that the ERP does not get is
// noted with its product and holds up nothing.
func keepImages(ctx context.Context, ec mapping.Context, attempts []*flow.Attempt[productRecord, productPlan]) error {
	keeper, err := erp.Images.Of(ec.Backend)
	if fault.Is(err, fault.Unsupported) {
		return nil
	}
	var batch []erp.ShownImage
	var owners []*flow.Attempt[productRecord, productPlan]
	for _, a := range attempts {
		if a.Record.pictures == nil || a.Value.keepsImages {
			continue
		}
		for _, shown := range shownImages(a.Value.product) {
			batch, owners = append(batch, shown), append(owners, a)
		}
	}
	if len(batch) == 0 {
		return nil
	}
	outcomes, err := keeper.UpsertImages(ctx, batch, heldOr(owners, fetchUntilHostDown(ec)))
	if err != nil {
		return err
	}
	for i, outcome := range outcomes {
		switch {
		case !outcome.Landed():
			owners[i].Note("image not landed: " + outcome.Reason)
		case outcome.Status != erp.Unchanged:
			owners[i].Note("image " + string(outcome.Status))
		}
	}
	return nil
}

// frontImage is the one image of a gallery that an ERP which keeps copies shows: it is given no others, and they are not fetched.
func frontImage(gallery []woo.Image) []woo.Image {
	first := slices.IndexFunc(gallery, isImage)
	if first < 0 {
		return nil
	}
	return gallery[first : first+1]
}

// shownImages gives what a product and its variations are shown with: the first picture of the gallery, and what a variation
// has instead of it. One that could not be fetched is left as it is.
func shownImages(p erp.Product) []erp.ShownImage {
	var front *erp.Image
	if len(p.Images) > 0 {
		front = &p.Images[0]
	}
	list := []erp.ShownImage{{Key: p.Key, Image: front}}
	for _, v := range p.Variants {
		if v.Key == p.Key {
			continue
		}
		own := v.Image
		if own != nil && front != nil && own.URL == front.URL {
			own = nil // the store shows a variation without one with the product's
		}
		list = append(list, erp.ShownImage{Key: v.Key, Image: own})
	}
	return slices.DeleteFunc(list, func(s erp.ShownImage) bool { return s.Image != nil && s.Image.Digest == "" })
}

// heldOr hands over the bytes that are held since an image was fetched for its digest, and fetches the others.
func heldOr(owners []*flow.Attempt[productRecord, productPlan], fetch erp.FetchImage) erp.FetchImage {
	held := map[string]*imageContent{}
	for _, a := range owners {
		for _, pic := range a.Record.pictures {
			if pic.content != nil {
				held[pic.digest] = pic.content
			}
		}
	}
	return func(ctx context.Context, image erp.Image) ([]byte, error) {
		if content := held[image.Digest]; content != nil {
			return content.bytes, nil
		}
		return fetch(ctx, image)
	}
}

// fetchUntilHostDown fetches images from the store until its host does not answer: trying each further one would hold up the import
// for minutes.
func fetchUntilHostDown(ec mapping.Context) erp.FetchImage {
	var down error
	return func(ctx context.Context, image erp.Image) ([]byte, error) {
		if down != nil {
			return nil, down
		}
		file, err := ec.Store.FetchImage(ctx, image.URL)
		if fault.Retryable(err) {
			down = err
		}
		return file.Bytes, err
	}
}
