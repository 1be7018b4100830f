// Package api is Tandem's HTTP interface. The contract is openapi.yaml: routes, types and the scope each call needs come
// from it, requests are checked against it before a handler sees them, and replies are checked against it in tests.
//
// It reads and writes Tandem's database, asks Temporal to do the work (Runs, Schedules), and never does any itself. The
// only calls to the outside are a person's: testing a store's keys, looking for a record in a store, reading what an ERP offers, and having a stock figure
// explained.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/imageurl"
	"tandem/instance"
	"tandem/mail"
	"tandem/workflows"
)

// Runs tells Temporal what to do. Errors are classified: Conflict when the run's state does not allow it, NotFound when
// there is no such run, Unavailable when Temporal or its workers do not answer.
type Runs interface {
	// StartOperation starts an operation's workflow. One that was started already is no error.
	StartOperation(ctx context.Context, in workflows.OperationInput) error
	PauseOperation(ctx context.Context, operation string) error
	ResumeOperation(ctx context.Context, operation string) error
	CancelOperation(ctx context.Context, operation string) error
	PauseOrder(ctx context.Context, instance, wooID string) error
	ResumeOrder(ctx context.Context, instance, wooID string) error
	RetryOrder(ctx context.Context, instance, wooID string, request workflows.RetryRequest) error
	CancelOrder(ctx context.Context, instance, wooID string) error
	// TellWebhooks says that what an instance's webhooks delivered waits.
	TellWebhooks(ctx context.Context, instance string) error
	// StartReport starts to send a report. Conflict while it is being sent.
	StartReport(ctx context.Context, in workflows.ReportInput) error
	// Ready reports whether Temporal answers.
	Ready(ctx context.Context) error
}

// Schedules makes Temporal's schedules what their rows say.
type Schedules interface {
	Apply(ctx context.Context, row db.Schedule) error
	Trigger(ctx context.Context, row db.Schedule) error
	Delete(ctx context.Context, row db.Schedule) error
	// NextRun says when a schedule runs next; zero when it does not.
	NextRun(ctx context.Context, row db.Schedule) (time.Time, error)
}

// Stores asks stores what a person wants to know at this moment.
type Stores interface {
	// FindInStore asks an instance's store for the records that a text names, and says of each what keeps it from being imported.
	FindInStore(ctx context.Context, in instance.Instance, text string) ([]entity.StoreRecord, error)
	// Probe asks the store who it is. Nothing is kept.
	Probe(ctx context.Context, in instance.Instance, credentials instance.Credentials) (instance.StoreInfo, error)
	// CheckAuthorization asks without keys whether the store can make some. Conflict when its permalinks are plain.
	CheckAuthorization(ctx context.Context, in instance.Instance) error
}

// Webhooks makes and switches the webhooks of stores, as a person asks for it.
type Webhooks interface {
	// Address gives the address under which stores reach this API, and why they may not.
	Address() (url string, warnings []string)
	// Check tries that address from here. Invalid when it is not set, or cannot work.
	Check(ctx context.Context) (warnings []string, err error)
	// Sync makes or mends the webhooks of these topics in the store.
	Sync(ctx context.Context, in instance.Instance, topics []string) error
	// Toggle pauses an active webhook and sets a paused one active. Conflict when it was not made yet.
	Toggle(ctx context.Context, in instance.Instance, topic string) error
}

// Backends gives ERPs.
type Backends interface {
	// Backend gives the ERP an instance is kept in step with, by the credentials that are kept. Invalid, with the field of
	// the connection at fault, when there is none.
	Backend(ctx context.Context, in instance.Instance) (erp.Backend, error)
}

// Stock explains stock figures.
type Stock interface {
	// ExplainStock says where the number comes from that a store is to show of a product or variation.
	ExplainStock(ctx context.Context, instance, id string) (entity.StockExplanation, error)
}

// Options are what an API is made of. All of it but NoAuth, TrustedProxies and TemporalUI is required.
type Options struct {
	DB        *db.DB
	Runs      Runs
	Schedules Schedules
	Stores    Stores
	Backends  Backends
	Webhooks  Webhooks
	Linker    Linker
	Planner   Planner
	Stock     Stock
	Mail      mail.Sender   // for test mails
	ImageKeys imageurl.Keys // for the addresses under which stores fetch images
	ERPs      erp.Drivers   // those that instances may be on; the first is taken when none is named
	Logger    *slog.Logger
	Version   string
	// NoAuth lets everybody in who comes over loopback and names it: for tandem dev only. Requests under another host
	// name or from another site's page are refused.
	NoAuth bool
	// TrustedProxies are the addresses and networks of proxies whose header X-Forwarded-For says where a request comes from.
	// Without any, no header does.
	TrustedProxies []string
	// TemporalUI is the address that links to runs begin with, namespace included, e.g.
	// "http://127.0.0.1:8233/namespaces/default". Empty leaves links out.
	TemporalUI string
	// Metrics is where the API's figures join those of the process that serves it; nil makes a registry of its own.
	Metrics *prometheus.Registry
}

// server answers the operations of the contract. Its methods are spread over one file per resource.
type server struct {
	Options
	streams  atomic.Int64 // open event streams
	events   broadcaster
	told     *teller // of deliveries
	secrets  webhookSecrets
	contract *contract
}

var _ gen.StrictServerInterface = (*server)(nil)

// New gives the handler of the whole API: the web page, documentation and metrics included. It fails when an option is missing.
func New(o Options) (http.Handler, error) {
	if o.DB == nil || o.Runs == nil || o.Schedules == nil || o.Stores == nil || o.Backends == nil || o.Webhooks == nil || o.Linker == nil || o.Planner == nil || o.Stock == nil || len(o.ImageKeys) == 0 || len(o.ERPs) == 0 || o.Logger == nil {
		return nil, fault.New(fault.Internal, "the API needs a database, Temporal, schedules, stores, backends, a linker, explained stock, ERPs and a logger")
	}
	c, err := loadContract()
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "the API's contract cannot be read")
	}
	p, err := loadPage()
	if err != nil {
		return nil, err
	}
	s := &server{Options: o, contract: c, secrets: newWebhookSecrets(o.DB)}
	s.events.look = s.lookUnderWay
	s.told = newTeller(s.tellWebhooks)
	return newRouter(s, c, p)
}
