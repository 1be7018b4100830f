package api

import (
	"context"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tandem/db"
)

// metrics is what Prometheus reads at /metrics.
type metrics struct {
	requests *prometheus.HistogramVec
	serve    gin.HandlerFunc
}

// newMetrics registers the API's own figures, and those of every instance, which are read when Prometheus asks.
func newMetrics(registry *prometheus.Registry, store *db.DB, version string) *metrics {
	if registry == nil {
		registry = prometheus.NewRegistry()
	}
	m := &metrics{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "tandem_http_request_duration_seconds", Help: "How long requests took, event streams left out.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"method", "route", "status"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "tandem_build_info", Help: "Always 1; the label says which version runs.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	registry.MustRegister(m.requests, build, &gauges{store: store})
	m.serve = gin.WrapH(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return m
}

// observe times a request. A stream lasts as long as somebody watches, which says nothing about the API.
func (m *metrics) observe(g *gin.Context) {
	began := time.Now()
	g.Next()
	if g.Writer.Header().Get("Content-Type") == eventStreamType {
		return
	}
	m.requests.WithLabelValues(g.Request.Method, routeOf(g), strconv.Itoa(g.Writer.Status())).
		Observe(time.Since(began).Seconds())
}

// gauges are figures of how things stand, read from the database at each scrape.
type gauges struct{ store *db.DB }

const (
	// scrapeTimeout keeps a slow database from holding up the scrape, and upTimeout is how soon one that works answers.
	scrapeTimeout = 8 * time.Second
	upTimeout     = 3 * time.Second
)

var (
	upDesc       = prometheus.NewDesc("tandem_database_up", "1 when the database answers and has Tandem's tables.", nil, nil)
	completeDesc = prometheus.NewDesc("tandem_figures_complete", "1 when all figures read from the database came in time.", nil, nil)

	gaugeDescs = map[string]*prometheus.Desc{
		db.GaugeLinks:        gaugeDesc("tandem_links", "Linked records.", "instance", "entity"),
		db.GaugeJobs:         gaugeDesc("tandem_queue_jobs", "Queue jobs that are not done.", "instance", "state"),
		db.GaugeOrderRuns:    gaugeDesc("tandem_order_runs", "Orders in a sale workflow.", "instance", "state"),
		db.GaugeOrderRunAge:  gaugeDesc("tandem_order_run_oldest_seconds", "Since the order that stood still longest moved.", "instance", "state"),
		db.GaugeOperations:   gaugeDesc("tandem_operations", "Operations that have not ended.", "state"),
		db.GaugeOperationAge: gaugeDesc("tandem_operation_oldest_seconds", "Since the oldest of them was asked for.", "state"),
		db.GaugeLastImport:   gaugeDesc("tandem_last_import_timestamp_seconds", "When an import was last read to its end.", "instance", "entity"),
		db.GaugeSchedule:     gaugeDesc("tandem_schedule_active", "0 while a schedule is paused.", "instance", "kind"),
		db.GaugeERPProblem:   gaugeDesc("tandem_erp_problem", "1 while the ERP has a problem.", "instance"),
		db.GaugeWaiting:      gaugeDesc("tandem_import_waiting_seconds", "For how long an import has been retried.", "instance", "entity", "kind"),
		db.GaugeJobFailures:  gaugeDesc("tandem_periodic_job_failures", "Failures in a row of a periodic job.", "job"),
		db.GaugeJobSucceeded: gaugeDesc("tandem_periodic_job_last_success_timestamp_seconds", "When a periodic job last succeeded.", "job"),
	}
)

func gaugeDesc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Describe names the gauges.
func (c *gauges) Describe(descs chan<- *prometheus.Desc) {
	descs <- upDesc
	descs <- completeDesc
	for _, desc := range gaugeDescs {
		descs <- desc
	}
}

// Collect reads the gauges. A database that counts slowly is up all the same.
func (c *gauges) Collect(out chan<- prometheus.Metric) {
	checking, cancel := context.WithTimeout(context.Background(), upTimeout)
	defer cancel()
	if err := c.store.Ready(checking); err != nil {
		out <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, 0)
		return
	}
	out <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, 1)
	ctx, stop := context.WithTimeout(context.Background(), scrapeTimeout)
	defer stop()
	found, err := c.store.Gauges(ctx)
	complete := 1.0
	if err != nil {
		complete = 0
	}
	out <- prometheus.MustNewConstMetric(completeDesc, prometheus.GaugeValue, complete)
	for name, figures := range found {
		for _, figure := range figures {
			out <- prometheus.MustNewConstMetric(gaugeDescs[name], prometheus.GaugeValue, figure.Value, figure.Labels...)
		}
	}
}
