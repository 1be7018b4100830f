package worker

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"tandem/db"
	"tandem/entity/mapping"
	"tandem/fault"
	"tandem/instance"
	"tandem/mail"
	"tandem/report"
	"tandem/report/pdf"
)

// ReportSender writes reports and sends them.
type ReportSender struct {
	DB   *db.DB
	Mail mail.Sender
}

// What a mail says unless somebody chose.
const (
	usualSubject = "{report} · {store} · {period}"
	usualBody    = "{figures}"
)

// SendReport writes a mail and sends it to one recipient.
func (s *ReportSender) SendReport(ctx context.Context, m db.ReportMail, to db.ReportDelivery) (answer string, err error) {
	settings, err := s.DB.MailSettings(ctx)
	if err != nil {
		return "", err
	}
	inst, err := s.DB.Instance(ctx, m.Instance)
	if err != nil {
		return "", err
	}
	message := mail.Message{Subject: m.Subject, Text: m.Body}
	if m.Subject == "" {
		if message, err = s.write(ctx, inst, m.Period); err != nil {
			return "", err
		}
	}
	message.ID = mail.MessageID(settings.Sender, m.Instance, m.Period, to.Recipient, fmt.Sprint(to.Round))
	message.Date = time.Now()
	return s.Mail.Send(ctx, mail.Settings(settings), to.Recipient, message)
}

// write writes the report of a period.
func (s *ReportSender) write(ctx context.Context, inst instance.Instance, period string) (message mail.Message, err error) {
	p, err := report.ParsePeriod(period)
	if err != nil {
		return message, err
	}
	layout, err := s.layout(ctx, inst)
	if err != nil {
		return message, err
	}
	d, err := report.ReadDocument(ctx, s.DB, report.DocumentRequest{
		Zone: report.Zone{Instance: inst.ID, Location: mapping.ShopZone(inst.Store.Timezone)}, From: p.From, To: p.To, Listed: layout.Style == "table",
	})
	if err != nil {
		return message, err
	}
	title := pdf.Title{Store: cmp.Or(inst.Name, inst.ID), Language: inst.Store.Language}
	texts := pdf.TextsOf(d, title, layout)
	filled := strings.NewReplacer("{report}", texts.Report, "{store}", title.Store, "{period}", texts.Period, "{figures}", texts.Figures)
	message.Subject = filled.Replace(cmp.Or(inst.Config.Email.Subject, usualSubject))
	message.Text = filled.Replace(cmp.Or(inst.Config.Email.Body, usualBody))
	message.Name = fmt.Sprintf("sales-%s-%s.pdf", inst.ID, period)
	message.File, err = pdf.Sales(d, title, layout)
	return message, err
}

// layout gives the layout of an instance's reports. One that was deleted stops no report.
func (s *ReportSender) layout(ctx context.Context, inst instance.Instance) (report.Layout, error) {
	id := inst.Config.Email.Layout
	if id == "" {
		return report.Layout{}.Complete()
	}
	saved, err := s.DB.ReportLayout(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return report.Layout{}.Complete()
	}
	return saved.Layout, err
}
