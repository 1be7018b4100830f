package activities

import (
	"context"
	"slices"
	"time"

	"github.com/sethvargo/go-retry"
	"go.temporal.io/sdk/activity"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/instance"
	"tandem/report"
)

// reportStore is what Reports needs of the database.
type reportStore interface {
	Instance(ctx context.Context, id string) (instance.Instance, error)
	Schedule(ctx context.Context, id string) (db.Schedule, error)
	ReportPeriods(ctx context.Context, instance string, periods []string) ([]string, error)
	BeginReportMail(ctx context.Context, m db.ReportMail, recipients []string, run string, again bool) (id int64, left []int64, err error)
	ReportDelivery(ctx context.Context, id int64) (db.ReportMail, db.ReportDelivery, error)
	RecordReportDelivery(ctx context.Context, id int64, state string, attempts int, answer string) error
	EndReportMail(ctx context.Context, id int64) (sent, failed int, err error)
}

// ReportSender writes a mail and sends it to one recipient. It gives what the server answered.
type ReportSender interface {
	SendReport(ctx context.Context, m db.ReportMail, to db.ReportDelivery) (answer string, err error)
}

// Reports sends reports and notices by e-mail. Addresses and texts stay in the database: workflows know ids.
type Reports struct {
	Store  reportStore
	Sender ReportSender
}

// ReportInput asks for the report of a period, or a notice that is in the database.
type ReportInput struct {
	Instance string `json:"instance"`
	Period   string `json:"period"`          // 2026-03-29, 2026-W13 or 2026-03; of a notice what it is about
	Again    bool   `json:"again,omitempty"` // also to those who have it
}

// DueInput asks which reports a schedule is to send.
type DueInput struct {
	Schedule string    `json:"schedule"`
	At       time.Time `json:"at"`
}

// DueReports lists the reports that a schedule is to send: of whole periods that are over by the clock of the instance, and that there was none
// of yet. So it does not matter how often a schedule fires, or that it does not fire on the day on which clocks are put on.
func (r *Reports) DueReports(ctx context.Context, in DueInput) ([]ReportInput, error) {
	due, err := r.due(ctx, in)
	return due, classify(ctx, err)
}

func (r *Reports) due(ctx context.Context, in DueInput) ([]ReportInput, error) {
	schedule, err := r.Store.Schedule(ctx, in.Schedule)
	if err != nil {
		return nil, err
	}
	inst, err := r.Store.Instance(ctx, schedule.Instance)
	if err != nil {
		return nil, err
	}
	by := map[string]report.Dimension{instance.DailyReport: report.Day, instance.WeeklyReport: report.Week, instance.MonthlyReport: report.Month}[schedule.Kind]
	if by == "" {
		return nil, fault.New(fault.Internal, "a schedule %s sends no reports", schedule.Kind)
	}
	var periods []string
	for _, p := range report.DuePeriods(by, in.At, mapping.ShopZone(inst.Store.Timezone), schedule.CreatedAt) {
		periods = append(periods, p.Name)
	}
	known, err := r.Store.ReportPeriods(ctx, inst.ID, periods)
	due := []ReportInput{}
	for _, p := range periods {
		if !slices.Contains(known, p) {
			due = append(due, ReportInput{Instance: inst.ID, Period: p})
		}
	}
	return due, err
}

// BegunReport names what is left to do of a mail.
type BegunReport struct {
	Mail       int64   `json:"mail"`
	Deliveries []int64 `json:"deliveries"`
}

// BeginReport notes who is to get a mail.
func (r *Reports) BeginReport(ctx context.Context, in ReportInput) (BegunReport, error) {
	begun, err := r.begin(ctx, in)
	return begun, classify(ctx, err)
}

func (r *Reports) begin(ctx context.Context, in ReportInput) (begun BegunReport, err error) {
	inst, err := r.Store.Instance(ctx, in.Instance)
	if err != nil {
		return begun, err
	}
	recipients := inst.Config.Email.Recipients
	if len(recipients) == 0 {
		return begun, fault.New(fault.Invalid, "the report of %s has no recipients: set config.email.recipients", in.Instance)
	}
	run := activity.GetInfo(ctx).WorkflowExecution.RunID
	begun.Mail, begun.Deliveries, err = r.Store.BeginReportMail(ctx, db.ReportMail{Instance: in.Instance, Period: in.Period}, recipients, run, in.Again)
	return begun, err
}

// SendInput names a delivery.
type SendInput struct {
	Delivery int64 `json:"delivery"`
}

// SendReport sends a mail to one recipient, who gets it once: one that was sent is not sent again. What became of each attempt is recorded.
func (r *Reports) SendReport(ctx context.Context, in SendInput) error {
	beat := newPulse(ctx, nil)
	defer beat.stop()
	m, to, err := r.Store.ReportDelivery(ctx, in.Delivery)
	if err != nil || to.State == db.MailSent {
		return classify(ctx, err)
	}
	attempts := to.Attempts + 1
	answer, err := r.Sender.SendReport(ctx, m, to)
	state := db.MailSent
	if err != nil {
		state, answer = db.MailFailed, fault.From(err).Error()
		if fault.Retryable(err) {
			state = db.MailWaiting
		}
	}
	// What was sent has to be known also when the worker is being stopped: it would be sent again.
	if recordErr := r.record(context.WithoutCancel(ctx), in.Delivery, state, attempts, answer); err == nil {
		err = recordErr
	}
	return classify(ctx, err)
}

// recordPatience is how long a database that is being restarted is waited for, to record that a mail was sent.
const recordPatience = time.Minute

// record records what became of an attempt. That a mail was sent is tried until it is recorded: otherwise it would be sent again.
func (r *Reports) record(ctx context.Context, delivery int64, state string, attempts int, answer string) error {
	backoff := retry.WithMaxDuration(recordPatience, retry.WithCappedDuration(5*time.Second, retry.NewExponential(100*time.Millisecond)))
	return retry.Do(ctx, backoff, func(ctx context.Context) error {
		err := r.Store.RecordReportDelivery(ctx, delivery, state, attempts, answer)
		if err != nil && state == db.MailSent && fault.Retryable(err) {
			return retry.RetryableError(err)
		}
		return err
	})
}

// EndedReport says how far a mail got.
type EndedReport struct {
	Sent   int `json:"sent"`
	Failed int `json:"failed"`
}

// EndReport notes that nothing more is tried.
func (r *Reports) EndReport(ctx context.Context, in BegunReport) (ended EndedReport, err error) {
	ended.Sent, ended.Failed, err = r.Store.EndReportMail(ctx, in.Mail)
	return ended, classify(ctx, err)
}
