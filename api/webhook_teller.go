package api

import (
	"sync"
	"time"
)

// tellAfter is how long deliveries are gathered before Temporal is told of them: an order comes as several, within milliseconds, and
// two hundred a second must not become as many signals.
const tellAfter = 150 * time.Millisecond

// teller tells of something at most once in tellAfter for each instance.
type teller struct {
	do func(instance string)

	mu  sync.Mutex
	due map[string]bool
}

func newTeller(do func(string)) *teller { return &teller{do: do, due: map[string]bool{}} }

// tell has the instance told of within a moment. It does not wait.
func (t *teller) tell(instance string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.due[instance] {
		return
	}
	t.due[instance] = true
	time.AfterFunc(tellAfter, func() {
		t.mu.Lock()
		delete(t.due, instance)
		t.mu.Unlock()
		t.do(instance)
	})
}
