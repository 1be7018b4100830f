package worker

import (
	"github.com/prometheus/client_golang/prometheus"
)

// What Prometheus reads of each store's request budget.
var (
	storeRequests  = storeMetric("requests_total", "Requests made to the store, repeated tries included.")
	storeRetries   = storeMetric("retries_total", "Tries after the first.")
	storeThrottled = storeMetric("throttled_total", "Answers 429 of the store.")
	storeFailures  = storeMetric("failures_total", "Other failures of the store: no answer, 5xx, pages instead of JSON.")
	storeWaited    = storeMetric("waited_seconds_total", "Time requests waited for their turn.")
	storeRate      = storeMetric("requests_per_second_allowed", "What the budget allows right now.")
)

func storeMetric(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("tandem_store_"+name, help, []string{"instance"}, nil)
}

// Describe makes Connections a prometheus.Collector.
func (c *Connections) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{storeRequests, storeRetries, storeThrottled, storeFailures, storeWaited, storeRate} {
		out <- d
	}
}

// Collect tells how the budgets of this process's stores stand.
func (c *Connections) Collect(out chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, s := range c.stores {
		stats := s.client.Stats()
		for _, m := range []struct {
			desc  *prometheus.Desc
			kind  prometheus.ValueType
			value float64
		}{
			{storeRequests, prometheus.CounterValue, float64(stats.Requests)},
			{storeRetries, prometheus.CounterValue, float64(stats.Retries)},
			{storeThrottled, prometheus.CounterValue, float64(stats.Throttled)},
			{storeFailures, prometheus.CounterValue, float64(stats.Failures)},
			{storeWaited, prometheus.CounterValue, stats.Waited.Seconds()},
			{storeRate, prometheus.GaugeValue, stats.Rate},
		} {
			out <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value, id)
		}
	}
}
