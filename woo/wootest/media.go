package wootest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	fetchTimeout = 10 * time.Second
	maxUpload    = 32 << 20
)

// library is the media that clients had the store fetch. It has a lock of its own, as files are served besides the REST API.
type library struct {
	mu       sync.RWMutex
	pictures map[int]*picture  // by id
	files    map[string]upload // by path below the site
}

// upload is a file in the library.
type upload struct {
	mediaType string
	content   []byte
}

// uploadTypes are the media types that WooCommerce takes over its API, with the extensions that names of such files may have; the first
// is what a file of another one is renamed to. Stores before 7.0 do not take WebP: see Options.NoWebP.
var uploadTypes = map[string][]string{
	"image/jpeg": {".jpg", ".jpeg", ".jpe"}, "image/png": {".png"}, "image/gif": {".gif"}, "image/bmp": {".bmp"},
	"image/x-icon": {".ico"}, "image/webp": {".webp"},
}

const notAllowed = "Invalid image: Sorry, you are not allowed to upload this file type."

// fetch downloads a picture as WooCommerce does: over a redirect too, whatever its type, which is judged by name and bytes afterwards. A
// real store refuses addresses in private networks; this one does not, so that it can be tried on one machine.
func (s *Server) fetch(src string) (name string, file upload, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	content, err := downloadPicture(ctx, src)
	if err != nil {
		return "", file, fmt.Errorf("Error getting remote image %s. Error: %w", src, err) //nolint:staticcheck // WooCommerce's words
	}
	address, _, _ := strings.Cut(src, "?")
	name = path.Base(address)
	mediaType, _, _ := strings.Cut(http.DetectContentType(content), ";")
	extension := strings.ToLower(path.Ext(name))
	allowed := uploadTypes[mediaType]
	if allowed == nil || !isUploadExtension(extension) || s.opts.NoWebP && mediaType == "image/webp" {
		return "", file, errors.New(notAllowed) //nolint:staticcheck // WordPress's words
	}
	if s.opts.RenameUploads {
		name = "media" + extension
	}
	if !slices.Contains(allowed, extension) { // named .png, but a JPEG
		name = strings.TrimSuffix(name, path.Ext(name)) + allowed[0]
	}
	return name, upload{mediaType, content}, nil
}

func isUploadExtension(extension string) bool {
	for _, extensions := range uploadTypes {
		if slices.Contains(extensions, extension) {
			return true
		}
	}
	return false
}

func downloadPicture(ctx context.Context, src string) ([]byte, error) {
	target, err := url.Parse(src)
	if err != nil || target.Host == "" {
		return nil, errors.New("A valid URL was not provided.") //nolint:staticcheck // WordPress's words
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, src, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, errors.New("cURL error 7: Failed to connect")
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, errors.New(http.StatusText(response.StatusCode))
	}
	return io.ReadAll(io.LimitReader(response.Body, maxUpload))
}

// keep puts a file into the library under a name that is free there, and gives its path.
func (l *library) keep(name string, file upload) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		l.files = map[string]upload{}
	}
	kept := uploads + name
	for n := 1; l.files[kept].content != nil; n++ {
		extension := path.Ext(name)
		kept = uploads + strings.TrimSuffix(name, extension) + "-" + strconv.Itoa(n) + extension
	}
	l.files[kept] = file
	return kept
}

func (l *library) note(p picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pictures == nil {
		l.pictures = map[int]*picture{}
	}
	l.pictures[int(p.ID)] = &p
}

func (l *library) picture(id int) (picture, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	p, ok := l.pictures[id]
	if !ok {
		return picture{}, false
	}
	return *p, true
}

// Uploads counts the files that clients had the store fetch.
func (s *Server) Uploads() int {
	s.library.mu.RLock()
	defer s.library.mu.RUnlock()
	return len(s.library.files)
}

// serve answers for a file of the library.
func (l *library) serve(w http.ResponseWriter, r *http.Request, path string) bool {
	l.mu.RLock()
	file, ok := l.files[path]
	l.mu.RUnlock()
	if ok {
		w.Header().Set("Content-Type", file.mediaType)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.content))
	}
	return ok
}
