package erptest

import (
	"sync"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

var partialTests = []test{
	{"what is on hand is shipped, the rest later", selling(partThenRest)},
	{"the rest may come in several parts", selling(partByPart)},
	{"with nothing on hand nothing is shipped", selling(partOfNothing)},
	{"with all on hand all is shipped", selling(partOfAll)},
	{"untracked goods leave with the first part", selling(partUntracked)},
	{"lines of the same product share what is on hand", selling(partOfLines)},
	{"what is reserved for others stays", selling(partAfterOthers)},
	{"the rest waits for all of it when parts are not asked for", selling(partThenWhole)},
	{"what was shipped in part is not cancelled", selling(partNotCancelled)},
	{"what was shipped in part is locked", selling(partLocked)},
	{"what was shipped in part is invoiced and paid whole", selling(partInvoiced)},
	{"parallel calls ship a part once", selling(partInParallel)},
}

// shipPart ships what there is of an order and requires that the products named wait.
func (s *store) shipPart(order int, waiting ...string) erp.OrderState {
	s.t.Helper()
	progress, err := s.ShipOrder(s.t.Context(), s.key("order", order), erp.ShipRequest{Partial: true})
	if len(waiting) == 0 {
		return s.must(progress, err)
	}
	require.Equal(s.t, fault.Parked, fault.KindOf(err), "%v", err)
	require.Equal(s.t, "no_stock", fault.From(err).Code)
	for _, product := range waiting {
		require.Contains(s.t, err.Error(), product)
		require.Contains(s.t, fault.From(err).Waits, erp.Key{Instance: s.key("product", mug).Instance, Entity: "product", ID: product}.String())
	}
	return s.state(order)
}

// partly sells three mugs, of which one is on hand, and two shirts, which both are.
func partly(s *store) {
	s.t.Helper()
	s.count(mug, "1", earlier)
	s.count(shirtS, "2", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "3", "30"), s.goods(shirtS, "2", "40")))
	s.confirm(1)
}

func partThenRest(s *store) {
	partly(s)
	state, err := after(s.ShipOrder(s.t.Context(), s.key("order", 1), erp.ShipRequest{Partial: true}))
	require.Equal(s.t, fault.Parked, fault.KindOf(err))
	require.Equal(s.t, "no_stock", fault.From(err).Code)
	require.Contains(s.t, err.Error(), "10")
	require.NotContains(s.t, err.Error(), "21")
	require.Equal(s.t, s.state(1), state, "the state comes with the error")
	require.True(s.t, state.PartlyShipped)
	require.False(s.t, state.Shipped)
	require.Equal(s.t, 2, state.Deliveries)
	s.holds(mug, "0", "2", "-2")
	s.holds(shirtS, "0", "0", "0")

	require.Equal(s.t, state, s.shipPart(1, "10"), "there is no more than before")
	s.count(mug, "0", later)
	s.holds(mug, "2", "2", "0")
	state = s.shipPart(1)
	require.True(s.t, state.Shipped)
	require.False(s.t, state.PartlyShipped)
	require.Equal(s.t, 2, state.Deliveries)
	require.Equal(s.t, state, s.shipPart(1))
	s.holds(mug, "0", "0", "0")
	s.holds(shirtS, "0", "0", "0")
}

func partByPart(s *store) {
	s.count(mug, "2", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "5", "50")))
	s.confirm(1)
	require.True(s.t, s.shipPart(1, "10").PartlyShipped)
	s.count(mug, "-1", later)
	s.holds(mug, "2", "3", "-1")
	require.True(s.t, s.shipPart(1, "10").PartlyShipped)
	s.holds(mug, "0", "1", "-1")
	s.count(mug, "4", later)
	state := s.shipPart(1)
	require.True(s.t, state.Shipped)
	require.Equal(s.t, 3, state.Deliveries)
	s.holds(mug, "4", "0", "4")
}

