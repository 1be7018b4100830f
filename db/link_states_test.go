package db

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// landing is a record of product 7, which is 17 in the ERP, on its way in a direction.
type landing struct {
	direction flow.Direction
	status    flow.Status
	sides     flow.Sides
	readAt    time.Time
	raw       string
	partial   bool
	ahead     bool
	equal     map[string]string
	owners    string
	subject   string // of what a person has to decide
}

func (l landing) land(t *testing.T, d *DB) Link {
	t.Helper()
	op := newOperation(t, d, "product")
	id := "7"
	if l.direction == flow.Export {
		id = "17"
	}
	record := flow.Record{ID: id, Raw: []byte(`{"v":"` + l.raw + `"}`)}
	started := beginPage(t, d, PageStart{Operation: op, Instance: "demo", Entity: "product", Direction: l.direction, Records: []flow.Record{record}, ReadAt: l.readAt, ByID: true})
	o := flow.Outcome{Key: keys("demo/product/7")[0], Status: l.status, ID: "17", After: "landed", Sides: l.sides, Partial: l.partial, StoreAhead: l.ahead, Equal: l.equal, Owners: l.owners, Subject: l.subject}
	require.NoError(t, d.FinishPage(t.Context(), PageResult{
		Operation: op, Instance: "demo", Entity: "product", Direction: l.direction, Started: started,
		Results: []flow.Result{{Record: record, Outcome: o}},
	}))
	return linkOf(t, d)
}

func linkOf(t *testing.T, d *DB) Link {
	t.Helper()
	link, err := d.Link(t.Context(), "demo", "product", "7")
	require.NoError(t, err)
	return link
}

// look says that the ERP holds a content now.
func look(t *testing.T, d *DB, digest string, readAt time.Time) Link {
	t.Helper()
	require.NoError(t, d.NoteLinkLook(t.Context(), LinkLook{
		Instance: "demo", Entity: "product", ERPIDs: []string{"17"}, Digests: []string{digest}, ReadAt: readAt, Cursor: "c", Done: true,
	}))
	return linkOf(t, d)
}

// S33: an edit in the ERP makes the link unsynchronised, and what makes both sides equal takes that back.
func TestEditsInTheERPFlipLinks(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, raw: "1"}.land(t, d)
	require.Equal(t, Synchronised, look(t, d, "e1", now).State, "our own write is no change")

	edited := look(t, d, "e2", now.Add(time.Second))
	require.Equal(t, []any{Unsynchronised, "erp"}, []any{edited.State, edited.ChangedIn()})
	require.WithinDuration(t, now.Add(time.Second), edited.ERPChanged, time.Millisecond)
	require.Equal(t, edited.ERPChanged, look(t, d, "e3", now.Add(time.Minute)).ERPChanged, "it says since when")

	same := landing{direction: flow.Import, status: flow.Unchanged, sides: flow.Sides{Store: "s1"}, readAt: now.Add(time.Minute), raw: "1"}.land(t, d)
	require.Equal(t, Unsynchronised, same.State, "an import that writes nothing into the ERP makes nothing equal")
	require.Equal(t, "e1", same.ERPDigest)

	require.Equal(t, Synchronised, look(t, d, "e1", now.Add(time.Minute)).State, "the edit was undone")
	look(t, d, "e4", now.Add(time.Minute))
	exported := landing{direction: flow.Export, status: flow.Updated, sides: flow.Sides{Store: "s4", ERP: "e4"}, readAt: now.Add(2 * time.Minute), raw: ""}.land(t, d)
	require.Equal(t, []any{Synchronised, "s4", "e4", ""}, []any{exported.State, exported.StoreDigest, exported.ERPDigest, exported.ChangedIn()})
	require.Equal(t, Synchronised, look(t, d, "e4", now.Add(3*time.Minute)).State, "no echo")

	look(t, d, "e5", now.Add(3*time.Minute))
	taken := landing{direction: flow.Import, status: flow.Updated, sides: flow.Sides{Store: "s6", ERP: "e6"}, readAt: now.Add(4 * time.Minute), raw: "2"}.land(t, d)
	require.Equal(t, Synchronised, taken.State, "the import wrote over it")
}

// An edit between the reading and the end of an export is not lost, and one that was exported is not told again.
func TestAnEditDuringAnExportStays(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, raw: "1"}.land(t, d)
	look(t, d, "e3", now.Add(2*time.Minute))
	late := landing{direction: flow.Export, status: flow.Updated, sides: flow.Sides{Store: "s2", ERP: "e2"}, readAt: now.Add(time.Minute), raw: ""}.land(t, d)
	require.Equal(t, Unsynchronised, late.State, "the export read the record before it was edited")
	require.Equal(t, Unsynchronised, look(t, d, "e3", now.Add(3*time.Minute)).State)

	done := landing{direction: flow.Export, status: flow.Updated, sides: flow.Sides{Store: "s3", ERP: "e3"}, readAt: now.Add(time.Minute), raw: ""}.land(t, d)
	require.Equal(t, Synchronised, done.State, "what was seen is what was exported")
}

