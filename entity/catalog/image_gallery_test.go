package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/woo"
)

// N28, C16: a gallery is sent by the ids of what the store has; only what it lacks is fetched.
func TestGalleriesAreArranged(t *testing.T) {
	digest := func(of string) string { return "sha256:" + strings.Repeat(of, 64) }
	sent := woo.Image{ID: 1, Src: "https://shop.example/uploads/" + strings.Repeat("a", 64) + "-scaled.jpg"}
	old := woo.Image{ID: 2, Src: "https://shop.example/uploads/old.jpg"}
	other := woo.Image{ID: 3, Src: "https://shop.example/uploads/other.jpg"}
	a, b := erp.Image{Digest: digest("a")}, erp.Image{Digest: digest("b")}
	imported := erp.Image{URL: old.Src, Digest: digest("c")}
	have := pictures{old.Src: {digest: digest("c")}, other.Src: {digest: digest("b")}}
	for name, c := range map[string]struct {
		wanted  []erp.Image
		have    []woo.Image
		pics    pictures
		knows   knownImages
		ids     []woo.ID // 0 is one that the store is to fetch
		arrived bool
	}{
		"as it is":      {[]erp.Image{a, imported}, []woo.Image{sent, old}, have, knownAll, []woo.ID{1, 2}, true},
		"another order": {[]erp.Image{imported, a}, []woo.Image{sent, old}, have, knownAll, []woo.ID{2, 1}, false},
		"the store has the bytes under another name":       {[]erp.Image{b}, []woo.Image{other}, have, knownAll, []woo.ID{3}, true},
		"a new one before":                                 {[]erp.Image{{Digest: digest("d")}, a}, []woo.Image{sent}, have, knownAll, []woo.ID{0, 1}, false},
		"one was taken off":                                {[]erp.Image{a}, []woo.Image{sent, old}, have, knownAll, []woo.ID{1}, false},
		"one of the store that is not imported stays":      {[]erp.Image{a}, []woo.Image{old, sent}, nil, knownNone, []woo.ID{1, 2}, false},
		"the front was replaced":                           {[]erp.Image{a}, []woo.Image{old, other}, have, knownFront, []woo.ID{0, 3}, false},
		"the front is the ERP's":                           {[]erp.Image{imported}, []woo.Image{old, other}, have, knownFront, []woo.ID{2, 3}, true},
		"an image without a digest is none of the store's": {[]erp.Image{{URL: "https://elsewhere.example/x.jpg"}}, []woo.Image{old}, have, knownAll, []woo.ID{0}, false},
		"a placeholder":                                    {[]erp.Image{a}, []woo.Image{{Src: "https://shop.example/placeholder.png"}}, have, knownAll, []woo.ID{0}, false},
		"the same twice":                                   {[]erp.Image{a, a}, []woo.Image{sent}, have, knownAll, []woo.ID{1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := productRecord{pictures: c.pics}
			p.Images = c.have
			list := p.arrange(distinct(c.wanted), c.knows, c.pics)
			var ids []woo.ID
			for _, place := range list {
				id := woo.ID(0)
				if place.have != nil {
					id = place.have.ID
				}
				ids = append(ids, id)
			}
			require.Equal(t, c.ids, ids)
			require.Equal(t, c.arrived, p.shows(list))
		})
	}
}

func TestGalleryFields(t *testing.T) {
	have := woo.Image{ID: 7, Alt: "old"}
	next := erp.Image{Digest: "sha256:1", Alt: "new"}
	list := []galleryImage{
		{image: next}, {image: erp.Image{Digest: "sha256:2"}}, {image: erp.Image{Alt: "better"}, have: &have}, {have: &have}, {image: erp.Image{Alt: "old"}, have: &have},
	}
	require.Equal(t, []woo.Fields{
		{"src": "https://tandem.example/1.jpg", "name": "Lamp", "alt": "new"}, {"id": woo.ID(7), "alt": "better"}, {"id": woo.ID(7)}, {"id": woo.ID(7)},
	}, galleryFields(list, next, "https://tandem.example/1.jpg", "Lamp"), "what else the store lacks follows")
}
