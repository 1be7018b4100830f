package db

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// newMatching gives a matching of an entity, and the lease of one that is at work on it.
func newMatching(t *testing.T, d *DB, direction flow.Direction, entity string) (string, Lease) {
	t.Helper()
	op, _, err := d.CreateOperation(t.Context(), Operation{
		Kind: string(direction), Direction: string(direction), Instances: []string{"demo"}, Entities: []string{entity}, State: OperationRunning,
	})
	require.NoError(t, err)
	lease, err := d.ClaimProgress(t.Context(), Attempt{Operation: op.ID, Instance: "demo", Entity: entity, Direction: direction, Started: time.Now()})
	require.NoError(t, err)
	return op.ID, lease
}

func inStore(id string, keys map[string][]string) MatchRecord {
	return MatchRecord{Side: StoreSide, ID: id, Label: "store " + id, Keys: keys}
}

func inERP(id string, keys map[string][]string) MatchRecord {
	return MatchRecord{Side: ERPSide, ID: id, Label: "erp " + id, Keys: keys}
}

func key(rule string, keys ...string) map[string][]string { return map[string][]string{rule: keys} }

// outcomes tells what came out of a matching: "side id outcome other rule".
func outcomes(t *testing.T, d *DB, f MatchFilter) []string {
	t.Helper()
	return everyPage(t, 2, func(p Page) ([]Match, string, error) { return d.Matches(t.Context(), f, p) }, func(m Match) string {
		text := m.Side + " " + m.RecordID + " " + m.Outcome + " " + m.OtherID + m.Rule
		for _, other := range m.Others {
			text += " " + other
		}
		return text
	})
}

// S40: what one on each side has in common is a match, what several have is a conflict, and a rule decides before the next one.
func TestMatchRecordsAreComparedByOneRuleAfterAnother(t *testing.T) {
	d := newDB(t)
	op, lease := newMatching(t, d, flow.Match, "product")
	records := []MatchRecord{
		inStore("1", map[string][]string{"sku": {"a"}, "slug": {"other"}}), inStore("2", key("sku", "b")), inStore("3", key("sku", "b")),
		inStore("4", key("slug", "s")), inStore("5", key("sku", "nobody's")), inStore("6", key("sku", "x", "y")),
		{Side: StoreSide, ID: "7", Linked: "19", Keys: key("sku", "a")},
		inERP("11", key("sku", "a")), inERP("12", key("sku", "b")), inERP("14", key("slug", "s")), inERP("15", map[string][]string{"slug": {"other"}}),
		inERP("16", key("sku", "x")), inERP("17", key("sku", "y")), inERP("19", nil), inERP("20", nil),
	}
	require.NoError(t, d.AddMatchRecords(t.Context(), lease, records[:9]))
	require.NoError(t, d.AddMatchRecords(t.Context(), lease, records[7:]), "a page that is read twice counts once")
	require.NoError(t, d.FinishMatchPage(t.Context(), lease, MatchPage{Next: flow.Cursor(`"x"`), Total: 7, Requests: 3}))
	rules := []MatchRule{{Name: "sku"}, {Name: "slug"}}
	for range 2 {
		require.NoError(t, d.CompareMatchRecords(t.Context(), lease, rules), "twice is once")
		require.Equal(t, []string{
			"store 1 match 11sku", "store 2 conflict sku 12", "store 3 conflict sku 12", "store 4 match 14slug", "store 5 unmatched ",
			"store 6 conflict sku 16 17", "store 7 linked 19", "erp 12 conflict sku 2 3", "erp 15 unmatched ", "erp 16 conflict sku 6",
			"erp 17 conflict sku 6", "erp 19 unmatched ", "erp 20 unmatched ",
		}, outcomes(t, d, MatchFilter{Operation: op}))
	}
	require.Equal(t, []string{"erp 15 unmatched ", "erp 19 unmatched ", "erp 20 unmatched "},
		outcomes(t, d, MatchFilter{Operation: op, Instance: "demo", Entity: "product", Outcome: OutcomeUnmatched, Side: ERPSide}))
	counts, err := d.MatchCounts(t.Context(), op)
	require.NoError(t, err)
	require.Contains(t, counts, MatchCount{"demo", "product", StoreSide, OutcomeMatch, 2})
	require.Contains(t, counts, MatchCount{"demo", "product", ERPSide, OutcomeConflict, 3})
	found, err := d.Matching(t.Context(), op)
	require.NoError(t, err)
	require.Equal(t, []int{15, 7, 3}, []int{found.Progress[0].Read, found.Progress[0].Total, int(found.Progress[0].Requests)})

	later, err := d.ClaimProgress(t.Context(), Attempt{Operation: op, Instance: "demo", Entity: "product", Direction: flow.Match, Started: time.Now()})
	require.NoError(t, err)
	require.NotEqual(t, lease.Epoch, later.Epoch)
	require.Equal(t, CodeSuperseded, fault.From(d.AddMatchRecords(t.Context(), lease, records)).Code, "whom another has taken over from writes nothing")
	_, err = d.Matching(t.Context(), newOperation(t, d, "tag"))
	requireKind(t, fault.NotFound, err)
}

