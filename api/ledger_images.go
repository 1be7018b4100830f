package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/fault"
)

// mostGallery is how many images a product has in its gallery at most, as the contract says.
const mostGallery = 100

// changeTries bounds how often a change is made again because somebody else changed the record in between.
const changeTries = 5

// GetLedgerProductImage gives the bytes of an image of a product.
func (s *server) GetLedgerProductImage(ctx context.Context, in gen.GetLedgerProductImageRequestObject) (gen.GetLedgerProductImageResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	product, err := desk.Products().Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	digest := digestOf(in.Digest)
	shown := slices.Clone(product.Record.Images)
	for _, v := range product.Record.Variants {
		if v.Image != nil {
			shown = append(shown, *v.Image)
		}
	}
	if !slices.ContainsFunc(shown, func(i erp.Image) bool { return i.Digest == digest }) {
		return nil, noImage()
	}
	content, err := desk.ReadImage(ctx, digest)
	return gen.GetLedgerProductImage200ApplicationOctetStreamResponse{Body: bytes.NewReader(content), ContentLength: int64(len(content))}, err
}

func digestOf(hexadecimal string) string { return "sha256:" + hexadecimal }

func noImage() error {
	return fault.New(fault.NotFound, "the product has no such image")
}

// PutLedgerProductImage gives a product an image.
func (s *server) PutLedgerProductImage(ctx context.Context, in gen.PutLedgerProductImageRequestObject) (gen.PutLedgerProductImageResponseObject, error) {
	content, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the image was not sent to its end")
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != in.Digest {
		return nil, fault.Field("digest", "is not the SHA-256 of the bytes that were sent")
	}
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := desk.Products().Get(ctx, in.ID); err != nil {
		return nil, err // nothing is kept for a product that is not there
	}
	kept, err := desk.KeepImage(ctx, content)
	if err != nil {
		return nil, err
	}
	kept.Alt = in.Params.Alt
	now, err := changeProduct(ctx, desk, in.ID, func(p *erp.Product) error { return placeImage(p, in.Params.Variant, kept) })
	return gen.PutLedgerProductImage200JSONResponse{
		Body: ledgerProduct(now), Headers: gen.PutLedgerProductImage200ResponseHeaders{ETag: etagOf(now.Number)},
	}, err
}

// DeleteLedgerProductImage takes an image off a product. Its bytes stay: other products may have it, and stores may be fetching it.
func (s *server) DeleteLedgerProductImage(ctx context.Context, in gen.DeleteLedgerProductImageRequestObject) (gen.DeleteLedgerProductImageResponseObject, error) {
	desk, err := s.desk(ctx)
	if err != nil {
		return nil, err
	}
	now, err := changeProduct(ctx, desk, in.ID, func(p *erp.Product) error { return removeImage(p, in.Params.Variant, digestOf(in.Digest)) })
	return gen.DeleteLedgerProductImage200JSONResponse{
		Body: ledgerProduct(now), Headers: gen.DeleteLedgerProductImage200ResponseHeaders{ETag: etagOf(now.Number)},
	}, err
}

// changeProduct changes a product as it is now, again when somebody else changes it in between.
func changeProduct(ctx context.Context, desk erp.Desk, id string, change func(*erp.Product) error) (now erp.Version[erp.Product], err error) {
	for range changeTries {
		before, err := desk.Products().Get(ctx, id)
		if err != nil {
			return before, err
		}
		record := before.Record
		record.Images, record.Variants = append([]erp.Image{}, record.Images...), slices.Clone(record.Variants)
		if err := change(&record); err != nil {
			return before, err
		}
		now, err = desk.Products().Update(ctx, before, record)
		if fault.From(err) == nil || fault.From(err).Code != erp.ChangedMeanwhile {
			return now, err
		}
	}
	return now, erp.ChangedSince()
}

// placeImage puts an image into the gallery, or at a variant.
func placeImage(p *erp.Product, variant string, image erp.Image) error {
	if variant != "" {
		v, err := variantOf(p, variant)
		if err == nil {
			v.Image = &image
		}
		return err
	}
	if at := slices.IndexFunc(p.Images, func(i erp.Image) bool { return i.Digest == image.Digest }); at >= 0 {
		if image.Alt != "" {
			p.Images[at].Alt = image.Alt
		}
		return nil
	}
	if len(p.Images) >= mostGallery {
		return fault.New(fault.Invalid, "the product has %d images, the most that it can have: take one off first", mostGallery)
	}
	p.Images = append(p.Images, image)
	return nil
}

func removeImage(p *erp.Product, variant, digest string) error {
	if variant != "" {
		v, err := variantOf(p, variant)
		if err != nil {
			return err
		}
		if v.Image == nil || v.Image.Digest != digest {
			return noImage()
		}
		v.Image = nil
		return nil
	}
	before := len(p.Images)
	p.Images = slices.DeleteFunc(p.Images, func(i erp.Image) bool { return i.Digest == digest })
	if len(p.Images) == before {
		return noImage()
	}
	return nil
}

func variantOf(p *erp.Product, id string) (*erp.Variant, error) {
	key := erp.OwnKey("product", id)
	at := slices.IndexFunc(p.Variants, func(v erp.Variant) bool { return v.Key == key })
	if p.Kind != erp.Variable || at < 0 {
		return nil, fault.Field("variant", "the product has no such variant")
	}
	return &p.Variants[at], nil
}
