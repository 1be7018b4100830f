package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-contrib/sse"

	"tandem/api/gen"
	"tandem/fault"
)

const (
	eventStreamType = "text/event-stream"
	// beatEvery keeps proxies from closing a stream that has nothing to say.
	beatEvery = 15 * time.Second
	// writeTimeout ends the stream of a reader who takes nothing any more.
	writeTimeout = time.Minute
	// busyLimit is how many operations under way are followed at once.
	busyLimit = 300
	// streamLimit is how many streams a process keeps open: each has a connection of its own, and its token is checked.
	streamLimit = 1000
)

// StreamOperation follows one operation to its end.
func (s *server) StreamOperation(ctx context.Context, in gen.StreamOperationRequestObject) (gen.StreamOperationResponseObject, error) {
	e, err := s.stream(ctx, in.Operation, "", in.Params.LastEventID)
	if err != nil {
		return nil, err
	}
	op, err := s.readOperation(ctx, in.Operation)
	if err == nil {
		err = e.begin(op)
	}
	if err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// StreamEvents follows every operation under way.
func (s *server) StreamEvents(ctx context.Context, in gen.StreamEventsRequestObject) (gen.StreamEventsResponseObject, error) {
	return s.stream(ctx, "", in.Params.Instance, in.Params.LastEventID)
}

// stream opens a stream for as long as its reader may have it.
func (s *server) stream(ctx context.Context, operation, instance, seen string) (*eventStream, error) {
	if s.streams.Add(1) > streamLimit {
		s.streams.Add(-1)
		return nil, fault.New(fault.RateLimited, "%d event streams are open already: close some, or ask again later", streamLimit)
	}
	news := s.events.subscribe(operation, instance)
	return &eventStream{
		ctx: ctx, news: news, seen: seen, sent: map[string]string{},
		welcome: func() bool { return s.welcome(ctx) },
		close: func() {
			news.close()
			s.streams.Add(-1)
		},
	}, nil
}

// welcome reports whether the caller may still read: its token or session is in force.
func (s *server) welcome(ctx context.Context) bool {
	switch who := callerOf(ctx); {
	case s.NoAuth:
		return true
	case who.session.ID != "":
		return s.DB.SessionInForce(ctx, who.session.ID)
	default:
		return s.DB.TokenInForce(ctx, who.id)
	}
}

// lookUnderWay reads the operations under way and those with the given ids.
func (s *server) lookUnderWay(ctx context.Context, ids []string) ([]gen.Operation, error) {
	list, err := s.DB.OperationsUnderWay(ctx, ids, busyLimit)
	if err != nil {
		return nil, err
	}
	return s.operations(list)
}

// eventStream writes operations as server-sent events whenever they change. An event's id is a digest of what it shows,
// so that a reader who comes back is told at once if anything is different, and nothing if not.
type eventStream struct {
	ctx  context.Context //nolint:containedctx // the generated code hands a response no context to write with
	news *subscription
	seen string            // the last event the reader has seen
	sent map[string]string // the last event of each operation
	// welcome reports whether the reader's token is still in force, and close gives the stream's place back.
	welcome func() bool
	close   func()
}

// begin has the stream say first how its operation stands.
func (e *eventStream) begin(op gen.Operation) error {
	first, err := newOperationEvent(op)
	if err == nil {
		e.news.begin(first)
	}
	return err
}

// VisitStreamOperationResponse writes the stream until the operation ends or the reader leaves.
func (e *eventStream) VisitStreamOperationResponse(w http.ResponseWriter) error { return e.write(w) }

// VisitStreamEventsResponse writes the stream until the reader leaves.
func (e *eventStream) VisitStreamEventsResponse(w http.ResponseWriter) error { return e.write(w) }

func (e *eventStream) write(w http.ResponseWriter) error {
	defer e.close()
	w.Header().Set("Content-Type", eventStreamType)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
	beat := time.NewTicker(beatEvery)
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
		case <-e.news.news:
		}
	}
}

// tell writes what has changed since it was last told, and reports whether nothing more will come.
func (e *eventStream) tell(w http.ResponseWriter) (over bool, err error) {
	events, err := e.news.take()
	if err != nil {
		return false, err
	}
	control := http.NewResponseController(w)
	if err := control.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return false, err
	}
	for _, event := range events {
		over = over || event.ended && e.news.operation != ""
		if err := e.event(w, event); err != nil {
			return false, err
		}
	}
	return over, control.Flush()
}

// event writes one operation unless the reader knows it like this.
func (e *eventStream) event(w http.ResponseWriter, event operationEvent) error {
	known := e.sent[event.op.ID]
	e.sent[event.op.ID] = event.id
	if known == event.id || (known == "" && event.id == e.seen) {
		return nil
	}
	return sse.Encode(w, sse.Event{Id: event.id, Event: "operation", Data: event.data})
}
