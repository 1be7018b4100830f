package api

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-contrib/sse"

	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

const (
	eventStreamType = "text/event-stream"
	// pollEvery is how often a stream looks at the database: twice a second is as smooth as a person can tell.
	pollEvery = 500 * time.Millisecond
	// beatEvery keeps proxies from closing a stream that has nothing to say.
	beatEvery = 15 * time.Second
	// busyLimit is how many operations a stream of all of them follows at once.
	busyLimit = 100
	// streamLimit is how many streams a process keeps open: each asks the database twice a second.
	streamLimit = 100
)

// StreamOperation follows one operation to its end.
func (s *server) StreamOperation(ctx context.Context, in gen.StreamOperationRequestObject) (gen.StreamOperationResponseObject, error) {
	if _, err := s.DB.Operation(ctx, in.Operation); err != nil {
		return nil, err
	}
	look := func(ctx context.Context) ([]gen.Operation, error) {
		op, err := s.readOperation(ctx, in.Operation)
		return []gen.Operation{op}, err
	}
	return s.stream(ctx, eventStream{look: look, seen: in.Params.LastEventID, ends: true})
}

// StreamEvents follows every operation under way.
func (s *server) StreamEvents(ctx context.Context, in gen.StreamEventsRequestObject) (gen.StreamEventsResponseObject, error) {
	watch := &underWay{server: s, instance: in.Params.Instance, known: map[string]bool{}}
	return s.stream(ctx, eventStream{look: watch.look, seen: in.Params.LastEventID})
}

// stream opens a stream for as long as its reader may have it.
func (s *server) stream(ctx context.Context, e eventStream) (*eventStream, error) {
	if s.streams.Add(1) > streamLimit {
		s.streams.Add(-1)
		return nil, fault.New(fault.RateLimited, "%d event streams are open already: close some, or ask again later", streamLimit)
	}
	e.ctx, e.close = ctx, func() { s.streams.Add(-1) }
	e.welcome = func() bool { return s.NoAuth || s.DB.TokenInForce(ctx, callerOf(ctx).id) }
	return &e, nil
}

// underWay finds the operations at work, and each once more after it has ended.
type underWay struct {
	*server
	instance string
	known    map[string]bool
}

func (u *underWay) look(ctx context.Context) ([]gen.Operation, error) {
	var found []gen.Operation
	busy := map[string]bool{}
	for _, state := range []string{db.OperationWaiting, db.OperationRunning, db.OperationPaused} {
		list, _, err := u.DB.Operations(ctx, db.OperationFilter{Instance: u.instance, State: state}, db.Page{Limit: busyLimit})
		if err != nil {
			return nil, err
		}
		some, err := u.operations(list)
		if err != nil {
			return nil, err
		}
		for _, op := range some {
			busy[op.ID] = true
		}
		found = append(found, some...)
	}
	for id := range u.known {
		if busy[id] {
			continue
		}
		op, err := u.readOperation(ctx, id)
		if err != nil {
			return nil, err
		}
		found = append(found, op)
	}
	u.known = busy
	return found, nil
}

// eventStream writes operations as server-sent events whenever they change. An event's id is a digest of what it shows,
// so that a reader who comes back is told at once if anything is different, and nothing if not.
type eventStream struct {
	ctx  context.Context //nolint:containedctx // the generated code hands a response no context to write with
	look func(context.Context) ([]gen.Operation, error)
	seen string // the last event the reader has seen
	ends bool   // the stream is over when all it shows has ended
	sent map[string]string
	// welcome reports whether the reader's token is still in force, and close gives the stream's place back.
	welcome func() bool
	close   func()
}

// VisitStreamOperationResponse writes the stream until the operation ends or the reader leaves.
func (e *eventStream) VisitStreamOperationResponse(w http.ResponseWriter) error { return e.write(w) }

// VisitStreamEventsResponse writes the stream until the reader leaves.
func (e *eventStream) VisitStreamEventsResponse(w http.ResponseWriter) error { return e.write(w) }

func (e *eventStream) write(w http.ResponseWriter) error {
	defer e.close()
	e.sent = map[string]string{}
	w.Header().Set("Content-Type", eventStreamType)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	poll, beat := time.NewTicker(pollEvery), time.NewTicker(beatEvery)
	defer poll.Stop()
	defer beat.Stop()
	for {
		over, err := e.tell(w)
		if over || err != nil {
			return nil //nolint:nilerr // the answer has begun: ending it makes the reader come back
		}
		select {
		case <-e.ctx.Done():
			return nil
		case <-closingOf(e.ctx):
			return nil
		case <-beat.C:
			if !e.welcome() {
				return nil
			}
			if _, err := w.Write([]byte(": still here\n\n")); err != nil {
				return nil //nolint:nilerr // the reader has left
			}
		case <-poll.C:
		}
	}
}

// tell writes what has changed since it was last told, and reports whether nothing more will come.
func (e *eventStream) tell(w http.ResponseWriter) (over bool, err error) {
	operations, err := e.look(e.ctx)
	if err != nil {
		return false, err
	}
	over = e.ends
	for _, op := range operations {
		over = over && ended(op)
		if err := e.event(w, op); err != nil {
			return false, err
		}
	}
	return over, http.NewResponseController(w).Flush()
}

// event writes one operation unless the reader knows it like this.
func (e *eventStream) event(w http.ResponseWriter, op gen.Operation) error {
	data, err := json.Marshal(op)
	if err != nil {
		return err
	}
	id := digest(data)
	known := e.sent[op.ID]
	e.sent[op.ID] = id
	if known == id || (known == "" && id == e.seen) {
		return nil
	}
	return sse.Encode(w, sse.Event{Id: id, Event: "operation", Data: json.RawMessage(data)})
}

func ended(op gen.Operation) bool {
	switch string(op.State) {
	case db.OperationDone, db.OperationFailed, db.OperationCancelled:
		return true
	}
	return false
}

func digest(data []byte) string {
	sum := fnv.New64a()
	_, _ = sum.Write(data) // a hash never fails to write
	return strconv.FormatUint(sum.Sum64(), 16)
}
