package catalog

import (
	"context"
	"slices"
	"strconv"

	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo"
)

// exportImages gives the store the images of products, after the products themselves: the store fetches them while it answers, and refuses
// the whole write for one that it cannot have. What cannot be sent is noted with its product and holds up nothing.
func exportImages(ctx context.Context, ec mapping.Context, all []*exportedProduct) error {
	if !ec.Instance.Config.Export.Images {
		return nil
	}
	s := newImageSender(ec)
	if s.knows == knownNone {
		s.sent = sentPictures(ctx, ec, all)
	}
	for _, e := range all {
		if e.Refused() {
			continue
		}
		if !ec.Chosen(mapping.ImagePart) || e.Keeps(mapping.Unit{Part: mapping.ImagePart}) {
			if s.differs(e) {
				e.Leave()
			}
			continue
		}
		if err := s.sendGallery(ctx, e); err != nil {
			return err
		}
		if err := s.sendVariationImages(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// planImages says whether exportImages would change the gallery of a product, where images are imported: else only sending shows it.
func planImages(ec mapping.Context, e *exportedProduct) []flow.Difference {
	config := ec.Instance.Config
	if !config.Export.Images || !config.Product.ImportImages || !ec.Chosen(mapping.ImagePart) || e.Keeps(mapping.Unit{Part: mapping.ImagePart}) ||
		!newImageSender(ec).differs(e) {
		return nil
	}
	return []flow.Difference{{
		Field: "Images", ERP: strconv.Itoa(len(distinct(e.Record.Images))), Store: strconv.Itoa(len(e.Have.wholeGallery())),
	}}
}

func newImageSender(ec mapping.Context) *imageSender {
	s := &imageSender{ec: ec, webP: true, knows: knownAll}
	if _, err := erp.Images.Of(ec.Backend); err == nil {
		s.knows = knownFront
	}
	if !ec.Instance.Config.Product.ImportImages {
		s.knows = knownNone
	}
	return s
}

// differs reports whether the store's gallery of a product is to be another one.
func (s *imageSender) differs(e *exportedProduct) bool {
	wanted := distinct(e.Record.Images)
	if len(wanted) == 0 {
		return false
	}
	list := e.Have.arrange(wanted, s.knows, s.known(e.Have))
	return len(lacking(list)) > 0 || !e.Have.shows(list)
}

// imageSender sends the images of a page of products.
type imageSender struct {
	ec    mapping.Context
	knows knownImages
	webP  bool     // the store takes WebP, as far as is known
	down  string   // why no further image is sent; "" while there is no reason
	sent  pictures // what the store made of images that it fetched, where images are not imported
}

// sentPictures asks what is remembered of the images that the store shows of products: which of them it was sent.
func sentPictures(ctx context.Context, ec mapping.Context, all []*exportedProduct) pictures {
	var shown []productRecord
	for _, e := range all {
		if e.Have != nil {
			shown = append(shown, *e.Have)
		}
	}
	sent := pictures{}
	for key, pic := range knownPictures(ctx, ec, shown) {
		sent[key.url] = pic
	}
	return sent
}

// known is what is known of the images that the store shows of a product.
func (s *imageSender) known(p *productRecord) pictures {
	if s.knows == knownNone {
		return s.sent
	}
	return p.pictures
}

// sendGallery brings the gallery of a product into step: each image that the store lacks with a request of its own, so that an answer that
// is lost leaves little to look for, and the order in the end. An ERP without images says nothing of the store's.
func (s *imageSender) sendGallery(ctx context.Context, e *exportedProduct) error {
	for wanted := distinct(e.Record.Images); len(wanted) > 0; {
		list := e.Have.arrange(wanted, s.knows, s.known(e.Have))
		rest := lacking(list)
		if len(rest) == 0 {
			return s.rearrange(ctx, e, list)
		}
		next := rest[0]
		err := s.send(ctx, e, next, placement{
			put: func(address string) (woo.Image, error) {
				return s.putGallery(ctx, e, galleryFields(list, next, address, e.Record.Name))
			},
			look: func() (woo.Image, error) {
				now, err := s.ec.Store.Products.Get(ctx, e.ID)
				return s.takeGallery(e, now, err)
			},
		})
		if err != nil {
			return err
		}
		if slices.Contains(lacking(e.Have.arrange(wanted, s.knows, s.known(e.Have))), next) {
			wanted = without(wanted, next) // it was given up
		}
	}
	return nil
}

// rearrange gives the store the order of images that it has, unless it shows them so.
func (s *imageSender) rearrange(ctx context.Context, e *exportedProduct, list []galleryImage) error {
	if e.Have.shows(list) {
		return nil
	}
	if err := s.ec.ConfirmWrite(ctx); err != nil {
		return err
	}
	if _, err := s.putGallery(ctx, e, galleryFields(list, erp.Image{}, "", "")); err != nil {
		return s.note(e, "gallery not arranged", err)
	}
	e.Note("gallery arranged")
	return nil
}

// note notes what could not be done, unless the cause is one that passes.
func (s *imageSender) note(e *exportedProduct, what string, err error) error {
	if err := mapping.StoreFault(err); err != nil {
		return err
	}
	e.Note(what + ": " + fault.From(err).Message)
	return nil
}

// putGallery writes the gallery of a product and gives the image that is new in it.
func (s *imageSender) putGallery(ctx context.Context, e *exportedProduct, gallery []woo.Fields) (woo.Image, error) {
	now, err := s.ec.Store.Products.UpdateOnce(ctx, e.ID, woo.Fields{"images": gallery})
	made, err := s.takeGallery(e, now, err)
	if err == nil {
		e.Changed = true
	}
	return made, err
}

// takeGallery takes the images of a product as the store has them now, and gives the one that is new; zero for none. The rest of the reply
// shows texts otherwise than lists do.
func (s *imageSender) takeGallery(e *exportedProduct, now woo.Product, err error) (made woo.Image, _ error) {
	if err != nil {
		return made, err
	}
	before := e.Have.wholeGallery()
	for _, image := range now.Images {
		if !slices.ContainsFunc(before, func(b woo.Image) bool { return b.ID == image.ID }) {
			made = image
		}
	}
	record := *e.Have
	record.Images, record.gallery, record.DateModified, record.Raw = now.Images, nil, now.DateModified, now.Raw
	e.Have = &record
	return made, nil
}
