// Package worker runs Tandem's workflows and activities: it opens the clients, sizes the queues, keeps schedules in step
// with what is configured, and stops gracefully.
package worker

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"

	"tandem/activities"
	"tandem/db"
	"tandem/fault"
	"tandem/mail"
	"tandem/workflows"
)

// Options say how much a worker does at once.
type Options struct {
	Namespace string // Temporal namespace. Default "default"
	Chunks    int    // chunks of imports at once; each keeps a store busy with two readers. Default 4
	Steps     int    // order steps at once. Default 16
	Logger    *slog.Logger
	// PublicURL is where stores reach the API, such as https://tandem.example.com. Empty: webhooks are not watched.
	PublicURL string
	// Keep is how long logs, finished jobs and raw records are kept. Zero is 90 days; negative keeps them for ever.
	Keep time.Duration
	// Mail sends reports and notices.
	Mail mail.Sender
}

// usualKeep is long enough to answer for a quarter, and no longer than customers' data should lie around.
const usualKeep = 90 * 24 * time.Hour

// Worker runs the task queues and the periodic jobs.
type Worker struct {
	temporal    client.Client
	namespace   string
	db          *db.DB
	connections *Connections
	log         *slog.Logger
	options     Options
	schedules   *Schedules
	starter     *activities.Starter
	// forgotten is how long an operation may wait for its workflow before somebody else starts it: its API process died
	// between writing the row and starting the run, or Temporal was away.
	forgotten time.Duration
	settled   time.Duration // how long work may be under way before its row is held against Temporal
}

// New prepares a worker over an open Temporal client and database; both stay the caller's to close.
func New(temporal client.Client, d *db.DB, connections *Connections, o Options) *Worker {
	o.Namespace, o.Keep = cmp.Or(o.Namespace, client.DefaultNamespace), cmp.Or(o.Keep, usualKeep)
	return &Worker{
		temporal: temporal, db: d, connections: connections, log: cmp.Or(o.Logger, slog.Default()),
		namespace: o.Namespace, options: o, schedules: &Schedules{Client: temporal, DB: d},
		starter:   &activities.Starter{Store: d, Sales: &sales{client: temporal}},
		forgotten: 10 * time.Second, settled: time.Minute,
	}
}

// Run works until ctx ends, then lets the pages and steps in hand finish. It waits for a Temporal that does not answer, at
// its start as later. It fails when the secret key does not open what is stored, or the namespace is another installation's.
func (w *Worker) Run(ctx context.Context) error {
	if err := w.db.CheckKeys(ctx); err != nil {
		return err
	}
	for {
		if err := w.awaitTemporal(ctx); err != nil || ctx.Err() != nil {
			return err
		}
		err := w.serve(ctx)
		if ctx.Err() != nil {
			w.log.InfoContext(context.WithoutCancel(ctx), "worker stopped")
			return nil //nolint:nilerr // it was asked to stop
		}
		w.log.ErrorContext(ctx, "the worker's queues stopped; they are started again", "error", err)
	}
}

// serve runs the queues until ctx ends or Temporal refuses one of them, as it does when the namespace is gone.
func (w *Worker) serve(ctx context.Context) error {
	refused := make(chan error, 1)
	queues := w.newQueues(func(err error) {
		select {
		case refused <- err:
		default:
		}
	})
	defer stopTogether(queues)
	for _, q := range queues {
		if err := q.Start(); err != nil {
			return fault.Wrap(fault.Unavailable, err, "Temporal did not let the worker start")
		}
	}
	w.log.InfoContext(ctx, "worker started", "queues", []string{workflows.QueueControl, workflows.QueueSync, workflows.QueueOrders})
	again := time.NewTicker(setUpEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			w.log.InfoContext(ctx, "worker stopping; pages in hand are finished first")
			return nil
		case err := <-refused:
			return err
		case <-again.C:
			w.setUpAgain(ctx)
		}
	}
}
