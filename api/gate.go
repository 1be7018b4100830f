package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	lru "github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/time/rate"

	"tandem/db"
	"tandem/fault"
)

// caller is who a request comes from.
type caller struct {
	kind    string // one of db's Actor… values
	id      string // what the caller's idempotency keys are kept under
	name    string // for people: shown where the caller's work is listed
	scope   scope
	session db.Session // of a user
}

const callerKey = "caller"

// callerOf gives who a request comes from; nobody on public routes.
func callerOf(ctx context.Context) caller {
	who, ok := ctx.Value(callerKey).(caller)
	if found, noted := ctx.Value(identifiedKey).(*caller); !ok && noted {
		return *found
	}
	return who
}

// identifiedKey is where a request's context holds who turned out to be its caller while it was handled.
const identifiedKey = "identified"

// note has the log and the audit trail name who signed in with this request.
func note(ctx context.Context, who caller) {
	if found, ok := ctx.Value(identifiedKey).(*caller); ok {
		*found = who
	}
}

// gate lets callers in by their API token or session and the scope the contract asks for.
type gate struct {
	db       *db.DB
	contract *contract
	open     bool // no tokens: whoever got here is on this machine
	origins  *http.CrossOriginProtection
	failures *failures
	recent   *recentTokens
	lookups  *rate.Limiter // of unknown tokens, for addresses that guess
}

func newGate(s *server, c *contract) *gate {
	return &gate{
		db: s.DB, contract: c, open: s.NoAuth, origins: http.NewCrossOriginProtection(),
		failures: newFailures(), recent: newRecentTokens(), lookups: rate.NewLimiter(lookupRate, lookupBurst),
	}
}

// check lets the request pass or answers it. Routes outside the contract need a viewer. What bears no token is refused when a
// browser sends it for a page of another origin: cookies go with it.
func (k *gate) check(g *gin.Context) {
	needed := viewer
	if r := k.contract.rule(g); r != nil {
		needed = r.scope
	}
	token := bearer(g)
	if token == "" && k.origins.Check(g.Request) != nil {
		abort(g, http.StatusForbidden, fault.Unauthorized, "a page of another origin must not call this API without an API token")
		return
	}
	if needed == public {
		return
	}
	if k.open {
		g.Set(callerKey, caller{kind: db.ActorLocal, id: "local", name: "local", scope: admin})
		return
	}
	identify := k.byToken
	if _, session := sessionText(g.Request); token == "" && session != "" {
		identify = k.bySession
	}
	who, ok := identify(g)
	if !ok {
		return
	}
	g.Set(callerKey, who)
	if who.scope < needed {
		abort(g, http.StatusForbidden, fault.Unauthorized, fmt.Sprintf("this takes the scope %s; the caller has %s", needed, who.scope))
	}
}

// byToken finds the token's owner, or answers the request.
func (k *gate) byToken(g *gin.Context) (caller, bool) {
	text := bearer(g)
	if !k.recent.knows(text) && k.failures.exhausted(g.ClientIP()) && !k.lookups.Allow() {
		k.rejectUnauthenticated(g) // guesses cost few look-ups
		return caller{}, false
	}
	token, err := k.db.TokenByPlaintext(g.Request.Context(), text)
	if fault.Is(err, fault.Unauthorized) {
		k.rejectUnauthenticated(g)
		return caller{}, false
	}
	if err != nil {
		abort(g, http.StatusServiceUnavailable, fault.Unavailable, "the API token cannot be checked right now")
		return caller{}, false
	}
	k.recent.note(text)
	return caller{kind: db.ActorToken, id: token.ID, name: token.Name, scope: scopeNames[token.Scope]}, true
}

// bySession finds who is signed in, or answers the request. A cookie has 256 random bits: it cannot be guessed, and looking
// one up that has ended is no more than its owner coming back.
func (k *gate) bySession(g *gin.Context) (caller, bool) {
	_, text := sessionText(g.Request)
	session, err := k.db.SessionByPlaintext(g.Request.Context(), text)
	switch {
	case fault.Is(err, fault.Unauthorized):
		abort(g, http.StatusUnauthorized, fault.Unauthorized, "the session has ended: sign in again")
		return caller{}, false
	case err != nil:
		abort(g, http.StatusServiceUnavailable, fault.Unavailable, "the session cannot be checked right now")
		return caller{}, false
	default:
		return userCaller(session), true
	}
}

// rejectUnauthenticated answers a request without a valid token; somebody who guesses is soon told to wait. A token that was valid of late
// is let in before: behind a proxy all callers share one address, and one who guesses must not lock out the others.
func (k *gate) rejectUnauthenticated(g *gin.Context) {
	if !k.failures.note(g.ClientIP()) {
		g.Header("Retry-After", "60")
		abort(g, http.StatusTooManyRequests, fault.RateLimited, "too many requests without a valid API token: wait a minute")
		return
	}
	g.Header("WWW-Authenticate", `Bearer realm="tandem"`)
	abort(g, http.StatusUnauthorized, fault.Unauthorized, "sign in, or send a valid API token as Authorization: Bearer tdm_…")
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
	// lookupRate and lookupBurst are how many unknown tokens are looked up per second for all addresses that guess: behind a
	// proxy, one of them may be a newcomer's.
	lookupRate  = 10
	lookupBurst = 40
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

// exhausted reports whether the address has used up what it may, and counts nothing.
func (f *failures) exhausted(address string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	limiter := f.byAddr[address]
	return limiter != nil && limiter.Tokens() < 1
}

// recentTokens remembers digests of the tokens that were valid of late. It grants nothing: each is looked up all the same.
type recentTokens struct {
	digests *lru.LRU[[sha256.Size]byte, struct{}]
}

// How many tokens are remembered, and for how long.
const (
	recentCount = 1024
	recentLife  = 10 * time.Minute
)

func newRecentTokens() *recentTokens {
	return &recentTokens{lru.NewLRU[[sha256.Size]byte, struct{}](recentCount, nil, recentLife)}
}

func (r *recentTokens) note(token string) { r.digests.Add(sha256.Sum256([]byte(token)), struct{}{}) }

func (r *recentTokens) knows(token string) bool {
	return r.digests.Contains(sha256.Sum256([]byte(token)))
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
