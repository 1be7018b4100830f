package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"tandem/api/client"
	"tandem/api/gen"
	"tandem/db"
	"tandem/fault"
)

// lookEvery is how often progress is asked for.
const lookEvery = 300 * time.Millisecond

// watchOperation follows an operation to its end with one progress bar per entity.
func watchOperation(ctx context.Context, api *client.Client, id string, w io.Writer) (gen.Operation, error) {
	bars := newBars(ctx, w)
	defer bars.close()
	return followOperation(ctx, api, id, bars, func() error { return nil })
}

// followOperation moves the bars until the operation has ended, and each time does also. An API that is away for a while is
// waited for: the operation goes on without it.
func followOperation(ctx context.Context, api *client.Client, id string, bars *bars, also func() error) (gen.Operation, error) {
	var op gen.Operation
	for {
		err := api.Get(ctx, "/operations/"+id, nil, &op)
		if err == nil {
			bars.show(op)
			err = also()
		}
		if err != nil && !fault.Retryable(err) {
			return op, err
		}
		if op.State == "done" || op.State == "failed" || op.State == "cancelled" {
			return op, nil
		}
		select {
		case <-ctx.Done():
			return op, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// bars draws one progress bar per entity on a terminal, and prints one line per finished entity elsewhere.
type bars struct {
	w        io.Writer
	progress *mpb.Progress // nil when w is no terminal
	drawn    map[string]*mpb.Bar
	told     map[string]bool
	waits    map[string]string // what each entity was last said to wait for
}

func newBars(ctx context.Context, w io.Writer) *bars {
	b := &bars{w: w, drawn: map[string]*mpb.Bar{}, told: map[string]bool{}, waits: map[string]string{}}
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		b.progress = mpb.NewWithContext(ctx, mpb.WithOutput(w), mpb.WithWidth(64), mpb.WithRefreshRate(lookEvery/2))
	}
	return b
}

func (b *bars) show(op gen.Operation) {
	for _, p := range op.Progress {
		finished := p.State != "running" && p.State != "paused" && p.State != "waiting"
		b.set(p.Instance+"/"+p.Entity, p.Entity, int64(p.Read), int64(max(p.Total, p.Read)), finished, remarks(p))
		b.tellWaiting(p)
	}
}

// tellWaiting says why an entity does not get on, once for each reason and when it goes on.
func (b *bars) tellWaiting(p gen.Progress) {
	key, line := p.Instance+"/"+p.Entity, ""
	if !p.Waiting.Since.IsZero() {
		line = p.Waiting.Kind + p.Waiting.Message
	}
	if b.waits[key] == line {
		return
	}
	b.waits[key] = line
	text := fmt.Sprintf("%s: goes on\n", p.Entity)
	if !p.Waiting.Since.IsZero() {
		text = fmt.Sprintf("%s waits: %s\n", p.Entity, waitingText(p.Waiting))
	}
	out := b.w
	if b.progress != nil {
		out = b.progress
	}
	_, _ = io.WriteString(out, text) // a terminal that is gone needs no words
}

// waitingText is what a person needs to know of an import that does not get on.
func waitingText(w db.Waiting) string {
	return fmt.Sprintf("%s (attempt %d since %s UTC, next at %s). %s",
		w.Message, w.Attempt, w.Since.UTC().Format(time.TimeOnly), w.NextTryAt.UTC().Format(time.TimeOnly), w.Remedy)
}

func remarks(p gen.Progress) string {
	text := ""
	if p.Parked > 0 {
		text += fmt.Sprintf(", %d parked", p.Parked)
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d failed", p.Failed)
	}
	if p.State == "paused" || p.State == "failed" || p.State == "cancelled" {
		text += ", " + string(p.State)
	}
	return text
}

// set moves one bar.
func (b *bars) set(key, title string, done, total int64, finished bool, remark string) {
	if b.progress == nil {
		if finished && !b.told[key] {
			b.told[key] = true
			fmt.Fprintf(b.w, "%-18s %d of %d%s\n", title, done, total, remark)
		}
		return
	}
	bar, ok := b.drawn[key]
	if !ok {
		bar = b.progress.AddBar(total,
			mpb.PrependDecorators(decor.Name(title, decor.WC{W: 18, C: decor.DindentRight}), decor.CountersNoUnit("%d/%d", decor.WC{W: 16})),
			mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5}), decor.OnComplete(decor.EwmaETA(decor.ET_STYLE_GO, 30, decor.WC{W: 8}), " done   ")))
		b.drawn[key] = bar
	}
	if !bar.Completed() {
		bar.SetTotal(total, finished)
		bar.EwmaSetCurrent(done, lookEvery)
	}
}

func (b *bars) close() {
	if b.progress == nil {
		return
	}
	for _, bar := range b.drawn {
		if !bar.Completed() {
			bar.Abort(false)
		}
	}
	b.progress.Wait()
}
