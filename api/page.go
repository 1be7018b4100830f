package api

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/rand"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"tandem/fault"
	"tandem/web"
)

const (
	indexFile = "index.html"
	// pageOfWebhooks is a page, though stores deliver below it.
	pageOfWebhooks = "/webhooks"
	assetsPath     = "/assets/"
	// nonceMark stands in index.html where the nonce of the answer goes.
	nonceMark = "{{nonce}}"
	// pagePolicy lets the page run its own scripts and no others. Its component library makes style elements, which bear the
	// nonce of the answer.
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{{nonce}}'; img-src 'self' data: https: http:; font-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// page serves the web page: its files, and index.html at each address that is the page's own.
type page struct {
	files map[string]*pageFile
	index []byte
}

// pageFile is one file of the page. It is compressed when it is asked for first.
type pageFile struct {
	name   string
	plain  []byte
	packed func() []byte
}

// loadPage reads the embedded page.
func loadPage() (*page, error) {
	p := &page{files: map[string]*pageFile{}}
	err := fs.WalkDir(web.Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(web.Files(), name)
		if err != nil {
			return err
		}
		if name == indexFile {
			p.index = text
			return nil
		}
		p.files["/"+name] = &pageFile{name: name, plain: text, packed: sync.OnceValue(func() []byte { return pack(text) })}
		return nil
	})
	if err == nil && p.index == nil {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the embedded page cannot be read")
	}
	return p, nil
}

// pack compresses a file. Its content is at hand, so that nothing can fail.
func pack(text []byte) []byte {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	_, _ = w.Write(text)
	_ = w.Close()
	return packed.Bytes()
}

// serve answers what no route takes. Addresses below those of the API, its documentation and its metrics are never the page's.
func (p *page) serve(g *gin.Context) {
	address := path.Clean(g.Request.URL.Path)
	read := g.Request.Method == http.MethodGet || g.Request.Method == http.MethodHead
	file := p.files[address]
	switch {
	case !read || ofService(address):
		abort(g, http.StatusNotFound, fault.NotFound, "there is nothing at this address")
	case file != nil:
		file.serve(g)
	case strings.HasPrefix(address, assetsPath):
		abort(g, http.StatusNotFound, fault.NotFound, "this file belongs to another version of the page: load the page again")
	default:
		p.serveIndex(g)
	}
}

func ofService(address string) bool {
	for _, taken := range []string{"/api", docsPath, metricsPath, "/webhooks", "/images", "/health"} {
		if address == taken && taken != pageOfWebhooks || strings.HasPrefix(address, taken+"/") {
			return true
		}
	}
	return false
}

// serveIndex gives the page with a nonce of its own. It is asked for again each time: it names the files of its version.
func (p *page) serveIndex(g *gin.Context) {
	nonce := newNonce()
	g.Header("Content-Security-Policy", strings.ReplaceAll(pagePolicy, nonceMark, nonce))
	g.Header("Cache-Control", "no-store")
	g.Data(http.StatusOK, "text/html; charset=utf-8", bytes.ReplaceAll(p.index, []byte(nonceMark), []byte(nonce)))
}

func newNonce() string {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// serve gives a file, compressed where the reader takes that. Files whose name says their content are kept for good.
func (f *pageFile) serve(g *gin.Context) {
	h := g.Writer.Header()
	h.Set("Content-Type", cmp.Or(mime.TypeByExtension(path.Ext(f.name)), "application/octet-stream"))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	text := f.plain
	if strings.Contains(g.GetHeader("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		text = f.packed()
	}
	h.Set("Content-Length", strconv.Itoa(len(text)))
	g.Status(http.StatusOK)
	if g.Request.Method == http.MethodGet {
		_, _ = g.Writer.Write(text) // an error is a reader who left
	}
}
