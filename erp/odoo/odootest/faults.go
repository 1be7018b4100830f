package odootest

// Kind is a way in which a call goes wrong.
type Kind string

// The kinds. "Done" means that Odoo has committed the call before it goes wrong.
const (
	DropBefore        Kind = "connection lost before"         // nothing done, no reply
	DropAfter         Kind = "connection lost after"          // done, no reply
	CutReply          Kind = "reply cut"                      // done, half of the reply
	SlowReply         Kind = "reply after the client gave up" // done
	BadGatewayBefore  Kind = "bad gateway before"             // nothing done, a proxy's page
	BadGatewayAfter   Kind = "bad gateway after"              // done, a proxy's page
	LoginPage         Kind = "login page"                     // nothing done, a page of HTML with status 200
	LostRace          Kind = "lost race"                      // rolled back, PostgreSQL's error raised
	LostRaceAsMessage Kind = "lost race as message"           // rolled back, the error among load's messages; else as LostRace
	LostRaceInside    Kind = "lost race inside"               // rolled back and done again by Odoo, with the same arguments
	KeyRevoked        Kind = "key revoked"                    // from this call on the key is not accepted, until RestoreKey
)

// Kinds lists all of them.
func Kinds() []Kind {
	return []Kind{DropBefore, DropAfter, CutReply, SlowReply, BadGatewayBefore, BadGatewayAfter, LoginPage, LostRace,
		LostRaceAsMessage, LostRaceInside, KeyRevoked}
}

// Done reports whether a call that goes wrong in this way has been done all the same.
func (k Kind) Done() bool {
	return k == "" || k == DropAfter || k == CutReply || k == SlowReply || k == BadGatewayAfter || k == LostRaceInside
}

// Call is a call the server was sent.
type Call struct{ Model, Method string }

// Rule says which calls go wrong. An empty model or method means any.
type Rule struct {
	Call
	Nth  int // of the calls that match, from 1 on; 0 is every one
	Kind Kind
}

// rule is a rule with how often it matched.
type rule struct {
	Rule
	matched int
}

// Inject has calls go wrong from now on, besides those injected before. Calls are counted from now on.
func (s *Server) Inject(rules ...Rule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range rules {
		s.rules = append(s.rules, &rule{Rule: r})
	}
}

// RestoreKey has the key accepted again.
func (s *Server) RestoreKey() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = false
}

// Calls lists the calls so far, in order, whatever became of them.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// strike notes a call and finds out how it goes wrong; "" when it does not. The lock is held.
func (s *Server) strike(c Call) Kind {
	s.calls = append(s.calls, c)
	var kind Kind
	for _, r := range s.rules {
		if r.Model != "" && r.Model != c.Model || r.Method != "" && r.Method != c.Method {
			continue
		}
		if r.matched++; r.Nth == 0 || r.Nth == r.matched {
			kind = r.Kind
		}
	}
	if kind == KeyRevoked {
		s.revoked = true
	}
	return kind
}
