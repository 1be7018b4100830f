package catalog

import (
	"context"
	"fmt"
	"strings"

	"tandem/erp"
	"tandem/fault"
	"tandem/imageurl"
	"tandem/woo"
)

// placement is where an image goes in the store.
type placement struct {
	put  func(address string) (woo.Image, error) // has the store fetch it from an address, and gives what the store made of it
	look func() (woo.Image, error)               // gives what is new there, zero for nothing, after an answer was lost
}

// send has the store fetch an image. One that it cannot have is noted and given up.
func (s *imageSender) send(ctx context.Context, e *exportedProduct, image erp.Image, p placement) error {
	if s.down != "" {
		e.Note("image not sent: " + s.down)
		return nil
	}
	content, err := s.content(ctx, image)
	if err != nil {
		return s.giveUp(ctx, e, err)
	}
	for again := true; again; {
		mediaType, file, err := takenForm(content, s.webP)
		if err != nil {
			return s.giveUp(ctx, e, err)
		}
		name := imageurl.FileName(image.Digest, mediaType)
		address, err := s.offer(ctx, name, file)
		if err != nil {
			return s.giveUp(ctx, e, err)
		}
		if err := s.ec.ConfirmWrite(ctx); err != nil {
			return err
		}
		made, err := p.put(address)
		switch {
		case err == nil:
			e.Note("image sent")
			s.remember(ctx, e, image, made, mediaType, len(file))
			return nil
		case woo.ReasonOf(err) == woo.Uncertain:
			return s.look(ctx, e, image, p)
		case !strings.HasSuffix(fault.From(err).Code, "image_upload_error"):
			return s.note(e, "image not sent", err)
		}
		if again, err = s.refused(ctx, e, name, mediaType); err != nil {
			return err
		}
	}
	return nil
}

// content gives the bytes of an image: the ERP's, or those at its address. An image of this very store that it does not show any more is
// not given back to it.
func (s *imageSender) content(ctx context.Context, image erp.Image) ([]byte, error) {
	if image.Digest == "" {
		return nil, fault.New(fault.Invalid, "its bytes were not fetched when it was imported: import the product again")
	}
	source, err := erp.ImageFiles.Of(s.ec.Backend)
	if err == nil {
		var content []byte
		if content, err = source.ReadImage(ctx, image.Digest); err == nil {
			return content, nil
		}
	}
	switch {
	case !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Unsupported), image.URL == "":
		return nil, err
	case s.ec.Store.Serves(image.URL):
		return nil, fault.New(fault.Invalid, "it came from this store, which does not show it any more")
	}
	file, err := s.ec.Store.FetchImage(ctx, image.URL)
	if woo.ReasonOf(err) == woo.Private {
		return nil, fault.New(fault.Invalid, "its address is one of a private network, where Tandem reads nothing but the store's own images: upload it in the ERP")
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "its address cannot be read (%s)", fault.KindOf(err))
	}
	return file.Bytes, nil
}

func (s *imageSender) offer(ctx context.Context, name string, file []byte) (string, error) {
	if s.ec.Offers == nil {
		return "", fault.New(fault.Invalid, "this process offers no images to stores")
	}
	address, err := s.ec.Offers.OfferImage(ctx, name, file)
	if fault.Is(err, fault.Invalid) {
		s.down = fault.From(err).Message
	}
	return address, err
}

// giveUp notes why an image is not sent, unless the cause is one that passes.
func (s *imageSender) giveUp(ctx context.Context, e *exportedProduct, err error) error {
	if ctx.Err() != nil || fault.Retryable(err) {
		return err
	}
	e.Note("image not sent: " + fault.From(err).Message)
	return nil
}

// refused finds out why the store does not take an image that it was to fetch: whether it came to fetch it tells. One that it fetched and
// that is WebP is sent once more, converted: older stores do not take WebP.
func (s *imageSender) refused(ctx context.Context, e *exportedProduct, name, mediaType string) (again bool, err error) {
	fetched, err := s.ec.Offers.ImageFetched(ctx, name)
	switch {
	case err != nil:
		return false, err
	case !fetched:
		s.down = "the store cannot fetch images from Tandem: set TANDEM_PUBLIC_URL to an address that the store's server reaches, without a " +
			"login before it and with a certificate that it trusts"
		e.Note("image not sent: " + s.down)
	case mediaType == webPType && s.webP:
		s.webP = false
		e.Note("the store takes no WebP: images are sent as JPEG or PNG")
		return true, nil
	default:
		e.Note(fmt.Sprintf("image not sent: the store fetched it and refuses it (%s)", mediaType))
	}
	return false, nil
}

// look looks, after a lost answer, whether the store has an image. It is not sent again before the next export: the store may still be
// busy with it.
func (s *imageSender) look(ctx context.Context, e *exportedProduct, image erp.Image, p placement) error {
	made, err := p.look()
	switch {
	case err != nil:
		return s.note(e, "image sent, but the store's answer was lost, and it cannot be looked for", err)
	case made.ID == 0 || !s.known(e.Have).shownAs(image, made):
		e.Note("image not sent: the store's answer was lost, and it does not show the image: export the product again later")
	default:
		e.Changed = true
		e.Note("image sent; the store's answer was lost")
		s.remember(ctx, e, image, made, "", 0)
	}
	return nil
}

// remember notes which image the store made of one, whatever it calls the file and makes of its bytes: it need not be fetched back.
func (s *imageSender) remember(ctx context.Context, e *exportedProduct, image erp.Image, made woo.Image, mediaType string, size int) {
	if made.Src == "" {
		return
	}
	pic := picture{digest: image.Digest, mediaType: mediaType, size: int64(size)}
	if s.knows == knownNone {
		s.sent = s.sent.with(made.Src, pic)
	} else {
		record := *e.Have
		record.pictures = record.pictures.with(made.Src, pic)
		e.Have = &record
	}
	if s.ec.Digests != nil && mediaType != "" {
		_ = s.ec.Digests.SetImageDigest(ctx, made.Src, made.DateModified.Time, pic.digest, pic.mediaType, pic.size)
	}
}
