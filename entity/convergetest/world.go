// Package convergetest edits records on both sides at random, moves them in both directions as workers do, and holds both sides to what
// the owners of the parts say. It is for tests with any ERP.
package convergetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"tandem/activities"
	"tandem/budget"
	"tandem/db"
	"tandem/entity/mapping"
	"tandem/flow"
	"tandem/instance"
	"tandem/woo"
	"tandem/woo/wootest"
)

// Options are how much is edited.
type Options struct {
	Instance string // the store connection
	Seed     uint64
	Edits    int
	Batch    int // so many edits are made between two operations
	Records  int // so many of each kind at the beginning
	Kinds    []*Kind
	Config   func(*instance.Config)
	// Named has records exported by their ids alone: the ERP has others, too.
	Named bool
}

// world is a store and an ERP, what people made of both, and what either has to hold.
type world struct {
	t       testing.TB
	o       Options
	rand    *rand.Rand
	books   Books
	shop    *wootest.Server
	client  *woo.Client
	db      *db.DB
	env     *testsuite.TestActivityEnvironment
	sync    *activities.Sync
	records []*record
	clock   time.Time
	edits   int
}

// Run makes the edits and checks both sides all along. dsn is a database with Tandem's tables.
func Run(t testing.TB, dsn string, books Books, o Options) {
	t.Helper()
	w := newWorld(t, dsn, books, o)
	w.chooseOwners()
	for _, kind := range o.Kinds {
		for range o.Records {
			w.create(kind, w.rand.IntN(2) == 0)
		}
	}
	w.operate(flow.Import, flow.Filter{Kind: flow.All})
	w.operate(flow.Export, flow.Filter{Kind: flow.All})
	for w.edits < o.Edits {
		if w.rand.IntN(6) == 0 {
			w.chooseOwners()
		}
		for range min(o.Batch, o.Edits-w.edits) {
			w.edit()
		}
		w.moveSome()
		w.decideSome(2)
	}
	w.converge()
}

func newWorld(t testing.TB, dsn string, books Books, o Options) *world {
	t.Helper()
	w := &world{t: t, o: o, books: books, rand: rand.New(rand.NewPCG(o.Seed, 0))} //nolint:gosec // any numbers serve
	w.clock = time.Now().UTC().Truncate(time.Second).Add(-48 * time.Hour)
	w.shop = wootest.Start(t, wootest.Options{PlainHTTPAuth: true, Now: func() time.Time { return w.clock }})
	var err error
	w.client, err = woo.New(woo.Config{
		URL: w.shop.URL, ConsumerKey: wootest.DefaultKey, ConsumerSecret: wootest.DefaultSecret, Timeout: time.Minute, Auth: woo.AuthQuery, // signed ones would bear the right time
		Budget: budget.New(budget.Options{Rate: 5000, MinRate: 5000, MaxRate: 9000, Concurrency: 4}),
	})
	require.NoError(t, err)
	w.db, err = db.Open(t.Context(), dsn, db.Options{SecretKeys: [][]byte{[]byte(strings.Repeat("k", 32))}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.db.Close()) })
	config := instance.DefaultConfig()
	config.General = instance.General{Warehouse: "WH", Currency: "EUR"}
	config.Product.ImportImages, config.Stock.Import = false, false
	config.Export = instance.Export{Terms: true, Products: true, Customers: true, Coupons: true}
	if o.Config != nil {
		o.Config(&config)
	}
	_, err = w.db.CreateInstance(t.Context(), instance.Instance{
		ID: w.o.Instance, Name: "Demo", StoreURL: w.shop.URL, State: instance.Active, Backend: "ledger", Config: config, Connection: instance.DefaultConnection(),
		Store: instance.StoreInfo{Currency: "EUR", Decimals: 2, WeightUnit: "kg", DimensionUnit: "cm"},
	}, instance.Credentials{ConsumerKey: "ck", ConsumerSecret: "cs"})
	require.NoError(t, err)
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(silent{})
	w.env = suite.NewTestActivityEnvironment()
	w.env.SetTestTimeout(10 * time.Minute)
	w.sync = &activities.Sync{Connector: w, Store: w.db, Notifier: w}
	w.env.RegisterActivity(w.sync.SyncChunk)
	return w
}

