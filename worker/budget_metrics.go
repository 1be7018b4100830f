package worker

import (
	"github.com/prometheus/client_golang/prometheus"

	"tandem/budget"
)

// What Prometheus reads of the request budgets: one for each store, by the instance, and one for each ERP that is not built
// in, by its address.
var (
	storeMetrics = newBudgetMetrics("tandem_store_", "instance", "store")
	erpMetrics   = newBudgetMetrics("tandem_erp_", "erp", "ERP")
)

// budgetMetrics describe what is read of a budget.
type budgetMetrics struct {
	requests, retries, throttled, failures, waited, rate *prometheus.Desc
}

func newBudgetMetrics(prefix, label, server string) budgetMetrics {
	describe := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(prefix+name, help, []string{label}, nil)
	}
	return budgetMetrics{
		requests:  describe("requests_total", "Requests made to the "+server+", repeated tries included."),
		retries:   describe("retries_total", "Tries after the first."),
		throttled: describe("throttled_total", "Answers 429 of the "+server+"."),
		failures:  describe("failures_total", "Other failures of the "+server+": no answer, 5xx, pages instead of JSON."),
		waited:    describe("waited_seconds_total", "Time requests waited for their turn."),
		rate:      describe("requests_per_second_allowed", "What the budget allows right now."),
	}
}

func (m budgetMetrics) describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.requests, m.retries, m.throttled, m.failures, m.waited, m.rate} {
		out <- d
	}
}

func (m budgetMetrics) collect(out chan<- prometheus.Metric, server string, stats budget.Stats) {
	for _, v := range []struct {
		desc  *prometheus.Desc
		kind  prometheus.ValueType
		value float64
	}{
		{m.requests, prometheus.CounterValue, float64(stats.Requests)},
		{m.retries, prometheus.CounterValue, float64(stats.Retries)},
		{m.throttled, prometheus.CounterValue, float64(stats.Throttled)},
		{m.failures, prometheus.CounterValue, float64(stats.Failures)},
		{m.waited, prometheus.CounterValue, stats.Waited.Seconds()},
		{m.rate, prometheus.GaugeValue, stats.Rate},
	} {
		out <- prometheus.MustNewConstMetric(v.desc, v.kind, v.value, server)
	}
}

// Describe makes Connections a prometheus.Collector.
func (c *Connections) Describe(out chan<- *prometheus.Desc) {
	storeMetrics.describe(out)
	erpMetrics.describe(out)
}

// Collect reports the request budgets of this process's stores and ERPs.
func (c *Connections) Collect(out chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, s := range c.stores {
		storeMetrics.collect(out, id, s.client.Stats())
	}
	for address, stats := range c.host.Budgets.Stats() {
		erpMetrics.collect(out, address, stats)
	}
}
