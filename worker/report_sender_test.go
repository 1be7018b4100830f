package worker

import (
	"fmt"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"tandem/activities"
	"tandem/db"
	"tandem/instance"
	"tandem/mail"
	"tandem/mail/mailtest"
	"tandem/workflows"
)

// reportTest runs reports in skipped time over a real database and a real mail server.
type reportTest struct {
	*testing.T
	db     *db.DB
	server *mailtest.Server
	runs   int
}

func newReportTest(t *testing.T, o mailtest.Options) *reportTest {
	t.Helper()
	o.ImplicitTLS = true
	r := &reportTest{T: t, db: newDB(t, instance.Active), server: mailtest.Start(t, o)}
	require.NoError(t, r.db.SetMailSettings(t.Context(), db.MailSettings{
		Host: r.server.Host, Port: r.server.Port, Security: mail.ImplicitTLS, Sender: "tandem@shop.example", SenderName: "Tandem",
	}))
	config := instance.DefaultConfig()
	config.Email.Recipients = []string{"a@shop.example", "b@shop.example", "c@shop.example"}
	config.Email.Body = "Hello,\n\n{figures}\n\n{store}"
	_, err := r.db.CreateInstance(t.Context(), instance.Instance{
		ID: "shop", Name: "Shop & Co", StoreURL: "https://other.example.com", State: instance.Active, Backend: "ledger",
		Connection: instance.DefaultConnection(), Config: config, Store: instance.StoreInfo{Timezone: "Europe/Paris", Language: "fr_FR"},
	}, instance.Credentials{ConsumerKey: "ck_1", ConsumerSecret: "cs_1"})
	require.NoError(t, err)
	return r
}

func (r *reportTest) env(at time.Time) *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(2 * time.Minute)
	if !at.IsZero() {
		env.SetStartTime(at)
	}
	env.RegisterWorkflowWithOptions(workflows.Report, workflow.RegisterOptions{Name: workflows.ReportType})
	env.RegisterActivity(&activities.Reports{Store: r.db, Sender: &ReportSender{DB: r.db, Mail: mail.Sender{Roots: r.server.Roots}}})
	return env
}

// send runs a Report, and gives its error.
func (r *reportTest) send(again bool) error {
	env := r.env(time.Time{})
	r.runs++
	env.SetStartWorkflowOptions(startedAs(fmt.Sprintf("report/shop/%d", r.runs)))
	env.ExecuteWorkflow(workflows.Report, workflows.ReportInput{Instance: "shop", Period: "2026-03-29", Again: again})
	require.True(r, env.IsWorkflowCompleted())
	return env.GetWorkflowError()
}

// got counts the mails that each recipient has, by their ids.
func (r *reportTest) got() map[string][]string {
	r.Helper()
	ids := map[string][]string{}
	for _, m := range r.server.Mails() {
		read, err := netmail.ReadMessage(strings.NewReader(m.Data))
		require.NoError(r, err)
		require.Equal(r, "<"+m.To+">", read.Header.Get("To"))
		ids[m.To] = append(ids[m.To], read.Header.Get("Message-Id"))
	}
	return ids
}

func (r *reportTest) deliveries() (state string, answers map[string]string) {
	r.Helper()
	list, _, err := r.db.ReportMails(r.Context(), "shop", db.Page{})
	require.NoError(r, err)
	require.Len(r, list, 1)
	answers = map[string]string{}
	for _, d := range list[0].Deliveries {
		answers[d.Recipient] = fmt.Sprintf("%s after %d: %s", d.State, d.Attempts, d.Answer)
	}
	return list[0].State, answers
}

func once(t *testing.T, got map[string][]string, recipients ...string) {
	t.Helper()
	require.Len(t, got, len(recipients))
	for _, to := range recipients {
		require.Len(t, got[to], 1, to)
	}
}

func TestAReportReachesEachRecipientOnce(t *testing.T) {
	r := newReportTest(t, mailtest.Options{Greylist: 2, DieInData: 1})
	require.NoError(t, r.send(false))
	once(t, r.got(), "a@shop.example", "b@shop.example", "c@shop.example")
	require.NoError(t, r.send(false))
	once(t, r.got(), "a@shop.example", "b@shop.example", "c@shop.example")
	state, answers := r.deliveries()
	require.Equal(t, db.MailSent, state)
	for to, answer := range answers {
		require.Contains(t, answer, "250 2.0.0 queued as", to)
	}
	text := r.server.Mails()[0].Data
	require.Contains(t, text, "Content-Type: application/pdf")
	require.Contains(t, text, "Aucune vente sur cette p=C3=A9riode.", "nothing to report is said")
	require.Contains(t, text, "Shop &amp; Co")

	first := r.got()
	require.NoError(t, r.send(true))
	for to, ids := range r.got() {
		require.Len(t, ids, 2, to)
		require.NotEqual(t, first[to][0], ids[1], "what a person sends again is another message")
	}
}

func TestARefusedRecipientStopsNoOther(t *testing.T) {
	r := newReportTest(t, mailtest.Options{Refuse: map[string]string{"b@shop.example": "550 5.1.1 there is no b@shop.example"}})
	err := r.send(false)
	require.ErrorContains(t, err, "1 of 3 recipients were not reached: the mail server said: 550 5.1.1 there is no …")
	require.NotContains(t, err.Error(), "b@shop")
	once(t, r.got(), "a@shop.example", "c@shop.example")
	state, answers := r.deliveries()
	require.Equal(t, db.MailFailed, state)
	require.Contains(t, answers["b@shop.example"], "failed after 1: ")
	failed, err := r.db.LastReportMail(t.Context(), "shop")
	require.NoError(t, err)
	require.Equal(t, "2026-03-29", failed.Period)

	r.server.Change(func(o *mailtest.Options) { o.Refuse = nil })
	require.NoError(t, r.send(false))
	once(t, r.got(), "a@shop.example", "b@shop.example", "c@shop.example")
	last, err := r.db.LastReportMail(t.Context(), "shop")
	require.NoError(t, err)
	require.Equal(t, db.MailSent, last.State)
}

