package flow_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
	"tandem/flow/flowtest"
)

// books is an ERP of names, and shop a store of titles: toys for a flow from the ERP into the store.
type books struct{ names map[string]string }

type shop struct {
	titles  map[string]string // by the ERP's id, as a meta field would hold it
	writes  int
	lost    int             // so many replies are lost, after the write was done
	defects map[string]bool // titles that stop a batch
	panics  bool
	made    bool // what every title needs is there
}

// sides is what the parts of the toy flow know.
type sides struct {
	books *books
	shop  *shop
}

// title is what the store is to hold.
type title struct{ erpID, text string }

// names reads the ERP two at a time, in the order of ids, from the one after the cursor on.
func names(_ context.Context, s sides, f flow.Filter, from flow.Cursor) iter.Seq2[flow.Batch[[2]string], error] {
	return func(yield func(flow.Batch[[2]string], error) bool) {
		last := 0
		if from != nil {
			if err := json.Unmarshal(from, &last); err != nil {
				yield(flow.Batch[[2]string]{}, fault.Wrap(fault.Internal, err, "the cursor is not one of the books"))
				return
			}
		}
		for {
			var b flow.Batch[[2]string]
			for id := last + 1; id <= len(s.books.names) && len(b.Records) < 2; id++ {
				key := strconv.Itoa(id)
				if last = id; f.Kind != flow.IDs || slices.Contains(f.IDs, key) {
					b.Records = append(b.Records, [2]string{key, s.books.names[key]})
				}
			}
			b.Next, b.Done, b.Total = flow.Cursor(strconv.Itoa(last)), last >= len(s.books.names), len(s.books.names)
			if b.Done && f.Kind == flow.IDs {
				for _, id := range f.IDs {
					if s.books.names[id] == "" {
						b.Missing = append(b.Missing, flow.Missing{ID: id, Code: "not_in_erp", Reason: "the ERP has no such record"})
					}
				}
			}
			if !yield(b, nil) || b.Done {
				return
			}
		}
	}
}

// put writes titles by their external key, as often as it is asked to.
func put(_ context.Context, s sides, _ flow.Page, attempts []*flow.Attempt[[2]string, title]) error {
	for _, a := range flow.NotRefused(attempts) {
		if s.shop.defects[a.Value.text] && s.shop.panics {
			panic("a nil map")
		}
		if s.shop.defects[a.Value.text] {
			return fault.New(fault.Internal, "the store failed")
		}
	}
	for _, a := range flow.NotRefused(attempts) {
		before, known := s.shop.titles[a.Value.erpID]
		status := flow.Created
		if known {
			status = flow.Updated
		}
		if before == a.Value.text {
			status = flow.Unchanged
		} else {
			s.shop.titles[a.Value.erpID] = a.Value.text
			s.shop.writes++
		}
		a.Note("title " + string(status))
		a.Settle(flow.Outcome{Key: a.Outcome.Key, Status: status, ID: a.Value.erpID, Before: before, After: a.Value.text})
	}
	if s.shop.lost > 0 {
		s.shop.lost--
		return fault.New(fault.Unavailable, "the reply was lost")
	}
	return nil
}

// export is the toy flow: from the ERP into the store.
func export() *flow.Flow[sides, [2]string, title] {
	return &flow.Flow[sides, [2]string, title]{
		Spec:     flow.Spec{Entity: "title", Label: "Titles", Needs: []string{"tag"}},
		Source:   names,
		Describe: func(r [2]string) flow.Record { return flow.Record{ID: r[0], Raw: json.RawMessage(strconv.Quote(r[1]))} },
		Map: func(_ sides, r [2]string) (title, error) {
			if r[1] == "bad" {
				return title{}, fault.New(fault.Invalid, "the name is not a title")
			}
			return title{r[0], r[1]}, nil
		},
		Prepare: func(_ context.Context, s sides) error {
			s.shop.made = true
			return nil
		},
		Write: put,
		KeyOf: func(_ sides, id string) flow.Key { return flow.Key{Instance: "demo", Entity: "title", ID: id} },
	}
}

func toys(list ...string) sides {
	s := sides{books: &books{names: map[string]string{}}, shop: &shop{titles: map[string]string{}}}
	for i, name := range list {
		s.books.names[strconv.Itoa(i+1)] = name
	}
	return s
}

func everything() flow.Scan { return flow.Scan{Filter: flow.Filter{Kind: flow.All}} }

func statuses(outcomes []flow.Outcome) []string {
	var list []string
	for _, o := range outcomes {
		list = append(list, o.Key.ID+" "+string(o.Status))
	}
	return list
}

// The engine runs a flow from the ERP into the store like one the other way: nothing in it knows which is which.
func TestExportOfToys(t *testing.T) {
	s := toys("ball", "bad", "kite")
	var runner flow.Runner[sides] = export()
	var recorded flowtest.Recorder
	require.NoError(t, runner.Run(t.Context(), s, everything(), &recorded))
	require.Equal(t, []string{"1 created", "2 failed", "3 created"}, statuses(recorded.Outcomes()))
	require.Equal(t, map[string]string{"1": "ball", "3": "kite"}, s.shop.titles)
	require.True(t, s.shop.made)
	require.Equal(t, []string{"title created"}, recorded.Results[0].Outcome.Steps)
	require.Equal(t, "invalid", recorded.Results[1].Outcome.Code)
	require.Len(t, recorded.Pages, 2)
	require.Equal(t, 3, recorded.Pages[0].Total)

	s.books.names["3"] = "drum"
	again := flowtest.Recorder{}
	require.NoError(t, runner.Run(t.Context(), s, everything(), &again))
	require.Equal(t, []string{"1 unchanged", "2 failed", "3 updated"}, statuses(again.Outcomes()))
	require.Equal(t, 3, s.shop.writes)
}

