package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/imageurl"
)

// somePicture is a PNG of one colour.
func somePicture(t testing.TB, shade uint8) []byte {
	t.Helper()
	canvas := image.NewGray(image.Rect(0, 0, 4, 4))
	for i := range 16 {
		canvas.SetGray(i%4, i/4, color.Gray{Y: shade})
	}
	var file bytes.Buffer
	require.NoError(t, png.Encode(&file, canvas))
	return file.Bytes()
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func imageAt(product string, content []byte) string {
	return "/ledger/products/" + product + "/images/" + digestOf(content)
}

const binary = "application/octet-stream"

func (h *harness) putImage(path string, content []byte) reply {
	h.t.Helper()
	return h.call("PUT", path, string(content), "Content-Type", binary)
}

func TestAProductIsGivenImages(t *testing.T) {
	h := newHarness(t)
	product := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", phone()).is(http.StatusCreated))
	at := "/ledger/products/" + product.ID
	front, back := somePicture(t, 1), somePicture(t, 2)
	h.putImage(imageAt(product.ID, front)+"?alt=Front", front).is(http.StatusOK)
	h.putImage(imageAt(product.ID, back), back).is(http.StatusOK)
	now := decode[gen.LedgerProduct](h.putImage(imageAt(product.ID, front), front).is(http.StatusOK))
	require.Equal(t, []gen.LedgerImage{
		{Alt: "Front", Digest: "sha256:" + digestOf(front), Type: "image/png", Size: int64(len(front))},
		{Digest: "sha256:" + digestOf(back), Type: "image/png", Size: int64(len(back))},
	}, now.Images, "the same again changes nothing")
	require.Equal(t, front, h.call("GET", imageAt(product.ID, front), nil).is(http.StatusOK).Body.Bytes())

	now = decode[gen.LedgerProduct](h.call("PATCH", at, map[string]any{"images": []any{now.Images[1], now.Images[0]}}).is(http.StatusOK))
	require.Equal(t, "sha256:"+digestOf(back), now.Images[0].Digest, "the order is the product's")
	h.call("PATCH", at, `{"name": "Renamed"}`).is(http.StatusOK)
	h.call("PATCH", at, map[string]any{"images": []any{map[string]any{"digest": "sha256:" + strings.Repeat("0", 64)}}}).fields(http.StatusUnprocessableEntity, "images[0]")
	now = decode[gen.LedgerProduct](h.call("DELETE", imageAt(product.ID, back), nil).is(http.StatusOK))
	require.Len(t, now.Images, 1)
	h.call("DELETE", imageAt(product.ID, back), nil).problem(http.StatusNotFound)
	h.call("GET", imageAt(product.ID, back), nil).problem(http.StatusNotFound)
}

func TestAVariantIsGivenAnImage(t *testing.T) {
	h := newHarness(t)
	made := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", map[string]any{
		"name": "Shirt", "kind": "variable", "attributes": []any{map[string]any{"name": "Size", "values": []string{"S"}, "variation": true}},
		"variants": []any{map[string]any{"sku": "S-S", "options": map[string]string{"Size": "S"}}},
	}).is(http.StatusCreated))
	picture := somePicture(t, 1)
	at := imageAt(made.ID, picture) + "?variant=" + made.Variants[0].ID
	now := decode[gen.LedgerProduct](h.putImage(at, picture).is(http.StatusOK))
	require.Empty(t, now.Images)
	require.Equal(t, "sha256:"+digestOf(picture), now.Variants[0].Image.Digest)
	now = decode[gen.LedgerProduct](h.call("PATCH", "/ledger/products/"+made.ID, map[string]any{"name": "Better shirt", "variants": now.Variants}).is(http.StatusOK))
	require.NotNil(t, now.Variants[0].Image, "a change of the variants keeps it")
	require.Nil(t, decode[gen.LedgerProduct](h.call("DELETE", at, nil).is(http.StatusOK)).Variants[0].Image)
	h.putImage(imageAt(made.ID, picture)+"?variant="+made.ID+"/999999", picture).fields(http.StatusUnprocessableEntity, "variant")
}

func TestWhatIsNoImageIsNotKept(t *testing.T) {
	h := newHarness(t)
	product := decode[gen.LedgerProduct](h.call("POST", "/ledger/products", phone()).is(http.StatusCreated))
	picture := somePicture(t, 1)
	for name, content := range map[string][]byte{
		"a text": []byte("This is no picture."), "a page": []byte("<html><body>x</body></html>"), "a part of one": picture[:len(picture)/2],
		"SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
	} {
		require.Equal(t, "invalid", string(h.putImage(imageAt(product.ID, content), content).problem(http.StatusUnprocessableEntity).Code), name)
	}
	h.putImage(imageAt(product.ID, []byte("another")), picture).fields(http.StatusUnprocessableEntity, "digest")
	h.putImage(imageAt("4711", picture), picture).problem(http.StatusNotFound)
	large := bytes.Repeat([]byte{'x'}, 10<<20+1)
	require.Contains(t, h.putImage(imageAt(product.ID, large), large).problem(http.StatusRequestEntityTooLarge).Detail, "10 MiB")
	require.Contains(t, h.call("POST", "/ledger/products", strings.Repeat("x", 1<<20+1)).problem(http.StatusRequestEntityTooLarge).Detail, "1 MiB")
}