// What only a part of was exported is not equal, whether or not the edit was seen before.
func TestAPartlyExportedRecordStaysUnsynchronised(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	made := landing{direction: flow.Export, status: flow.Created, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, partial: true}.land(t, d)
	require.Equal(t, []any{Unsynchronised, "erp"}, []any{made.State, made.ChangedIn()})
	require.Equal(t, Unsynchronised, look(t, d, "e1", now).State)
	require.Equal(t, Synchronised, landing{direction: flow.Export, status: flow.Updated, sides: flow.Sides{Store: "s2", ERP: "e1"}, readAt: now.Add(time.Minute)}.land(t, d).State)

	partly := landing{direction: flow.Export, status: flow.Updated, sides: flow.Sides{Store: "s3", ERP: "e2"}, readAt: now.Add(2 * time.Minute), partial: true}.land(t, d)
	require.Equal(t, []any{Unsynchronised, "e1"}, []any{partly.State, partly.ERPDigest})
	require.Equal(t, Unsynchronised, look(t, d, "e2", now.Add(3*time.Minute)).State)
	require.Equal(t, Synchronised, look(t, d, "e1", now.Add(4*time.Minute)).State, "the edit was undone")
}

// What is kept back because of who owns it leaves the link unsynchronised, and what both sides held when they were equal last stays, part
// by part, until they are equal again.
func TestWhatIsKeptBackLeavesALinkUnsynchronised(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	commonOf := func() flow.Common {
		commons, err := d.Commons(t.Context(), "demo", "product", []string{"7", "8"})
		require.NoError(t, err)
		require.Len(t, commons, 1)
		return commons["7"]
	}
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, raw: "1", equal: map[string]string{"price": "a", "basic": "b"}}.land(t, d)
	first := flow.Common{Sides: flow.Sides{Store: "s1", ERP: "e1"}, Parts: map[string]string{"price": "a", "basic": "b"}}
	require.Equal(t, first, commonOf())

	kept := landing{direction: flow.Import, status: flow.Updated, sides: flow.Sides{Store: "s2", ERP: "e2"}, readAt: now, raw: "2", partial: true, equal: map[string]string{"basic": "c"}}.land(t, d)
	require.Equal(t, []any{Unsynchronised, "erp"}, []any{kept.State, kept.ChangedIn()}, "something is still to be exported")
	first.Parts["basic"] = "c"
	require.Equal(t, first, commonOf())

	ahead := landing{direction: flow.Export, status: flow.Unchanged, sides: flow.Sides{Store: "s2", ERP: "e2"}, readAt: now, ahead: true}.land(t, d)
	require.Equal(t, []any{Unsynchronised, "both"}, []any{ahead.State, ahead.ChangedIn()}, "something is still to be imported")
	require.Equal(t, first, commonOf())

	equal := landing{direction: flow.Import, status: flow.Updated, sides: flow.Sides{Store: "s3", ERP: "e3"}, readAt: now.Add(time.Minute), raw: "3", equal: map[string]string{"price": "d"}}.land(t, d)
	require.Equal(t, []any{Synchronised, ""}, []any{equal.State, equal.ChangedIn()})
	require.Equal(t, flow.Common{Sides: flow.Sides{Store: "s3", ERP: "e3"}, Parts: map[string]string{"price": "d", "basic": "c"}}, commonOf())
}

// Both sides were edited to the same: an import that compared them and wrote nothing ends that.
func TestEqualSidesAreSynchronisedThoughNothingIsWritten(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, raw: "1"}.land(t, d)
	require.Equal(t, Unsynchronised, look(t, d, "e2", now).State)
	same := landing{direction: flow.Import, status: flow.Unchanged, sides: flow.Sides{Store: "s2", ERP: "e2"}, readAt: now.Add(time.Minute), raw: "2"}.land(t, d)
	require.Equal(t, []any{Synchronised, "e2"}, []any{same.State, same.ERPDigest})
}

// What is kept back is moved by the direction that is to move it, and by both once the owners are others; so is what waits for a decision.
func TestWhatIsKeptBackIsFound(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	kept := func(direction flow.Direction, owners string) []string {
		ids, err := d.KeptBack(t.Context(), "demo", "product", direction, owners, 10)
		require.NoError(t, err)
		return ids
	}
	none := []string{}
	landing{direction: flow.Import, status: flow.Updated, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, raw: "1", partial: true, owners: "a"}.land(t, d)
	require.Equal(t, [][]string{none, {"17"}}, [][]string{kept(flow.Import, "a"), kept(flow.Export, "a")})
	require.Equal(t, [][]string{{"7"}, {"17"}}, [][]string{kept(flow.Import, "b"), kept(flow.Export, "b")}, "the owners are others")
	landing{direction: flow.Export, status: flow.Unchanged, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, ahead: true, owners: "b"}.land(t, d)
	require.Equal(t, [][]string{{"7"}, none}, [][]string{kept(flow.Import, "b"), kept(flow.Export, "b")})
	landing{direction: flow.Import, status: flow.Parked, readAt: now, raw: "2", owners: "b", subject: "prices"}.land(t, d)
	require.Equal(t, [][]string{none, none}, [][]string{kept(flow.Import, "b"), kept(flow.Export, "b")}, "a person is asked")
	require.Equal(t, [][]string{{"7"}, {"17"}}, [][]string{kept(flow.Import, ""), kept(flow.Export, "")})
	landing{direction: flow.Import, status: flow.Updated, sides: flow.Sides{Store: "s3", ERP: "e3"}, readAt: now.Add(time.Minute), raw: "3", owners: "c"}.land(t, d)
	require.Equal(t, [][]string{none, none}, [][]string{kept(flow.Import, "d"), kept(flow.Export, "d")}, "both sides are equal")
}

