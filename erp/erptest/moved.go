package erptest

import (
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var movedTests = []test{
	{"counted products moved, the oldest count first", selling(movedByCount)},
	{"sold products moved when they are reserved, shipped and given back", selling(movedBySale)},
	{"a page has at most as many products as asked for", selling(movedByPage)},
	{"products of another shop are not told", selling(movedElsewhere)},
	{"moved products of an unknown warehouse cannot be read", selling(movedNowhere)},
	{"a cursor nobody gave is refused", selling(movedFromNowhere)},
}

// moved reads on from a cursor until the products are told, and requires that then nothing more is new. What was told
// before may be told again.
func (s *store) moved(after string, limit int, products ...int) (next string) {
	s.t.Helper()
	var want, told []erp.Key
	for _, product := range products {
		want = append(want, s.key("product", product))
	}
	deadline := time.Now().Add(time.Minute)
	for {
		page, next, err := s.MovedProducts(s.t.Context(), s.instance, s.warehouse, after, limit)
		require.NoError(s.t, err)
		require.LessOrEqual(s.t, len(page), limit)
		told = append(told, page...)
		rest := next != after
		after = next
		if lacking := slices.DeleteFunc(slices.Clone(want), func(k erp.Key) bool { return slices.Contains(told, k) }); !rest && len(lacking) == 0 {
			break
		}
		require.False(s.t, time.Now().After(deadline), "%v of %v are told", told, products)
		if !rest {
			time.Sleep(10 * time.Millisecond) // an older change may still be under way elsewhere in the ERP
		}
	}
	fresh := slices.DeleteFunc(distinct(told), func(k erp.Key) bool { return slices.Contains(s.told, k) && !slices.Contains(want, k) })
	require.Equal(s.t, want, fresh)
	s.told = append(s.told, told...)
	return after
}

// distinct leaves what is told twice out.
func distinct(keys []erp.Key) []erp.Key {
	var rest []erp.Key
	for _, key := range keys {
		if !slices.Contains(rest, key) {
			rest = append(rest, key)
		}
	}
	return rest
}

func movedByCount(s *store) {
	start := s.moved("", 100)
	s.count(shirtS, "3", ordered)
	s.count(mug, "12", ordered)
	next := s.moved(start, 100, shirtS, mug)
	require.Equal(s.t, next, s.moved(next, 100), "the cursor of the end stays")
	s.count(shirtS, "3", ordered)
	next = s.moved(next, 100)
	s.count(shirtS, "2", ordered)
	next = s.moved(next, 100, shirtS)
	s.count(mug, "1", ordered)
	s.moved(next, 100, mug)
	s.moved("", 100, shirtS, mug)
}

func movedBySale(s *store) {
	s.count(mug, "5", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")), s.order(2, s.goods(mug, "9", "90")), s.order(3, s.goods(course, "1", "50")))
	next := s.moved("", 100, mug)
	s.confirm(1)
	next = s.moved(next, 100, mug)
	s.ship(1)
	next = s.moved(next, 100, mug)
	s.confirm(2)
	next = s.moved(next, 100, mug)
	s.shipPart(2, "10")
	next = s.moved(next, 100, mug)
	s.lands(erp.Created, s.order(4, s.goods(shirtS, "1", "10")))
	s.confirm(4)
	next = s.moved(next, 100, shirtS)
	s.cancel(4)
	next = s.moved(next, 100, shirtS)
	s.confirm(3)
	s.moved(next, 100)
}

func movedByPage(s *store) {
	start := s.moved("", 100)
	s.count(shirtM, "1", ordered)
	s.count(shirtS, "1", ordered)
	s.count(mug, "1", ordered)
	for limit := 1; limit <= 3; limit++ {
		s.moved(start, limit, shirtM, shirtS, mug)
	}
	s.moved("", 2, shirtM, shirtS, mug)
}

func movedElsewhere(s *store) {
	start := s.moved("", 100)
	other := openStore(s.t, shop{Backend: s.Backend, Batcher: s.Batcher, instance: s.instance + "-2"})
	other.count(mug, "1", ordered)
	other.moved("", 100, mug)
	next := s.moved(start, 100)
	s.count(mug, "1", ordered)
	s.moved(next, 100, mug)
}

func movedNowhere(s *store) {
	_, _, err := s.MovedProducts(s.t.Context(), s.instance, "no such warehouse", "", 1)
	require.Equal(s.t, fault.Invalid, fault.KindOf(err))
}

func movedFromNowhere(s *store) {
	for _, cursor := range []string{"no such cursor", "-1", "1-2", "1/2", "x-1-product-1", "1.1/1.1", "01.1/1.1/1"} {
		_, _, err := s.MovedProducts(s.t.Context(), s.instance, s.warehouse, cursor, 1)
		require.Equal(s.t, fault.Invalid, fault.KindOf(err), cursor)
		require.Equal(s.t, "after", fault.From(err).Field)
	}
}
