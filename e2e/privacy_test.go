package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	failurepb "go.temporal.io/api/failure/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"

	"tandem/woo/wootest"
	"tandem/workflows"
)

// TestNoPersonalDataInHistories imports a store and looks through everything that Temporal keeps of it: histories with
// their payloads, failures, memos, headers and search attributes, and what describes the runs.
func TestNoPersonalDataInHistories(t *testing.T) {
	t.Parallel()
	store := openShop(t, wootest.Sized(60, 80, 120))
	x := serve(t)
	x.connect(store.URL)
	private := store.private()
	require.Greater(t, len(private), 300)
	requireDetector(t, private)

	store.SetFaults(wootest.Faults{Rate500: 0.1, RateHTML: 0.1, Seed: 3}) // failures are looked through too
	op := x.importAll(everything)
	x.salesMoved()

	events := 0
	for _, e := range x.executions() {
		h := x.history(e.WorkflowId, e.RunId)
		requireNothingPrivate(t, h, private)
		events += len(h.Events)
		requireNothingPrivate(t, x.describe(e.WorkflowId, e.RunId), private)
	}
	require.Greater(t, events, 2000, "too few events to prove anything")
	require.Empty(t, findPrivate(string(x.server.read()), private), "in the log of the process")
	for _, table := range []string{"logs", "queue_jobs", "links", "operations", "operation_progress", "order_runs", "order_steps"} {
		require.Empty(t, findPrivate(x.content(table), private), "in the table %s", table)
	}
	x.requireReplay(t)
	x.keep("operation_everything", workflows.OperationID(op.ID))
	x.keep("entity_sync_orders", workflows.EntitySyncID(op.ID, instanceID, "order"))
}

// private gives what must never leave the databases: whatever tells who a customer is, and the store's keys. Shorter
// strings than four letters would be found by chance.
func (s *shop) private() []string {
	found := map[string]bool{wootest.DefaultKey: true, wootest.DefaultSecret: true}
	address := func(a shopAddress) {
		for _, text := range []string{a.FirstName, a.LastName, a.Company, a.Address1, a.Address2, a.Email, a.Phone} {
			found[text] = true
		}
	}
	meta := func(list []shopMeta) {
		for _, m := range list {
			if text, ok := m.Value.(string); ok && strings.Contains(m.Key, "vat_number") {
				found[text] = true
			}
		}
	}
	for _, c := range s.customers() {
		found[c.Email], found[c.FirstName], found[c.LastName] = true, true, true
		address(c.Billing)
		address(c.Shipping)
		meta(c.Meta)
	}
	for _, o := range s.orders() {
		address(o.Billing)
		address(o.Shipping)
		meta(o.Meta)
	}
	var list []string
	for text := range found {
		if utf8.RuneCountInString(text) < 4 {
			continue
		}
		list = append(list, text)
		quoted, err := json.Marshal(text)
		require.NoError(s.t, err)
		if escaped := strings.Trim(string(quoted), `"`); escaped != text {
			list = append(list, escaped)
		}
	}
	slices.Sort(list)
	return list
}

// requireDetector proves that the search finds what it is there for, wherever it stands.
func requireDetector(t *testing.T, private []string) {
	t.Helper()
	secret := private[len(private)/2]
	payload := &commonpb.Payload{Data: []byte(`{"name":"` + secret + `"}`)}
	started := &historypb.WorkflowExecutionStartedEventAttributes{}
	for place, fill := range map[string]func(){
		"input":   func() { started.Input = &commonpb.Payloads{Payloads: []*commonpb.Payload{payload}} },
		"memo":    func() { started.Memo = &commonpb.Memo{Fields: map[string]*commonpb.Payload{"note": payload}} },
		"header":  func() { started.Header = &commonpb.Header{Fields: map[string]*commonpb.Payload{"who": payload}} },
		"failure": func() { started.ContinuedFailure = &failurepb.Failure{Message: "no such customer: " + secret} },
		"id":      func() { started.Identity = secret },
		"attribute": func() {
			started.SearchAttributes = &commonpb.SearchAttributes{IndexedFields: map[string]*commonpb.Payload{"a": payload}}
		},
	} {
		proto.Reset(started)
		require.Empty(t, findPrivate(textOf(t, started), private))
		fill()
		require.Contains(t, findPrivate(textOf(t, started), private), secret, place)
	}
}

func requireNothingPrivate(t *testing.T, message proto.Message, private []string) {
	t.Helper()
	require.Empty(t, findPrivate(textOf(t, message), private), "personal data or secrets in %T", message)
}

// findPrivate gives which of the strings occur in a text.
func findPrivate(text string, private []string) []string {
	return slices.DeleteFunc(slices.Clone(private), func(p string) bool { return !strings.Contains(text, p) })
}

// content gives all rows of a table that people are shown.
func (x *tandem) content(table string) string {
	x.t.Helper()
	var text string
	require.NoError(x.t, x.database.GetContext(x.t.Context(), &text, `SELECT coalesce(string_agg(to_jsonb(t)::text, E'\n'), '') FROM tandem.`+table+` t`))
	require.NotEmpty(x.t, text, table)
	return text
}

// textOf gives all text of a message: strings, map keys, and bytes as they are, which for payloads is their JSON.
func textOf(t *testing.T, message proto.Message) string {
	t.Helper()
	var all strings.Builder
	err := protorange.Range(message.ProtoReflect(), func(values protopath.Values) error {
		last := values.Index(-1)
		if last.Step.Kind() == protopath.MapIndexStep {
			all.WriteString(last.Step.MapIndex().String() + "\n")
		}
		switch value := last.Value.Interface().(type) {
		case string:
			all.WriteString(value + "\n")
		case []byte:
			all.Write(append(value, '\n'))
		}
		return nil
	})
	require.NoError(t, err)
	return all.String()
}
