package odootest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// dialect is how an API writes its answers.
type dialect interface {
	result(value any) response
	raised(e exception) response
}

// response is an answer ready to be sent.
type response struct {
	status int
	kind   string // content type
	body   []byte
}

func jsonResponse(status int, value any) response {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // an answer is made of plain values
	}
	return response{status: status, kind: "application/json", body: body}
}

// request is a call over either API.
type request struct {
	Call
	dialect dialect
	run     func() any // does it, and raises what goes wrong
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /web/version", s.serveVersion)
	mux.HandleFunc("POST /jsonrpc", s.serveRPC)
	mux.HandleFunc("POST /json/2/{model}/{method}", s.serveJSON2)
	return mux
}

func (s *Server) serveVersion(w http.ResponseWriter, r *http.Request) {
	if s.db.version < 19 {
		http.NotFound(w, r)
		return
	}
	s.answer(w, r, request{Call: Call{"web", "version"}, dialect: json2{}, run: func() any {
		return map[string]any{"version": s.version(), "version_info": []any{s.db.version, 0, 0, "final", 0, ""}}
	}})
}

func (s *Server) version() string { return fmt.Sprintf("%d.0", s.db.version) }

// answer does a call, or has it go wrong.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, q request) {
	kind, done := s.do(q)
	switch kind {
	case DropBefore, DropAfter:
		panic(http.ErrAbortHandler) // net/http closes the connection and logs nothing
	case SlowReply:
		<-r.Context().Done()
	case CutReply:
		done.sendHead(w, len(done.body))
		_, _ = w.Write(done.body[:len(done.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case BadGatewayBefore, BadGatewayAfter:
		page(http.StatusBadGateway, "Bad Gateway").send(w)
	case LoginPage:
		page(http.StatusOK, "Log in").send(w)
	default:
		done.send(w)
	}
}

// do runs a call as one transaction, unless it goes wrong before.
func (s *Server) do(q request) (Kind, response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := s.strike(q.Call)
	if kind == DropBefore || kind == BadGatewayBefore || kind == LoginPage {
		return kind, response{}
	}
	s.db.undo = nil
	var value any
	raised := catch(func() { value = q.run() })
	if raised == nil && kind == LostRaceInside {
		s.db.rollback()
		raised = catch(func() { value = q.run() })
	}
	if raised == nil && (kind == LostRace || kind == LostRaceAsMessage) {
		raised = &exception{"psycopg2.errors.SerializationFailure", "could not serialize access due to concurrent update"}
	}
	if raised == nil {
		return kind, q.dialect.result(value)
	}
	s.db.rollback()
	if kind == LostRaceAsMessage && q.Method == "load" {
		return kind, q.dialect.result(map[string]any{"ids": false, "messages": []any{
			map[string]any{"type": "error", "record": 0, "message": raised.message}}})
	}
	return kind, q.dialect.raised(*raised)
}

// object calls a method of a model.
func (s *Server) object(model, name string, bind func(method) ([]int64, map[string]any)) any {
	if s.revoked {
		raise("odoo.exceptions.AccessDenied", "Access Denied")
	}
	m := s.db.begin(nil).methodOf(model, name)
	ids, args := bind(m)
	context, _ := args["context"].(map[string]any)
	delete(args, "context")
	return m.run(s.db.begin(context), model, ids, args)
}

func page(status int, title string) response {
	return response{status: status, kind: "text/html", body: []byte("<html><title>" + title + "</title></html>")}
}

func (a response) send(w http.ResponseWriter) {
	a.sendHead(w, len(a.body))
	_, _ = w.Write(a.body)
}

func (a response) sendHead(w http.ResponseWriter, length int) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(a.status)
}

// decode reads a request's JSON with all digits of its numbers.
func decode(r *http.Request, into any) error {
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	return decoder.Decode(into)
}
