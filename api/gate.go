package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"

	"tandem/db"
	"tandem/fault"
)

// caller is who a request comes from.
type caller struct {
	id    string // what the caller's idempotency keys are kept under
	name  string // for people: shown where the caller's work is listed
	scope scope
}

const callerKey = "caller"

// callerOf gives who a request comes from; nobody on public routes.
func callerOf(ctx context.Context) caller {
	who, _ := ctx.Value(callerKey).(caller)
	return who
}

// gate lets callers in by their API token and the scope the contract asks for.
type gate struct {
	db       *db.DB
	contract *contract
	open     bool // no tokens: whoever got here is on this machine
	failures *failures
}

func newGate(s *server, c *contract) *gate {
	return &gate{db: s.DB, contract: c, open: s.NoAuth, failures: newFailures()}
}

// check lets the request pass or answers it. Routes outside the contract need a viewer.
func (k *gate) check(g *gin.Context) {
	needed := viewer
	if r := k.contract.rule(g); r != nil {
		needed = r.scope
	}
	if needed == public {
		return
	}
	if k.open {
		g.Set(callerKey, caller{id: "local", name: "local", scope: admin})
		return
	}
	who, ok := k.identify(g)
	if !ok {
		return
	}
	g.Set(callerKey, who)
	if who.scope < needed {
		abort(g, http.StatusForbidden, fault.Unauthorized, "the API token's scope does not allow this")
	}
}

// identify finds the token's owner, or answers the request.
func (k *gate) identify(g *gin.Context) (caller, bool) {
	token, err := k.db.TokenByPlaintext(g.Request.Context(), bearer(g))
	if fault.Is(err, fault.Unauthorized) {
		k.turnAway(g)
		return caller{}, false
	}
	if err != nil {
		abort(g, http.StatusServiceUnavailable, fault.Unavailable, "the API token cannot be checked right now")
		return caller{}, false
	}
	return caller{id: token.ID, name: token.Name, scope: scopeNames[token.Scope]}, true
}

// turnAway answers a request without a valid token; somebody who guesses is soon told to wait. A valid token is let in
// before: behind a proxy all callers share one address, and one who guesses must not lock out the others.
func (k *gate) turnAway(g *gin.Context) {
	if !k.failures.note(g.ClientIP()) {
		g.Header("Retry-After", "60")
		abort(g, http.StatusTooManyRequests, fault.RateLimited, "too many requests without a valid API token: wait a minute")
		return
	}
	g.Header("WWW-Authenticate", `Bearer realm="tandem"`)
	abort(g, http.StatusUnauthorized, fault.Unauthorized, "send a valid API token as Authorization: Bearer tdm_…")
}

func bearer(g *gin.Context) string {
	scheme, token, _ := strings.Cut(g.GetHeader("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// How many requests without a valid token an address may make: some at once, then one every few seconds.
const (
	failureBurst = 20
	failureEvery = 3 * time.Second
	// failureAddresses bounds the memory an attacker with many addresses can take.
	failureAddresses = 4096
)

// failures remembers who came without a valid token.
type failures struct {
	mu     sync.Mutex
	byAddr map[string]*rate.Limiter
}

func newFailures() *failures { return &failures{byAddr: map[string]*rate.Limiter{}} }

// note counts a failure, and reports false when the address has used up what it may.
func (f *failures) note(address string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	limiter := f.byAddr[address]
	if limiter == nil {
		f.makeRoom()
		limiter = rate.NewLimiter(rate.Every(failureEvery), failureBurst)
		f.byAddr[address] = limiter
	}
	return limiter.Allow()
}

// makeRoom forgets addresses that have been quiet for long, or all of them when there are too many that have not.
func (f *failures) makeRoom() {
	if len(f.byAddr) < failureAddresses {
		return
	}
	for address, limiter := range f.byAddr {
		if limiter.Tokens() >= failureBurst {
			delete(f.byAddr, address)
		}
	}
	if len(f.byAddr) >= failureAddresses {
		clear(f.byAddr)
	}
}
