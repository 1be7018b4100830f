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

// gauges are the counters of every instance, read from the database at each scrape.
type gauges struct{ store *db.DB }

// scrapeTimeout keeps a slow database from holding up the scrape.
const scrapeTimeout = 5 * time.Second

var (
	upDesc = prometheus.NewDesc("tandem_database_up", "1 when the figures below could be read.", nil, nil)
	// linksDesc, jobsDesc and ordersDesc carry the same numbers as an instance's counters in the API.
	linksDesc  = prometheus.NewDesc("tandem_links", "Linked records.", []string{"instance", "entity"}, nil)
	jobsDesc   = prometheus.NewDesc("tandem_queue_jobs", "Queue jobs that are not done.", []string{"instance", "state"}, nil)
	ordersDesc = prometheus.NewDesc("tandem_order_runs", "Orders in a sale workflow.", []string{"instance", "state"}, nil)
)

// Describe names the gauges.
func (c *gauges) Describe(descs chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{upDesc, linksDesc, jobsDesc, ordersDesc} {
		descs <- desc
	}
}

// Collect reads the gauges.
func (c *gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	up := 1.0
	if err := c.collect(ctx, out); err != nil {
		up = 0
	}
	out <- prometheus.MustNewConstMetric(upDesc, prometheus.GaugeValue, up)
}

func (c *gauges) collect(ctx context.Context, out chan<- prometheus.Metric) error {
	instances, err := c.store.Instances(ctx)
	if err != nil {
		return err
	}
	for _, in := range instances {
		counters, err := c.store.Counters(ctx, in.ID)
		if err != nil {
			return err
		}
		send(out, linksDesc, in.ID, counters.Links)
		send(out, jobsDesc, in.ID, counters.Jobs)
		send(out, ordersDesc, in.ID, counters.OrderRuns)
	}
	return nil
}

func send(out chan<- prometheus.Metric, desc *prometheus.Desc, inst string, counts map[string]int) {
	for label, count := range counts {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(count), inst, label)
	}
}