// silent keeps no log.
type silent struct{}

func (silent) Debug(string, ...any)            {}
func (silent) Info(string, ...any)             {}
func (silent) Warn(string, ...any)             {}
func (silent) Error(string, ...any)            {}
func (s silent) With(...any) log.Logger        { return s }
func (s silent) WithCallerSkip(int) log.Logger { return s }

// NotifyWaiting is for chunks that wait for a side, which these do not.
func (w *world) NotifyWaiting(context.Context, string, activities.WaitingNotice) error { return nil }

// Connect gives what the instance's records are read from and landed in, as workers have it.
func (w *world) Connect(ctx context.Context, id string) (mapping.Context, error) {
	inst, err := w.db.Instance(ctx, id)
	return mapping.Context{
		Instance: inst, Store: w.client, Backend: w.books.Backend, Noted: w.db, Progress: w.db, States: w.db, Links: w.db, Stock: w.db,
	}, err
}

// tick lets a second pass on both sides.
func (w *world) tick() int64 {
	w.clock = w.clock.Add(time.Second)
	return w.clock.Unix()
}

// entities are those of the kinds, each once.
func (w *world) entities() []string {
	var names []string
	for _, kind := range w.o.Kinds {
		if !slices.Contains(names, kind.Entity) {
			names = append(names, kind.Entity)
		}
	}
	return names
}

// chooseOwners gives the parts of all kinds owners at random, and each kind at least one.
func (w *world) chooseOwners() {
	w.t.Helper()
	owners := map[string]map[string]instance.Owner{}
	all := []instance.Owner{instance.OwnedByStore, instance.OwnedByERP, instance.OwnedByNewest, instance.OwnedByAsking}
	for _, kind := range w.o.Kinds {
		owners[kind.Entity] = map[string]instance.Owner{mapping.BasicPart: all[w.rand.IntN(4)]}
		for _, f := range kind.Fields {
			if f.Part != mapping.BasicPart {
				owners[kind.Entity][f.Part] = append(all, "")[w.rand.IntN(5)]
			}
		}
	}
	inst, err := w.db.Instance(w.t.Context(), w.o.Instance)
	require.NoError(w.t, err)
	require.NoError(w.t, setOwners(&inst.Config, owners))
	require.NoError(w.t, inst.Config.Validate())
	_, err = w.db.UpdateInstance(w.t.Context(), inst)
	require.NoError(w.t, err)
}

func (w *world) owners() instance.Ownership {
	inst, err := w.db.Instance(w.t.Context(), w.o.Instance)
	require.NoError(w.t, err)
	return inst.Config.Ownership
}

// create makes a record on one side.
func (w *world) create(kind *Kind, inStore bool) {
	w.t.Helper()
	r := &record{n: len(w.records), kind: kind, common: map[unit][]string{}}
	w.records = append(w.records, r)
	fresh := Values{}
	for _, f := range kind.Fields {
		fresh[f.id()] = w.value(f, inStore)
	}
	now := w.tick()
	if inStore {
		r.store, r.storeAt = fresh, now
		w.createInStore(r)
	} else {
		r.erp, r.erpAt = fresh, now
		r.erpID = w.books.Create(w.editOf(r, fresh))
	}
	w.edits++
}

// value is a new one for a field, which a side can hold.
func (w *world) value(f Field, inStore bool) string {
	if f.Name != categoriesField {
		return f.any(w.rand)
	}
	var there, chosen []int
	for _, r := range w.records {
		if r.kind.Entity == "category" && (inStore && r.wooID != "" || !inStore && r.erpID != "") {
			there = append(there, r.n)
		}
	}
	for range min(w.rand.IntN(3), len(there)) {
		if n := there[w.rand.IntN(len(there))]; !slices.Contains(chosen, n) {
			chosen = append(chosen, n)
		}
	}
	return joined(chosen)
}

