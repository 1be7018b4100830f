//go:build odoo

package e2e

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp/odoo/odoodev"
	"tandem/instance"
	"tandem/woo/wootest"
)

// odooProcesses is how many processes answer in the Odoo that is measured: what ODOO_WORKERS started it with, or one.
func odooProcesses() int {
	n, _ := strconv.Atoi(os.Getenv("ODOO_WORKERS"))
	return max(1, n)
}

// bareCycles is how many orders are taken through their cycle without Tandem.
const bareCycles = 40

// BenchmarkOdoo imports partners, products and orders into a real Odoo, each beside the same writing calls made bare:
// they are recorded on their way, and sent once more to a copy of the database as it was before. Then the orders are taken
// through their whole cycle, beside the cycle of single orders made bare.
func BenchmarkOdoo(b *testing.B) {
	for range b.N {
		target := odooDatabase(b)
		wire := record(b, target)
		store := openShop(b, wootest.Sized(300, 300, 300))
		x := benchInstallation(b)
		x.connectOdoo(store.URL, wire.access())
		x.connectForBench(store.URL, []instance.WorkflowRule{})
		x.watched(x.begin(everything, "tax", "category", "tag", "brand", "attribute", "shipping_class").ID)

		m := odooMeasure{version: target.Version}
		for _, entity := range []string{"customer", "product", "order"} {
			before := copyOf(b, target)
			wire.forget()
			p := progressOf(x.watched(x.begin(everything, entity).ID), entity)
			fmt.Println(wire.tell(entity))
			m.landings = append(m.landings, landing{
				entity: entity, records: p.Read, took: p.FinishedAt.Sub(p.StartedAt), bare: wire.replay(b, before),
			})
		}
		m.bareCycle = bareCycle(b, copyOf(b, target))
		wire.forget()
		m.orders, m.took = x.cycles(store)
		fmt.Println(wire.tell("cycles"))
		m.report(b)
	}
}

// copyOf copies the database for a comparison. Tandem waits meanwhile, for Odoo ends the sessions of the copied one.
func copyOf(b *testing.B, target odoodev.Access) odoodev.Access {
	b.Helper()
	copied, err := target.CopyDatabase(b.Context(), fmt.Sprintf("bench_%d", time.Now().UnixNano()))
	require.NoError(b, err)
	b.Cleanup(func() { _ = copied.DeleteDatabase(b.Context(), copied.Database) })
	return copied
}

// cycles runs the sale workflows of all orders that were sold, and gives how many and how long.
func (x *tandem) cycles(store *shop) (int, time.Duration) {
	x.t.Helper()
	x.connectForBench(store.URL, []instance.WorkflowRule{
		{Match: "processing", Workflow: instance.DefaultWorkflowID}, {Match: "completed", Workflow: instance.DefaultWorkflowID},
	})
	began := time.Now()
	x.watched(x.begin(everything, "order").ID)
	states := x.salesEnded()
	require.Len(x.t, states, 1, "%v", states)
	return states["done"], time.Since(began)
}

// landing is an import of one entity, with the time that its writing calls take bare.
type landing struct {
	entity     string
	records    int
	took, bare time.Duration
}

func (l landing) rate() float64  { return float64(l.records) / l.took.Seconds() }
func (l landing) ratio() float64 { return l.bare.Seconds() / l.took.Seconds() }

type odooMeasure struct {
	version   string
	landings  []landing
	orders    int
	took      time.Duration
	bareCycle time.Duration // of one order
}

// cycleRatio compares orders per second with what as many bare callers as Odoo has processes would come to at best.
func (m odooMeasure) cycleRatio() float64 {
	return float64(m.orders) / m.took.Seconds() * m.bareCycle.Seconds() / float64(odooProcesses())
}

func (m odooMeasure) report(b *testing.B) {
	var text strings.Builder
	fmt.Fprintf(&text, "## Odoo %s, %d process(es)\n\nOn %s, %d cores, %s, with simulator, PostgreSQL, Temporal dev server, Odoo and Tandem on the same machine.\n\n"+
		"| | records | through Tandem | its writing calls, bare | ratio | aim |\n|---|---|---|---|---|---|\n",
		m.version, odooProcesses(), time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH)
	for _, l := range m.landings {
		b.ReportMetric(l.rate(), l.entity+"s/s")
		b.ReportMetric(l.ratio(), l.entity+"s/bare")
		fmt.Fprintf(&text, "| %ss | %d | %.0f/s | %.0f/s | %.2f | ≥ 0.85 |\n",
			l.entity, l.records, l.rate(), float64(l.records)/l.bare.Seconds(), l.ratio())
	}
	b.ReportMetric(float64(m.orders)/m.took.Seconds(), "cycles/s")
	b.ReportMetric(m.cycleRatio(), "cycles/bare")
	fmt.Fprintf(&text, "| full cycles | %d | %.2f/s | %.2f/s × %d | %.2f | ≥ 1 |\n",
		m.orders, float64(m.orders)/m.took.Seconds(), 1/m.bareCycle.Seconds(), odooProcesses(), m.cycleRatio())
	fmt.Print("\n" + text.String())
	if *table == "" {
		return
	}
	file, err := os.OpenFile(*table, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // a page of the documentation
	require.NoError(b, err)
	_, err = file.WriteString("\n" + text.String())
	require.NoError(b, err)
	require.NoError(b, file.Close())
}
