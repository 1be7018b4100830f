package contract

import (
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func number(id any) string { return strconv.Itoa(whole(id)) }

// draft makes a product nobody sees in the shop.
func (s *store) draft(t *testing.T, name string) object {
	t.Helper()
	return s.create(t, "products", object{"name": name + " " + s.run, "status": "draft", "regular_price": "10"})
}

// checkPaging: totals, offset, ascending ids, a page past the end, and a scan that a new record does not disturb.
func checkPaging(t *testing.T, s *store) {
	var made []int
	for range 5 {
		made = append(made, whole(s.draft(t, "Page")["id"]))
	}
	mine := "products?search=" + s.run + "&orderby=id&order=asc"

	first := s.list(t, mine+"&per_page=2")
	require.Equal(t, made[:2], first.ids())
	require.Equal(t, "5", first.header.Get("X-WP-Total"))
	require.Equal(t, "3", first.header.Get("X-WP-TotalPages"))
	require.Contains(t, first.header.Values("Link")[len(first.header.Values("Link"))-1], `rel="next"`)

	made = append(made, whole(s.draft(t, "Late")["id"]))
	require.Equal(t, made[2:4], s.list(t, mine+"&per_page=2&page=2").ids(), "a record added meanwhile shifts nothing")
	require.Equal(t, made[3:6], s.list(t, mine+"&per_page=3&offset=3").ids())

	beyond := s.list(t, mine+"&per_page=2&page=99")
	require.Empty(t, beyond.list())
	require.Equal(t, "6", beyond.header.Get("X-WP-Total"))

	newest := s.list(t, "products?search="+s.run).ids()
	slices.Reverse(newest)
	require.ElementsMatch(t, made, newest, "the default order is by date")

	include := "&include=" + strconv.Itoa(made[1]) + "," + strconv.Itoa(made[4])
	require.Equal(t, []int{made[1], made[4]}, s.list(t, mine+include).ids())
	require.NotContains(t, s.list(t, mine+"&exclude="+strconv.Itoa(made[0])).ids(), made[0])
}

func checkFields(t *testing.T, s *store) {
	p := s.draft(t, "Fields")
	a := s.list(t, "products?_fields=id,name&include="+number(p["id"]))
	require.Equal(t, []object{{"id": p["id"], "name": p["name"]}}, a.list())
}

// checkModifiedAfter: the bound is exclusive, in UTC with dates_are_gmt, and a change moves a record past it.
func checkModifiedAfter(t *testing.T, s *store) {
	p := s.draft(t, "Modified")
	id := whole(p["id"])
	changed := word(p["date_modified_gmt"])
	since := func(instant string) []int {
		return s.list(t, "products?dates_are_gmt=true&include="+number(p["id"])+"&modified_after="+instant).ids()
	}
	require.Empty(t, since(changed), "modified_after is exclusive")
	when, err := time.Parse("2006-01-02T15:04:05", changed)
	require.NoError(t, err)
	require.Equal(t, []int{id}, since(when.Add(-time.Second).Format("2006-01-02T15:04:05")))

	time.Sleep(1100 * time.Millisecond) // the resolution is one second
	a := s.put(t, "products/"+number(p["id"]), object{"regular_price": "11"})
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, []int{id}, since(changed))
}