func TestRunGoesOnAtItsCursor(t *testing.T) {
	s := toys("a", "b", "c", "d", "e")
	first := flowtest.Recorder{Limit: 1}
	require.NoError(t, export().Run(t.Context(), s, everything(), &first))
	require.Equal(t, []string{"1 created", "2 created"}, statuses(first.Outcomes()))

	scan := everything()
	scan.From = first.Pages[0].Next
	var rest flowtest.Recorder
	require.NoError(t, export().Run(t.Context(), s, scan, &rest))
	require.Equal(t, []string{"3 created", "4 created", "5 created"}, statuses(rest.Outcomes()))
}

func TestMissingIDsAreResults(t *testing.T) {
	var recorded flowtest.Recorder
	scan := flow.Scan{Filter: flow.Filter{Kind: flow.IDs, IDs: []string{"2", "9"}}}
	require.NoError(t, export().Run(t.Context(), toys("a", "b"), scan, &recorded))
	require.Equal(t, []string{"2 created"}, statuses(recorded.Outcomes()))
	require.Equal(t, []string{"9"}, recorded.MissingIDs())
	require.Equal(t, "not_in_erp", recorded.Results[1].Outcome.Code)
	require.Equal(t, flow.Failed, recorded.Results[1].Outcome.Status)
}

// A reply that is lost is answered by writing the page again: the other side says what was there already.
func TestAPageIsWrittenAgainAfterALostReply(t *testing.T) {
	s := toys("a", "b")
	s.shop.lost = 1
	var recorded flowtest.Recorder
	require.True(t, fault.Is(export().Run(t.Context(), s, everything(), &recorded), fault.Unavailable))
	require.Empty(t, recorded.Results, "nothing is known")
	require.NoError(t, export().Run(t.Context(), s, everything(), &recorded))
	require.Equal(t, 2, s.shop.writes)
	require.Equal(t, []string{"1 unchanged", "2 unchanged"}, statuses(recorded.Outcomes()))
}

func TestOlderCopiesAreNotWritten(t *testing.T) {
	s := toys("a", "b", "c")
	recorded := flowtest.Recorder{Older: []string{"2"}}
	require.NoError(t, export().Run(t.Context(), s, everything(), &recorded))
	require.Equal(t, []string{"1 created", "3 created"}, statuses(recorded.Outcomes()))
	require.Len(t, recorded.Pages[0].Records, 2, "its raw record was shown")
}

func TestAFilterIsRefusedBeforeAnythingIsRead(t *testing.T) {
	var recorded flowtest.Recorder
	err := export().Run(t.Context(), toys("a"), flow.Scan{Filter: flow.Filter{Kind: flow.IDs, IDs: []string{"x"}}}, &recorded)
	require.True(t, fault.Is(err, fault.Invalid))
	require.Equal(t, "filter.ids", fault.From(err).Field)
	require.Empty(t, recorded.Pages)
}

func TestAnErrorOfTheRecorderEndsTheRun(t *testing.T) {
	broken := errors.New("the database is away")
	s := toys("a")
	require.ErrorIs(t, export().Run(t.Context(), s, everything(), &flowtest.Recorder{Err: broken}), broken)
	require.Empty(t, s.shop.titles)
}

// stopping ends a context while a page is in hand.
type stopping struct {
	flowtest.Recorder
	stop context.CancelFunc
}

func (r *stopping) Start(ctx context.Context, page flow.Page) ([]string, error) {
	r.stop()
	return r.Recorder.Start(ctx, page)
}

func TestThePageInHandIsWrittenToItsEnd(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	recorded := stopping{stop: stop}
	require.NoError(t, export().Run(ctx, toys("a", "b", "c"), everything(), &recorded))
	require.Equal(t, []string{"1 created", "2 created"}, statuses(recorded.Outcomes()))
}

func TestARecordThatADefectStopsFailsAlone(t *testing.T) {
	for _, panics := range []bool{false, true} {
		s := toys("a", "odd", "c", "d")
		s.shop.defects, s.shop.panics = map[string]bool{"odd": true}, panics
		var recorded flowtest.Recorder
		require.True(t, fault.Is(export().Run(t.Context(), s, everything(), &recorded), fault.Internal), "at first the page is tried again")
		require.Empty(t, recorded.Results)

		scan := everything()
		scan.Isolate = true
		require.NoError(t, export().Run(t.Context(), s, scan, &recorded))
		require.Equal(t, []string{"1 created", "2 failed", "3 created", "4 created"}, statuses(recorded.Outcomes()))
		require.Contains(t, recorded.Results[1].Outcome.Reason, "stops at a defect")

		s.shop.defects = map[string]bool{"a": true, "odd": true}
		require.True(t, fault.Is(export().Run(t.Context(), s, scan, &flowtest.Recorder{}), fault.Internal), "it is not about a record")
	}
}
