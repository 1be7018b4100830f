package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/lib/pq"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"tandem/fault"
	"tandem/schema"
	"tandem/worker"
)

const databaseHelp = `
Environment:
  DATABASE_URL        PostgreSQL database (required)
  TANDEM_SECRET_KEY   32 random bytes in base64, seals the stores' keys (required); older keys may follow after commas`

const temporalHelp = `
  TEMPORAL_ADDRESS    Temporal frontend, default 127.0.0.1:7233
  TEMPORAL_NAMESPACE  default "default"; TLS and API key come from Temporal's own variables (TEMPORAL_TLS_…, TEMPORAL_API_KEY)`

const publicHelp = `
  TANDEM_PUBLIC_URL   where stores reach the API, e.g. https://tandem.example.com, for webhooks and
                      images; the same for API and workers`

const apiHelp = `
  TANDEM_LISTEN       where the API listens, default 127.0.0.1:8080; :8080 is every interface
  TANDEM_TEMPORAL_UI  address of the Temporal UI, for links
  TANDEM_TRUSTED_PROXIES  addresses and networks of proxies before the API, separated by commas: of these alone the
                      header X-Forwarded-For says where a request comes from`

const workerHelp = `
  TANDEM_METRICS_LISTEN  where a worker shows Prometheus metrics; none by default`

// environmentOf lists the variables a server reads.
func environmentOf(use string) string {
	if use == "worker" {
		return databaseHelp + temporalHelp + publicHelp + workerHelp
	}
	return databaseHelp + temporalHelp + publicHelp + apiHelp
}

func newServe() *cobra.Command {
	return serverCommand("serve", "Run API and worker in one process", func(ctx context.Context, p *process, o worker.Options) error {
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return p.worker(o).Run(ctx) })
		group.Go(func() error { return runAPI(ctx, p) })
		return group.Wait()
	})
}

func newAPI() *cobra.Command {
	return serverCommand("api", "Run the API", func(ctx context.Context, p *process, _ worker.Options) error {
		return runAPI(ctx, p)
	})
}

func newWorker() *cobra.Command {
	return serverCommand("worker", "Run workflows and activities", func(ctx context.Context, p *process, o worker.Options) error {
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return p.worker(o).Run(ctx) })
		if p.settings.metrics != "" {
			group.Go(func() error { return runMetrics(ctx, p) })
		}
		return group.Wait()
	})
}

func serverCommand(use, short string, run func(context.Context, *process, worker.Options) error) *cobra.Command {
	var o worker.Options
	var keepDays int
	c := &cobra.Command{
		Use: use, Short: short, Long: short + ".\n" + environmentOf(use), Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := settingsFromEnv()
			if err != nil {
				return err
			}
			p, err := openProcess(c.Context(), s, newLogger())
			if err != nil {
				return err
			}
			defer p.close()
			o.Keep = keepFor(keepDays)
			return run(c.Context(), p, o)
		},
	}
	if use != "api" {
		c.Flags().IntVar(&o.Chunks, "chunks", 4, "imports read at once by this process; each uses up to two readers on its store")
		c.Flags().IntVar(&o.Steps, "steps", 16, "order steps run at once by this process")
		c.Flags().IntVar(&keepDays, "keep-days", 90, "days to keep logs, finished jobs and raw records; 0 keeps them for ever")
	}
	return c
}

// keepFor turns days into what a worker wants: there, negative is for ever.
func keepFor(days int) time.Duration {
	if days == 0 {
		return -1
	}
	return time.Duration(days) * 24 * time.Hour
}

func runAPI(ctx context.Context, p *process) error {
	if err := p.db.CheckKeys(ctx); err != nil {
		return err
	}
	if err := p.db.OpenInbox(ctx); err != nil {
		return err
	}
	handler, err := p.api(false)
	if err != nil {
		return err
	}
	l, err := listen(p.settings.listen)
	if err != nil {
		return err
	}
	p.log.InfoContext(ctx, "API started", "address", l.Addr().String())
	return serveHTTP(ctx, l, handler)
}

func runMetrics(ctx context.Context, p *process) error {
	l, err := listen(p.settings.metrics)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", p.metrics.Exporter())
	return serveHTTP(ctx, l, mux)
}

func newMigrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database schema up to date", Args: cobra.NoArgs,
		Long: "Bring the database schema up to date. Processes that do so at the same time take turns; doing it twice is harmless.\n" +
			"\nEnvironment:\n  DATABASE_URL   PostgreSQL database (required)",
		RunE: func(c *cobra.Command, _ []string) error {
			url, err := databaseURL()
			if err != nil {
				return err
			}
			applied, err := migrate(c.Context(), url)
			if err != nil {
				return err
			}
			return answer(c, map[string][]string{"applied": append([]string{}, applied...)}, func(w io.Writer) error {
				for _, name := range applied {
					fmt.Fprintln(w, "applied", name)
				}
				return say(w, "the schema is up to date")
			})
		},
	}
}

func migrate(ctx context.Context, databaseURL string) ([]string, error) {
	connector, err := pq.NewConnector(databaseURL)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the database address is not valid")
	}
	pool := sql.OpenDB(connector)
	defer pool.Close()
	return schema.Apply(ctx, pool)
}

func newHealth() *cobra.Command {
	var url string
	c := &cobra.Command{
		Use: "health", Short: "Ask a running API whether it is ready", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(c.Context(), 5*time.Second)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "%q is not a valid address", url)
			}
			reply, err := http.DefaultClient.Do(request)
			if err != nil {
				return fault.Wrap(fault.Unavailable, err, "no answer from %s", url)
			}
			defer reply.Body.Close()
			if reply.StatusCode != http.StatusOK {
				return fault.New(fault.Unavailable, "not ready: %s answers %s", url, reply.Status)
			}
			return told(c, map[string]string{"status": "ready"}, "ready")
		},
	}
	c.Flags().StringVar(&url, "url", "http://127.0.0.1:8080/api/v1/health/ready", "what to ask")
	return c
}