// Tries are bounded; a server that took a mail and did not say so gets it again under the same id.
func TestAServerThatDoesNotAnswer(t *testing.T) {
	r := newReportTest(t, mailtest.Options{Greylist: 100})
	require.ErrorContains(t, r.send(false), "3 of 3 recipients were not reached")
	_, answers := r.deliveries()
	require.Contains(t, answers["a@shop.example"], "after 8: the mail server said: 450")
	require.Empty(t, r.got())

	r.server.Change(func(o *mailtest.Options) { o.Greylist, o.DieAfter = 0, 1 })
	require.NoError(t, r.send(false))
	twice := 0
	for _, ids := range r.got() {
		if len(ids) == 2 {
			twice++
			require.Equal(t, ids[0], ids[1])
		}
	}
	require.Equal(t, 1, twice)
}

func startedAs(id string) client.StartWorkflowOptions { return client.StartWorkflowOptions{ID: id} }

// A worker that is killed in the middle leaves what was sent as sent, and another goes on with the rest.
func TestAWorkerThatIsKilledInTheMiddle(t *testing.T) {
	r := newReportTest(t, mailtest.Options{})
	id, left, err := r.db.BeginReportMail(t.Context(), db.ReportMail{Instance: "shop", Period: "2026-03-29"},
		[]string{"a@shop.example", "b@shop.example", "gone@shop.example"}, "killed", false)
	require.NoError(t, err)
	require.Len(t, left, 3)
	m, to, err := r.db.ReportDelivery(t.Context(), left[0])
	require.NoError(t, err)
	require.Equal(t, id, m.ID)
	answer, err := (&ReportSender{DB: r.db, Mail: mail.Sender{Roots: r.server.Roots}}).SendReport(t.Context(), m, to)
	require.NoError(t, err)
	require.NoError(t, r.db.RecordReportDelivery(t.Context(), to.ID, db.MailSent, 1, answer))
	require.NoError(t, r.db.RecordReportDelivery(t.Context(), to.ID, db.MailFailed, 2, "late"), "what was sent stays so")

	require.NoError(t, r.send(false))
	once(t, r.got(), "a@shop.example", "b@shop.example", "c@shop.example")
}

func TestAReportWithoutAMailServerOrRecipients(t *testing.T) {
	r := newReportTest(t, mailtest.Options{})
	require.NoError(t, r.db.DeleteMailSettings(t.Context()))
	require.ErrorContains(t, r.send(false), "no mail server is set")
	env := r.env(time.Time{})
	env.ExecuteWorkflow(workflows.Report, workflows.ReportInput{Instance: "demo", Period: "2026-03-29"})
	require.ErrorContains(t, env.GetWorkflowError(), "config.email.recipients")
}

// Over the days on which clocks are changed, a schedule may fire twice, not at all, or late: each day is reported once.
func TestEachDayIsReportedOnceOverChangesOfTheClock(t *testing.T) {
	r := newReportTest(t, mailtest.Options{})
	schedule, err := r.db.CreateSchedule(t.Context(), db.Schedule{Instance: "shop", Kind: instance.DailyReport, Active: true,
		Calendar: &instance.Calendar{Times: []string{"02:30"}, TimeZone: "Europe/Paris"}})
	require.NoError(t, err)
	first := time.Date(schedule.CreatedAt.Year()+1, 3, 1, 0, 0, 0, 0, time.UTC)
	spring := first.AddDate(0, 0, 30) // the last Sunday of March, when there is no half past two
	for spring.Weekday() != time.Sunday {
		spring = spring.AddDate(0, 0, -1)
	}
	at := func(days, hour, minute int) time.Time {
		return spring.AddDate(0, 0, days).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	for _, fired := range []time.Time{
		at(-3, 1, 30), at(-2, 1, 30), at(-1, 1, 30), at(-1, 1, 31), // twice on one day
		/* not at all on the day of the change */ at(1, 0, 30), at(1, 0, 30), at(2, 0, 30), at(2, 21, 59), at(2, 22, 1), // past midnight in Paris
	} {
		env := r.env(fired)
		env.SetStartWorkflowOptions(startedAs("scheduled"))
		env.ExecuteWorkflow(workflows.ScheduledReport, workflows.ScheduledReportInput{Schedule: schedule.ID})
		require.NoError(t, env.GetWorkflowError())
	}
	list, _, err := r.db.ReportMails(t.Context(), "shop", db.Page{Limit: 100})
	require.NoError(t, err)
	var days []string
	for _, m := range list {
		days = append(days, m.Period)
	}
	var want []string
	for day := -6; day <= 2; day++ {
		want = append([]string{spring.AddDate(0, 0, day).Format(time.DateOnly)}, want...)
	}
	require.ElementsMatch(t, want, days)
	for to, ids := range r.got() {
		require.Len(t, ids, len(want), to)
	}
}

func TestSchedulesOfReportsStartReports(t *testing.T) {
	options := scheduleOptions(db.Schedule{ID: "s1", Instance: "shop", Kind: instance.DailyReport, Calendar: &instance.Calendar{Times: []string{"06:00"}, TimeZone: "Europe/Paris"}}, false)
	require.Equal(t, "tandem/shop/daily_report", options.ID)
	require.Equal(t, "Europe/Paris", options.Spec.TimeZoneName)
	require.Contains(t, fmt.Sprintf("%+v", options.Action), workflows.ScheduledReportType)
}
