package activities

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"tandem/db"
)

// Waiting says why an import does not get on, and when it is tried again.
type Waiting = db.Waiting

// WaitingNotice tells the workflows of an import what one of its entities waits for.
type WaitingNotice struct {
	Operation string   `json:"operation"`
	Instance  string   `json:"instance"`
	Entity    string   `json:"entity"`
	Waiting   *Waiting `json:"waiting,omitempty"` // nil when it goes on
}

// WaitingNotifier shows in an EntitySync, named by its workflow id, and in its Operation what they wait for. A workflow cannot
// see that its activity is being retried.
type WaitingNotifier interface {
	NotifyWaiting(ctx context.Context, workflowID string, n WaitingNotice) error
}

// Each notice is an event in two histories: the first attempts are shown all, later ones seldom, so that a store which is away
// for weeks fills none.
const (
	shownAttempts   = 10
	shownLaterEvery = 10
)

// worthShowing reports whether the workflows are told that an attempt failed.
func worthShowing(attempt int) bool { return attempt <= shownAttempts || attempt%shownLaterEvery == 0 }

// notifyTimeout bounds a notice: it must not hold up the work.
const notifyTimeout = 5 * time.Second

// show has the workflows show what the chunk waits for.
func (c *chunk) show(ctx context.Context, w Waiting) {
	c.waiting.show()
	c.notify(ctx, &w)
}

// goesOn ends what was shown: a page was landed, or the chunk is through.
func (c *chunk) goesOn(ctx context.Context) {
	if c.waiting.over() {
		c.notify(ctx, nil)
	}
}

// notify must not fail the work: what the workflows show is a help for people, and the row has it too.
func (c *chunk) notify(ctx context.Context, w *Waiting) {
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), notifyTimeout)
	defer cancel()
	err := c.Notifier.NotifyWaiting(telling, c.workflow, WaitingNotice{
		Operation: c.in.Operation, Instance: c.in.Instance, Entity: c.in.Entity, Waiting: w,
	})
	if err != nil {
		slog.WarnContext(ctx, "the workflows could not be told what the import waits for", "error", err)
	}
}

// waitingNote remembers when was last written what a chunk waits for, and whether its workflows show that.
type waitingNote struct {
	mu    sync.Mutex
	at    time.Time
	shown bool
}

// due reports whether it is time to write it down again.
func (n *waitingNote) due() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if time.Since(n.at) < noteEvery {
		return false
	}
	n.at = time.Now()
	return true
}

func (n *waitingNote) isShown() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.shown
}

func (n *waitingNote) show() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shown = true
}

// over has the next trouble written down at once, and reports whether the last one is still shown.
func (n *waitingNote) over() (shown bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	shown = n.shown
	n.at, n.shown = time.Time{}, false
	return shown
}
