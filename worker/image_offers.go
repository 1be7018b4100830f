package worker

import (
	"context"
	"time"

	"tandem/db"
	"tandem/fault"
	"tandem/imageurl"
)

// imageAddressLife is how long the address of an image is good. A store fetches it while it is told.
const imageAddressLife = time.Hour

// ImageOffers lets stores fetch images from the API.
type ImageOffers struct {
	DB        *db.DB
	Keys      imageurl.Keys
	PublicURL string // where stores reach the API; empty: they fetch none
}

// OfferImage keeps a file for an hour and gives the address under which stores fetch it.
func (o *ImageOffers) OfferImage(ctx context.Context, file string, content []byte) (string, error) {
	if o.PublicURL == "" {
		return "", fault.New(fault.Invalid, "TANDEM_PUBLIC_URL is not set: give API and workers the address under which stores reach the API, so "+
			"that they fetch images from it")
	}
	until := time.Now().Add(imageAddressLife)
	if err := o.DB.OfferImage(ctx, file, content, until); err != nil {
		return "", err
	}
	return o.Keys.Address(o.PublicURL, file, until), nil
}

// ImageFetched reports whether somebody has fetched a file since it was offered last.
func (o *ImageOffers) ImageFetched(ctx context.Context, file string) (bool, error) {
	return o.DB.ImageFetched(ctx, file)
}
