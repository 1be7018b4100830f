package db

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func TestLinksFilterAndPage(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "tag")
	landPage(t, d, op, "tag", Created, "1", "2")
	landPage(t, d, op, "brand", Created, "3")
	_, err := d.SetLink(t.Context(), Link{Instance: "demo", Entity: "tag", WooID: "2", ERPID: "by hand"})
	require.NoError(t, err)

	for name, tt := range map[string]struct {
		filter LinkFilter
		want   []string
	}{
		"all":              {LinkFilter{}, []string{"3", "2", "1"}},
		"entity":           {LinkFilter{Instance: "demo", Entity: "tag"}, []string{"2", "1"}},
		"state":            {LinkFilter{State: Unsynchronised}, []string{"2"}},
		"another instance": {LinkFilter{Instance: "other"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := everyPage(t, 1, func(p Page) ([]Link, string, error) { return d.Links(t.Context(), tt.filter, p) },
				func(l Link) string { return l.WooID })
			require.Equal(t, tt.want, got)
		})
	}
}

func TestSetLink(t *testing.T) {
	d := newDB(t)
	made, err := d.SetLink(t.Context(), Link{Instance: "demo", Entity: "product", WooID: "7", WooType: "simple", ERPID: "1"})
	require.NoError(t, err)
	require.Equal(t, Unsynchronised, made.State)
	require.True(t, made.LastSyncedAt.IsZero(), "it was never compared")
	got, err := d.Link(t.Context(), "demo", "product", "7")
	require.NoError(t, err)
	require.Equal(t, made, got)

	changed, err := d.SetLink(t.Context(), Link{Instance: "demo", Entity: "product", WooID: "7", ERPID: "2"})
	require.NoError(t, err)
	require.Equal(t, "2", changed.ERPID)
	require.Equal(t, "simple", changed.WooType, "an unknown type does not erase a known one")
	require.Equal(t, made.CreatedAt, changed.CreatedAt)

	landPage(t, d, newOperation(t, d, "product"), "product", Updated, "7")
	synced, err := d.Link(t.Context(), "demo", "product", "7")
	require.NoError(t, err)
	require.Equal(t, Synchronised, synced.State)
	requireRecent(t, synced.LastSyncedAt)

	_, err = d.Link(t.Context(), "demo", "product", "8")
	requireKind(t, fault.NotFound, err)
}

func TestLinkDigests(t *testing.T) {
	d := newDB(t)
	op := newOperation(t, d, "order")
	landPage(t, d, op, "order", Created, "1", "2")
	link, err := d.Link(t.Context(), "demo", "order", "1")
	require.NoError(t, err)
	require.NotEmpty(t, link.Digest)
	digests, err := d.LinkDigests(t.Context(), "demo", "order", []string{"1", "3"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"1": link.Digest}, digests)
	digests, err = d.LinkDigests(t.Context(), "other", "order", []string{"1"})
	require.NoError(t, err)
	require.Empty(t, digests)
}
