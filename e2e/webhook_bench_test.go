package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/hooks"
	"tandem/instance"
	"tandem/woo/wootest"
)

// How webhooks are measured: as many deliveries a second as a store in its busiest hour sends, and for how long.
const (
	deliveryRate    = 200
	deliverySeconds = 10
)

type webhookMeasure struct {
	acknowledged latencies // of deliveries at deliveryRate
	landed       latencies // of single orders, from the delivery's beginning until the ERP has them
}

// latencies are sorted.
type latencies []time.Duration

func (l latencies) percentile(p int) time.Duration { return l[min(len(l)*p/100, len(l)-1)] }

// BenchmarkWebhookAcknowledgement delivers changed orders at a steady rate, while Tandem reads what was reported.
func BenchmarkWebhookAcknowledgement(b *testing.B) {
	for range b.N {
		store, x := webhookInstallation(b)
		bodies := store.bodies(deliveryRate * deliverySeconds)
		times := make(latencies, len(bodies))
		var all sync.WaitGroup
		began := time.Now()
		for i, body := range bodies {
			time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / deliveryRate)))
			all.Go(func() {
				sent := time.Now()
				status, err := x.post("order.updated", body, hooks.Sign(webhookSecret, body))
				times[i] = time.Since(sent)
				if err != nil || status != http.StatusOK {
					b.Errorf("delivery %d was answered %d: %v", i, status, err)
				}
			})
		}
		all.Wait()
		slices.Sort(times)
		b.ReportMetric(float64(len(bodies))/time.Since(began).Seconds(), "deliveries/s")
		b.ReportMetric(milliseconds(times.percentile(50)), "p50-ms")
		b.ReportMetric(milliseconds(times.percentile(99)), "p99-ms")
		measured.webhooks.acknowledged = times
		x.deliveriesRead()
	}
}

// BenchmarkWebhookLanding sells one product after another, and measures from the delivery until the order is in the ERP.
func BenchmarkWebhookLanding(b *testing.B) {
	for range b.N {
		store, x := webhookInstallation(b)
		product := store.oneManaged()
		var times latencies
		for range 100 {
			order := store.sell(product, 1)
			began := time.Now()
			x.report(store, "order.created", "orders/"+order)
			eventually(b, "order "+order, func() bool {
				return x.number(`SELECT count(*) FROM tandem.links WHERE entity = 'order' AND woo_id = $1`, order) == 1
			})
			times = append(times, time.Since(began))
		}
		slices.Sort(times)
		b.ReportMetric(milliseconds(times.percentile(50)), "p50-ms")
		b.ReportMetric(milliseconds(times.percentile(99)), "p99-ms")
		measured.webhooks.landed = times
	}
}

func webhookInstallation(b *testing.B) (*shop, *tandem) {
	b.Helper()
	store := openShop(b, wootest.Sized(100, 100, 500))
	x := benchInstallation(b)
	x.connectForBench(store.URL, []instance.WorkflowRule{})
	x.keepSecrets("order.created", "order.updated")
	x.watched(x.begin(everything).ID)
	return store, x
}

// bodies are notices of different changes of the store's orders, in turn.
func (s *shop) bodies(n int) [][]byte {
	s.t.Helper()
	orders := list[json.RawMessage](s, "orders", nil)
	bodies := make([][]byte, n)
	for i := range bodies {
		order := strings.TrimSuffix(string(orders[i%len(orders)]), "}")
		bodies[i] = fmt.Appendf(nil, `%s,"change":%d}`, order, i)
	}
	return bodies
}

func describeWebhooks(w io.Writer, m webhookMeasure) {
	fmt.Fprintf(w, "\n## Webhooks\n\n%d deliveries of changed orders at %d a second are acknowledged while Tandem reads what they report; single orders are\n"+
		"followed from their delivery until the ERP has them.\n\n| | p50 | p99 | aim |\n|---|---|---|---|\n", len(m.acknowledged), deliveryRate)
	for _, row := range []struct {
		name  string
		times latencies
		aim   string
	}{{"acknowledged", m.acknowledged, "p99 < 50 ms"}, {"in the ERP", m.landed, "p99 < 2 s"}} {
		if len(row.times) > 0 {
			fmt.Fprintf(w, "| %s | %.0f ms | %.0f ms | %s |\n", row.name, milliseconds(row.times.percentile(50)), milliseconds(row.times.percentile(99)), row.aim)
		}
	}
}
