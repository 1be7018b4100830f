package erptest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var stockTests = []test{
	{"a count sets the free quantity", selling(countSetsFree)},
	{"a count may be fractional or negative", selling(countIsDecimal)},
	{"a count of an unknown product waits for it", selling(countWaits)},
	{"a count of what is not tracked fails", selling(countUntracked)},
	{"a count in an unknown warehouse fails", selling(countNowhere)},
	{"counts around a bad one land in order", selling(countAroundBad)},
	{"of two counts of a product the last counts", selling(countTwice)},
	{"parallel counts count once", selling(countInParallel)},
	{"no counts", selling(countNothing)},
	{"figures say whether stock is kept, and up to when it was counted", selling(figuresSayCount)},
	{"an unknown product reads as zero", selling(unknownIsZero)},
	{"an unknown warehouse cannot be read", selling(unknownWarehouse)},
	{"set aside before the count: the free quantity stays", selling(asideBeforeCount)},
	{"set aside after the count: the free quantity falls", selling(asideAfterCount)},
	{"counted again at the same quantity: an order in between was set aside before", selling(asideBeforeSameCount)},
	{"the payment says when goods were set aside", selling(asideWhenPaid)},
	{"a bank transfer sets goods aside before it is paid", selling(asideBeforePayment)},
	{"an order from the future was set aside before the count", selling(asideInTheFuture)},
	{"given back before the count: the free quantity stays", selling(givenBackBeforeCount)},
	{"given back after the count: the free quantity rises", selling(givenBackAfterCount)},
	{"a line cut down before the count: the free quantity stays", selling(cutDownBeforeCount)},
	{"never counted: a later count puts it right", selling(asideBeforeAnyCount)},
	{"not set aside: nothing is reserved", selling(notAside)},
	{"reservations follow what the store sets aside", selling(asideFollows)},
	{"a new line sets aside its own goods only", selling(asideOfNewLine)},
	{"untracked goods and services keep no stock", selling(untrackedAside)},
	{"many orders of one product add up", selling(asideAddsUp)},
	{"parallel orders of the same products add up", selling(asideInParallel)},
}

var (
	earlier = ordered.Add(-time.Hour)
	later   = ordered.Add(time.Hour)
)

func putCounts(b erp.Backend, t *testing.T, batch []erp.StockCount) ([]erp.Outcome, error) {
	return b.SetStock(t.Context(), batch)
}

func countSetsFree(s *store) {
	counts := []erp.StockCount{s.stockCount(shirtM, "3", ordered), s.stockCount(mug, "12", ordered)}
	land(s.t, s.shop, putCounts, counts, erp.Created, erp.Created)
	s.holds(mug, "12", "0", "12")
	s.holds(shirtM, "3", "0", "3")
	s.holds(shirtS, "0", "0", "0")
	land(s.t, s.shop, putCounts, counts, erp.Unchanged, erp.Unchanged)
	counts[1].Free = dec("7")
	land(s.t, s.shop, putCounts, counts, erp.Unchanged, erp.Updated)
	s.holds(mug, "7", "0", "7")
}

func figuresSayCount(s *store) {
	require.True(s.t, s.quantities(mug).Tracked)
	require.Zero(s.t, s.quantities(mug).CountedAt)
	s.count(mug, "3", ordered)
	require.True(s.t, s.quantities(mug).CountedAt.Equal(ordered), "%s", s.quantities(mug).CountedAt)
	require.False(s.t, s.quantities(course).Tracked)
	require.False(s.t, s.quantities(99).Tracked)
}

func countIsDecimal(s *store) {
	s.count(mug, "2.375", ordered)
	s.holds(mug, "2.375", "0", "2.375")
	s.count(mug, "-4", ordered)
	s.holds(mug, "-4", "0", "-4")
	s.count(mug, "0", ordered)
	s.holds(mug, "0", "0", "0")
}

func countWaits(s *store) {
	count := s.stockCount(99, "1", ordered)
	outcomes := land(s.t, s.shop, putCounts, []erp.StockCount{count}, erp.Parked)
	require.Equal(s.t, "unknown_product", outcomes[0].Code)
	require.Equal(s.t, []erp.Key{count.Key}, outcomes[0].Waits)
	require.NoError(s.t, allLanded(s.UpsertProducts(s.t.Context(), []erp.Product{s.product(99)})))
	land(s.t, s.shop, putCounts, []erp.StockCount{count}, erp.Created)
}

func countUntracked(s *store) {
	counts := []erp.StockCount{s.stockCount(sticker, "1", ordered), s.stockCount(course, "1", ordered)}
	for _, outcome := range land(s.t, s.shop, putCounts, counts, erp.Failed, erp.Failed) {
		require.Equal(s.t, "not_tracked", outcome.Code)
	}
}

