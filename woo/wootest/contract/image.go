package contract

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"testing"

	"github.com/stretchr/testify/require"
)

// pictures serves files for the store to fetch, whatever they are asked for: their bytes are of one kind, their names are not.
func pictures(t *testing.T) (base string) {
	var drawn, photo bytes.Buffer
	canvas := image.NewGray(image.Rect(0, 0, 8, 8))
	require.NoError(t, png.Encode(&drawn, canvas))
	require.NoError(t, jpeg.Encode(&photo, canvas, nil))
	files := map[string][]byte{"photo": photo.Bytes(), "text": []byte("This is no picture.")}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dir, name := path.Split(r.URL.Path)
		content, ok := files[path.Base(dir)]
		if !ok {
			content = drawn.Bytes()
		}
		if path.Ext(name) == ".gone" || name == "missing.png" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// reachable skips where the store is on another machine, which cannot fetch from this one.
func (s *store) reachable(t *testing.T) {
	target, err := url.Parse(s.base)
	require.NoError(t, err)
	if host := target.Hostname(); host != "127.0.0.1" && host != "localhost" {
		t.Skip("the store cannot fetch pictures from this machine")
	}
}

// checkPictures: a picture is judged by the extension of its path and by its bytes; each address given makes a new one, an id uses one
// again; one that cannot be had fails the whole write.
func checkPictures(t *testing.T, s *store) {
	s.reachable(t)
	base := pictures(t)
	product := s.create(t, "products", object{"name": "Pictured " + s.run, "regular_price": "5"})
	at1 := "products/" + number(product["id"])
	put := func(images ...object) answer { return s.put(t, at1, object{"images": images}) }

	for src, message := range map[string]string{
		"/front":               "Invalid image: Sorry, you are not allowed to upload this file type.",
		"/image?file=a.png":    "Invalid image: Sorry, you are not allowed to upload this file type.",
		"/text/front.png":      "Invalid image: Sorry, you are not allowed to upload this file type.",
		"/missing.png":         "Error getting remote image " + base + "/missing.png. Error: Not Found",
		"/pictures/front.html": "Invalid image: Sorry, you are not allowed to upload this file type.",
	} {
		a := put(object{"src": base + src})
		require.Equal(t, http.StatusBadRequest, a.status, src)
		require.Equal(t, "woocommerce_product_image_upload_error", a.code(), src)
		require.Equal(t, message, a.object()["message"], src)
	}
	a := put(object{"id": 99999999})
	require.Equal(t, "woocommerce_product_invalid_image_id", a.code())

	first := put(object{"src": base + "/one-" + s.run + ".png", "alt": "1"}, object{"src": base + "/photo/two-" + s.run + ".png?v=3"}).object()["images"].([]any)
	require.Len(t, first, 2)
	require.Equal(t, []any{"one-" + s.run + ".png", "1"}, []any{at(first, 0, "name"), at(first, 0, "alt")})
	require.Equal(t, ".jpg", path.Ext(at(first, 1, "src").(string)), "the bytes say what it is")
	again := put(object{"src": base + "/one-" + s.run + ".png"}).object()["images"].([]any)
	require.NotEqual(t, at(first, 0, "id"), at(again, 0, "id"), "each address given makes a new one")
	require.Contains(t, at(again, 0, "src"), "one-"+s.run+"-1.png", "under a name that is free")

	moved := put(object{"id": at(first, 1, "id")}, object{"id": at(first, 0, "id"), "alt": "one"}).object()["images"].([]any)
	require.Equal(t, []any{at(first, 1, "src"), at(first, 0, "src"), "one"}, []any{at(moved, 0, "src"), at(moved, 1, "src"), at(moved, 1, "alt")})
	failed := s.put(t, at1, object{"name": "Not applied", "images": []object{{"src": base + "/three.png"}, {"src": base + "/missing.png"}}})
	require.Equal(t, http.StatusBadRequest, failed.status)
	now := s.get(t, at1).object()
	require.Equal(t, "Pictured "+s.run, now["name"], "nothing of it is applied")
	require.Len(t, now["images"], 2)
	require.Empty(t, put().object()["images"])
	checkVariationPicture(t, s, base)
}

// checkVariationPicture: a variation has one picture. Left out it stays, an empty object takes it away.
func checkVariationPicture(t *testing.T, s *store, base string) {
	parent := s.create(t, "products", object{"name": "Pictured shirt " + s.run, "type": "variable",
		"attributes": []object{{"name": "Size", "variation": true, "visible": true, "options": []string{"S"}}}})
	list := "products/" + number(parent["id"]) + "/variations"
	made := s.post(t, list, object{"regular_price": "10", "attributes": []object{{"name": "Size", "option": "S"}}, "image": object{"src": base + "/v-" + s.run + ".png"}})
	at1 := list + "/" + number(made.object()["id"])
	require.Equal(t, "v-"+s.run+".png", at(made.body, "image", "name"))
	refused := s.put(t, at1, object{"image": object{"src": base + "/v"}})
	require.Equal(t, "woocommerce_variation_image_upload_error", refused.code())
	require.NotNil(t, at(s.put(t, at1, object{"regular_price": "11"}).body, "image"))
	other := s.put(t, at1, object{"image": object{"src": base + "/w-" + s.run + ".png"}})
	require.Equal(t, "w-"+s.run+".png", at(other.body, "image", "name"))
	require.Equal(t, at(made.body, "image", "id"), at(s.put(t, at1, object{"image": object{"id": at(made.body, "image", "id")}}).body, "image", "id"))
	require.Nil(t, at(s.put(t, at1, object{"image": object{}}).body, "image"))
}
