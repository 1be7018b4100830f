package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"tandem/fault"
	"tandem/imageurl"
)

// imageRoute is where stores fetch images. It needs no API token: the token in its path is signed.
const imageRoute = imageurl.Path + ":token/:file"

// imageTimeout bounds the reading of an image: a store waits for it with one of its processes.
const imageTimeout = 30 * time.Second

// fetchImage answers a store that fetches an image. Whatever is wrong with the address, the answer is the same.
func (s *server) fetchImage(g *gin.Context) {
	file := g.Param("file")
	until, ok := s.ImageKeys.Check(g.Param("token"), file, time.Now())
	mediaType := imageurl.MediaType(file)
	if !ok || mediaType == "" {
		refuseImage(g)
		return
	}
	ctx, cancel := context.WithTimeout(g.Request.Context(), imageTimeout)
	defer cancel()
	content, err := s.DB.OfferedImage(ctx, file)
	if fault.Is(err, fault.NotFound) {
		refuseImage(g)
		return
	}
	if err == nil && g.Request.Method == http.MethodGet {
		err = s.DB.NoteImageFetched(ctx, file)
	}
	if err != nil {
		s.fail(g, err)
		return
	}
	header := g.Writer.Header()
	header.Set("Content-Type", mediaType)
	header.Set("ETag", `"`+file+`"`)
	header.Set("Cache-Control", fmt.Sprintf("private, immutable, max-age=%d", int(time.Until(until).Seconds())))
	header.Set("X-Robots-Tag", "noindex")
	http.ServeContent(g.Writer, g.Request, "", time.Time{}, bytes.NewReader(content))
}

func refuseImage(g *gin.Context) {
	abort(g, http.StatusNotFound, fault.NotFound, "there is no image at this address, or not any more")
}
