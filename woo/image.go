package woo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"tandem/fault"
)

// MaxImage is the largest image that is downloaded, in bytes.
const MaxImage = 10 << 20

// ImageFile is a downloaded image.
type ImageFile struct {
	Bytes       []byte
	SHA256      string // hex; equal images have equal digests whatever their address
	Size        int
	ContentType string // e.g. image/png
}

// FetchImage downloads an image by the address a record gives. The keys are not sent, as the address may be anybody's. What is no image,
// such as the login page of a protected shop, is refused, and so is an address in a private network other than the store's own.
// An image that lies with the store counts against its request budget; those of a content network cost the store nothing.
func (c *Client) FetchImage(ctx context.Context, address string) (ImageFile, error) {
	target, err := url.Parse(address)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return ImageFile{}, fault.New(fault.Invalid, "the image address is not one of http or https")
	}
	r := call{method: http.MethodGet, path: target.Path, repeatable: true}
	return repeat(ctx, c, r, func() (ImageFile, *Error) { return c.tryImage(ctx, r, target) })
}

// Serves reports whether an address is one of the store itself: of its host and port, and of its folder where several stores share a host.
// http and https are one, since stores show old images under either.
func (c *Client) Serves(address string) bool {
	target, err := url.Parse(address)
	return err == nil && strings.EqualFold(target.Hostname(), c.base.Hostname()) && portOf(target) == portOf(c.base) &&
		strings.HasPrefix(target.Path, strings.TrimSuffix(c.base.Path, "/")+"/")
}

// portOf gives the port of an address unless it is the usual one.
func portOf(address *url.URL) string {
	if port := address.Port(); port != "80" && port != "443" {
		return port
	}
	return ""
}

// imageKind is what the budget learns about images under: they take as long as files do, whichever they are.
const imageKind = "images"

// tryImage downloads an image once.
func (c *Client) tryImage(ctx context.Context, r call, target *url.URL) (ImageFile, *Error) {
	if !strings.EqualFold(target.Hostname(), c.base.Hostname()) {
		return c.download(ctx, r, target)
	}
	return inTurn(ctx, c, r, imageKind, func() (ImageFile, *Error) { return c.download(ctx, r, target) })
}

func (c *Client) download(ctx context.Context, r call, target *url.URL) (ImageFile, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, target.String(), nil)
	if err != nil {
		return ImageFile{}, r.lost(err, false)
	}
	req.Header.Set("Accept", "image/*")
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	c.counted(ctx)
	resp, err := c.images.Do(req)
	if errors.Is(err, errPrivate) {
		return ImageFile{}, r.failed(Private, 0, errPrivate)
	}
	if err != nil {
		return ImageFile{}, r.lost(err, true)
	}
	defer resp.Body.Close()
	content, err := readAll(resp, MaxImage)
	switch {
	case errors.Is(err, errTooLarge):
		return ImageFile{}, r.failed(TooLarge, resp.StatusCode, err)
	case err != nil:
		return ImageFile{}, r.lost(err, true)
	case resp.StatusCode != http.StatusOK:
		return ImageFile{}, r.failed(imageReason(resp.StatusCode), resp.StatusCode, nil)
	}
	return newImage(r, resp, content)
}

// imageReason takes 403 for what it usually means with an image: it is not for us, now or later.
func imageReason(status int) Reason {
	if status == http.StatusForbidden {
		return Forbidden
	}
	return reasonOfStatus(status)
}

func newImage(r call, resp *http.Response, content []byte) (ImageFile, *Error) {
	kind := imageType(resp.Header.Get("Content-Type"), content)
	if kind == "" {
		return ImageFile{}, r.failed(Invalid, resp.StatusCode, errors.New("the reply is no image"))
	}
	digest := sha256.Sum256(content)
	return ImageFile{Bytes: content, SHA256: hex.EncodeToString(digest[:]), Size: len(content), ContentType: kind}, nil
}

// imageType trusts the bytes first; the header only for formats that cannot be told by them, and never against bytes that are a page.
func imageType(header string, content []byte) string {
	sniffed, _, _ := strings.Cut(http.DetectContentType(content), ";")
	if strings.HasPrefix(sniffed, "image/") {
		return sniffed
	}
	declared, _, _ := strings.Cut(header, ";")
	if sniffed == "application/octet-stream" && strings.HasPrefix(declared, "image/") {
		return declared
	}
	return ""
}
