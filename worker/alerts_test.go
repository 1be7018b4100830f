package worker

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/mail/mailtest"
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
	causes, err := w.causes(t.Context(), inst)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"erp": "the key has ended", "erp_key": "the API key ends on 2026-12-24: make a new one"}, causes)
}
