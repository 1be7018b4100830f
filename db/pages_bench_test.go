package db

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/flow"
)

// benchPage makes the n-th page of a hundred orders of about 3 KiB each.
func benchPage(operation string, n int, status string) (PageStart, PageResult) {
	start := PageStart{Operation: operation, Instance: "demo", Entity: "order", Total: 1_000_000}
	result := PageResult{Operation: operation, Instance: "demo", Entity: "order", Duration: time.Second, Requests: 1,
		WorkflowID: "sync/" + operation + "/demo/order", RunID: operation}
	for i := range 100 {
		id := fmt.Sprint(n*100 + i)
		raw := bytes.Repeat([]byte(`{"id":`+id+`,"status":"processing","total":"12.34","meta":"`+id+`"},`), 50)
		start.Records = append(start.Records, flow.Record{ID: id, Raw: raw, Modified: time.Now(), Status: "processing"})
		digest := fmt.Sprintf("sha256:%064d", n*100+i)
		result.Results = append(result.Results, flow.Result{Record: flow.Record{ID: id, Modified: time.Now()}, Outcome: flow.Outcome{Status: flow.Status(status), ID: id, After: digest, Key: keys(result.key(id))[0], Steps: []string{"customer unchanged", "billing address unchanged"}, Plan: []byte(`{"steps": ["validate"]}`)}})
	}
	return start, result
}

// BenchmarkPages starts and finishes pages of a hundred records: "created" once each, "unchanged" the same page again by
// another operation.
func BenchmarkPages(b *testing.B) {
	for _, status := range []string{Created, Unchanged} {
		b.Run(status, func(b *testing.B) {
			d := newDB(b)
			operation, n := newOperation(b, d, "order"), 0
			for b.Loop() {
				if status == Unchanged {
					operation = newOperation(b, d, "order")
				} else {
					n++
				}
				start, result := benchPage(operation, n, status)
				result.Started = beginPage(b, d, start)
				require.NoError(b, d.FinishPage(b.Context(), result))
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/page")
		})
	}
}
