package odootest

import (
	"maps"
	"net/http"
)

// jsonRPC answers with status 200 whatever happens.
type jsonRPC struct{ id any }

func (d jsonRPC) result(value any) response {
	return jsonResponse(http.StatusOK, map[string]any{"jsonrpc": "2.0", "id": d.id, "result": value})
}

func (d jsonRPC) raised(e exception) response {
	return jsonResponse(http.StatusOK, map[string]any{"jsonrpc": "2.0", "id": d.id, "error": map[string]any{
		"code": 200, "message": "Odoo Server Error", "data": map[string]any{
			"name": e.name, "message": e.message, "arguments": []any{e.message}, "debug": "Traceback (most recent call last)"}}})
}

func (s *Server) serveRPC(w http.ResponseWriter, r *http.Request) {
	var document struct {
		ID     any `json:"id"`
		Params struct {
			Service string `json:"service"`
			Method  string `json:"method"`
			Args    []any  `json:"args"`
		} `json:"params"`
	}
	if err := decode(r, &document); err != nil {
		http.Error(w, "Invalid JSON data", http.StatusBadRequest)
		return
	}
	q := request{Call: Call{document.Params.Service, document.Params.Method}, dialect: jsonRPC{document.ID}}
	args := document.Params.Args
	switch q.Call {
	case Call{"common", "version"}:
		q.run = func() any { return map[string]any{"server_version": s.version(), "protocol_version": 1} }
	case Call{"common", "authenticate"}:
		q.run = func() any { return s.authenticate(args) }
	case Call{"object", "execute_kw"}:
		if len(args) < 6 {
			http.Error(w, "execute_kw takes seven arguments", http.StatusBadRequest)
			return
		}
		q.Call = Call{args[3].(string), args[4].(string)}
		q.run = func() any { return s.execute(q.Call, args) }
	default:
		http.Error(w, "no such service", http.StatusBadRequest)
		return
	}
	s.answer(w, r, q)
}

// authenticate gives the user's id, or false.
func (s *Server) authenticate(args []any) any {
	if s.revoked || args[0] != Database || args[1] != Login || args[2] != Key {
		return false
	}
	return s.db.begin(nil).find("res.users", []any{"login", "=", Login})[0].id
}

// execute is execute_kw: database, user, password, model, method, arguments by place and by name.
func (s *Server) execute(c Call, args []any) any {
	if args[0] != Database || args[2] != Key {
		raise("odoo.exceptions.AccessDenied", "Access Denied")
	}
	return s.object(c.Model, c.Method, func(m method) ([]int64, map[string]any) {
		return m.place(args[5].([]any), args[6])
	})
}

// place gives arguments by place their names.
func (m method) place(placed []any, named any) (ids []int64, args map[string]any) {
	args = map[string]any{}
	if given, ok := named.(map[string]any); ok {
		args = maps.Clone(given)
	}
	if m.ids && len(placed) > 0 {
		ids, placed = numbers(placed[0]), placed[1:]
	}
	if len(placed) > len(m.params) {
		raise("builtins.TypeError", "takes %d positional arguments but %d were given", len(m.params), len(placed))
	}
	for i, value := range placed {
		args[m.params[i]] = value
	}
	return ids, args
}
