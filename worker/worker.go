// Package worker runs Tandem's workflows and activities: it opens the clients, sizes the queues, keeps schedules in step
// with what is configured, and stops gracefully.
package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"tandem/activities"
	"tandem/db"
	"tandem/workflows"
)

// Options say how much a worker does at once.
type Options struct {
	Namespace string // Temporal namespace. Default "default"
	Chunks    int    // chunks of imports at once; each keeps a store busy with two readers. Default 4
	Steps     int    // order steps at once. Default 16
	Logger    *slog.Logger
	// Keep is how long logs, finished jobs and raw records are kept. Zero is 90 days; negative keeps them for ever.
	Keep time.Duration
}

// usualKeep is long enough to answer for a quarter, and no longer than customers' data should lie around.
const usualKeep = 90 * 24 * time.Hour

// stopTimeout is how long a stopping worker waits for the pages in hand.
const stopTimeout = 30 * time.Second

// Worker runs both task queues and the background chores.
type Worker struct {
	temporal    client.Client
	namespace   string
	db          *db.DB
	connections *Connections
	log         *slog.Logger
	starter     *activities.Starter
	keep        time.Duration
	// forgotten is how long an operation may wait for its workflow before somebody else starts it: its API process died
	// between writing the row and starting the run, or Temporal was away.
	forgotten time.Duration
	settled   time.Duration // how long an operation may be under way before its row is held against Temporal
	queues    []worker.Worker
	chores    []chore
}

// New prepares a worker over an open Temporal client and database; both stay the caller's to close.
func New(temporal client.Client, d *db.DB, connections *Connections, o Options) *Worker {
	w := &Worker{
		temporal: temporal, db: d, connections: connections, log: cmp.Or(o.Logger, slog.Default()),
		namespace: cmp.Or(o.Namespace, client.DefaultNamespace), keep: cmp.Or(o.Keep, usualKeep),
		forgotten: 10 * time.Second, settled: time.Minute,
	}
	schedules := &Schedules{Client: temporal, DB: d}
	w.starter = &activities.Starter{Store: d, Sales: &sales{client: temporal}}

	sync := worker.New(temporal, workflows.QueueSync, queueOptions(o.Chunks, 4))
	workflows.RegisterSync(sync)
	sync.RegisterActivity(&activities.Sync{Connector: connections, Store: d})

	orders := worker.New(temporal, workflows.QueueOrders, queueOptions(o.Steps, 16))
	workflows.RegisterOrders(orders)
	orders.RegisterActivity(&activities.Sales{Connector: connections, Store: d})
	orders.RegisterActivity(&activities.Operations{Store: d, Schedules: schedules})
	orders.RegisterActivity(w.starter)

	w.queues = []worker.Worker{sync, orders}
	w.chores = []chore{
		{"schedules", 5 * time.Minute, schedules.Reconcile},
		{"forgotten operations", 15 * time.Second, w.startForgotten},
		{"due orders", 15 * time.Second, w.startDue},
		{"woken records", time.Minute, w.startWoken},
		{"terminated operations", time.Minute, w.closeTerminatedOperations},
		{"terminated orders", 5 * time.Minute, w.closeTerminatedOrders},
		{"looking at ERPs", 15 * time.Minute, w.lookAtERPs},
		{"pruning", time.Hour, w.prune},
	}
	return w
}

func queueOptions(slots, usual int) worker.Options {
	return worker.Options{
		MaxConcurrentActivityExecutionSize: cmp.Or(slots, usual),
		// As many pollers as the work asks for: with the usual two, thousands of short steps wait for each other's round trips.
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		WorkerStopTimeout:          stopTimeout,
		// A pause reaches a chunk with its heartbeat's answer: let it come within seconds.
		MaxHeartbeatThrottleInterval:     5 * time.Second,
		DefaultHeartbeatThrottleInterval: 5 * time.Second,
	}
}

// Run works until ctx ends, then lets the pages and steps in hand finish.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.claimNamespace(ctx); err != nil {
		return err
	}
	if err := ensureSearchAttributes(ctx, w.temporal, w.namespace); err != nil {
		return err
	}
	started := 0
	defer func() {
		for _, q := range w.queues[:started] {
			q.Stop()
		}
	}()
	for _, q := range w.queues {
		if err := q.Start(); err != nil {
			return fmt.Errorf("start worker: %w", err)
		}
		started++
	}
	w.log.InfoContext(ctx, "worker started", "queues", []string{workflows.QueueSync, workflows.QueueOrders})
	w.runChores(ctx)
	w.log.InfoContext(ctx, "worker stopping; pages in hand are finished first")
	return nil
}

// chore is something a worker looks after from time to time, beside its queues.
type chore struct {
	name  string
	every time.Duration
	do    func(context.Context) error
}

// runChores does every chore at once and then at its interval, until ctx ends.
func (w *Worker) runChores(ctx context.Context) {
	done := make(chan struct{})
	for _, c := range w.chores {
		go func() {
			defer func() { done <- struct{}{} }()
			w.repeat(ctx, c)
		}()
	}
	for range w.chores {
		<-done
	}
}

func (w *Worker) repeat(ctx context.Context, c chore) {
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for {
		if err := c.do(ctx); err != nil && !errors.Is(err, context.Canceled) {
			w.log.WarnContext(ctx, "chore failed; it is tried again", "chore", c.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// prune deletes what is older than it may be.
func (w *Worker) prune(ctx context.Context) error {
	if w.keep < 0 {
		return nil
	}
	_, err := w.db.Prune(ctx, db.PrunePolicy{Logs: w.keep, Jobs: w.keep, Raw: w.keep})
	return err
}
