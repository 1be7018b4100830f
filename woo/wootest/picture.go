package wootest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"
)

// uploads is where WordPress keeps media files, below the site's address.
const uploads = "/wp-content/uploads/"

// picture is an image in the media library. A client gives src for a new one or id for a known one.
type picture struct {
	ID   integer `json:"id"`
	Src  text    `json:"src"`
	Name text    `json:"name"`
	Alt  text    `json:"alt"`

	created int64
}

// file is the path of the picture's file below the site.
func (p *picture) file() string { return uploads + "image-" + strconv.Itoa(int(p.ID)) + ".png" }

// adopt takes the pictures a client sent into the library. The file is not downloaded: the store serves one of its own.
func (s *Server) adopt(pictures list[picture], now int64) error {
	for i := range pictures {
		p := &pictures[i]
		if p.ID == 0 && p.Src == "" {
			return fail(http.StatusBadRequest, "woocommerce_product_image_upload_error", "Invalid URL Provided.")
		}
		if p.ID == 0 {
			p.ID = integer(take(&s.counters.post))
		}
		if p.Name == "" {
			p.Name = text("image-" + strconv.Itoa(int(p.ID)))
		}
		p.created = now
	}
	return nil
}

func (e *encoder) picture(name string, p *picture) {
	if p == nil {
		e.raw(name, "null")
		return
	}
	e.key(name)
	e.pictureObject(p)
}

func (e *encoder) pictureObject(p *picture) {
	e.open('{')
	e.num("id", int(p.ID))
	e.dates("date_created", p.created)
	e.dates("date_modified", p.created)
	e.str("src", e.home+p.file())
	e.str("name", string(p.Name))
	e.str("alt", string(p.Alt))
	e.close('}')
}

// serveImage draws a tiny picture whose colours depend on its id, so that digests differ and stay the same.
func serveImage(w http.ResponseWriter, r *http.Request, path string) {
	digits, found := strings.CutPrefix(strings.TrimSuffix(path, ".png"), uploads+"image-")
	id, err := strconv.Atoi(digits)
	if !found || err != nil {
		http.NotFound(w, r)
		return
	}
	canvas := image.NewRGBA(image.Rect(0, 0, 8, 8))
	colours := newRNG(int64(id), saltProduct, id)
	for y := range 8 {
		for x := range 8 {
			n := colours.next()
			canvas.Set(x, y, color.RGBA{R: byte(n), G: byte(n >> 8), B: byte(n >> 16), A: 255})
		}
	}
	var file bytes.Buffer
	if err := png.Encode(&file, canvas); err != nil {
		http.Error(w, "the image cannot be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Content-Length", strconv.Itoa(file.Len()))
	_, _ = w.Write(file.Bytes()) // a client that went away is its own business
}