func countNowhere(s *store) {
	count := s.stockCount(mug, "1", ordered)
	count.Warehouse = "no such warehouse"
	outcomes := land(s.t, s.shop, putCounts, []erp.StockCount{s.stockCount(mug, "5", ordered), count}, erp.Created, erp.Failed)
	require.Equal(s.t, "unknown_warehouse", outcomes[1].Code)
	s.holds(mug, "5", "0", "5")
}

func countAroundBad(s *store) {
	counts := []erp.StockCount{s.stockCount(shirtS, "1", ordered), s.stockCount(99, "1", ordered), s.stockCount(mug, "1", ordered)}
	outcomes := land(s.t, s.shop, putCounts, counts, erp.Created, erp.Parked, erp.Created)
	for i := range counts {
		require.Equal(s.t, counts[i].Key, outcomes[i].Key)
	}
}

func countTwice(s *store) {
	counts := []erp.StockCount{s.stockCount(mug, "1", ordered), s.stockCount(shirtS, "2", ordered), s.stockCount(mug, "3", ordered)}
	land(s.t, s.shop, putCounts, counts, erp.Created, erp.Created, erp.Created)
	s.holds(mug, "3", "0", "3")
}

func countInParallel(s *store) {
	const calls = 4
	counts := []erp.StockCount{s.stockCount(shirtS, "5", ordered), s.stockCount(mug, "12", ordered)}
	results := make([][]erp.Outcome, calls)
	errs := make([]error, calls)
	var group sync.WaitGroup
	for i := range calls {
		group.Go(func() {
			errs[i] = repeat(func() (err error) { results[i], err = s.SetStock(s.t.Context(), counts); return err })
		})
	}
	group.Wait()
	created := 0
	for i := range calls {
		require.NoError(s.t, allLanded(results[i], errs[i]))
		for _, outcome := range results[i] {
			if outcome.Status == erp.Created {
				created++
			}
		}
	}
	require.LessOrEqual(s.t, created, len(counts), "a lost reply may hide one")
	s.holds(mug, "12", "0", "12")
	s.holds(shirtS, "5", "0", "5")
}

func countNothing(s *store) {
	land(s.t, s.shop, putCounts, nil, []erp.Status{}...)
}

func unknownIsZero(s *store) {
	s.count(mug, "4", ordered)
	keys := []erp.Key{s.key("product", 99), s.key("product", mug), s.key("product", course), s.key("product", mug)}
	quantities, err := s.Quantities(s.t.Context(), s.warehouse, keys)
	require.NoError(s.t, err)
	require.Len(s.t, quantities, len(keys))
	for i, onHand := range []string{"0", "4", "0", "4"} {
		require.Equal(s.t, keys[i], quantities[i].Product)
		require.Equal(s.t, onHand, quantities[i].OnHand.String())
	}
}

func unknownWarehouse(s *store) {
	_, err := s.Quantities(s.t.Context(), "no such warehouse", []erp.Key{s.key("product", mug)})
	require.Equal(s.t, fault.Invalid, fault.KindOf(err))
}

func asideBeforeCount(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "12", "2", "10")
	s.lands(erp.Unchanged, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "12", "2", "10")
	s.count(mug, "9", later)
	s.holds(mug, "11", "2", "9")
}

func asideAfterCount(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "10", "2", "8")
}

// The store sold two and got two in: it counts what it counted before, and that count knows of the order.
func asideBeforeSameCount(s *store) {
	s.count(mug, "10", earlier)
	again := s.stockCount(mug, "10", later)
	again.ChangedAt = later.Add(-time.Minute)
	land(s.t, s.shop, putCounts, []erp.StockCount{again}, erp.Unchanged)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "12", "2", "10")
}

func asideWhenPaid(s *store) {
	s.count(mug, "10", later)
	order := s.order(1, s.aside(mug, "2", "20"))
	order.Gateway, order.PaidAt = "stripe", later.Add(time.Minute)
	s.lands(erp.Created, order)
	s.holds(mug, "10", "2", "8")
}

func asideBeforePayment(s *store) {
	s.count(mug, "10", later)
	order := s.order(1, s.aside(mug, "2", "20"))
	order.Gateway, order.PaidAt = "bacs", later.Add(time.Minute)
	s.lands(erp.Created, order)
	s.holds(mug, "12", "2", "10")
}

// asideInTheFuture was placed while the shop's clock ran ahead, and read once that was put right.
func asideInTheFuture(s *store) {
	s.count(mug, "10", later)
	order := s.order(1, s.aside(mug, "2", "20"))
	order.Date, order.ReadAt = later.Add(2*time.Hour), later.Add(time.Minute)
	s.lands(erp.Created, order)
	s.holds(mug, "12", "2", "10")
}