// editOf brings values into the form in which the ERP is told them.
func (w *world) editOf(r *record, v Values) Edit {
	e := Edit{Kind: r.kind, ID: r.erpID, Number: r.n, Values: maps.Clone(v), At: w.clock}
	for id, value := range e.Values {
		if id.Name == categoriesField {
			var ids []string
			for _, n := range numbers(value) {
				ids = append(ids, w.records[n].erpID)
			}
			e.Values[id] = strings.Join(ids, ",")
		}
	}
	return e
}

// edit makes one edit on one side, of one or two fields.
func (w *world) edit() {
	w.t.Helper()
	w.edits++
	if w.rand.IntN(40) == 0 {
		w.edits--
		w.create(w.o.Kinds[w.rand.IntN(len(w.o.Kinds))], w.rand.IntN(2) == 0)
		return
	}
	r := w.records[w.rand.IntN(len(w.records))]
	now := w.tick()
	switch inStore := w.rand.IntN(2) == 0; {
	case r.trashed && w.rand.IntN(2) == 0:
		w.restore(r, now)
	case r.kind.Trashes && r.store != nil && r.erp != nil && !r.trashed && w.rand.IntN(40) == 0:
		w.trash(r)
	case r.store != nil && !r.trashed && (inStore || r.erp == nil):
		v := w.change(r, r.store, true)
		w.editStore(r, v)
		r.tell("%d edited in the store: %v", now, v)
		maps.Copy(r.store, v)
		r.storeAt = now
	case r.erp != nil:
		v := w.change(r, r.erp, false)
		w.books.Edit(w.editOf(r, v))
		r.tell("%d edited in the ERP: %v", now, v)
		maps.Copy(r.erp, v)
		r.erpAt = now
	default:
		w.edits--
	}
}

// change chooses other values for some fields.
func (w *world) change(r *record, held Values, inStore bool) Values {
	changed := Values{}
	for len(changed) == 0 {
		for range 1 + w.rand.IntN(2) {
			f := r.kind.Fields[w.rand.IntN(len(r.kind.Fields))]
			if value := w.value(f, inStore); value != held[f.id()] {
				changed[f.id()] = value
			}
		}
	}
	return changed
}

func (w *world) trash(r *record) {
	w.ask("DELETE", r.kind.Path+"/"+r.wooID, nil, &map[string]any{})
	r.trashed, r.gone = true, true
	w.operation(flow.Import, []string{r.kind.Entity}, flow.Filter{Kind: flow.IDs, IDs: []string{r.wooID}, Reported: true})
}

func (w *world) restore(r *record, now int64) {
	status := "publish"
	if held, ok := r.store[FieldID{Name: "status"}]; ok {
		status = held
	}
	w.ask("PUT", r.kind.Path+"/"+r.wooID, map[string]any{"status": status}, &map[string]any{})
	r.trashed, r.storeAt = false, now
}

func (w *world) seed() string {
	return fmt.Sprintf("seed %d after %d edits; again with -seed %d", w.o.Seed, w.edits, w.o.Seed)
}

// recordIn finds a record of the store.
func (w *world) recordIn(kind *Kind, wooID string) *record {
	for _, r := range w.records {
		if r.kind == kind && r.wooID == wooID {
			return r
		}
	}
	w.t.Fatalf("the store has a %s %s that nobody made (%s)", kind.Entity, wooID, w.seed())
	return nil
}

// numberOf gives the number of a record of the store.
func (w *world) numberOf(entity, wooID string) int {
	for _, r := range w.records {
		if r.kind.Entity == entity && r.wooID == wooID {
			return r.n
		}
	}
	return -1
}
