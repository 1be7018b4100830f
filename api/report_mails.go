package api

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"tandem/api/gen"
	"tandem/db"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/mail"
	"tandem/report"
	"tandem/workflows"
)

// ListReportMails lists what was sent by e-mail.
func (s *server) ListReportMails(ctx context.Context, in gen.ListReportMailsRequestObject) (gen.ListReportMailsResponseObject, error) {
	p := in.Params
	if err := s.checkListed(ctx, p.Instance, ""); err != nil {
		return nil, err
	}
	list, next, err := s.DB.ReportMails(ctx, p.Instance, db.Page{After: p.After, Limit: p.Limit})
	return gen.ListReportMails200JSONResponse{
		Body:    gen.ReportMailPage{Items: collect(list, s.reportMail), Next: next},
		Headers: gen.ListReportMails200ResponseHeaders{Link: nextLink(ctx, next)},
	}, err
}

func (s *server) reportMail(m db.ReportMail) gen.ReportMail {
	view := gen.ReportMail{
		ID: m.ID, Instance: m.Instance, Period: m.Period, Subject: m.Subject, State: m.State, CreatedAt: m.CreatedAt,
		TemporalURL: s.runURL(workflows.ReportID(m.Instance, m.Period), ""),
		Deliveries: collect(m.Deliveries, func(d db.ReportDelivery) gen.ReportDelivery {
			return gen.ReportDelivery{Recipient: d.Recipient, State: d.State, Attempts: d.Attempts, Answer: d.Answer, UpdatedAt: d.UpdatedAt}
		}),
	}
	if m.EndedAt != nil {
		view.EndedAt = m.EndedAt.UTC()
	}
	return view
}

// SendReport sends a report, or tries those again who were not reached.
func (s *server) SendReport(ctx context.Context, in gen.SendReportRequestObject) (gen.SendReportResponseObject, error) {
	inst, err := s.DB.Instance(ctx, in.Body.Instance)
	if err != nil {
		return nil, asInstanceField(err)
	}
	known, err := s.DB.ReportPeriods(ctx, inst.ID, []string{in.Body.Period}) // notices have no periods
	if err != nil {
		return nil, err
	}
	if len(known) == 0 {
		p, err := report.ParsePeriod(in.Body.Period)
		if err != nil {
			return nil, err
		}
		if !p.Over(time.Now(), mapping.ShopZone(inst.Store.Timezone)) { // sent now, it would count as sent once it is over
			return nil, fault.Field("period", "is not over by the store's clock: its report can be sent from %s on", p.To.AddDate(0, 0, 1).Format(time.DateOnly))
		}
	}
	if err := checkRecipients(inst); err != nil {
		return nil, err
	}
	err = s.Runs.StartReport(ctx, workflows.ReportInput{Instance: inst.ID, Period: in.Body.Period, Again: in.Body.Again})
	return gen.SendReport202JSONResponse(*in.Body), err
}

// lastMail gives the report or notice that was sent last; nil when there is none.
func (s *server) lastMail(ctx context.Context, instance string) (*db.ReportMail, error) {
	m, err := s.DB.LastReportMail(ctx, instance)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &m, err
}

// reportProblem says of the last report whom it did not reach; empty when it reached everybody.
func reportProblem(m *db.ReportMail) string {
	if m == nil || m.State != db.MailFailed {
		return ""
	}
	failed, why := 0, "it has no recipients"
	for _, d := range m.Deliveries {
		if d.State != db.MailSent {
			failed, why = failed+1, d.Answer
		}
	}
	return fmt.Sprintf("the report %s did not reach %d of %d recipients: %s. tandem report send tries them again", m.Period, failed, len(m.Deliveries), why)
}

// GetMailSettings reads how mail is sent.
func (s *server) GetMailSettings(ctx context.Context, _ gen.GetMailSettingsRequestObject) (gen.GetMailSettingsResponseObject, error) {
	settings, err := s.DB.MailSettings(ctx)
	return gen.GetMailSettings200JSONResponse(mailSettings(settings)), err
}

func mailSettings(s db.MailSettings) gen.MailSettings {
	return gen.MailSettings{Host: s.Host, Port: s.Port, Security: s.Security, Username: s.Username, Sender: s.Sender, SenderName: s.SenderName}
}

// SetMailSettings says how mail is sent. A password is kept for the server and the user that it was given for, and no other gets it.
func (s *server) SetMailSettings(ctx context.Context, in gen.SetMailSettingsRequestObject) (gen.SetMailSettingsResponseObject, error) {
	b := in.Body
	settings, err := mail.Settings{
		Host: b.Host, Port: b.Port, Security: cmp.Or(b.Security, mail.ImplicitTLS), Username: b.Username, Password: b.Password, Sender: b.Sender,
		SenderName: b.SenderName,
	}.Check()
	if err != nil {
		return nil, err
	}
	if settings.Password == "" && settings.Username != "" {
		former, err := s.DB.MailSettings(ctx)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if former.Host != settings.Host || former.Username != settings.Username || former.Password == "" {
			return nil, fault.Field("password", "is missing: %s has none yet at %s", settings.Username, settings.Host)
		}
		settings.Password = former.Password
	}
	err = s.DB.SetMailSettings(ctx, db.MailSettings(settings))
	return gen.SetMailSettings200JSONResponse(mailSettings(db.MailSettings(settings))), err
}

// DeleteMailSettings forgets how mail is sent.
func (s *server) DeleteMailSettings(ctx context.Context, _ gen.DeleteMailSettingsRequestObject) (gen.DeleteMailSettingsResponseObject, error) {
	return gen.DeleteMailSettings204Response{}, s.DB.DeleteMailSettings(ctx)
}

// SendTestMail sends a mail and waits for the server's answer. What the server refuses is no fault of this API's clients' rights.
func (s *server) SendTestMail(ctx context.Context, in gen.SendTestMailRequestObject) (gen.SendTestMailResponseObject, error) {
	if !mail.IsAddress(in.Body.To) {
		return nil, fault.Field("to", "must be an e-mail address without a name")
	}
	settings, err := s.DB.MailSettings(ctx)
	if err != nil {
		return nil, asConflictIfMissing(err)
	}
	now := time.Now()
	answer, err := s.Mail.Send(ctx, mail.Settings(settings), in.Body.To, mail.Message{
		ID: mail.MessageID(settings.Sender, "test", in.Body.To, now.String()), Subject: "Test mail of Tandem", Date: now,
		Text: "This is a test mail of Tandem.\n\nReports and notices will reach this address.",
	})
	if f := fault.From(err); err != nil && f.Kind == fault.Unauthorized { // by the mail server
		err = fault.Wrap(fault.Invalid, err, "%s", f.Message)
	}
	return gen.SendTestMail200JSONResponse{Answer: answer}, err
}

// asConflictIfMissing says of settings that are not there that they are needed.
func asConflictIfMissing(err error) error {
	if f := fault.From(err); f.Code == db.CodeNoMail {
		return fault.New(fault.Conflict, "%s", f.Message)
	}
	return err
}
