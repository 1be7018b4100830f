package api

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/fault"
	"tandem/instance"
)

const (
	// storeAskTime is how long a person waits for a store at most.
	storeAskTime = 10 * time.Second
	// maxStoresAsked bounds what one search costs.
	maxStoresAsked = 10
)

// askedStore is what one store answered.
type askedStore struct {
	instance string
	found    []entity.StoreRecord
	err      error
}

// askStores asks the stores of the instances in which nothing was found, all at once, and adds what they say.
func (s *server) askStores(ctx context.Context, instances []instance.Instance, p gen.SearchRecordsParams, reply *gen.RecordSearch) error {
	text := strings.TrimSpace(p.Q)
	var asked []instance.Instance
	for _, in := range instances {
		switch {
		case knownIn(in, text, reply.Items):
		case p.LocalOnly || len(asked) == maxStoresAsked || in.State != instance.Active && in.State != instance.Connected:
			reply.NotAsked = append(reply.NotAsked, in.ID)
		default:
			asked = append(asked, in)
		}
	}
	answers := make([]askedStore, len(asked))
	var pending sync.WaitGroup
	for i, in := range asked {
		pending.Go(func() { answers[i] = s.askStore(ctx, in, text) })
	}
	pending.Wait()
	var keys []db.RecordKey
	for _, a := range answers {
		for _, r := range a.found {
			keys = append(keys, db.RecordKey{Instance: a.instance, Entity: r.Entity, WooID: r.ID})
		}
	}
	// A store may name a record that is known, though not by that name: it was read before there were names.
	known, err := s.DB.FindRecords(ctx, nil, keys, max(len(keys), 1))
	if err != nil {
		return err
	}
	for _, a := range answers {
		addAnswer(reply, a, knownRecords(known))
	}
	return nil
}

// numbered are the kinds of records that share one series of ids in a store, and those that belong to them. A tag or a customer may have
// the id that is an order's.
var numbered = []string{"order", "product", "coupon", "refund"}

// knownIn reports whether something was found in an instance that is what a person may have meant.
func knownIn(in instance.Instance, text string, found []gen.FoundRecord) bool {
	number := entity.OrderNumber(in.Config.Order.Prefix, text)
	return slices.ContainsFunc(found, func(r gen.FoundRecord) bool {
		byID := r.WooID == text || r.WooID == number
		return r.Instance == in.ID && (!byID || slices.Contains(numbered, r.Entity))
	})
}

func (s *server) askStore(ctx context.Context, in instance.Instance, text string) (a askedStore) {
	a.instance = in.ID
	defer func() { a.err = fault.Recovered(ctx, recover(), a.err) }()
	ctx, cancel := context.WithTimeout(ctx, storeAskTime)
	defer cancel()
	a.found, a.err = s.Stores.FindInStore(ctx, in, text)
	return a
}

// addAnswer adds what one store said. Of what is known after all, what is known counts.
func addAnswer(reply *gen.RecordSearch, a askedStore, known []gen.FoundRecord) {
	switch {
	case a.err != nil:
		f := fault.From(a.err)
		reply.Unanswered = append(reply.Unanswered, gen.UnansweredStore{Instance: a.instance, Code: f.Kind, Reason: f.Error()})
	case len(a.found) == 0:
		reply.NotInStore = append(reply.NotInStore, a.instance)
	}
	for _, r := range a.found {
		found := gen.FoundRecord{
			Instance: a.instance, Entity: r.Entity, WooID: r.ID, State: gen.RecordState(r.State), Code: r.Code, Reason: r.Reason, Field: r.Field,
		}
		same := func(k gen.FoundRecord) bool {
			return k.Instance == a.instance && k.Entity == r.Entity && k.WooID == r.ID
		}
		if at := slices.IndexFunc(known, same); at >= 0 {
			found = known[at]
		}
		if !slices.ContainsFunc(reply.Items, same) && len(reply.Items) < maxFound {
			reply.Items = append(reply.Items, found)
		}
	}
}
