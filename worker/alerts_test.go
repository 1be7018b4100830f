package worker

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/instance"
	"tandem/mail/mailtest"
	"tandem/schema/schematest"
	"tandem/workflows"
)

// An alert is told once however often it is seen, and once when it is over; when it comes back it is another.
func TestAnAlertIsToldOnceAndWhenItIsOver(t *testing.T) {
	r := newReportTest(t, mailtest.Options{})
	w := &Worker{db: r.db}
	inst, err := r.db.Instance(t.Context(), "shop")
	require.NoError(t, err)
	inst.Config.Email.Alerts = true
	see := func(problem string) {
		t.Helper()
		inst.ERP.Problem = problem
		require.NoError(t, w.trackAlerts(t.Context(), inst))
		list, err := r.db.UnstartedNotices(t.Context())
		require.NoError(t, err)
		for _, m := range list {
			env := r.env(time.Time{})
			env.ExecuteWorkflow(workflows.Report, workflows.ReportInput{Instance: m.Instance, Period: m.Period})
			require.NoError(t, env.GetWorkflowError())
		}
	}
	see("")
	require.Empty(t, r.server.Mails())
	see("the key ends tomorrow")
	see("the key ends tomorrow")
	see("the key ends today")
	require.Len(t, r.server.Mails(), 3, "each recipient is told once")
	require.Contains(t, r.server.Mails()[0].Data, "the key ends tomorrow")
	require.NotContains(t, r.server.Mails()[0].Data, "application/pdf")
	see("")
	see("")
	require.Len(t, r.server.Mails(), 6)
	require.True(t, strings.Contains(r.server.Mails()[5].Data, "It is over"))
	see("the key has ended")
	require.Len(t, r.server.Mails(), 9)
	inst.ERP.Warnings = []string{"coupons cannot be landed", "the API key ends on 2026-12-24: make a new one"}
	inst.ERP.KeyWarning = inst.ERP.Warnings[1]
	causes, err := w.causes(t.Context(), inst)
	require.NoError(t, err)
	require.Equal(t, map[string]db.AlertCause{
		causeERP: {Message: "the key has ended"}, causeKey: {Message: "the API key ends on 2026-12-24: make a new one"},
	}, causes)
}