// Where more is kept back than one scan moves, what is refused each time keeps nothing else back.
func TestWhatIsKeptBackTakesTurns(t *testing.T) {
	d := newDB(t)
	landPage(t, d, newOperation(t, d, "product"), "product", Created, "1", "2", "3", "4")
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.links SET kept_for = 'import', kept_under = 'a'`)
	require.NoError(t, err)
	_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.queue_jobs SET updated_at = now() - interval '1 day'`)
	require.NoError(t, err)
	for _, want := range [][]string{{"1", "2"}, {"3", "4"}, {"1", "2"}, {"3", "4"}} {
		ids, err := d.KeptBack(t.Context(), "demo", "product", flow.Import, "a", 2)
		require.NoError(t, err)
		require.Equal(t, want, ids)
		landPage(t, d, newOperation(t, d, "product"), "product", Failed, ids...)
	}
}

// A change of the store that cannot be imported shows, whichever side else changed.
func TestAChangeThatIsRefusedShows(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{Store: "s1", ERP: "e1"}, readAt: now, raw: "1"}.land(t, d)
	require.Equal(t, Synchronised, landing{direction: flow.Import, status: flow.Parked, sides: flow.Sides{}, readAt: now, raw: "1"}.land(t, d).State, "it is the record that landed")
	parked := landing{direction: flow.Import, status: flow.Parked, sides: flow.Sides{}, readAt: now.Add(time.Second), raw: "2"}.land(t, d)
	require.Equal(t, []any{Unsynchronised, "store"}, []any{parked.State, parked.ChangedIn()})
	require.Equal(t, "both", look(t, d, "e2", now.Add(time.Minute)).ChangedIn())
	require.Equal(t, []any{Unsynchronised, "store"}, []any{look(t, d, "e1", now.Add(time.Minute)).State, linkOf(t, d).ChangedIn()})
	landed := landing{direction: flow.Import, status: flow.Updated, sides: flow.Sides{Store: "s2", ERP: "e2"}, readAt: now.Add(2 * time.Minute), raw: "2"}.land(t, d)
	require.Equal(t, []any{Synchronised, ""}, []any{landed.State, landed.ChangedIn()})
}

// Links from before the ERP was looked at begin with what it holds; those that were made by hand stay to be compared.
func TestTheFirstLookNotesWhatTheERPHolds(t *testing.T) {
	d := newDB(t)
	now := time.Now()
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{}, readAt: now, raw: "1"}.land(t, d)
	digests, err := d.ERPDigests(t.Context(), "demo", "product", []string{"7"})
	require.NoError(t, err)
	require.Empty(t, digests)
	first := look(t, d, "e1", now)
	require.Equal(t, []any{Synchronised, "e1"}, []any{first.State, first.ERPDigest})
	digests, err = d.ERPDigests(t.Context(), "demo", "product", []string{"7", "8"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"7": "e1"}, digests)

	_, err = d.SetLink(t.Context(), Link{Instance: "demo", Entity: "product", WooID: "7", ERPID: "17"})
	require.NoError(t, err)
	byHand := look(t, d, "e1", now)
	require.Equal(t, []any{Unsynchronised, ""}, []any{byHand.State, byHand.ChangedIn()})
}

func TestLinkChecks(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	_, linked, err := d.LinkCheck(t.Context(), "demo", "product")
	require.NoError(t, err)
	require.False(t, linked)
	landing{direction: flow.Import, status: flow.Created, sides: flow.Sides{}, readAt: time.Now(), raw: "1"}.land(t, d)
	check, linked, err := d.LinkCheck(t.Context(), "demo", "product")
	require.NoError(t, err)
	require.True(t, linked)
	require.Empty(t, check.Cursor)
	requireRecent(t, check.Now)

	look(t, d, "e1", time.Now())
	require.NoError(t, d.NoteLinkProblem(t.Context(), "demo", "product", fault.New(fault.Unavailable, "the ERP does not answer")))
	list, err := d.LinkChecks(t.Context(), "demo")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, []any{"product", "c", "the ERP does not answer"}, []any{list[0].Entity, list[0].Cursor, list[0].Problem})
	requireRecent(t, list[0].CheckedAt)
	look(t, d, "e1", time.Now())
	check, _, err = d.LinkCheck(t.Context(), "demo", "product")
	require.NoError(t, err)
	require.Empty(t, check.Problem, "it answers again")
	require.NoError(t, d.DeleteInstance(t.Context(), "demo"))
}
