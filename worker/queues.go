package worker

import (
	"cmp"
	"sync"
	"time"

	"go.temporal.io/sdk/worker"

	"tandem/activities"
	"tandem/workflows"
)

// stopTimeout is how long a stopping worker waits for the pages and steps in hand.
const stopTimeout = 30 * time.Second

// controlSlots is how many rows are written at once. They are short, and people wait for them.
const controlSlots = 16

// newQueues prepares the task queues; refused is told when Temporal refuses one for good.
func (w *Worker) newQueues(refused func(error)) []worker.Worker {
	operations := &activities.Operations{Store: w.db, Schedules: w.schedules}
	reports := &activities.Reports{Store: w.db, Sender: &ReportSender{DB: w.db, Mail: w.options.Mail}}
	sales := &activities.Sales{Connector: w.connections, Store: w.db}

	control := worker.New(w.temporal, workflows.QueueControl, queueOptions(controlSlots, refused))
	workflows.RegisterControl(control)
	control.RegisterActivity(operations)
	control.RegisterActivity(&activities.Webhooks{Store: w.db})
	control.RegisterActivity(reports) // its rows; mails are sent on the orders queue
	control.RegisterActivity(sales)   // its rows; steps are scheduled on the orders queue
	control.RegisterActivity(&activities.PeriodicJobs{Jobs: w.periodicJobs(), Store: w.db})

	sync := worker.New(w.temporal, workflows.QueueSync, queueOptions(cmp.Or(w.options.Chunks, 4), refused))
	workflows.RegisterSync(sync)
	sync.RegisterActivity(&activities.Sync{Connector: afresh{w.connections}, Store: w.db, Notifier: notices{w.temporal}})

	orders := worker.New(w.temporal, workflows.QueueOrders, queueOptions(cmp.Or(w.options.Steps, 16), refused))
	workflows.RegisterOrders(orders)
	orders.RegisterActivity(sales)
	orders.RegisterActivity(operations) // runs from before there was a control queue have scheduled some here
	orders.RegisterActivity(w.starter)
	orders.RegisterActivity(reports)

	return []worker.Worker{control, sync, orders}
}

func queueOptions(slots int, refused func(error)) worker.Options {
	return worker.Options{
		MaxConcurrentActivityExecutionSize: slots,
		// As many pollers as the work asks for: with the usual two, thousands of short steps wait for each other's round trips.
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{}),
		WorkerStopTimeout:          stopTimeout,
		// A pause reaches a chunk with its heartbeat's answer: let it come within seconds.
		MaxHeartbeatThrottleInterval:     5 * time.Second,
		DefaultHeartbeatThrottleInterval: 5 * time.Second,
		OnFatalError:                     refused,
	}
}

// stopTogether stops the queues side by side: each may take as long as the whole process has.
func stopTogether(queues []worker.Worker) {
	var all sync.WaitGroup
	for _, q := range queues {
		all.Go(q.Stop)
	}
	all.Wait()
}