// alertsOf opens a database, and beside it to look into it, with one active instance.
func alertsOf(t *testing.T) (*db.DB, *sqlx.DB, instance.Instance) {
	t.Helper()
	url := schematest.URL(t)
	d, err := db.Open(t.Context(), url, db.Options{SecretKeys: [][]byte{bytes.Repeat([]byte("k"), 32)}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	raw, err := sqlx.Open("postgres", url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	inst, err := d.CreateInstance(t.Context(), instance.Instance{
		ID: "shop", Name: "Shop", StoreURL: "https://shop.example.com", State: instance.Active, Backend: "ledger",
		Connection: instance.DefaultConnection(), Config: instance.DefaultConfig(),
	}, instance.Credentials{ConsumerKey: "ck_1", ConsumerSecret: "cs_1"})
	require.NoError(t, err)
	return d, raw, inst
}

// The limit of parked records counts those that came since the last alert: old ones that nobody solves hide no new ones.
func TestAlertsCountWhatIsNew(t *testing.T) {
	d, raw, inst := alertsOf(t)
	w := &Worker{db: d}
	inst.Config.Email.AlertLimit = 2
	park := func(n int, at string) {
		t.Helper()
		raw.MustExec(`
			INSERT INTO tandem.queue_jobs (operation, instance, entity, woo_id, state, attempts, created_at)
			SELECT gen_random_uuid(), 'shop', 'order', gen_random_uuid()::text, 'parked', 1, now() + $2::interval FROM generate_series(1, $1::int)`, n, at)
	}
	see := func() (messages []string) {
		t.Helper()
		causes, err := w.causes(t.Context(), inst)
		require.NoError(t, err)
		_, err = d.TrackAlerts(t.Context(), "shop", causes, []string{"a@shop.example"}, func(a db.Alert) (string, string, string) {
			if a.OverAt != nil {
				messages = append(messages, "over")
			} else {
				messages = append(messages, a.Message)
			}
			return noticeOf(a)
		})
		require.NoError(t, err)
		return messages
	}
	park(2, "-1 hour")
	require.Empty(t, see(), "as many as the limit")
	park(1, "-1 hour")
	require.Equal(t, []string{"3 records are parked or failed: tandem jobs --instance shop"}, see())
	require.Empty(t, see())
	park(2, "1 minute")
	require.Empty(t, see(), "no more than the limit are new")
	park(1, "1 minute")
	require.Equal(t, []string{"6 records are parked or failed, 3 of them since the last alert: tandem jobs --instance shop"}, see())
	raw.MustExec(`UPDATE tandem.queue_jobs SET created_at = now() - interval '1 hour'`)
	require.Empty(t, see())
	raw.MustExec(`UPDATE tandem.queue_jobs SET state = 'done' WHERE id > 2`)
	require.Equal(t, []string{"over"}, see())
	require.Empty(t, see(), "the two that are left are no news")
}

// A store that does not answer for a quarter of an hour, and a webhook that does not deliver, are told.
func TestAlertsOfWaitsAndWebhooks(t *testing.T) {
	d, raw, inst := alertsOf(t)
	w := &Worker{db: d}
	op, _, err := d.CreateOperation(t.Context(), db.Operation{Kind: "import", Direction: "import", Instances: []string{"shop"}, Entities: []string{"order"}, Trigger: "api"})
	require.NoError(t, err)
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, db.OperationRunning, "", ""))
	raw.MustExec(`INSERT INTO tandem.webhooks (instance, topic, wanted, problem) VALUES ('shop', 'order.updated', 'active', 'the store has disabled it')`)
	wait := func(since string) map[string]db.AlertCause {
		t.Helper()
		raw.MustExec(`
			UPDATE tandem.operation_progress SET state = 'running',
			  waiting = jsonb_build_object('since', now() - $1::interval, 'message', 'the store does not answer', 'remedy', 'Check it.')`, since)
		causes, err := w.causes(t.Context(), inst)
		require.NoError(t, err)
		return causes
	}
	require.Equal(t, map[string]db.AlertCause{causeWebhooks: {Message: "webhook order.updated: the store has disabled it"}}, wait("10 minutes"))
	require.Contains(t, wait("20 minutes")[causeWaits].Message, "the store does not answer. Check it.")
}

// A schedule that Tandem paused, because the store refuses the keys, imports nothing any more until somebody resumes it; one that a person
// paused is no news.
func TestAlertsOfSchedulesThatTandemPaused(t *testing.T) {
	d, _, inst := alertsOf(t)
	w := &Worker{db: d}
	row, err := d.CreateSchedule(t.Context(), db.Schedule{Instance: "shop", Kind: db.OrderImport, Every: time.Minute, Note: "stocktaking"})
	require.NoError(t, err)
	causes, err := w.causes(t.Context(), inst)
	require.NoError(t, err)
	require.Empty(t, causes)
	row.Note = "paused by Tandem: the store refuses the keys"
	_, err = d.UpdateSchedule(t.Context(), row)
	require.NoError(t, err)
	causes, err = w.causes(t.Context(), inst)
	require.NoError(t, err)
	require.Len(t, causes, 1)
	require.Contains(t, causes["schedules"].Message, "the schedule order_import is paused: the store refuses the keys. Once that is corrected: tandem schedule resume shop order_import")
}

// A store that has moved fails every import for good: nothing waits, and no record is parked.
func TestAlertsOfSchedulesThatFail(t *testing.T) {
	d, _, inst := alertsOf(t)
	w := &Worker{db: d}
	row, err := d.CreateSchedule(t.Context(), db.Schedule{Instance: "shop", Kind: db.OrderImport, Every: time.Minute, Active: true})
	require.NoError(t, err)
	fail := func() map[string]db.AlertCause {
		t.Helper()
		op, _, err := d.CreateOperation(t.Context(), db.Operation{Kind: "import", Direction: "import", Instances: []string{"shop"}, Entities: []string{"order"},
			Trigger: "schedule", RequestedBy: row.ID})
		require.NoError(t, err)
		require.NoError(t, d.SetOperationState(t.Context(), op.ID, db.OperationFailed, "invalid", "the store has moved to https://www.shop.example.com"))
		causes, err := w.causes(t.Context(), inst)
		require.NoError(t, err)
		return causes
	}
	require.Empty(t, fail())
	require.Equal(t, map[string]db.AlertCause{
		"schedules": {Message: "the schedule order_import fails: the store has moved to https://www.shop.example.com"}}, fail())
}