// Two of one name are told apart by what is above them, whatever the ids are.
func TestMatchRecordsOfATree(t *testing.T) {
	d := newDB(t)
	op, lease := newMatching(t, d, flow.Match, "category")
	tree := func(side, men, women, menShoes, womenShoes string) []MatchRecord {
		return []MatchRecord{
			{Side: side, ID: men, Keys: key("path", "men")}, {Side: side, ID: women, Keys: key("path", "women")},
			{Side: side, ID: menShoes, Parent: men, Keys: key("path", "shoes")}, {Side: side, ID: womenShoes, Parent: women, Keys: key("path", "shoes")},
			{Side: side, ID: side + "-a", Parent: side + "-b", Keys: key("path", "circle")}, {Side: side, ID: side + "-b", Parent: side + "-a", Keys: key("path", side)},
		}
	}
	require.NoError(t, d.AddMatchRecords(t.Context(), lease, append(tree(StoreSide, "1", "2", "3", "4"), tree(ERPSide, "24", "23", "22", "21")...)))
	for range 2 {
		require.NoError(t, d.CompareMatchRecords(t.Context(), lease, []MatchRule{{Name: "path", Path: true}}))
		require.Equal(t, []string{"store 1 match 24path", "store 2 match 23path", "store 3 match 22path", "store 4 match 21path"},
			outcomes(t, d, MatchFilter{Operation: op, Outcome: OutcomeMatch})[:4])
	}
}

// What was found is linked once, what is refused says why, and what waited goes on.
func TestFoundPairsAreSettled(t *testing.T) {
	d := newDB(t)
	parkPage(t, d, newOperation(t, d, "order"), "order", []string{"demo/product/1"}, "70")
	matching, lease := newMatching(t, d, flow.Match, "product")
	require.NoError(t, d.AddMatchRecords(t.Context(), lease, []MatchRecord{
		inStore("1", key("sku", "a")), inStore("2", key("sku", "b")), inStore("3", key("sku", "c")),
		inERP("11", key("sku", "a")), inERP("12", key("sku", "b")), inERP("13", key("sku", "c")),
	}))
	require.NoError(t, d.CompareMatchRecords(t.Context(), lease, []MatchRule{{Name: "sku"}}))
	linking, lease := newMatching(t, d, flow.Link, "product")

	all, err := d.FoundPairs(t.Context(), matching, "demo", "product", nil, 0, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "11", "2", "12"}, []string{all[0].WooID, all[0].ERPID, all[1].WooID, all[1].ERPID})
	rest, err := d.FoundPairs(t.Context(), matching, "demo", "product", nil, all[1].ID, 2)
	require.NoError(t, err)
	require.Len(t, rest, 1)
	chosen, err := d.FoundPairs(t.Context(), matching, "demo", "product", []string{"3", "4"}, 0, 2)
	require.NoError(t, err)
	require.Len(t, chosen, 1)

	settled := []SettledPair{{WooID: "1", ERPID: "11"}, {WooID: "2", ERPID: "12", Code: "not_in_store", Reason: "it is gone"}}
	for range 2 {
		require.NoError(t, d.SettlePairs(t.Context(), lease, matching, settled), "twice counts once")
	}
	require.Equal(t, []string{"store 1 linked 11sku", "store 2 refused 12sku", "store 3 match 13sku"}, outcomes(t, d, MatchFilter{Operation: matching}))
	op, err := d.Operation(t.Context(), linking)
	require.NoError(t, err)
	require.Equal(t, []int{2, 1, 1}, []int{op.Progress[0].Read, op.Progress[0].Created, op.Progress[0].Parked})
	jobs, err := d.WokenJobs(t.Context(), flow.Import, "demo", []string{"order"}, 5)
	require.NoError(t, err)
	require.Len(t, jobs, 1, "the order waited for the product")
}

