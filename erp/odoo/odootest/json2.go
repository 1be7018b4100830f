package odootest

import (
	"maps"
	"net/http"
	"slices"
)

// json2 answers with real status codes.
type json2 struct{}

func (json2) result(value any) response { return jsonResponse(http.StatusOK, value) }

func (json2) raised(e exception) response {
	return jsonResponse(e.status(), map[string]any{"name": e.name, "message": e.message, "arguments": []any{e.message},
		"context": map[string]any{}, "debug": "Traceback (most recent call last)"})
}

func (s *Server) serveJSON2(w http.ResponseWriter, r *http.Request) {
	if s.db.version < 19 {
		http.NotFound(w, r)
		return
	}
	var document map[string]any
	if err := decode(r, &document); err != nil {
		http.Error(w, "Invalid JSON data", http.StatusBadRequest)
		return
	}
	c := Call{r.PathValue("model"), r.PathValue("method")}
	authorized := r.Header.Get("Authorization") == "bearer "+Key && r.Header.Get("X-Odoo-Database") == Database
	s.answer(w, r, request{Call: c, dialect: json2{}, run: func() any {
		if !authorized || s.revoked {
			raise("werkzeug.exceptions.Unauthorized", "Invalid apikey")
		}
		return s.object(c.Model, c.Method, func(m method) ([]int64, map[string]any) { return m.name(document) })
	}})
}

// name checks arguments by name. They are the only ones of this API.
func (m method) name(document map[string]any) (ids []int64, args map[string]any) {
	args = maps.Clone(document)
	if m.ids {
		ids = numbers(args["ids"])
		delete(args, "ids")
	}
	for name := range args {
		if name != "context" && !slices.Contains(m.params, name) {
			raise("werkzeug.exceptions.UnprocessableEntity", "got an unexpected keyword argument %q", name)
		}
	}
	return ids, args
}
