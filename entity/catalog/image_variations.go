package catalog

import (
	"context"
	"slices"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/woo"
)

// sendVariationImages brings the images of variations into step, where that is asked for. One that the store has in the product's gallery,
// or at another variation, is named by its id.
func (s *imageSender) sendVariationImages(ctx context.Context, e *exportedProduct) error {
	if !s.ec.Instance.Config.Product.ExportVariantImages || e.Record.Kind != erp.Variable {
		return nil
	}
	for _, v := range e.Record.Variants {
		if v.Image == nil {
			continue
		}
		at := slices.IndexFunc(e.Have.VariationRecords, func(have woo.Variation) bool { return have.ID == variationID(e, v.Key) })
		if at < 0 {
			continue
		}
		if err := s.sendVariationImage(ctx, e, at, *v.Image); err != nil {
			return err
		}
	}
	return nil
}

// variationID gives the store's id of a variant; 0 while it has none.
func variationID(e *exportedProduct, key erp.Key) woo.ID {
	id, pending := erp.PendingID(key)
	if !pending {
		return mapping.StoreID(key)
	}
	for made, own := range e.Parts {
		if own == id {
			return mapping.StoreID(made)
		}
	}
	return 0
}

func (s *imageSender) sendVariationImage(ctx context.Context, e *exportedProduct, at int, image erp.Image) error {
	have := e.Have.VariationRecords[at]
	if have.Image != nil && s.known(e.Have).shownAs(image, *have.Image) {
		return nil
	}
	if known := e.Have.find(image, s.known(e.Have)); known != nil {
		return s.setVariationImage(ctx, e, at, *known)
	}
	return s.send(ctx, e, image, placement{
		put: func(address string) (woo.Image, error) {
			return s.putVariation(ctx, e, at, galleryImage{image: image}.field(address, e.Record.Name))
		},
		look: func() (woo.Image, error) {
			now, err := s.ec.Store.Variations.Of(e.ID).Get(ctx, have.ID)
			return takeVariation(e, at, now, err)
		},
	})
}

// find finds an image among all that the store shows of a product.
func (p productRecord) find(image erp.Image, known pictures) *woo.Image {
	shown := slices.Clone(p.wholeGallery())
	for _, v := range p.VariationRecords {
		if v.Image != nil {
			shown = append(shown, *v.Image)
		}
	}
	at := slices.IndexFunc(shown, func(have woo.Image) bool { return have.ID != 0 && known.shownAs(image, have) })
	if at < 0 {
		return nil
	}
	return &shown[at]
}

// setVariationImage shows a variation with an image that the store has.
func (s *imageSender) setVariationImage(ctx context.Context, e *exportedProduct, at int, known woo.Image) error {
	if err := s.ec.ConfirmWrite(ctx); err != nil {
		return err
	}
	id := e.Have.VariationRecords[at].ID
	if _, err := s.putVariation(ctx, e, at, woo.Fields{"id": known.ID}); err != nil {
		return s.note(e, "image of variation "+id.String()+" not set", err)
	}
	e.Note("image of variation " + id.String() + " set")
	return nil
}

// putVariation writes the image of a variation and gives it as the store has it then.
func (s *imageSender) putVariation(ctx context.Context, e *exportedProduct, at int, image woo.Fields) (woo.Image, error) {
	now, err := s.ec.Store.Variations.Of(e.ID).UpdateOnce(ctx, e.Have.VariationRecords[at].ID, woo.Fields{"image": image})
	made, err := takeVariation(e, at, now, err)
	if err == nil {
		e.Changed = true
	}
	return made, err
}

// takeVariation takes a variation as the store has it now, and gives its image; zero for none.
func takeVariation(e *exportedProduct, at int, now woo.Variation, err error) (made woo.Image, _ error) {
	if err != nil {
		return made, err
	}
	record := *e.Have
	record.VariationRecords = slices.Clone(record.VariationRecords)
	record.VariationRecords[at] = now
	e.Have = &record
	if now.Image != nil {
		made = *now.Image
	}
	return made, nil
}
