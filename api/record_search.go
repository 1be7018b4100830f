package api

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/flow"
	"tandem/instance"
)

// maxFound bounds an answer: more records of one name are no answer any more.
const maxFound = 50

// SearchRecords says what became of the records that people call so. What Tandem does not know of, the store is asked for.
func (s *server) SearchRecords(ctx context.Context, in gen.SearchRecordsRequestObject) (gen.SearchRecordsResponseObject, error) {
	text := strings.TrimSpace(in.Params.Q)
	if text == "" {
		return nil, fault.Field("q", "is blank: give an order number, a SKU, an e-mail address, a code or a store id")
	}
	instances, err := s.DB.Instances(ctx)
	if err != nil {
		return nil, err
	}
	names, keys := recordNames(instances, text)
	found, err := s.DB.FindRecords(ctx, names, keys, maxFound+1)
	if err != nil {
		return nil, err
	}
	reply := gen.RecordSearch{
		Items: knownRecords(found[:min(len(found), maxFound)]), More: len(found) > maxFound,
		NotInStore: []string{}, Unanswered: []gen.UnansweredStore{}, NotAsked: []string{},
	}
	if err := s.askStores(ctx, instances, in.Params, &reply); err != nil {
		return nil, err
	}
	slices.SortStableFunc(reply.Items, func(a, b gen.FoundRecord) int {
		return cmp.Compare(slices.Index(byUrgency, a.State), slices.Index(byUrgency, b.State))
	})
	return gen.SearchRecords200JSONResponse(reply), nil
}

// byUrgency lists what a record may be, that first which a person has to do something about.
var byUrgency = []gen.RecordState{
	gen.RecordStateParked, gen.RecordStateFailed, gen.RecordStateHeld, gen.RecordStateGone, gen.RecordStateWaiting, gen.RecordStateChanged,
	gen.RecordStateFiltered, gen.RecordStateBeforeCutOff, gen.RecordStateNotImported, gen.RecordStateSeen, gen.RecordStateLanded,
}

// recordNames gives what a text may stand for: a name in any instance, an order number with the prefix of one, and ids of stores.
func recordNames(instances []instance.Instance, text string) (names []db.RecordName, keys []db.RecordKey) {
	names = append(names, db.RecordName{Name: text})
	for _, in := range instances {
		number := entity.OrderNumber(in.Config.Order.Prefix, text)
		if number != text {
			names = append(names, db.RecordName{Instance: in.ID, Name: number})
		}
		for _, e := range entity.Known() {
			keys = append(keys, db.RecordKey{Instance: in.ID, Entity: e.Name(), WooID: number})
			if number != text {
				keys = append(keys, db.RecordKey{Instance: in.ID, Entity: e.Name(), WooID: text})
			}
		}
	}
	return names, keys
}

// knownRecords says what became of records that Tandem has read. What an order's status or a stock figure was pushed for says nothing
// while nothing is wrong with it.
func knownRecords(found []db.FoundRecord) []gen.FoundRecord {
	imported := entity.Names(flow.Import)
	records := []gen.FoundRecord{}
	for _, f := range found {
		r := knownRecord(f)
		if r.State != gen.RecordStateSeen || slices.Contains(imported, f.Entity) {
			records = append(records, r)
		}
	}
	return records
}

// knownRecord says by the most urgent of its states what became of a record.
func knownRecord(f db.FoundRecord) gen.FoundRecord {
	r := gen.FoundRecord{
		Instance: f.Instance, Entity: f.Entity, WooID: f.WooID, ERPID: f.ERPID, Label: f.Label, Job: f.JobID, LastSyncedAt: f.LastSyncedAt,
		Code: f.JobCode, Reason: f.JobReason,
	}
	switch {
	case f.JobState == db.JobParked:
		r.State = gen.RecordStateParked
	case f.JobState == db.JobFailed:
		r.State = gen.RecordStateFailed
	case f.JobState == db.JobWaiting || f.JobState == db.JobInProgress:
		r.State = gen.RecordStateWaiting
	case f.StoreState != "":
		r.State, r.Code, r.Reason = gen.RecordStateGone, f.StoreState, ""
	case f.RunState == db.RunBlocked:
		r.State, r.Code, r.Reason = gen.RecordStateHeld, f.RunCode, f.RunReason
	case f.LinkState == db.Unsynchronised:
		r.State, r.Code, r.Reason = gen.RecordStateChanged, f.ChangedIn, ""
	case f.LinkState != "":
		r.State, r.Code, r.Reason = gen.RecordStateLanded, "", ""
	default:
		r.State = gen.RecordStateSeen
	}
	return r
}