func partOfNothing(s *store) {
	s.count(shirtS, "5", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")), s.order(2, s.aside(shirtS, "5", "50")), s.order(3, s.goods(shirtS, "1", "10")))
	s.confirm(1)
	s.confirm(3)
	before := s.state(1)
	require.Equal(s.t, before, s.shipPart(1, "10"))
	require.False(s.t, before.PartlyShipped || before.Shipped)
	require.Equal(s.t, 1, before.Deliveries)
	s.holds(mug, "0", "2", "-2")
	require.False(s.t, s.shipPart(3, "21").PartlyShipped, "all are kept for order 2")
	require.Equal(s.t, erp.Cancelled, s.cancel(1).Stage)
}

func partOfAll(s *store) {
	s.count(mug, "2", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20"), s.goods(sticker, "1", "1")), s.order(2, s.goods(course, "1", "50")))
	s.confirm(1)
	state := s.shipPart(1)
	require.True(s.t, state.Shipped)
	require.Equal(s.t, 1, state.Deliveries)
	s.holds(mug, "0", "0", "0")
	s.confirm(2)
	require.True(s.t, s.shipPart(2).Shipped)
}

func partUntracked(s *store) {
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20"), s.goods(sticker, "9", "9")))
	s.confirm(1)
	state := s.shipPart(1, "10")
	require.True(s.t, state.PartlyShipped)
	require.Equal(s.t, 2, state.Deliveries)
	require.Equal(s.t, state, s.shipPart(1, "10"), "they have left")
	s.count(mug, "0", later)
	require.True(s.t, s.shipPart(1).Shipped)
	s.holds(mug, "0", "0", "0")
}

func partOfLines(s *store) {
	s.count(mug, "1", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "0.75", "7.50"), s.goods(mug, "0.5", "5")))
	s.confirm(1)
	s.holds(mug, "1", "1.25", "-0.25")
	require.True(s.t, s.shipPart(1, "10").PartlyShipped)
	s.holds(mug, "0", "0.25", "-0.25")
	s.count(mug, "0", later)
	require.True(s.t, s.shipPart(1).Shipped)
	s.holds(mug, "0", "0", "0")
}

func partAfterOthers(s *store) {
	s.count(mug, "5", earlier)
	s.lands(erp.Created, s.order(1, s.goods(mug, "3", "30")), s.order(2, s.aside(mug, "3", "30")))
	s.confirm(1)
	require.True(s.t, s.shipPart(1, "10").PartlyShipped)
	s.holds(mug, "3", "4", "-1")
	s.confirm(2)
	require.True(s.t, s.shipPart(2, "10").PartlyShipped, "one of three is promised to order 1")
}

func partThenWhole(s *store) {
	partly(s)
	before := s.shipPart(1, "10")
	s.count(mug, "-1", later)
	_, err := s.ShipOrder(s.t.Context(), s.key("order", 1), erp.ShipRequest{})
	require.Equal(s.t, fault.Parked, fault.KindOf(err))
	require.Equal(s.t, "no_stock", fault.From(err).Code)
	require.Equal(s.t, before, s.state(1))
	s.holds(mug, "1", "2", "-1")
	s.count(mug, "0", later)
	require.True(s.t, s.ship(1).Shipped)
}

func partNotCancelled(s *store) {
	partly(s)
	before := s.shipPart(1, "10")
	_, err := s.CancelOrder(s.t.Context(), s.key("order", 1))
	require.Equal(s.t, fault.Conflict, fault.KindOf(err))
	order := s.order(1, s.goods(mug, "3", "30"), s.goods(shirtS, "2", "40"))
	order.Cancelled = true
	s.refused(order, erp.Parked, "cancel_needs_person")
	require.Equal(s.t, before, s.state(1))
	s.holds(mug, "0", "2", "-2")
}

func partLocked(s *store) {
	s.count(mug, "1", later)
	s.lands(erp.Created, s.order(1, s.goods(mug, "2", "20")))
	s.confirm(1)
	s.shipPart(1, "10")
	s.requireLocked()
	s.holds(mug, "0", "1", "-1")
	s.lands(erp.Updated, s.order(1, s.aside(mug, "2", "20")))
	s.holds(mug, "0", "1", "-1")
	s.count(mug, "0", later)
	require.True(s.t, s.shipPart(1).Shipped)
	s.holds(mug, "0", "0", "0")
}

func partInvoiced(s *store) {
	partly(s)
	s.shipPart(1, "10")
	require.Equal(s.t, "70", s.invoice(1).Due.String())
	state := s.pay(1)
	require.True(s.t, state.Paid && state.PartlyShipped)
	totals := s.totals()
	require.Equal(s.t, []int{1, 1, 0}, []int{totals.Invoiced, totals.Paid, totals.Shipped})
	require.Equal(s.t, state, s.figures(1).State)
}

func partInParallel(s *store) {
	const calls = 4
	partly(s)
	errs := make([]error, calls)
	var group sync.WaitGroup
	for i := range calls {
		group.Go(func() {
			errs[i] = repeat(func() error {
				_, err := s.ShipOrder(s.t.Context(), s.key("order", 1), erp.ShipRequest{Partial: true})
				return err
			})
		})
	}
	group.Wait()
	for _, err := range errs {
		require.Equal(s.t, fault.Parked, fault.KindOf(err))
	}
	state := s.state(1)
	require.True(s.t, state.PartlyShipped)
	require.Equal(s.t, 2, state.Deliveries)
	s.holds(mug, "0", "2", "-2")
	s.holds(shirtS, "0", "0", "0")
}
