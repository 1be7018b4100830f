package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/flow"
	"tandem/woo/wootest"
)

// TestAStoreFetchesImagesFromTandem (B10): a product of the ledger is given an image on the command line, and the store has its very bytes
// after an export; once, and it does not come back. Nothing that is kept for people holds the address, which is a key to the image.
func TestAStoreFetchesImagesFromTandem(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(3, 0, 0))
	f := newFront(t)
	x := serveBehind(t, f)
	x.connect(store.URL)
	x.allowExports()
	require.NoError(t, x.api.Patch(t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{"export": map[string]bool{"images": true}}}, nil))
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)
	picture, file := x.picture()

	mug := made[gen.LedgerProduct](x, "ledger", "products", "create", "--name", "Pictured mug", "--sku", "PIC-1", "--status", "publish")
	mug = made[gen.LedgerProduct](x, "ledger", "products", "image", "add", mug.ID, file, "--alt", "A mug")
	require.Len(t, mug.Images, 1)
	require.Equal(t, string(picture), x.command("ledger", "products", "image", "show", mug.ID, mug.Images[0].Digest))
	x.exportRecord("product", mug.ID, 1, 0)

	type pictured struct {
		SKU    string `json:"sku"`
		Images []struct {
			Src string `json:"src"`
			Alt string `json:"alt"`
		} `json:"images"`
	}
	shown := slices.DeleteFunc(list[pictured](store, "products", nil), func(p pictured) bool { return p.SKU != "PIC-1" })
	require.Len(t, shown, 1)
	require.Len(t, shown[0].Images, 1)
	require.Equal(t, "A mug", shown[0].Images[0].Alt)
	require.Equal(t, picture, store.file(shown[0].Images[0].Src))

	x.exportRecord("product", mug.ID, 0, 0)
	link := get[gen.LinkPage](x, "/links?entity=product&erp_id="+mug.ID).Items[0]
	back := x.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{link.WooID}}, "product")
	require.Equal(t, 1, back.Progress[0].Unchanged, "no echo: %+v", back.Progress[0])
	require.Equal(t, 1, store.Uploads())
	require.Equal(t, 1, x.number(`SELECT count(*) FROM tandem.logs WHERE erp_id = $1 AND 'image sent' = ANY (steps)`, mug.ID))
	require.Zero(t, x.number(`SELECT count(*) FROM tandem.logs WHERE array_to_string(steps, ' ') || message LIKE '%/images/%'`))
}

// picture gives the bytes of an image and the file they are in.
func (x *tandem) picture() (content []byte, file string) {
	x.t.Helper()
	canvas := image.NewGray(image.Rect(0, 0, 16, 16))
	canvas.SetGray(3, 3, color.Gray{Y: 200})
	var drawn bytes.Buffer
	require.NoError(x.t, png.Encode(&drawn, canvas))
	file = filepath.Join(x.t.TempDir(), "mug.png")
	require.NoError(x.t, os.WriteFile(file, drawn.Bytes(), 0o600))
	return drawn.Bytes(), file
}

// file gives the bytes of one of the store's own files.
func (s *shop) file(address string) []byte {
	s.t.Helper()
	at := strings.Index(address, "/wp-content/")
	require.Positive(s.t, at, address)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+address[at:], nil)
	require.NoError(s.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return content
}
