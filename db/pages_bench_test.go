package db

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// benchPage makes the n-th page of a hundred orders of about 3 KiB each.
func benchPage(operation string, n int, status string) (PageStart, PageResult) {
	start := PageStart{Operation: operation, Instance: "demo", Entity: "order", Total: 1_000_000}
	result := PageResult{Operation: operation, Instance: "demo", Entity: "order", Duration: time.Second, Requests: 1,
		WorkflowID: "sync/" + operation + "/demo/order", RunID: operation}
	for i := range 100 {
		id := fmt.Sprint(n*100 + i)
		raw := bytes.Repeat([]byte(`{"id":`+id+`,"status":"processing","total":"12.34","meta":"`+id+`"},`), 50)
		start.Records = append(start.Records, RawRecord{WooID: id, Raw: raw, Modified: time.Now(), Status: "processing"})
		digest := fmt.Sprintf("sha256:%064d", n*100+i)
		result.Results = append(result.Results, RecordResult{
			WooID: id, Status: status, ERPID: id, After: digest, Keys: []string{result.key(id)}, Modified: time.Now(),
			Steps: []string{"customer unchanged", "billing address unchanged"}, Run: &OrderRunSeed{Plan: []byte(`{"steps": ["validate"]}`)},
		})
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
