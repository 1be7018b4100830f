package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/jmoiron/sqlx"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"tandem/api"
	"tandem/db"
	"tandem/erp/open"
	"tandem/fault"
	"tandem/imageurl"
	"tandem/worker"
)

// ledgerConns bounds a process's connections to the ledger's tables: enough for its chunks and order steps at once.
const ledgerConns = 24

// process is what api and worker both need, opened.
type process struct {
	settings    settings
	log         *slog.Logger
	db          *db.DB
	ledgerDB    *sqlx.DB // the ledger's own connections
	temporal    client.Client
	metrics     *worker.Metrics
	connections *worker.Connections
	imageKeys   imageurl.Keys
}

// garbagePercent lets the heap grow to five times of what is in use before the garbage collector runs; Go's default is twice.
// Pages of records come and go while little stays: for some 60 MiB more an import takes a tenth less time.
const garbagePercent = 400

// memoryAim is from how much memory on the garbage collector runs sooner than that: the heap does not grow to five times of a large report.
// It is no limit: what is in use beyond it stays, at the price of more runs.
const memoryAim = 128 << 20

func openProcess(ctx context.Context, s settings, logger *slog.Logger) (*process, error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryAim)
	}
	p := &process{settings: s, log: logger, metrics: worker.NewMetrics()}
	if err := p.open(ctx); err != nil {
		p.close()
		return nil, err
	}
	p.connections = worker.NewConnections(p.db, open.Drivers(), open.Host(p.ledgerDB), version)
	p.metrics.Registry.MustRegister(p.connections)
	return p, nil
}

func (p *process) open(ctx context.Context) (err error) {
	if p.imageKeys, err = imageurl.NewKeys(p.settings.secretKeys); err != nil {
		return err
	}
	if p.db, err = db.Open(ctx, p.settings.databaseURL, db.Options{SecretKeys: p.settings.secretKeys, ERPs: open.Drivers()}); err != nil {
		return err
	}
	connector, err := db.Connector(p.settings.databaseURL)
	if err != nil {
		return err
	}
	p.ledgerDB = sqlx.NewDb(sql.OpenDB(connector), "postgres")
	p.ledgerDB.SetMaxOpenConns(ledgerConns)
	p.ledgerDB.SetMaxIdleConns(ledgerConns)
	options := p.settings.temporal
	options.Logger, options.MetricsHandler = log.NewStructuredLogger(p.log), p.metrics.Handler()
	// What travels is ids and cursors: compressing them takes both ends longer than sending them.
	options.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	// It connects when it is used: an API shows in its readiness that Temporal is away, and a worker waits for it.
	if p.temporal, err = client.NewLazyClient(options); err != nil {
		return fault.Wrap(fault.Invalid, err, "Temporal's address %q or its options are not valid", options.HostPort)
	}
	return nil
}

func (p *process) close() {
	if p.temporal != nil {
		p.temporal.Close()
	}
	if p.ledgerDB != nil {
		_ = p.ledgerDB.Close()
	}
	if p.db != nil {
		_ = p.db.Close()
	}
}

func (p *process) worker(o worker.Options) *worker.Worker {
	p.connections.OfferImages(&worker.ImageOffers{DB: p.db, Keys: p.imageKeys, PublicURL: p.settings.publicURL})
	o.Namespace, o.Logger, o.PublicURL = p.settings.temporal.Namespace, p.log, p.settings.publicURL
	return worker.New(p.temporal, p.db, p.connections, o)
}

// stopHTTP is how long a stopping server waits for the requests in hand.
const stopHTTP = 10 * time.Second

// serveHTTP serves until ctx ends, then lets requests in hand finish.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := api.NewHTTPServer("", handler)
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		stopping, cancel := context.WithTimeout(context.Background(), stopHTTP)
		defer cancel()
		stopped <- server.Shutdown(stopping)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot listen on %s: is something else running there? Choose another address with TANDEM_LISTEN", address)
	}
	return l, nil
}
