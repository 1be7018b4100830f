package wootest

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
)

const maxPlan = 1 << 20

// control serves /__sim/faults (GET, PUT) and /__sim/stats (GET). They need no key: the simulator is for trials only,
// and answers requests of its own network alone.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	if foreign(r) {
		http.Error(w, "the simulator's controls answer requests to localhost, an IP address or a host name without a dot, "+
			"and none that another web site sends", http.StatusForbidden)
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /__sim/faults":
		writeJSON(w, s.Faults())
	case "PUT /__sim/faults":
		s.putFaults(w, r)
	case "GET /__sim/stats":
		writeJSON(w, s.Stats())
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) putFaults(w http.ResponseWriter, r *http.Request) {
	plan, err := ParseFaults(http.MaxBytesReader(w, r.Body, maxPlan))
	if err == nil {
		err = s.checkRoutes(plan)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.SetFaults(plan)
	writeJSON(w, s.Faults())
}

// foreign reports a request that a page of another site sends through a person's browser: across sites, or under a
// public host name that its owner points at this machine.
func foreign(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	return !private(r.Host) || r.Header.Get("Sec-Fetch-Site") == "cross-site" ||
		origin != "" && (err != nil || !private(u.Host))
}

// private reports a host that no public name server answers for: an address, localhost, or a name without a dot as
// container networks give.
func private(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host != "" && (!strings.Contains(host, ".") || net.ParseIP(host) != nil)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that went away is its own business
}
