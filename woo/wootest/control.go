package wootest

import (
	"encoding/json"
	"net/http"
)

// control serves /__sim/faults (GET, PUT) and /__sim/stats (GET). They need no key: the simulator is for trials only.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /__sim/faults":
		writeJSON(w, s.Faults())
	case "PUT /__sim/faults":
		var plan Faults
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&plan); err != nil {
			http.Error(w, "the fault plan is not valid JSON", http.StatusBadRequest)
			return
		}
		s.SetFaults(plan)
		writeJSON(w, s.Faults())
	case "GET /__sim/stats":
		writeJSON(w, s.Stats())
	default:
		http.NotFound(w, r)
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that went away is its own business
}
