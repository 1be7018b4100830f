package erptest

import (
	"sync"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// record is one kind of record, for what must hold for batches of every kind.
type record[T any] struct {
	name   string
	put    upsert[T]
	make   func(s shop, id int) T
	change func(*T) // makes it another content under the same key
	spoil  func(*T) // makes it one that no ERP takes
	key    func(T) erp.Key
}

const foreign = "Ünïcödé — 日本語 العربية 🧦 'quoted' \"twice\" \\ %s <b>&amp;</b>"

func batchTests() []test {
	var all []test
	all = append(all, record[erp.Term]{
		name: "terms", put: putTerms, make: shop.category,
		change: func(r *erp.Term) { r.Name = foreign },
		spoil:  func(r *erp.Term) { r.Kind = "no such kind" },
		key:    func(r erp.Term) erp.Key { return r.Key },
	}.tests()...)
	all = append(all, record[erp.Tax]{
		name: "taxes", put: putTaxes, make: shop.tax,
		change: func(r *erp.Tax) { r.Name, r.Rate = foreign, decimal.NewFromInt(20) },
		spoil:  func(r *erp.Tax) { r.Account = "no such account" },
		key:    func(r erp.Tax) erp.Key { return r.Key },
	}.tests()...)
	all = append(all, record[erp.PriceList]{
		name: "price lists", put: putPriceLists, make: shop.priceList,
		change: func(r *erp.PriceList) { r.Name = foreign },
		spoil:  func(r *erp.PriceList) { r.Currency = "QQQ" },
		key:    func(r erp.PriceList) erp.Key { return r.Key },
	}.tests()...)
	all = append(all, record[erp.Product]{
		name: "products", put: putProducts, make: shop.product,
		change: func(r *erp.Product) { r.Name, r.Description = foreign, foreign },
		spoil:  func(r *erp.Product) { r.Fields = map[string]string{"no_such_field": "1"} },
		key:    func(r erp.Product) erp.Key { return r.Key },
	}.tests()...)
	all = append(all, record[erp.Coupon]{
		name: "coupons", put: putCoupons, make: shop.coupon,
		change: func(r *erp.Coupon) { r.Description = foreign },
		spoil:  func(r *erp.Coupon) { r.Code = "" },
		key:    func(r erp.Coupon) erp.Key { return r.Key },
	}.tests()...)
	all = append(all, record[erp.Order]{
		name: "orders", put: putStocked, make: shop.plainOrder,
		change: func(r *erp.Order) { r.StoreStatus, r.CustomerNote = "on-hold", foreign },
		spoil:  func(r *erp.Order) { r.Total = r.Total.Add(decimal.NewFromInt(1)) },
		key:    func(r erp.Order) erp.Key { return r.Key },
	}.tests()...)
	return append(all, record[erp.Partner]{
		name: "partners", put: putPartners, make: shop.customer,
		change: func(r *erp.Partner) { r.Name, r.Addresses[0].Street = foreign, foreign },
		spoil:  func(r *erp.Partner) { r.Fields = map[string]string{"no_such_field": "1"} },
		key:    func(r erp.Partner) erp.Key { return r.Key },
	}.tests()...)
}

func (r record[T]) tests() []test {
	return []test{
		{r.name + " land once", r.landOnce},
		{r.name + " follow changes", r.followChanges},
		{r.name + " keep their order", r.keepOrder},
		{r.name + " land around a bad one", r.landAroundBad},
		{r.name + " named twice: the last counts", r.lastCounts},
		{r.name + " none", r.none},
		{r.name + " without a key fail", r.withoutKey},
		{r.name + " in parallel land once", r.parallel},
		{r.name + " of two shops are apart", r.twoShops},
		{r.name + " by the hundreds", r.hundreds},
	}
}

func (r record[T]) batch(s shop, count int) []T {
	records := make([]T, count)
	for i := range records {
		records[i] = r.make(s, i+1)
	}
	return records
}

func (r record[T]) landOnce(t *testing.T, s shop) {
	created := land(t, s, r.put, r.batch(s, 2), erp.Created, erp.Created)
	unchanged := land(t, s, r.put, r.batch(s, 2), erp.Unchanged, erp.Unchanged)
	for i := range created {
		require.Equal(t, created[i].ID, unchanged[i].ID)
		require.Equal(t, created[i].After, unchanged[i].After)
	}
	require.NotEqual(t, created[0].ID, created[1].ID)
}

func (r record[T]) followChanges(t *testing.T, s shop) {
	first := land(t, s, r.put, r.batch(s, 2), erp.Created, erp.Created)
	batch := r.batch(s, 2)
	r.change(&batch[1])
	second := land(t, s, r.put, batch, erp.Unchanged, erp.Updated)
	require.Equal(t, first[1].ID, second[1].ID)
	require.Equal(t, first[1].After, second[1].Before)
	require.NotEqual(t, second[1].Before, second[1].After)
	land(t, s, r.put, batch, erp.Unchanged, erp.Unchanged)
	back := land(t, s, r.put, r.batch(s, 2), erp.Unchanged, erp.Updated)
	require.Equal(t, first[1].After, back[1].After, "the same content has the same digest again")
}

func (r record[T]) keepOrder(t *testing.T, s shop) {
	batch := []T{r.make(s, 9), r.make(s, 1), r.make(s, 5)}
	land(t, s, r.put, batch[1:2], erp.Created)
	outcomes := land(t, s, r.put, batch, erp.Created, erp.Unchanged, erp.Created)
	for i := range batch {
		require.Equal(t, r.key(batch[i]), outcomes[i].Key)
	}
}

func (r record[T]) landAroundBad(t *testing.T, s shop) {
	batch := r.batch(s, 5)
	r.spoil(&batch[2])
	outcomes := land(t, s, r.put, batch, erp.Created, erp.Created, erp.Failed, erp.Created, erp.Created)
	require.Equal(t, r.key(batch[2]), outcomes[2].Key)
	require.Empty(t, outcomes[2].ID)
	land(t, s, r.put, r.batch(s, 5), erp.Unchanged, erp.Unchanged, erp.Created, erp.Unchanged, erp.Unchanged)
}

func (r record[T]) lastCounts(t *testing.T, s shop) {
	changed := r.make(s, 1)
	r.change(&changed)
	outcomes := land(t, s, r.put, []T{r.make(s, 1), r.make(s, 2), changed}, erp.Created, erp.Created, erp.Created)
	require.Equal(t, outcomes[0], outcomes[2])
	land(t, s, r.put, []T{changed}, erp.Unchanged)
}

func (r record[T]) none(t *testing.T, s shop) {
	land(t, s, r.put, nil, []erp.Status{}...)
}

func (r record[T]) withoutKey(t *testing.T, s shop) {
	nameless := shop{Backend: s.Backend, Batcher: s.Batcher}
	land(t, s, r.put, []T{r.make(nameless, 1), r.make(s, 2)}, erp.Failed, erp.Created)
}

// parallel lands one batch several times at once. A backend may ask for the call to be repeated, but in the end there
// is one record under each key.
func (r record[T]) parallel(t *testing.T, s shop) {
	const calls, count = 4, 20
	results := make([][]erp.Outcome, calls)
	errs := make([]error, calls)
	var group sync.WaitGroup
	for call := range calls {
		group.Go(func() {
			for try := 0; try == 0 || try < 20 && fault.Retryable(errs[call]); try++ {
				results[call], errs[call] = r.put(s.Backend, t, r.batch(s, count))
			}
		})
	}
	group.Wait()
	created := 0
	for call := range calls {
		require.NoError(t, errs[call])
		for i, outcome := range results[call] {
			require.True(t, outcome.Landed(), "%v", outcome)
			require.Equal(t, results[0][i].ID, outcome.ID)
			if outcome.Status == erp.Created {
				created++
			}
		}
	}
	require.LessOrEqual(t, created, count, "a record is created once at most: a lost reply may hide it")
	land(t, s, r.put, r.batch(s, count), times(count, erp.Unchanged)...)
}

func (r record[T]) twoShops(t *testing.T, s shop) {
	other := shop{Backend: s.Backend, Batcher: s.Batcher, instance: s.instance + "-2"}
	here := land(t, s, r.put, r.batch(s, 1), erp.Created)
	there := land(t, other, r.put, r.batch(other, 1), erp.Created)
	require.NotEqual(t, here[0].ID, there[0].ID)
	land(t, s, r.put, r.batch(s, 1), erp.Unchanged)
}

func (r record[T]) hundreds(t *testing.T, s shop) {
	const count = 250
	batch := r.batch(s, count)
	ids := map[string]bool{}
	for i, outcome := range land(t, s, r.put, batch, times(count, erp.Created)...) {
		require.Equal(t, r.key(batch[i]), outcome.Key)
		ids[outcome.ID] = true
	}
	require.Len(t, ids, count)
	land(t, s, r.put, batch, times(count, erp.Unchanged)...)
}