// givenBackBeforeCount is a catalogue that was read between the cancellation of an order and the import of it.
func givenBackBeforeCount(s *store) {
	for order, confirmed := range map[int]bool{1: false, 2: true} {
		s.count(mug, "10", earlier)
		placed := s.order(order, s.aside(mug, "2", "20"))
		s.lands(erp.Created, placed)
		if confirmed {
			s.confirm(order)
		}
		s.holds(mug, "10", "2", "8")
		s.count(mug, "10", later)
		s.holds(mug, "12", "2", "10")
		gone := s.order(order, s.goods(mug, "2", "20"))
		gone.Cancelled, gone.StoreStatus, gone.ChangedAt = true, "cancelled", later.Add(-time.Minute)
		s.lands(erp.Updated, gone)
		s.holds(mug, "10", "0", "10")
		s.lands(erp.Unchanged, gone)
		s.holds(mug, "10", "0", "10")
		s.count(mug, "11", later)
	}
}

func givenBackAfterCount(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "12", "2", "10")
	gone := s.cancelled()
	gone.ChangedAt = later.Add(time.Minute)
	s.lands(erp.Updated, gone)
	s.holds(mug, "12", "0", "12")
}

func cutDownBeforeCount(s *store) {
	s.count(mug, "10", earlier)
	s.lands(erp.Created, s.order(1, s.aside(mug, "3", "30"), s.aside(shirtS, "1", "15")))
	s.count(mug, "9", later)
	s.holds(mug, "12", "3", "9")
	less := s.order(1, s.aside(mug, "1", "10"), s.aside(shirtS, "1", "15"))
	less.ChangedAt = later
	s.lands(erp.Updated, less)
	s.holds(mug, "10", "1", "9")
	s.holds(shirtS, "0", "1", "-1")
}

func asideBeforeAnyCount(s *store) {
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "0", "2", "-2")
	land(s.t, s.shop, putCounts, []erp.StockCount{s.stockCount(mug, "10", later)}, erp.Created)
	s.holds(mug, "12", "2", "10")
}

func notAside(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	s.holds(mug, "10", "0", "10")
}

func asideFollows(s *store) {
	s.count(mug, "10", earlier)
	pending := s.order(1, s.goods(mug, "2", "20"))
	s.lands(erp.Created, pending)
	s.lands(erp.Updated, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "10", "2", "8")
	s.lands(erp.Updated, pending)
	s.holds(mug, "10", "0", "10")
	s.lands(erp.Updated, s.order(1, s.aside(shirtS, "1", "20")))
	s.holds(mug, "10", "0", "10")
	s.holds(shirtS, "0", "1", "-1")
}

func asideOfNewLine(s *store) {
	s.count(mug, "10", later)
	s.lands(erp.Created, s.order(1, s.aside(mug, "2", "20")))
	s.lands(erp.Updated, s.order(1, s.aside(mug, "2", "20"), s.aside(mug, "1", "10")))
	s.holds(mug, "13", "3", "10")
	s.lands(erp.Updated, s.order(1, s.aside(mug, "1", "10")))
	s.holds(mug, "13", "1", "12")
}

func untrackedAside(s *store) {
	s.lands(erp.Created, s.order(1, s.aside(sticker, "5", "5"), s.aside(course, "1", "50")))
	s.holds(sticker, "0", "0", "0")
	s.holds(course, "0", "0", "0")
}

func asideAddsUp(s *store) {
	s.count(mug, "10", later)
	first, second, third := s.order(1, s.aside(mug, "0.5", "5")), s.order(2, s.aside(mug, "2", "20")), s.order(3, s.aside(mug, "1", "10"))
	third.Date = later.Add(time.Hour)
	s.lands(erp.Created, first, second, third)
	s.holds(mug, "12.5", "3.5", "9")
}

func asideInParallel(s *store) {
	const batches, size = 4, 10
	s.count(mug, "100", earlier)
	var group sync.WaitGroup
	errs := make([]error, batches)
	for i := range batches {
		group.Go(func() {
			batch := make([]erp.Order, size)
			for j := range batch {
				lines := []erp.OrderLine{s.aside(mug, "1", "10"), s.aside(shirtS, "2", "20"), s.aside(shirtM, "1", "20")}
				if (i+j)%2 == 0 {
					lines[0], lines[2] = lines[2], lines[0]
				}
				batch[j] = s.order(100*i+j+1, lines...)
			}
			errs[i] = repeat(func() error { return allLanded(s.UpsertOrders(s.t.Context(), batch)) })
		})
	}
	group.Wait()
	for _, err := range errs {
		require.NoError(s.t, err)
	}
	s.holds(mug, "100", "40", "60")
	s.holds(shirtS, "0", "80", "-80")
	s.holds(shirtM, "0", "40", "-40")
}

// repeat calls again what a backend asks to be called again.
func repeat(call func() error) error {
	err := call()
	for try := 0; try < 20 && err != nil && fault.Retryable(err); try++ {
		err = call()
	}
	return err
}
