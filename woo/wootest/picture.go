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
	path    string // of the file, for one that a client had the store fetch
}

// file is the path of the picture's file below the site.
func (p *picture) file() string {
	if p.path != "" {
		return p.path
	}
	return uploads + "image-" + strconv.Itoa(int(p.ID)) + ".png"
}

// adopt takes the pictures a client sent into the library: one with an id is known already, others are fetched, each time anew. Kind is
// what the record is called in errors.
func (s *Server) adopt(kind string, pictures list[picture], now int64) error {
	for i := range pictures {
		p := &pictures[i]
		var err error
		switch {
		case p.ID != 0:
			err = s.reuse(kind, p)
		case p.Src == "":
			err = fail(http.StatusBadRequest, "woocommerce_"+kind+"_image_upload_error", "Invalid URL Provided.")
		default:
			err = s.fetchPicture(kind, p, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reuse gives a picture that is named by its id what the library has of it, but for the texts that were sent along.
func (s *Server) reuse(kind string, p *picture) error {
	known, ok := s.library.picture(int(p.ID))
	if seeded := int(p.ID) - s.plan.firstImage; !ok && seeded >= 0 && seeded < s.plan.count {
		known, ok = s.plan.picture(seeded), true
	}
	if !ok {
		return fail(http.StatusBadRequest, "woocommerce_"+kind+"_invalid_image_id", "#"+strconv.Itoa(int(p.ID))+" is an invalid image ID.")
	}
	s.retitle(&known, p)
	*p = known
	return nil
}

// fetchPicture takes a picture from elsewhere.
func (s *Server) fetchPicture(kind string, p *picture, now int64) error {
	name, file, err := s.fetch(string(p.Src))
	if err != nil {
		return fail(http.StatusBadRequest, "woocommerce_"+kind+"_image_upload_error", err.Error())
	}
	path := s.library.keep(name, file)
	made := picture{ID: integer(take(&s.counters.post)), Name: text(path[strings.LastIndex(path, "/")+1:]), created: now, path: path}
	s.retitle(&made, p)
	*p = made
	return nil
}

// retitle keeps a picture with the texts that were sent along with it.
func (s *Server) retitle(known, sent *picture) {
	if sent.Name != "" {
		known.Name = sent.Name
	}
	if sent.Alt != "" {
		known.Alt = sent.Alt
	}
	s.library.note(*known)
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

// serveMedia serves what clients had the store fetch, and the pictures of seeded products.
func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request, path string) {
	if !s.library.serve(w, r, path) {
		serveImage(w, r, path)
	}
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
