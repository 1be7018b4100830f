package worker

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/uber-go/tally/v4"
	tallyprom "github.com/uber-go/tally/v4/prometheus"
	"go.temporal.io/sdk/client"
	sdktally "go.temporal.io/sdk/contrib/tally"
)

// Metrics gathers a process's metrics for Prometheus: those of the Temporal SDK, of the Go runtime, and whatever else is
// registered.
type Metrics struct {
	Registry *prometheus.Registry
	scope    tally.Scope
}

// reportEvery is how often counts are handed to Prometheus.
const reportEvery = time.Second

// NewMetrics gives an empty collection.
func NewMetrics() *Metrics {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		webhooksMended,
	)
	scope, _ := tally.NewRootScope(tally.ScopeOptions{
		CachedReporter:  tallyprom.NewReporter(tallyprom.Options{Registerer: registry, Gatherer: registry}),
		Separator:       tallyprom.DefaultSeparator,
		SanitizeOptions: &sdktally.PrometheusSanitizeOptions,
	}, reportEvery)
	return &Metrics{Registry: registry, scope: sdktally.NewPrometheusNamingScope(scope)}
}

// Handler takes the Temporal SDK's metrics.
func (m *Metrics) Handler() client.MetricsHandler { return sdktally.NewMetricsHandler(m.scope) }

// Exporter answers Prometheus.
func (m *Metrics) Exporter() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{Registry: m.Registry})
}