// offered keeps an image for stores and gives the path under which they fetch it until a time.
func (h *harness) offered(content []byte, until time.Time) (address string) {
	h.t.Helper()
	file := imageurl.FileName("sha256:"+digestOf(content), "image/png")
	require.NoError(h.t, h.db.OfferImage(h.t.Context(), file, content, until.Add(time.Hour)))
	keys, err := imageurl.NewKeys([][]byte{secretKey})
	require.NoError(h.t, err)
	return keys.Address("", file, until)
}

// fetch asks as a store does: without a token, from anywhere.
func (h *harness) fetch(method, path string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	request := httptest.NewRequestWithContext(h.t.Context(), method, "https://tandem.example.com"+path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, request)
	return recorder
}

func TestAStoreFetchesAnImage(t *testing.T) {
	h := newHarness(t)
	picture := somePicture(t, 1)
	address := h.offered(picture, time.Now().Add(time.Hour))
	file := address[strings.LastIndex(address, "/")+1:]

	head := h.fetch(http.MethodHead, address)
	require.Equal(t, []any{http.StatusOK, strconv.Itoa(len(picture)), "image/png"}, []any{head.Code, head.Header().Get("Content-Length"), head.Header().Get("Content-Type")})
	require.Zero(t, head.Body.Len())
	fetched, err := h.db.ImageFetched(t.Context(), file)
	require.NoError(t, err)
	require.False(t, fetched, "a look is no fetch")

	got := h.fetch(http.MethodGet, address)
	require.Equal(t, http.StatusOK, got.Code)
	require.Equal(t, picture, got.Body.Bytes())
	require.Equal(t, "nosniff", got.Header().Get("X-Content-Type-Options"))
	require.Regexp(t, `^private, immutable, max-age=3[56]\d\d$`, got.Header().Get("Cache-Control"))
	fetched, err = h.db.ImageFetched(t.Context(), file)
	require.NoError(t, err)
	require.True(t, fetched)

	part := h.fetch(http.MethodGet, address, "Range", "bytes=1-3")
	require.Equal(t, []any{http.StatusPartialContent, "PNG", fmt.Sprintf("bytes 1-3/%d", len(picture))}, []any{part.Code, part.Body.String(), part.Header().Get("Content-Range")})
	require.Equal(t, http.StatusNotModified, h.fetch(http.MethodGet, address, "If-None-Match", got.Header().Get("ETag")).Code)
	require.NotContains(t, h.log.String(), address, "addresses are not written down")
}

// Whatever is wrong with an address, the answer is the same.
func TestWrongAddressesOfImages(t *testing.T) {
	h := newHarness(t)
	picture, other := somePicture(t, 1), somePicture(t, 2)
	good := h.offered(picture, time.Now().Add(time.Hour))
	token, file := strings.Split(good, "/")[2], strings.Split(good, "/")[3]
	keys, err := imageurl.NewKeys([][]byte{bytes.Repeat([]byte{8}, 32)})
	require.NoError(t, err)
	another := imageurl.FileName("sha256:"+digestOf(other), "image/png")
	own, err := imageurl.NewKeys([][]byte{secretKey})
	require.NoError(t, err)
	var answers []string
	for name, address := range map[string]string{
		"ended":                     h.offered(picture, time.Now().Add(-time.Second)),
		"forged":                    keys.Address("", file, time.Now().Add(time.Hour)),
		"another image":             "/images/" + token + "/" + another,
		"another type":              "/images/" + token + "/" + strings.Replace(file, ".png", ".jpg", 1),
		"never offered":             own.Address("", another, time.Now().Add(time.Hour)),
		"no file of ours":           own.Address("", "front.png", time.Now().Add(time.Hour)),
		"no token":                  "/images/x/" + file,
		"a token that is very long": "/images/" + strings.Repeat("A", 4000) + "/" + file,
	} {
		got := h.fetch(http.MethodGet, address)
		require.Equal(t, http.StatusNotFound, got.Code, name)
		require.Equal(t, "no-store", got.Header().Get("Cache-Control"), name)
		body := got.Body.String()
		require.NotContains(t, body, digestOf(other), name)
		answers = append(answers, strings.ReplaceAll(body, got.Header().Get("X-Request-Id"), ""))
	}
	for _, answer := range answers[1:] {
		require.Equal(t, answers[0], answer)
	}
	require.Equal(t, http.StatusMethodNotAllowed, h.fetch(http.MethodPost, good).Code)
}