// One record is linked to one, also when two requests link at the same time.
func TestLinkPairsIsOneToOne(t *testing.T) {
	d := newDB(t)
	link := func(look bool, wooIDs, erpIDs []string) map[int][2]string {
		t.Helper()
		found := map[int][2]string{}
		require.NoError(t, d.LinkPairs(t.Context(), "demo", "product", wooIDs, erpIDs, look, func(i int, wooID, erpID string) { found[i] = [2]string{wooID, erpID} }))
		return found
	}
	require.Empty(t, link(true, []string{"1", "2"}, []string{"11", "12"}))
	_, err := d.Link(t.Context(), "demo", "product", "1")
	requireKind(t, fault.NotFound, err)
	require.Empty(t, link(false, []string{"1", "2"}, []string{"11", "12"}))
	l, err := d.Link(t.Context(), "demo", "product", "1")
	require.NoError(t, err)
	require.Equal(t, []string{"11", Unsynchronised}, []string{l.ERPID, l.State})
	require.Empty(t, link(false, []string{"1"}, []string{"11"}), "as it is to be already")
	for _, look := range []bool{true, false} {
		require.Equal(t, map[int][2]string{0: {"1", "11"}, 1: {"2", "12"}, 3: {"4", "14"}},
			link(look, []string{"1", "3", "4", "5"}, []string{"13", "12", "14", "14"}), "with the pair that is in the way")
		if look {
			_, err = d.Link(t.Context(), "demo", "product", "4")
			requireKind(t, fault.NotFound, err)
		}
	}
	_, err = d.Link(t.Context(), "demo", "product", "5")
	requireKind(t, fault.NotFound, err)

	var racing sync.WaitGroup
	var mu sync.Mutex
	refused := 0
	for _, id := range []string{"21", "22", "23", "24"} {
		racing.Go(func() {
			err := d.LinkPairs(t.Context(), "demo", "product", []string{id}, []string{"99"}, false, func(int, string, string) {
				mu.Lock()
				defer mu.Unlock()
				refused++
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	racing.Wait()
	require.Equal(t, 3, refused)
}

func TestLinksOfRecords(t *testing.T) {
	d := newDB(t)
	landPage(t, d, newOperation(t, d, "tag"), "tag", Created, "1", "2", "3")
	_, err := d.SetLink(t.Context(), Link{Instance: "demo", Entity: "tag", WooID: "3", ERPID: "33"})
	require.NoError(t, err)
	wooIDs := func(links []Link, err error) []string {
		t.Helper()
		require.NoError(t, err)
		return collect(links, func(l Link) string { return l.WooID })
	}
	require.Equal(t, []string{"1", "3"}, wooIDs(d.LinksOf(t.Context(), "demo", "tag", []string{"3", "1", "9"}, nil)))
	require.Equal(t, []string{"3"}, wooIDs(d.LinksOf(t.Context(), "demo", "tag", nil, []string{"33"})))
	require.Empty(t, wooIDs(d.LinksOf(t.Context(), "other", "tag", []string{"1"}, nil)))
	for direction, want := range map[flow.Direction][]string{flow.Import: {"3"}, flow.Export: {"33"}} {
		ids, err := d.LinkedIDs(t.Context(), LinkFilter{Instance: "demo", Entity: "tag", State: Unsynchronised}, direction, 10)
		require.NoError(t, err)
		require.Equal(t, want, ids)
	}
	all, err := d.LinkedIDs(t.Context(), LinkFilter{Instance: "demo", Entity: "tag"}, flow.Import, 1)
	require.NoError(t, err)
	require.Len(t, all, 2, "one more than asked for says that there are more")
}
